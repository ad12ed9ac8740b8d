"""A plan's document moved to other days: the same agreement for the next month or year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from plans_api.domain.window import Window
from premia_plan.document import Content, parse_plan
from premia_plan.finding import pointer
from premia_plan.rewriting import DatesLeftAlone, replace_scalars, shift_dates


class DatesNotShiftable(Exception):
    """Raised when dates would have to move by other than whole months."""

    def __init__(self, before: date, after: date) -> None:
        super().__init__(
            f"From {before} to {after} are not whole months; the dates of rates and examples "
            f"cannot move along.  Begin on day {before.day} of a month, or send "
            "shift_dates: false."
        )


class ValidityUnknown(Exception):
    """Raised when the document that is copied does not say on which days it is valid."""

    def __init__(self) -> None:
        super().__init__(
            "The document does not say `valid: {from, to, by}` with two days.  "
            "Copy another version."
        )


@dataclass(frozen=True, slots=True)
class CopiedText:
    """The new document; `left_alone` are dates that did not move, which a person looks at."""

    text: str
    left_alone: tuple[DatesLeftAlone, ...]


def copied_text(text: str, days: Window, *, shift: bool) -> CopiedText:
    """Return a plan's text, valid on other days, with its comments.

    With `shift`, the dates and periods of rates, campaigns and examples move by as many months as
    the first day does; a rate that ended with the old plan ends with the new one.

    Raises:
        ValidityUnknown: if the document does not say on which days it is valid.
        DatesNotShiftable: if `shift` would move them by other than whole months.
    """
    content = parse_plan(text).content
    before = _validity(content)
    end = days.end or before[1]
    moved = text
    left: tuple[DatesLeftAlone, ...] = ()
    ends: dict[str, str] = {}
    if shift:
        months = _months_between(before[0], days.start)
        moved, left = shift_dates(text, months, under=[""])
        ends = dict.fromkeys(_rows_ending(content, before[1].isoformat()), end.isoformat())
    valid = {"/valid/from": days.start.isoformat(), "/valid/to": end.isoformat()}
    return CopiedText(replace_scalars(moved, {**ends, **valid}), left)


def _validity(content: Mapping[str, Content]) -> tuple[date, date]:
    valid = content.get("valid")
    try:
        if isinstance(valid, dict):
            return date.fromisoformat(str(valid["from"])), date.fromisoformat(str(valid["to"]))
    except (KeyError, ValueError):
        pass
    raise ValidityUnknown


def _months_between(before: date, after: date) -> int:
    if before.day != after.day:
        raise DatesNotShiftable(before, after)
    return (after.year - before.year) * 12 + after.month - before.month


def _rows_ending(content: Mapping[str, Content], end: str) -> Iterator[str]:
    tables = content.get("tables")
    for name, table in tables.items() if isinstance(tables, dict) else ():
        rows = table.get("rows") if isinstance(table, dict) else None
        for index, row in enumerate(rows) if isinstance(rows, list) else ():
            if isinstance(row, dict) and row.get("to") == end:
                yield pointer("tables", name, "rows", index, "to")
