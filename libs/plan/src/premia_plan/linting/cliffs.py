"""Cliffs: a cent or a unit more pays much more."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from premia_common.money import minor_digits
from premia_plan.checked import CheckedPlan
from premia_plan.language import Words
from premia_plan.linting.amounts import amount_text
from premia_plan.linting.around import Around
from premia_plan.linting.curves import Curve, Trace
from premia_plan.linting.remark import Remark

MUCH = 100
"""From so many minor units on a jump is much."""


def cliffs(plan: CheckedPlan, curves: Iterable[Curve]) -> Iterator[Remark]:
    """Yield each edge at which the smallest turn of a number pays much more than its neighbours.

    A larger order that pays much less is a fall, told elsewhere; of a measured value, of which
    less may be better, a fall is a cliff too.
    """
    much = Decimal(MUCH).scaleb(-minor_digits(plan.currency))
    told = set()
    for curve in curves:
        for trace in curve.traces():
            for around in curve.edges:
                is_told = (around.edge.path, trace.component) in told
                if is_told or not trace.may_follow(around.edge.path):
                    continue
                remark = _cliff(trace, around, much)
                if remark is not None:
                    told.add((around.edge.path, trace.component))
                    yield remark


def _cliff(trace: Trace, around: Around, much: Decimal) -> Remark | None:
    step = trace.curve.dial.step
    values = [around.at + offset * step for offset in (-2, -1, 0, 1, 2)]
    if not set(values) <= trace.curve.known.keys():
        return None
    jumps = [trace.pay(above) - trace.pay(below) for below, above in pairwise(values)]
    if not trace.curve.dial.payees:
        jumps = [abs(jump) for jump in jumps]
    highest = max(jumps)
    place = jumps.index(highest)
    beside = max(abs(jump) for jump in jumps[:place] + jumps[place + 1 :])
    if highest < much or highest < trace.curve.dial.steeper * beside:
        return None
    more = amount_text(highest, trace.curve.plan.currency)
    return Remark(
        "cliff",
        around.edge.path,
        Words(
            f"the smallest step here changes {trace.component} by {more}",
            f"il più piccolo passo qui cambia {trace.component} di {more}",
        ),
        Words(
            "Keep it only if it is meant; `marginal` bands, or more of them, make it a slope",
            "Va tenuto solo se è voluto; fasce `marginal`, o più fasce, ne fanno una rampa",
        ),
        trace.told(values[place + 1], beside=values[place]),
    )
