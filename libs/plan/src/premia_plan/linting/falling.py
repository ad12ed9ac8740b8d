"""Pay that falls as a result rises."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from premia_common.money import minor_digits
from premia_plan.checked import CheckedPlan
from premia_plan.language import Words
from premia_plan.linting.amounts import amount_text
from premia_plan.linting.curves import Curve, Trace
from premia_plan.linting.remark import Remark


def falls(plan: CheckedPlan, curves: Iterable[Curve]) -> Iterator[Remark]:
    """Yield each component that pays a payee less for a larger order of its own.

    A cent less is no fall: leftover cents of a split may change hands.  A measured value whose
    rise lowers pay may be one of which less is better, so only those of orders are looked at.
    """
    cent = Decimal(1).scaleb(-minor_digits(plan.currency))
    told = set()
    for curve in curves:
        own = (trace for trace in curve.traces() if trace.payee in curve.dial.payees)
        for trace in own:
            for low, high in pairwise(curve.values):
                if not _drops(trace, low, high, cent):
                    continue
                below, above = _narrowed(trace, low, high, cent)
                path = _path(trace, below, above)
                if (path, trace.component) not in told:
                    told.add((path, trace.component))
                    yield _remark(trace, path, below, above)


def _drops(trace: Trace, low: Fraction, high: Fraction, cent: Decimal) -> bool:
    return trace.pay(high) < trace.pay(low) - cent


def _narrowed(
    trace: Trace, low: Fraction, high: Fraction, cent: Decimal
) -> tuple[Fraction, Fraction]:
    """Return the drop between two values as near together as they can be."""
    step = trace.curve.dial.step
    while high - low > step:
        middle = low + (high - low) // (2 * step) * step
        if not low < middle < high:
            break
        if _drops(trace, middle, high, cent):
            low = middle
        elif _drops(trace, low, middle, cent):
            high = middle
        else:
            break
    return low, high


def _path(trace: Trace, low: Fraction, high: Fraction) -> str:
    """Return the clause of the edge between two values, or the component's."""
    between = [item.edge.path for item in trace.curve.edges if low <= item.at <= high]
    own = [path for path in between if trace.may_follow(path)]
    return own[0] if own else trace.path


def _remark(trace: Trace, path: str, low: Fraction, high: Fraction) -> Remark:
    less = amount_text(trace.pay(low) - trace.pay(high), trace.curve.plan.currency)
    return Remark(
        "falls",
        path,
        Words(
            f"a better result is paid {less} less of {trace.component}",
            f"un risultato migliore è pagato {less} in meno di {trace.component}",
        ),
        Words(
            "Let what is paid rise with the result, or keep it only if it is meant",
            "Fa' crescere il compenso col risultato, o tienilo solo se è voluto",
        ),
        trace.told(high, beside=low),
    )
