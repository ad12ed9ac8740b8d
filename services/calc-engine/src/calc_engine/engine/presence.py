"""For how many days of a month a payee is in the plan, where it is for some of them only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TypeAlias

import pyarrow as pa

from premia_plan.checked import CellComponent, CheckedPlan, LimitStep

Stretch: TypeAlias = tuple[date, date]
"""The first day, and the first one after it."""

DAYS_IN_PLAN = pa.schema(
    [
        ("plan_no", pa.int32()),
        ("payee_no", pa.int64()),
        ("month", pa.int32()),
        ("days_in_plan", pa.int64()),
    ]
)


def counts_days(plan: CheckedPlan) -> bool:
    """Say whether something counts by the days in the plan, so that leave would matter."""
    components = plan.components.values()
    return bool(plan.joiner_targets) or any(
        isinstance(each, CellComponent) and has_floor(each) for each in components
    )


def has_floor(component: CellComponent) -> bool:
    """Say whether a component guarantees something for a period."""
    return any(isinstance(step, LimitStep) and step.kind == "floor" for step in component.steps)


def days_in_plan(assignments: pa.Table) -> pa.Table:
    """Return the days in the plan of each month that a payee is in it for a part of.

    Such a month is one in which a payee comes or goes; of others all days count, or none.
    """
    held: dict[tuple[int, int], list[Stretch]] = defaultdict(list)
    for row in assignments.to_pylist():
        stretch = (row["valid_from"] or date.min, row["valid_to"] or date.max)
        held[row["plan_no"], row["payee_no"]].append(stretch)
    found: list[tuple[int, int, int, int]] = []
    for (plan_no, payee_no), stretches in sorted(held.items()):
        joined = merged(stretches)
        edges = {day for stretch in joined for day in stretch} - {date.min, date.max}
        for month in sorted({day.year * 100 + day.month for day in edges}):
            start, end = bounds(month)
            days = overlap(joined, start, end)
            if 0 < days < (end - start).days:
                found.append((plan_no, payee_no, month, days))
    columns: Sequence[Iterable[int]] = list(zip(*found, strict=True)) or [()] * len(DAYS_IN_PLAN)
    arrays = [
        pa.array(list(values), field.type)
        for values, field in zip(columns, DAYS_IN_PLAN, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=DAYS_IN_PLAN)


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches of days with those that touch made one.

    >>> merged([(date(2026, 2, 1), date(2026, 3, 1)), (date(2026, 1, 1), date(2026, 2, 1))])
    [(datetime.date(2026, 1, 1), datetime.date(2026, 3, 1))]
    """
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif start < end:
            found.append((start, end))
    return found


def overlap(stretches: Iterable[Stretch], start: date, end: date) -> int:
    """Return how many days from `start` up to `end`, which is out, lie in some stretches."""
    return sum(max((min(end, last) - max(start, first)).days, 0) for first, last in stretches)


def bounds(month: int) -> Stretch:
    """Return the first day of a month and of the next one.

    >>> bounds(202612)
    (datetime.date(2026, 12, 1), datetime.date(2027, 1, 1))
    """
    start = date(month // 100, month % 100, 1)
    return start, (start + timedelta(days=31)).replace(day=1)
