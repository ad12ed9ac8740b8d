"""Rows of what is paid or kept besides earnings, and of rates, as the relations they stand for."""

from decimal import Decimal
from typing import Literal, TypeAlias, cast

from premia_cli.offline import tables
from premia_cli.offline.reading import Row
from premia_cli.offline.rows import (
    day_of,
    number_of,
    optional_day,
    optional_text,
    source_of,
    text_of,
    validity_of,
)
from premia_plan.relations import (
    AdjustmentRow,
    ExchangeRateRow,
    FactRow,
    HolidayRow,
    LeaveRow,
    LoanRow,
    PaidBeforeRow,
    PayeeCapRow,
)

FactKind: TypeAlias = Literal["activity", "bill", "payment", "credit note"]
RateType: TypeAlias = Literal["daily", "period average", "plan rate"]


def leave_row(row: Row) -> LeaveRow:
    """Return days of leave."""
    return LeaveRow(
        text_of(row, "payee_id"), day_of(row, "valid_from"), optional_day(row, "valid_to")
    )


def holiday_row(row: Row) -> HolidayRow:
    """Return a holiday."""
    return HolidayRow(day_of(row, "day"))


def exchange_rate_row(row: Row) -> ExchangeRateRow:
    """Return an exchange rate."""
    return ExchangeRateRow(
        cast("RateType", text_of(row, "rate_type")),
        text_of(row, "from_currency"),
        text_of(row, "to_currency"),
        optional_text(row, "period") or "",
        optional_day(row, "day"),
        number_of(row, "rate"),
        source_of(row, tables.EXCHANGE_RATES),
    )


def adjustment_row(row: Row) -> AdjustmentRow:
    """Return an adjustment by hand."""
    return AdjustmentRow(
        text_of(row, "adjustment_id"),
        text_of(row, "payee_id"),
        text_of(row, "principal"),
        text_of(row, "month"),
        number_of(row, "amount"),
        text_of(row, "reason"),
        text_of(row, "made_by"),
        optional_text(row, "approved_by"),
        optional_day(row, "approved_on"),
        optional_day(row, "expires_on"),
        source_of(row, tables.ADJUSTMENTS),
    )


def loan_row(row: Row) -> LoanRow:
    """Return a loan."""
    return LoanRow(
        text_of(row, "loan_id"),
        text_of(row, "payee_id"),
        text_of(row, "principal"),
        text_of(row, "month"),
        number_of(row, "amount"),
        number_of(row, "instalment"),
        text_of(row, "recovered_from"),
        source_of(row, tables.LOANS),
    )


def payee_cap_row(row: Row) -> PayeeCapRow:
    """Return a cap of a payee's agreement."""
    start, end = validity_of(row)
    return PayeeCapRow(
        text_of(row, "payee_id"),
        text_of(row, "principal"),
        number_of(row, "amount"),
        start,
        end,
        source_of(row, tables.PAYEE_CAPS),
        tuple((optional_text(row, "priority") or "").split()),
    )


def paid_before_row(row: Row) -> PaidBeforeRow:
    """Return what the version before paid for the period under way."""
    return PaidBeforeRow(
        text_of(row, "payee_id"),
        text_of(row, "component"),
        text_of(row, "period"),
        number_of(row, "amount"),
        source_of(row, tables.PAID_BEFORE),
    )


def fact_row(row: Row) -> FactRow:
    """Return an activity, bill, payment or credit note, without its states and payees."""
    return FactRow(
        cast("FactKind", text_of(row, "kind")),
        text_of(row, "fact_id"),
        optional_text(row, "order_id"),
        text_of(row, "principal"),
        day_of(row, "day"),
        source_of(row, tables.FACTS),
        text_of(row, "currency"),
        category=optional_text(row, "category") or "",
        territory=optional_text(row, "territory") or "",
        amount=number_of(row, "amount", Decimal(0)),
        tax=number_of(row, "tax", Decimal(0)),
        quantity=number_of(row, "quantity", Decimal(0)),
        quantity_unit=optional_text(row, "quantity_unit") or "",
        attributes=row.further,
        version=int(number_of(row, "version", Decimal(1))),
    )
