"""Recorded targets and values of periods: which of them count, and whether they can be numbered."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from calc_engine.engine.layout import month_number
from premia_plan.checked import CheckedPlan, LoadedMeasure
from premia_plan.period import kind_of, last_month
from premia_plan.relations import Relations, TargetRow


def period_number(period: str) -> int:
    """Return a period's number: its last month as a whole number.

    >>> period_number("2026-03"), period_number("2026-Q1")
    (202603, 202603)
    """
    return month_number(last_month(period))


def odd_periods(plan: CheckedPlan, relations: Relations) -> str | None:
    """Return why rows of periods cannot be numbered; None if they can.

    A row counts for a period of the kind that its rule is over; periods of two kinds that end in
    one month would have the same number.
    """
    targets = {name: rule.over for name, rule in plan.targets.items()}
    loaded = {n: rule.over for n, rule in plan.measures.items() if isinstance(rule, LoadedMeasure)}
    for target in relations.targets:
        if kind_of(target.month) != targets.get(target.name, kind_of(target.month)):
            return f"targets such as {target.name} of {target.month}"
    for value in relations.measurements:
        if kind_of(value.month) != loaded.get(value.name, kind_of(value.month)):
            return f"values such as {value.name} of {value.month}"
    return None


def current_targets(rows: Iterable[TargetRow]) -> tuple[TargetRow, ...]:
    """Return the targets that count: the last of those that begin on different days.

    Where two begin on one day all are returned: which one counts is not known.
    """
    found: dict[tuple[str, str, str], list[TargetRow]] = defaultdict(list)
    for row in rows:
        found[row.payee_id, row.name, row.month].append(row)
    counting: list[TargetRow] = []
    for own in found.values():
        starts = {row.valid_from or date.min for row in own}
        latest = max(own, key=lambda row: row.valid_from or date.min)
        counting.extend([latest] if len(starts) == len(own) else own)
    return tuple(counting)
