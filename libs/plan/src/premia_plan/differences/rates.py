"""Differences of rate tables: for which keys and on which days a table gives something else."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TypeAlias

from premia_plan.differences.change import Difference, Part
from premia_plan.differences.parts import part_differences
from premia_plan.document import Content
from premia_plan.finding import pointer

Keys: TypeAlias = tuple[tuple[str, str], ...]
_OPEN = date.max
_DAYS = ("from", "to")
_GIVES = ("gives", "fixed", "per_unit", "per_point", "multiplies", "mode")
"""What a row gives; its other names are keys and days."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A row from a day up to, and without, another; `index` is its place in the table."""

    start: date
    end: date
    gives: Content
    index: int


@dataclass(frozen=True, slots=True)
class _Days:
    """On which days a plan is valid, None where it does not say."""

    start: date | None
    end: date | None


def rate_differences(
    before: Mapping[str, Content], after: Mapping[str, Content], tables: Sequence[str]
) -> Iterator[Difference]:
    """Return where tables that both plans have give something else."""
    old_days, new_days = _days(before), _days(after)
    months = _months_apart(old_days, new_days)
    for table in tables:
        old_rows, new_rows = _rows(before, table), _rows(after, table)
        if old_rows is None or new_rows is None:
            place = pointer("tables", table, "rows")
            old, new = _raw(before, table), _raw(after, table)
            yield from part_differences(old, new, path=place, steps=("tables", table, "rows"))
            continue
        old_lines, new_lines = _timelines(old_rows, months), _timelines(new_rows, 0)
        for keys in dict.fromkeys((*old_lines, *new_lines)):
            yield from _of_timeline(
                table, keys, old_lines.get(keys, []), new_lines.get(keys, []), new_days
            )


def _of_timeline(
    table: str, keys: Keys, old: list[_Stretch], new: list[_Stretch], days: _Days
) -> Iterator[Difference]:
    edges = sorted({day for item in (*old, *new) for day in (item.start, item.end)})
    pending: Difference | None = None
    for start, end in pairwise(edges):
        was, now = _at(old, start), _at(new, start)
        same = (was.gives if was else None) == (now.gives if now else None)
        found = None if same else _difference(table, keys, (was, now), (start, end))
        if pending and found and _continues(pending, found):
            found = replace(pending, valid_to=found.valid_to)
        elif pending:
            yield _within(pending, days)
        pending = found
    if pending:
        yield _within(pending, days)


def _difference(
    table: str,
    keys: Keys,
    given: tuple[_Stretch | None, _Stretch | None],
    days: tuple[date, date],
) -> Difference:
    was, now = given
    shown = now or was
    return Difference(
        "changed" if was and now else "added" if now else "removed",
        pointer("tables", table, "rows", shown.index if shown else 0),
        ("tables", table, "rows"),
        was.gives if was else None,
        now.gives if now else None,
        dict(keys),
        *days,
    )


def _continues(first: Difference, second: Difference) -> bool:
    return first.valid_to == second.valid_from and (first.kind, first.before, first.after) == (
        second.kind,
        second.before,
        second.after,
    )


def _within(difference: Difference, days: _Days) -> Difference:
    """Leave out the days that are those of the whole plan."""
    start, end = difference.valid_from, difference.valid_to
    return replace(
        difference,
        valid_from=None if start is None or start <= (days.start or date.min) else start,
        valid_to=None if end is None or end >= (days.end or _OPEN) else end,
    )


def _at(stretches: Sequence[_Stretch], day: date) -> _Stretch | None:
    return next((item for item in stretches if item.start <= day < item.end), None)


def _raw(plan: Mapping[str, Content], table: str) -> Content:
    tables = plan["tables"]
    found = tables[table] if isinstance(tables, dict) else {}
    return found["rows"] if isinstance(found, dict) else []


def _rows(plan: Mapping[str, Content], table: str) -> list[dict[str, Content]] | None:
    """Return a table's rows, or None if they are none of plain keys and readable days."""
    rows = _raw(plan, table)
    found = []
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict) or not all(_is_day(row.get(name)) for name in _DAYS):
            return None
        found.append(row)
    return found


def _is_day(value: Part) -> bool:
    try:
        return value is None or bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def _timelines(rows: Sequence[Mapping[str, Content]], months: int) -> Mapping[Keys, list[_Stretch]]:
    found: defaultdict[Keys, list[_Stretch]] = defaultdict(list)
    for index, row in enumerate(rows):
        keys = tuple((name, str(row[name])) for name in row if name not in (*_DAYS, *_GIVES))
        start, end = (_moved(row.get(name), months) for name in _DAYS)
        given = {name: row[name] for name in _GIVES if name in row}
        gives = next(iter(given.values())) if len(given) == 1 else dict(given)
        found[keys].append(_Stretch(start or date.min, end or _OPEN, gives, index))
    return found


def _moved(value: Part, months: int) -> date | None:
    if value is None:
        return None
    day = date.fromisoformat(str(value))
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if year > date.max.year:
        return _OPEN
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _days(plan: Mapping[str, Content]) -> _Days:
    valid = plan.get("valid")
    if not isinstance(valid, dict) or not all(_is_day(valid.get(name)) for name in _DAYS):
        return _Days(None, None)
    start, end = (valid.get(name) for name in _DAYS)
    return _Days(
        date.fromisoformat(str(start)) if start else None,
        date.fromisoformat(str(end)) if end else None,
    )


def _months_apart(old: _Days, new: _Days) -> int:
    """Return by how many months the old rates move: none if the two plans share a day."""
    if old.start is None or new.start is None:
        return 0
    meet = (old.end is None or new.start < old.end) and (new.end is None or old.start < new.end)
    if meet:
        return 0
    return (new.start.year - old.start.year) * 12 + new.start.month - old.start.month
