"""The cells of a result: what each subject reached, restated up to the last month."""

from contextlib import suppress

from premia_plan.checked import SummedMeasure
from premia_plan.period import last_month, month_of
from premia_plan.quantities import percent_text
from premia_plan.reference.cell import CellKey
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.workings import Workings
from premia_plan.results import Attainment, Cell


def known_cells(workings: Workings, last: str) -> tuple[Cell, ...]:
    """Return the cells of every measure of credits, up to a month.

    One that cannot be told, such as the average of nothing, is left out: who needs it says so.
    """
    plan, book = workings.plan, workings.book
    attainments = {rule.of: rule.name for rule in plan.attainments.values()}
    first = max(month_of(plan.valid_from), book.since)
    cells = []
    for name, measure in plan.measures.items():
        if not isinstance(measure, SummedMeasure):
            continue
        keys = set(workings.measure(name).cells())
        if name in plan.targets:
            keys.update(workings.target(name).cells())
        for subject, period in sorted(keys):
            if first <= last_month(period) <= last:
                with suppress(NotCalculated):
                    key = (subject, period)
                    cells.append(_cell(workings, name, attainments.get(name), key, last))
    return tuple(cells)


def _cell(workings: Workings, name: str, attainment: str | None, key: CellKey, last: str) -> Cell:
    subject, period = key
    measure, book = workings.measure(name), workings.book
    as_of = max(
        (month for month in measure.changes(subject, period) if month <= last),
        default=last_month(period),
    )
    figure = measure.at(subject, period, as_of)
    value = book.nodes[figure.node_id].value
    plain = Cell(subject, name, period, value, None, None, figure.node_id)
    if attainment is None:
        return plain
    try:
        target = workings.target(name).at(subject, period, as_of)
        reached = workings.figure(attainment).at(subject, period, as_of)
    except NotCalculated:
        return plain
    ratio = reached.value
    return Cell(
        subject,
        name,
        period,
        value,
        book.nodes[target.node_id].value,
        Attainment(f"{ratio.numerator}/{ratio.denominator}", percent_text(ratio)),
        reached.node_id,
    )
