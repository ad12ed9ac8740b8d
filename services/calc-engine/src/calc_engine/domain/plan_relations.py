"""What one plan version reads: the recorded facts as rows, resolved to our own ids."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from calc_engine.domain.billing_facts import billing_facts, payments_undone
from calc_engine.domain.dated import Validity
from calc_engine.domain.fact import Fact
from calc_engine.domain.loaded_rows import LoadedRows, loaded_rows
from calc_engine.domain.order_attributes import typed_attributes
from calc_engine.domain.order_states import instant_of, reversal_of, source_of, states_of
from calc_engine.domain.paid_again import undoes_payments
from calc_engine.domain.published_plan import PublishedPlan
from calc_engine.domain.records import Records, target_source
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.relations import (
    AssignmentRow,
    FactRow,
    MeasurementRow,
    OrderLineRow,
    OrderRow,
    PayeeRef,
    Relations,
    SourceRef,
    StateReached,
    TargetRow,
)
from premia_plan.results import Exception_


@dataclass(frozen=True, slots=True)
class SharedRows:
    """Rows that all plans of a run read, made once."""

    targets: tuple[TargetRow, ...]
    measurements: tuple[MeasurementRow, ...]
    orders: tuple[OrderRow, ...]
    loaded: LoadedRows
    exceptions: tuple[Exception_, ...]


def shared_rows(records: Records) -> SharedRows:
    """Make the rows that do not depend on a single plan."""
    exceptions: list[Exception_] = []
    measurements = tuple(_measurements(records, exceptions))
    orders = tuple(_orders(records, exceptions))
    _tell_of_waiting_signals(records, exceptions)
    loaded = loaded_rows(records)
    exceptions.extend(loaded.exceptions)
    figures = loaded.figures
    targets = (*_targets(records), *(row for row in figures if isinstance(row, TargetRow)))
    measured = (row for row in figures if isinstance(row, MeasurementRow))
    measurements = (*measurements, *measured)
    return SharedRows(targets, measurements, orders, loaded, tuple(exceptions))


def relations_for(
    plan: PublishedPlan, records: Records, shared: SharedRows, checked: CheckedPlan
) -> Relations:
    """Return the rows that a plan version may see: only orders of its own principal.

    Args:
        plan: the plan version.
        records: everything that was recorded.
        shared: rows that all plans read.
        checked: the same plan, typed: the attributes it declares and the facts it uses.
    """
    orders = [
        order
        for order in shared.orders
        if order.principal == plan.principal_id and plan.may_count(order.signed_on)
    ]
    undone = payments_undone(orders, records.signals_by_order) if undoes_payments(checked) else ()
    return Relations(
        payees=records.payees,
        orders=tuple(
            replace(order, attributes=typed_attributes(order.attributes, checked.order_attributes))
            for order in orders
        ),
        facts=tuple(_facts(plan, orders, records, shared, checked)),
        edges=records.edges,
        trees=records.trees,
        targets=shared.targets,
        measurements=shared.measurements,
        assignments=tuple(_assignments(plan, records)),
        openings=shared.loaded.openings,
        reversals=(*shared.loaded.reversals, *undone),
        leaves=shared.loaded.leaves,
        holidays=shared.loaded.holidays,
        exchange_rates=shared.loaded.exchange_rates,
        positions=records.positions,
        paid_before=tuple(
            row
            for name, currency, row in shared.loaded.paid_before
            if plan.follows is not None and (name, currency) == (plan.follows.plan, plan.currency)
        ),
    )


def _facts(
    plan: PublishedPlan,
    orders: Sequence[OrderRow],
    records: Records,
    shared: SharedRows,
    checked: CheckedPlan,
) -> Iterator[FactRow]:
    """Give the facts besides orders that the plan uses, of its own principal."""
    yield from billing_facts(
        orders,
        records.signals_by_order,
        frozenset(checked.facts),
        records.directory,
        undoes=undoes_payments(checked),
    )
    if "activity" in checked.facts:
        own = (row for row in shared.loaded.activities if row.principal == plan.principal_id)
        yield from own


def _targets(records: Records) -> Iterator[TargetRow]:
    for fact in records.of_kind("target"):
        source = target_source(fact)
        for value in fact.body["values"]:
            yield TargetRow(
                fact.body["payee_id"],
                fact.body["name"],
                value["month"],
                Decimal(value["amount"]["amount"]),
                source,
                _day(value.get("valid_from")),
            )


def _measurements(records: Records, exceptions: list[Exception_]) -> Iterator[MeasurementRow]:
    for fact in records.of_kind("measurement"):
        body = fact.body
        last_day = Month.parse(body["month"]).period.end - timedelta(days=1)
        payee = records.directory.resolve(body["payee"], last_day)
        if payee is None or payee.payee_id is None:
            exceptions.append(_unknown_measured_payee(fact))
            continue
        label = f"{body['name']} of {body['month']}"
        yield MeasurementRow(
            payee.payee_id,
            body["name"],
            body["month"],
            Decimal(body["value"]),
            source_of(fact, label),
            body.get("provisional", False),
        )


def _unknown_measured_payee(fact: Fact) -> Exception_:
    payee = fact.body["payee"]
    return Exception_(
        "measurement-of-unknown-payee",
        f"{fact.body['name']} of {fact.body['month']} is not used, because payee "
        f"{payee['code']} of {payee['system']} is unknown",
        "Give a payee this external identifier; the next run uses the measurement.",
        None,
        None,
        fact.body["month"],
        blocks=False,
    )


def _orders(records: Records, exceptions: list[Exception_]) -> Iterator[OrderRow]:
    unknown: Counter[str] = Counter()
    by_principal: dict[str, list[PublishedPlan]] = {}
    for plan in records.plans:
        by_principal.setdefault(plan.principal_id, []).append(plan)
    for fact in records.of_kind("order"):
        principal = records.principal_codes.get(fact.body["principal"])
        if principal is None:
            unknown[fact.body["principal"]] += 1
            continue
        signed_on = date.fromisoformat(fact.body["signed_on"])
        if any(plan.may_count(signed_on) for plan in by_principal.get(principal, ())):
            yield _order(fact, principal, signed_on, records)
    exceptions.extend(
        Exception_(
            "unknown-principal",
            f"{unknown[code]} orders are not paid, because principal {code} is unknown",
            "Create the principal with this code; the next run pays them.",
            None,
            None,
            None,
            blocks=False,
        )
        for code in sorted(unknown)
    )


def _order(fact: Fact, principal: str, signed_on: date, records: Records) -> OrderRow:
    body = fact.body
    signals = records.signals_by_order.get(fact.key, ())
    label = f"order {body['order_number']} of {body['source']}, version {body['record_version']}"
    source = source_of(fact, label)
    imputable_to, cause = reversal_of(fact, signals)
    return OrderRow(
        order_id=fact.key,
        record_id=body["record_id"],
        principal=principal,
        signed_on=signed_on,
        seller=records.directory.resolve(body["seller"], signed_on),
        partner=records.directory.resolve(body["partner"], signed_on),
        category=body["category"],
        territory=body["territory"],
        amount=Decimal(body["amount"]["amount"]),
        currency=body["amount"]["currency"],
        attributes=body["attributes"],
        lines=tuple(
            _line(line, body["category"], signed_on, source, records) for line in body["lines"]
        ),
        states=states_of(fact, signals, source),
        imputable_to=imputable_to,
        cause=cause,
        source=source,
        payees=_in_roles(body, signed_on, records),
    )


def _line(
    line: Mapping[str, Any], category: str, signed_on: date, source: SourceRef, records: Records
) -> OrderLineRow:
    on = _day(line.get("on"))
    states = (
        StateReached(seen["state"], date.fromisoformat(seen["on"]), instant_of(seen), source)
        for seen in line.get("states", ())
    )
    return OrderLineRow(
        line["line_id"],
        line.get("category") or category,
        Decimal(line["amount"]["amount"]),
        Decimal(line["quantity"]),
        {**line.get("attributes", {}), "product": line["product"]},
        on,
        tuple(states),
        _in_roles(line, on or signed_on, records),
        line.get("quantity_unit", ""),
    )


def _in_roles(body: Mapping[str, Any], day: date, records: Records) -> Mapping[str, PayeeRef]:
    """Return the payees in roles besides seller and partner, as they are known on a day."""
    found = {
        role: records.directory.resolve(reference, day)
        for role, reference in body.get("payees", {}).items()
    }
    return {role: payee for role, payee in found.items() if payee is not None}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _assignments(plan: PublishedPlan, records: Records) -> Iterator[AssignmentRow]:
    mandates = {fact.body["mandate_id"]: fact for fact in records.of_kind("mandate")}
    accepted = {
        fact.body["payee_id"]
        for fact in records.of_kind("plan_acceptance")
        if fact.body["content_hash"] == plan.content_hash
    }
    for fact in records.of_kind("assignment"):
        body = fact.body
        if body["plan_id"] != plan.plan_id:
            continue
        valid: Validity | None = Validity.of(body)
        mandate = mandates.get(body["mandate_id"])
        if mandate is not None and valid is not None:
            valid = valid.meet(Validity.of(mandate.body))
        if valid is not None:
            yield AssignmentRow(
                body["assignment_id"],
                body["mandate_id"],
                body["principal_id"],
                body["payee_id"],
                valid.start,
                valid.end,
                accepted=body["payee_id"] in accepted or not plan.needs_acceptance,
            )


def _tell_of_waiting_signals(records: Records, exceptions: list[Exception_]) -> None:
    orders = records.facts.get("order", {})
    waiting = Counter(
        signal.body["source"]
        for key, signals in records.signals_by_order.items()
        if key not in orders
        for signal in signals
    )
    exceptions.extend(
        Exception_(
            "signal-of-unknown-order",
            f"{waiting[source]} billing signals of {source} wait for an order nobody sent yet",
            "Nothing, if the orders are on their way; else ask the source for them.",
            None,
            None,
            None,
            blocks=False,
        )
        for source in sorted(waiting)
    )
