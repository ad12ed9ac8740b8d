"""Days on which the rows of some keys leave a hole, and whether another row fits then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from premia_plan.checked import ANY, RateRow, RateTable
from premia_plan.checking.clause import Clause
from premia_plan.language import Words


@dataclass(frozen=True, slots=True)
class Hole:
    """The days, half-open, on which no row of some keys is valid; `case` is the one to show."""

    row: RateRow
    named: str
    start: date
    end: date
    case: date


def note_hole(hole: Hole, table: RateTable, at: Clause, *, hint: Words, is_error: bool) -> None:
    """Note a hole: as a warning where rows of wider keys fit on each of its days."""
    days = f"{hole.start} to {hole.end}"
    message = Words(
        f"no row for {hole.named} is valid from {days}",
        f"nessuna riga per {hole.named} vale dal {hole.start} al {hole.end}",
    )
    case = Words(
        f"an order of {hole.case} for {hole.named}", f"un ordine del {hole.case} per {hole.named}"
    )
    if _is_covered(hole, table.rows, table):
        message = Words(
            f"{message.en}; a row for more than that fits then",
            f"{message.it}; in quei giorni vale una riga più larga",
        )
        meant = Words(
            "Let the rows cover these days, unless the other row is meant",
            "Copri quei giorni, se non è quella riga che si vuole",
        )
        at.warning("rates.gap", message, meant, case)
    else:
        (at.error if is_error else at.warning)("rates.gap", message, hint, case)


def _is_covered(hole: Hole, rows: Iterable[RateRow], table: RateTable) -> bool:
    """Say whether on each day of the hole some row fits whatever the hole's row would fit."""
    wider = [row for row in rows if row is not hole.row and _is_wider(row, hole.row, table)]
    day = hole.start
    while day < hole.end:
        ends = [row.valid_to or date.max for row in wider if row.is_valid_on(day)]
        if not ends:
            return False
        day = max(ends)
    return True


def _is_wider(row: RateRow, other: RateRow, table: RateTable) -> bool:
    """Say whether a row's keys fit every value that another's fit."""
    return row.keys != other.keys and all(
        _fits(row, other, place, table.keys[place].match) for place in range(len(row.keys))
    )


def _fits(row: RateRow, other: RateRow, place: int, match: str) -> bool:
    mine, theirs = row.keys[place], other.keys[place]
    if mine in (theirs, ANY):
        return True
    if match == "band":
        return not isinstance(mine, str) and not isinstance(theirs, str) and mine <= theirs
    if match == "range":
        outer, inner = row.range_of(place), other.range_of(place)
        if outer is None or inner is None:
            return False
        (start, end), (first, last) = outer.bounds(), inner.bounds()
        return start <= first and last <= end
    return False
