"""Rows of rate tables read from their clauses."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from premia_plan.checked import ANY, Range, RateRow, TableKey
from premia_plan.checking.clause import Clause
from premia_plan.checking.miswritten import END_IS_OUT, no_number
from premia_plan.language import Words, suggested
from premia_plan.quantities import NotAQuantity, Unit, written_quantity


def read_row(
    index: int,
    clause: Clause,
    keys: tuple[TableKey, ...],
    unit: Unit,
    currency: str,
    *,
    is_dated: bool,
) -> RateRow:
    """Read a row: what its keys are, when it is valid, and what it gives.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    columns = [*(key.name for key in keys), "gives", *(("from", "to") if is_dated else ())]
    for column, cell in clause.parts().items():
        if column not in columns:
            raise cell.refuse(
                "key.unknown",
                Words(f"{column!r} is no column", f"{column!r} non è una colonna"),
                suggested(column, columns),
            )
    for column in [*(key.name for key in keys), "gives"]:
        if clause.optional(column) is None:
            hint = (
                Words(
                    f"Write {column}: {ANY} where every value fits",
                    f"Scrivi {column}: {ANY} dove va bene ogni valore",
                )
                if column != "gives"
                else Words("Add it", "Aggiungila")
            )
            raise clause.refuse(
                "key.missing",
                Words(f"{column!r} is missing in the row", f"{column!r} manca nella riga"),
                hint,
            )
    try:
        values = tuple(_read_cell(clause.part(key.name), key, currency) for key in keys)
        given = clause.part("gives")
        gives = Fraction(0) if unit is Unit.TEXT else given.amount(unit, currency).value
        ranges = tuple(
            (place, _range(clause.part(key.name), key, currency))
            for place, key in enumerate(keys)
            if key.match == "range" and clause.word(key.name) != ANY
        )
    except NotAQuantity as error:
        raise clause.refuse(
            "value.pattern",
            no_number(error),
            Words("Write it like 3 % or 12 EUR", "Scrivilo come 3 % o 12 EUR"),
        ) from None
    starts, ends = (_read_day(clause.optional(name)) for name in ("from", "to"))
    if starts is not None and ends is not None and ends <= starts:
        raise clause.refuse(
            "rates.empty",
            Words(
                f"the row ends on {ends}, before it starts",
                f"la riga finisce il {ends}, prima di cominciare",
            ),
            END_IS_OUT,
        )
    text = given.text if unit is Unit.TEXT else ""
    return RateRow(index, values, starts, ends, gives, clause.path, text, ranges)


def _range(clause: Clause, key: TableKey, currency: str) -> Range:
    """Read `3 to 6`, `below 3` or `from 6`; the end is out."""
    text = clause.text
    if text.startswith("below "):
        return Range(None, _bound(clause, text.removeprefix("below "), key, currency))
    if text.startswith("from "):
        return Range(_bound(clause, text.removeprefix("from "), key, currency), None)
    start, _, end = text.partition(" to ")
    if not end:
        hint = Words("Write 3 to 6, below 3, or from 6", "Scrivi 3 to 6, below 3, o from 6")
        raise clause.refuse(
            "value.pattern", Words(f"{text!r} is no range", f"{text!r} non è un intervallo"), hint
        )
    found = Range(_bound(clause, start, key, currency), _bound(clause, end, key, currency))
    if found.width is not None and found.width <= 0:
        hint = Words("The start is in and the end is out", "L'inizio è compreso, la fine no")
        raise clause.refuse(
            "rates.empty",
            Words(
                f"the range {text} holds no number",
                f"l'intervallo {text} non contiene alcun numero",
            ),
            hint,
        )
    return found


def _bound(clause: Clause, text: str, key: TableKey, currency: str) -> Fraction:
    return replace(clause, content=text).amount(key.value.unit, currency).value


def _read_cell(cell: Clause, key: TableKey, currency: str) -> str | Fraction:
    is_any = cell.text == ANY and key.match != "band"
    if key.value.unit is Unit.TEXT or key.match == "range" or is_any:
        return cell.text
    if key.match == "band":
        return cell.amount(key.value.unit, currency).value
    return written_quantity(cell.text).value


def _read_day(clause: Clause | None) -> date | None:
    return None if clause is None else clause.day()
