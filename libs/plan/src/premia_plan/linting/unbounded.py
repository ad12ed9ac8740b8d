"""Spend without a limit: however much an order is, more of it pays more."""

from collections.abc import Iterable, Iterator

from premia_plan.checked import CellComponent, CheckedPlan
from premia_plan.language import Words
from premia_plan.linting.curves import Curve, Trace
from premia_plan.linting.dials import CopiesDial
from premia_plan.linting.remark import Remark


def unbounded(plan: CheckedPlan, curves: Iterable[Curve]) -> Iterator[Remark]:
    """Yield each component that, far above what plans are about, still pays more for more.

    That more orders pay more of what is paid on each of them goes without saying.
    """
    told = set()
    for curve in curves:
        if curve.dial.far is None or not set(curve.dial.far) <= curve.known.keys():
            continue
        near, far = curve.dial.far
        for trace in curve.traces():
            if trace.component in told or trace.pay(far) <= trace.pay(near):
                continue
            if isinstance(curve.dial, CopiesDial) and not _is_of_a_month(plan, trace):
                continue
            told.add(trace.component)
            yield Remark(
                "unbounded",
                trace.path,
                Words(
                    f"nothing limits what {trace.component} can pay",
                    f"nulla limita quanto {trace.component} può pagare",
                ),
                Words(
                    "Add a cap, end the last band, or keep it if every order is worth it",
                    "Metti un tetto, chiudi l'ultima fascia, o tienilo se ogni ordine lo vale",
                ),
                trace.told(far),
            )


def _is_of_a_month(plan: CheckedPlan, trace: Trace) -> bool:
    return isinstance(plan.components[trace.component], CellComponent)
