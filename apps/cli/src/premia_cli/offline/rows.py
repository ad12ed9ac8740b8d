"""One row of a table as the relation row it stands for."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias, cast

from premia_cli.offline import tables
from premia_cli.offline.columns import Table
from premia_cli.offline.reading import Row
from premia_plan.relations import (
    AssignmentRow,
    EdgeRow,
    MeasurementRow,
    OpeningRow,
    OrderLineRow,
    ReversalRow,
    SourceRef,
    StateReached,
    TargetRow,
    TreeRow,
)

OpeningKind: TypeAlias = Literal["measure", "paid", "draw", "reserve", "balance"]


def source_of(row: Row, table: Table) -> SourceRef:
    """Return what a fact's explanation names: the row, wherever in which file it stands."""
    key = " ".join(str(row.cells[name]) for name in table.key if name in row.cells)
    return SourceRef("table_row", f"{table.name}/{key}", row.sha256, f"{table.name}: {key}")


def text_of(row: Row, name: str) -> str:
    """Return a required text."""
    value = row.cells[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def optional_text(row: Row, name: str) -> str | None:
    """Return a text, or None where the cell is empty."""
    return text_of(row, name) if name in row.cells else None


def day_of(row: Row, name: str) -> date:
    """Return a day."""
    value = row.cells[name]
    if not isinstance(value, date):
        raise TypeError(f"{name} is no day")
    return value


def number_of(row: Row, name: str, otherwise: Decimal | None = None) -> Decimal:
    """Return a number, or another one where the cell is empty."""
    value = row.cells.get(name, otherwise)
    if not isinstance(value, Decimal):
        raise TypeError(f"{name} is no number")
    return value


def whose(row: Row) -> tuple[str, str, str]:
    """Return payee, name and month of a row."""
    return text_of(row, "payee_id"), text_of(row, "name"), text_of(row, "month")


def validity_of(row: Row) -> tuple[date | None, date | None]:
    """Return the first day and the day after the last one."""
    return optional_day(row, "valid_from"), optional_day(row, "valid_to")


def optional_day(row: Row, name: str) -> date | None:
    """Return a day, or None where the cell is empty."""
    return day_of(row, name) if name in row.cells else None


def optional_number(row: Row, name: str) -> Decimal | None:
    """Return a number, or None where the cell is empty."""
    return number_of(row, name) if name in row.cells else None


def state_row(row: Row, table: Table = tables.ORDER_STATES) -> StateReached:
    """Return a state that an order, a line or a fact reached."""
    at = row.cells.get("at")
    instant = at if isinstance(at, datetime) else None
    source = source_of(row, table)
    return StateReached(text_of(row, "state"), day_of(row, "day"), instant, source)


def line_row(row: Row) -> OrderLineRow:
    """Return a line of an order, without its states and payees."""
    return OrderLineRow(
        text_of(row, "line_id"),
        text_of(row, "category"),
        number_of(row, "amount"),
        number_of(row, "quantity", Decimal(1)),
        row.further,
        on=optional_day(row, "day"),
        quantity_unit=optional_text(row, "quantity_unit") or "",
    )


def edge_row(row: Row) -> EdgeRow:
    """Return who reports to whom."""
    payee_id, above = text_of(row, "payee_id"), text_of(row, "reports_to")
    return EdgeRow(text_of(row, "hierarchy"), payee_id, above, *validity_of(row))


def tree_row(row: Row) -> TreeRow:
    """Return a node of a tree."""
    return TreeRow(text_of(row, "tree"), text_of(row, "code"), optional_text(row, "parent"))


def target_row(row: Row) -> TargetRow:
    """Return a target."""
    payee_id, name, period = whose(row)
    source = source_of(row, tables.TARGETS)
    amount, since = number_of(row, "amount"), optional_day(row, "valid_from")
    return TargetRow(payee_id, name, period, amount, source, since)


def measurement_row(row: Row) -> MeasurementRow:
    """Return a measured value."""
    payee_id, name, period = whose(row)
    source = source_of(row, tables.MEASUREMENTS)
    is_provisional = row.cells.get("provisional") is True
    return MeasurementRow(payee_id, name, period, number_of(row, "value"), source, is_provisional)


def opening_row(row: Row) -> OpeningRow:
    """Return a balance carried over."""
    return OpeningRow(
        cast("OpeningKind", text_of(row, "kind")),
        text_of(row, "payee_id"),
        optional_text(row, "name") or "",
        text_of(row, "period"),
        number_of(row, "amount"),
        day_of(row, "day"),
        source_of(row, tables.OPENINGS),
    )


def reversal_row(row: Row) -> ReversalRow | None:
    """Return a reversal of its own; None if the row only tells a cause.

    The order of a bill, payment, activity or credit note is still "" where the row leaves it out.
    """
    day = optional_day(row, "day")
    if day is None:
        return None
    order_id, kind = optional_text(row, "order_id") or "", optional_text(row, "of") or "order"
    fact_id = optional_text(row, "fact_id") or ""
    named = " ".join(filter(None, (order_id, kind if fact_id else "", fact_id)))
    return ReversalRow(
        optional_text(row, "reversal_id") or f"{named} {day}",
        order_id,
        day,
        optional_number(row, "amount"),
        optional_number(row, "share"),
        optional_text(row, "cause"),
        optional_text(row, "imputable_to"),
        source_of(row, tables.REVERSALS),
        kind=kind,
        fact_id=fact_id,
    )


def assignment_row(row: Row) -> AssignmentRow:
    """Return an assignment to the plan."""
    payee_id, (start, end) = text_of(row, "payee_id"), validity_of(row)
    own = f"{payee_id} {text_of(row, 'principal')} {start or ''}".rstrip()
    assignment_id = optional_text(row, "assignment_id") or own
    return AssignmentRow(
        assignment_id,
        optional_text(row, "mandate_id") or assignment_id,
        text_of(row, "principal"),
        payee_id,
        start,
        end,
        accepted=row.cells.get("accepted") is not False,
    )
