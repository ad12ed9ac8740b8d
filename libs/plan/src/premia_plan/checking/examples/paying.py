"""What a worked example gives and expects of payment: rows besides orders, pay and balances."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from premia_common.money import minor_digits, round_half_up
from premia_plan.checking.clause import Clause
from premia_plan.checking.examples.reader import PRINCIPAL, Reader
from premia_plan.language import Words, suggested
from premia_plan.quantities import Unit, quantity
from premia_plan.relations import (
    AdjustmentRow,
    ExchangeRateRow,
    HolidayRow,
    LeaveRow,
    LoanRow,
    PayeeCapRow,
)
from premia_plan.relations.exchange import RateType

_MAKER = "maker"


def adjustments(reader: Reader) -> list[AdjustmentRow]:
    """Return the amounts paid or taken by hand."""
    return [
        AdjustmentRow(
            adjustment_id=row.word("id", f"M{number}"),
            payee_id=reader.payee(row.part("payee")),
            principal=PRINCIPAL,
            month=row.word("month"),
            amount=reader.decimal(row.part("amount"), Unit.MONEY),
            reason=row.word("reason"),
            made_by=row.word("made_by", _MAKER),
            approved_by=row.word("approved_by") or None,
            approved_on=_day(reader, row.optional("approved_on")),
            expires_on=_day(reader, row.optional("expires_on")),
            source=reader.source("adjustment", row.word("id", f"M{number}")),
        )
        for number, row in enumerate(reader.rows("adjustments"), start=1)
    ]


def payee_caps(reader: Reader) -> list[PayeeCapRow]:
    """Return the caps of payees' agreements."""
    return [
        PayeeCapRow(
            reader.payee(row.part("payee")),
            reader.principal(row),
            reader.decimal(row.part("amount"), Unit.MONEY),
            _day(reader, row.optional("from")),
            _day(reader, row.optional("to")),
            reader.source("payee_cap", f"{row.word('payee')} {number}"),
            tuple(entry.text for entry in _entries(row.optional("priority"))),
        )
        for number, row in enumerate(reader.rows("payee_caps"), start=1)
    ]


def _entries(clause: Clause | None) -> list[Clause]:
    return [] if clause is None else clause.entries()


def loans(reader: Reader) -> list[LoanRow]:
    """Return the loans."""
    return [
        LoanRow(
            loan_id=row.word("id", f"L{number}"),
            payee_id=reader.payee(row.part("payee")),
            principal=PRINCIPAL,
            month=row.word("month"),
            amount=reader.decimal(row.part("amount"), Unit.MONEY),
            instalment=reader.decimal(row.part("instalment"), Unit.MONEY),
            recovered_from=row.word("recovered_from"),
            source=reader.source("loan", row.word("id", f"L{number}")),
        )
        for number, row in enumerate(reader.rows("loans"), start=1)
    ]


def leaves(reader: Reader) -> list[LeaveRow]:
    """Return the days on which payees were on leave; the last one is out."""
    return [
        LeaveRow(
            reader.payee(row.part("payee")),
            reader.day(row.part("from")),
            _day(reader, row.optional("to")),
        )
        for row in reader.rows("leave")
    ]


def holidays(reader: Reader) -> list[HolidayRow]:
    """Return the days that are no working days."""
    return [HolidayRow(reader.day(entry)) for entry in reader.rows("holidays")]


def exchange_rates(reader: Reader) -> list[ExchangeRateRow]:
    """Return the exchange rates, to the plan's currency where none is named."""
    return [
        ExchangeRateRow(
            cast("RateType", row.word("type")),
            row.word("from"),
            row.word("to", reader.names.words.currency),
            row.word("period"),
            _day(reader, row.optional("day")),
            reader.decimal(row.part("rate"), Unit.COUNT),
            reader.source("exchange_rate", f"{row.word('from')} {number}"),
        )
        for number, row in enumerate(reader.rows("exchange_rates"), start=1)
    ]


def expected_pay(clause: Clause | None, reader: Reader) -> Mapping[tuple[str, str], Decimal] | None:
    """Return what is due by payee and month, or None where the example does not say."""
    if clause is None:
        return None
    return {
        (reader.payee_named(payee, months), month): _cents(reader, amount)
        for payee, months in clause.parts().items()
        for month, amount in months.parts().items()
    }


def expected_statements(
    clause: Clause | None, reader: Reader
) -> Mapping[tuple[str, str], tuple[Decimal, str]] | None:
    """Return what statements come to by payee and month, or None where nothing is said."""
    if clause is None:
        return None
    found: dict[tuple[str, str], tuple[Decimal, str]] = {}
    for payee, months in clause.parts().items():
        for month, amount in months.parts().items():
            said = quantity(amount.text)
            currency = said.currency or reader.names.words.currency
            value = round_half_up(said.value, minor_digits(currency))
            found[reader.payee_named(payee, months), month] = value, currency
    return found


def expected_balances(
    clause: Clause | None, reader: Reader
) -> Mapping[tuple[str, str, str], Decimal]:
    """Return what some accounts stand at, by payee, month and account."""
    found: dict[tuple[str, str, str], Decimal] = {}
    payment = reader.names.payment
    known = {*payment.draws, *payment.reserves, "carried", *_loan_accounts(reader)}
    for payee, months in ({} if clause is None else clause.parts()).items():
        for month, accounts in months.parts().items():
            for name, amount in accounts.parts().items():
                if name not in known:
                    message = Words(f"there is no account {name}", f"non c'è un conto {name}")
                    raise amount.refuse("name.unknown", message, suggested(name, known))
                found[reader.payee_named(payee, months), month, name] = _cents(reader, amount)
    return found


def _loan_accounts(reader: Reader) -> list[str]:
    return [f"loan {row.loan_id}" for row in loans(reader)]


def _cents(reader: Reader, clause: Clause) -> Decimal:
    value = reader.decimal(clause, Unit.MONEY)
    return round_half_up(value, minor_digits(reader.names.words.currency))


def _day(reader: Reader, clause: Clause | None) -> date | None:
    return None if clause is None else reader.day(clause)
