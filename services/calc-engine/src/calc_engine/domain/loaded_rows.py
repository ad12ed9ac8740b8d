"""Rows that people load, as plans read them: leaves, holidays, rates, reversals, activities."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from calc_engine.domain.fact import Fact
from calc_engine.domain.named import Names, unknown_name
from calc_engine.domain.order_states import owned_source
from calc_engine.domain.payment_rows import opening_row
from calc_engine.domain.records import Records
from calc_engine.domain.reversals import reversals_of
from calc_engine.domain.subject_figures import subject_figures
from premia_plan.relations import (
    ExchangeRateRow,
    FactRow,
    HolidayRow,
    LeaveRow,
    MeasurementRow,
    OpeningRow,
    PaidBeforeRow,
    ReversalRow,
    StateReached,
    TargetRow,
)
from premia_plan.results import Exception_


@dataclass(frozen=True, slots=True)
class LoadedRows:
    """Rows that all plans of a run read."""

    leaves: tuple[LeaveRow, ...]
    holidays: tuple[HolidayRow, ...]
    exchange_rates: tuple[ExchangeRateRow, ...]
    openings: tuple[OpeningRow, ...]
    """Of measures; those of payment are read where it is paid."""
    reversals: tuple[ReversalRow, ...]
    activities: tuple[FactRow, ...]
    paid_before: tuple[tuple[str, str, PaidBeforeRow], ...]
    """With the plan that paid it, and in which currency."""
    exceptions: tuple[Exception_, ...]
    figures: tuple[TargetRow | MeasurementRow, ...] = ()
    """Targets and measured values of others than single payees."""


def loaded_rows(records: Records) -> LoadedRows:
    """Read the rows; those that name nobody known are told, and used as soon as they do."""
    names, told = Names(records), list[Exception_]()
    return LoadedRows(
        tuple(_leaves(records, names, told)),
        tuple(
            HolidayRow(date.fromisoformat(fact.body["on"])) for fact in records.counting("holiday")
        ),
        tuple(_exchange_rate(fact) for fact in records.counting("exchange_rate")),
        tuple(_measure_openings(records, names, told)),
        tuple(reversals_of(records, told)),
        tuple(_activities(records, names, told)),
        tuple(_paid_before(records, names, told)),
        figures=tuple(subject_figures(records, names, told)),
        exceptions=tuple(told),
    )


def _leaves(records: Records, names: Names, told: list[Exception_]) -> Iterator[LeaveRow]:
    for fact in records.counting("leave"):
        payee = names.payee(fact.body["payee"])
        if payee is None:
            told.append(unknown_name(fact, "payee", fact.body["payee"]))
            continue
        yield LeaveRow(
            payee, date.fromisoformat(fact.body["valid_from"]), _day(fact.body["valid_to"])
        )


def _exchange_rate(fact: Fact) -> ExchangeRateRow:
    body = fact.body
    return ExchangeRateRow(
        body["rate_type"],
        body["from_currency"],
        body["to_currency"],
        body["period"] or "",
        _day(body["on"]),
        Decimal(body["rate"]),
        owned_source(fact, f"{body['rate_type']} {body['from_currency']}, {body['source']}"),
    )


def _measure_openings(
    records: Records, names: Names, told: list[Exception_]
) -> Iterator[OpeningRow]:
    for fact in records.counting("opening"):
        if fact.body["balance"] != "measure":
            continue
        payee = names.payee(fact.body["payee"])
        if payee is None:
            told.append(unknown_name(fact, "payee", fact.body["payee"]))
        else:
            yield opening_row(fact, payee)


def _paid_before(
    records: Records, names: Names, told: list[Exception_]
) -> Iterator[tuple[str, str, PaidBeforeRow]]:
    for fact in records.counting("paid_before"):
        body = fact.body
        payee = names.payee(body["payee"])
        if payee is None:
            told.append(unknown_name(fact, "payee", body["payee"]))
            continue
        amount = body["amount"]
        source = owned_source(fact, f"paid by {body['plan']}, {body['source']}")
        number = Decimal(amount["amount"])
        row = PaidBeforeRow(payee, body["component"], body["period"], number, source)
        yield body["plan"], amount["currency"], row


def _activities(records: Records, names: Names, told: list[Exception_]) -> Iterator[FactRow]:
    for fact in records.counting("activity"):
        body, on = fact.body, date.fromisoformat(fact.body["on"])
        principal = names.principal(body["principal"])
        if principal is None:
            told.append(unknown_name(fact, "principal", body["principal"]))
            continue
        source = owned_source(fact, f"activity {fact.key}, {body['source']}")
        resolved = {
            role: records.directory.resolve(reference, on)
            for role, reference in body["payees"].items()
        }
        yield FactRow(
            kind="activity",
            fact_id=fact.key,
            order_id=None if body["order"] is None else records.order_key(body["order"]),
            principal=principal,
            on=on,
            source=source,
            currency=body["currency"],
            payees={role: payee for role, payee in resolved.items() if payee is not None},
            category=body["category"],
            territory=body["territory"],
            amount=_number(body["amount"]) or Decimal(0),
            tax=_number(body["tax"]) or Decimal(0),
            quantity=_number(body["quantity"]) or Decimal(0),
            quantity_unit=body["quantity_unit"],
            attributes=body["attributes"],
            states=tuple(
                StateReached(seen["state"], date.fromisoformat(seen["on"]), None, source)
                for seen in body["states"]
            ),
        )


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: Any) -> Decimal | None:
    return None if text is None else Decimal(text)
