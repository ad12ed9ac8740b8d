"""How recorded facts become the rows a plan reads."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from calc_engine.application.record_facts import fact_row
from calc_engine.domain.fact import Fact
from calc_engine.domain.plan_relations import SharedRows, relations_for, shared_rows
from calc_engine.domain.records import Records
from calc_engine.domain.reporting_lines import network_below
from premia_common.contracts.envelope import FactEvent
from premia_common.contracts.fields import DatedAttribute, DatedExternalId, MoneyOut
from premia_common.contracts.orders import BillingSignalRecorded, OrderLine
from premia_common.contracts.plans import Holding, PlanRetired
from premia_common.contracts.records import ReversalRecord
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checked.facts import FactKind, FactWords
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.quantities import Unit
from premia_plan.reference import PAID, calculate
from premia_plan.relations import FactRow, OrderRow

from .. import samples as s  # noqa: TID252

TENANT = UUID(int=77)
AGENCY = check_plan(parse_plan(s.agency_plan_text())).plan or pytest.fail("it has findings")
A1, M1 = (str(s.ident(TENANT, "payee", code)) for code in ("A1", "M1"))


def facts_of(events: Iterable[FactEvent]) -> list[Fact]:
    rows = [fact_row(event) for event in events]
    return [
        Fact(r.kind, r.key, r.version, r.known_at, r.event_id, r.digest, json.loads(r.body))
        for r in rows
    ]


def recorded(*events: FactEvent) -> tuple[Records, SharedRows]:
    records = Records.of(facts_of([*s.master_data(TENANT), *events]))
    return records, shared_rows(records)


def the_order(*events: FactEvent) -> OrderRow:
    _, shared = recorded(*events)
    [row] = shared.orders
    return row


def states(row: OrderRow) -> dict[str, str]:
    return {state.state: state.on.isoformat() for state in row.states}


def order(**more: Any) -> FactEvent:
    given: dict[str, Any] = {"states": {"activated": "2026-03-04"}, **more}
    return s.order(TENANT, "O1", given.pop("amount", "100.00"), **given)


def test_the_highest_version_of_an_order_is_the_order() -> None:
    newest = order(version=3, amount="300.00")

    row = the_order(newest, order(version=1), order(version=2, amount="200.00"))

    assert row.amount == Decimal("300.00")
    assert row.source.id == "order/salesforce/R-O1/2026-03-03T00:00:00Z/000001"


def test_what_follows_from_an_order_does_not_depend_on_the_message_it_came_in() -> None:
    alone = s.order(TENANT, "O1", "100.00", states={})
    in_a_batch = alone.model_copy(
        update={"raw": alone.raw.model_copy(update={"message_id": "batch", "part": "17"})}
    )

    assert the_order(alone).source == the_order(in_a_batch).source


def test_billing_adds_the_states_that_its_signals_stand_for() -> None:
    row = the_order(order(), s.bill_paid(TENANT, "O1", "2026-04-15"))

    assert states(row) == {"activated": "2026-03-04", "first_bill_paid": "2026-04-15"}


def test_a_later_bill_is_no_first_bill() -> None:
    later = s.bill_paid(TENANT, "O1", "2026-05-15").model_copy(
        update={"first_for_contract": False, "signal_id": "B-2"}
    )

    assert states(the_order(order(), later)) == {"activated": "2026-03-04"}


def test_of_a_state_reached_twice_the_first_arrival_counts() -> None:
    terminated = BillingSignalRecorded(
        **{
            **s.bill_paid(TENANT, "O1", "2026-05-01").model_dump(),
            "signal": "contract.terminated",
            "signal_id": "T-1",
            "imputable_to": "customer",
            "cause": "moved",
        }
    )

    row = the_order(order(states={"churned": "2026-05-09"}), terminated)

    assert states(row) == {"churned": "2026-05-01"}
    assert (row.imputable_to, row.cause) == ("customer", "moved")


def test_a_deleted_order_counts_as_cancelled_on_the_day_of_that_version() -> None:
    row = the_order(order(version=2, deleted=True))

    assert states(row) == {"activated": "2026-03-04", "cancelled": "2026-03-02"}
    assert row.cause == "deleted"


def test_a_code_means_the_payee_that_had_it_on_the_signing_day() -> None:
    moved = s.payee(TENANT, "A1", version=2).model_copy(
        update={
            "external_ids": (
                DatedExternalId(
                    system="salesforce",
                    code="A1",
                    valid_from=date(2020, 1, 1),
                    valid_to=date(2026, 2, 20),
                ),
            )
        }
    )
    successor = s.payee(TENANT, "B1").model_copy(
        update={
            "external_ids": (
                DatedExternalId(system="salesforce", code="A1", valid_from=date(2026, 2, 20)),
            )
        }
    )

    before = the_order(moved, successor, order(signed_on=date(2026, 2, 19)))
    after = the_order(moved, successor, order(signed_on=date(2026, 2, 20)))

    assert before.seller is not None
    assert after.seller is not None
    assert before.seller.payee_id == A1
    assert after.seller.payee_id == str(s.ident(TENANT, "payee", "B1"))


def test_an_unknown_code_stays_as_the_source_wrote_it() -> None:
    row = the_order(order(seller="AG-9"))

    assert row.seller is not None
    assert not row.seller.is_resolved
    assert (row.seller.system, row.seller.code) == ("salesforce", "AG-9")


def test_an_order_of_an_unknown_principal_is_an_exception_not_a_dropped_row() -> None:
    _, shared = recorded(order(principal_code="9999"))

    assert shared.orders == ()
    assert [(item.code, item.blocks) for item in shared.exceptions] == [
        ("unknown-principal", False)
    ]
    assert "principal 9999 is unknown" in shared.exceptions[0].message


def test_a_signal_of_an_order_nobody_sent_waits() -> None:
    _, shared = recorded(s.bill_paid(TENANT, "O9", "2026-04-15"))

    assert [item.code for item in shared.exceptions] == ["signal-of-unknown-order"]


def test_reporting_lines_follow_the_holders_of_positions_day_by_day() -> None:
    position = s.position(TENANT, "M1", None).model_copy(
        update={
            "version": 2,
            "holdings": (
                Holding(payee_id=UUID(M1), valid_from=date(2020, 1, 1), valid_to=date(2026, 3, 1)),
                Holding(payee_id=UUID(int=8), valid_from=date(2026, 4, 1)),
            ),
        }
    )

    records, _ = recorded(position)

    edges = [
        (edge.payee_id, edge.reports_to, edge.valid_from, edge.valid_to) for edge in records.edges
    ]
    assert edges == [
        (A1, M1, date(2020, 1, 1), date(2026, 3, 1)),
        (A1, str(UUID(int=8)), date(2026, 4, 1), None),
    ]
    assert network_below(records.edges, M1, date(2026, 2, 28)) == {A1}
    assert network_below(records.edges, M1, date(2026, 3, 1)) == frozenset()


def test_an_assignment_counts_within_its_mandate_and_knows_the_acceptance() -> None:
    ended = s.mandate(TENANT, "A1").model_copy(update={"version": 2, "valid_to": date(2026, 6, 1)})
    records, shared = recorded(ended)

    rows = {
        row.payee_id: row
        for row in relations_for(records.plans[0], records, shared, AGENCY).assignments
    }

    assert (rows[A1].valid_to, rows[A1].accepted) == (date(2026, 6, 1), True)
    assert rows[M1].valid_to is None


def test_without_an_acceptance_of_this_document_the_plan_is_not_accepted() -> None:
    records = Records.of(facts_of(s.master_data(TENANT, accept=False)))

    rows = relations_for(records.plans[0], records, shared_rows(records), AGENCY).assignments

    assert {row.accepted for row in rows} == {False}


def test_attributes_have_the_type_that_the_plan_declares() -> None:
    records, shared = recorded(order(attributes={"kwp": "6.40", "product": "10", "note": "x"}))

    declared = {"kwp": Unit.COUNT, "product": Unit.TEXT}

    relations = relations_for(
        records.plans[0], records, shared, replace(AGENCY, order_attributes=declared)
    )

    assert relations.orders[0].attributes == {"kwp": Decimal("6.40"), "product": "10"}


def test_a_retired_version_earns_for_no_order_signed_after() -> None:
    plan = s.plan_published(TENANT, s.agency_plan_text())
    retired = PlanRetired(
        event_id=UUID(int=1),
        occurred_at=s.KNOWN,
        tenant_id=TENANT,
        correlation_id=UUID(int=2),
        version=2,
        plan_id=plan.plan_id,
        plan_name=plan.plan_name,
        retired_version=1,
        retired_from=date(2026, 2, 20),
    )

    records, shared = recorded(retired, order(signed_on=date(2026, 2, 20)))

    assert shared.orders == ()
    assert records.plans[0].effective_document()["valid"]["to"] == "2026-02-20"
    assert records.plans[0].content_hash == plan.content_hash


def test_targets_and_measurements_are_rows_of_the_payee() -> None:
    _, shared = recorded()

    assert {(row.payee_id, row.name, row.amount) for row in shared.targets} == {
        (A1, "activated_value", Decimal("50000.00"))
    }
    assert [row.value for row in shared.measurements if row.month == "2026-03"] == [Decimal("0.95")]


def test_a_plan_that_speaks_of_bills_reads_what_billing_recorded_and_others_do_not() -> None:
    paid = s.bill_paid(TENANT, "O1", "2026-04-15").model_copy(
        update={"amount": MoneyOut(amount="61.20", currency="EUR")}
    )
    records, shared = recorded(order(), paid)
    of_payments = replace(AGENCY, facts={"payment": FactWords()})

    [row] = relations_for(records.plans[0], records, shared, of_payments).facts

    assert (row.kind, row.order_id, row.amount) == ("payment", "salesforce/R-O1", Decimal("61.20"))
    assert (row.on, row.category, row.territory) == (date(2026, 4, 15), "gas", "nord")
    assert relations_for(records.plans[0], records, shared, AGENCY).facts == ()


def billed(signal: str, signal_id: str, day: str, **more: Any) -> FactEvent:
    """Return what billing said of bill F1 of order O1."""
    said = {
        **s.bill_paid(TENANT, "O1", day).model_dump(),
        "signal": signal,
        "signal_id": signal_id,
        "document": "F1",
        **more,
    }
    return BillingSignalRecorded(**said)


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def facts_in(records: Records, shared: SharedRows, *kinds: FactKind) -> list[FactRow]:
    plan = replace(AGENCY, facts=dict.fromkeys(kinds, FactWords()))
    return sorted(
        relations_for(records.plans[0], records, shared, plan).facts, key=lambda row: row.on
    )


def test_a_bill_keeps_its_tax_quantity_payees_and_attributes_and_has_states_of_its_own() -> None:
    issued = billed(
        "invoice.issued",
        "B-1",
        "2026-03-20",
        amount=euros("244.00"),
        tax="44.00",
        quantity="1234.567891",
        quantity_unit="kWh",
        territory="sud",
        payees={"clerk": {"system": "salesforce", "code": "M1"}},
        attributes={"channel": "direct"},
    )
    overdue = billed("invoice.overdue", "B-2", "2026-04-20")
    of_another = billed("invoice.paid", "B-3", "2026-04-21", document="F2")
    records, shared = recorded(order(), issued, overdue, of_another)

    [bill] = facts_in(records, shared, "bill")

    assert (bill.amount, bill.tax) == (Decimal("244.00"), Decimal("44.00"))
    assert (bill.quantity, bill.quantity_unit) == (Decimal("1234.567891"), "kWh")
    assert (bill.category, bill.territory) == ("gas", "sud")
    assert bill.payees["clerk"].payee_id == M1
    assert bill.attributes == {"channel": "direct"}
    assert {state.state: str(state.on) for state in bill.states} == {
        "issued": "2026-03-20",
        "overdue": "2026-04-20",
    }


def test_what_was_paid_of_a_bill_so_far_is_a_payment_of_the_difference() -> None:
    first = billed("invoice.partially_paid", "P-1", "2026-04-02", amount=euros("100.00"))
    second = billed("invoice.partially_paid", "P-2", "2026-04-12", amount=euros("150.00"))
    last = billed("invoice.paid", "P-3", "2026-05-02", amount=euros("244.00"))
    unnamed = billed(
        "invoice.partially_paid", "P-4", "2026-05-03", amount=euros("5.00"), document=""
    )
    returned = billed("payment.reversed", "R-1", "2026-05-10")
    again = billed("invoice.paid", "P-5", "2026-06-02", amount=euros("244.00"))
    records, shared = recorded(order(), again, last, unnamed, second, returned, first)

    paid = [(str(row.on), str(row.amount)) for row in facts_in(records, shared, "payment")]

    assert paid == [
        ("2026-04-02", "100.00"),
        ("2026-04-12", "50.00"),
        ("2026-05-02", "94.00"),
        ("2026-06-02", "0.00"),
    ]
    assert not relations_for(records.plans[0], records, shared, AGENCY).reversals


OF_PAYMENTS = """
plan: payments
title: {it: Prova, en: Test}
language: 1
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {from: 2026-01-01, to: 2027-01-01, by: order.signed_on}
participants: payee.kind = "agency"
credits:
  paid: {from: payment, amount: payment.amount, divides: base, shares: [{to: order.seller, share: rest}]}
components:
  money: {per: credit of paid, amount: credit.amount * 1 %, steps: [{round: cent, mode: half_up, each: line}]}
settlement:
  states: {models: {deal: {of: order, states: [activated]}, cash: {of: payment, states: [returned]}}}
  release: {money: [{share: rest, at: {date: payment.day}}]}
  storno:
    rules:
      back: {of: payment, when: payment reached returned, lands_in: month of the event, effect: {money: {takes: 100 %, out_of: released, unreleased: dropped}}}
examples:
  - name: nothing
    given: {payees: [{id: B1, kind: agency}]}
    expect: {}
"""


def earned_by_payments(plan: CheckedPlan, *events: FactEvent) -> dict[str, str]:
    """Return what payments earned by month, as a plan version reads what billing said."""
    records, shared = recorded(order(), *events)
    rows = relations_for(records.plans[0], records, shared, plan)
    found: dict[str, Decimal] = {}
    for line in calculate(plan, rows, until=Month.parse("2026-12")).lines:
        if line.what in PAID and line.month is not None:
            found[line.month] = found.get(line.month, Decimal(0)) + line.amount
    return {month: str(amount) for month, amount in sorted(found.items()) if amount}


def payments_plan(text: str = OF_PAYMENTS) -> CheckedPlan:
    checked = check_plan(parse_plan(text))
    return checked.plan or pytest.fail(str(checked.findings))


def paid(signal_id: str, day: str, amount: str, signal: str = "invoice.paid") -> FactEvent:
    return billed(signal, signal_id, day, amount=euros(amount))


@pytest.mark.parametrize("is_turned", [False, True])
def test_what_a_bounced_payment_earned_is_taken_back_before_it_earns_again(
    is_turned: bool,
) -> None:
    said = [
        paid("P-1", "2026-04-02", "100.00", "invoice.partially_paid"),
        paid("P-2", "2026-05-02", "244.00"),
        billed("payment.reversed", "R-1", "2026-06-15", cause="bounced"),
        paid("P-3", "2026-07-15", "244.00"),
    ]

    earned = earned_by_payments(payments_plan(), *(reversed(said) if is_turned else said))

    assert earned == {"2026-04": "1.00", "2026-05": "1.44", "2026-06": "-2.44", "2026-07": "2.44"}


def test_a_reversal_comes_before_the_payment_of_its_day() -> None:
    first = paid("P-9", "2026-04-02", "100.00")
    back = billed("payment.reversed", "R-1", "2026-05-15")
    again = paid("P-1", "2026-05-15", "120.00")

    assert earned_by_payments(payments_plan(), first, back, again) == {
        "2026-04": "1.00",
        "2026-05": "0.20",  # -1.00 and 1.20
    }


def test_all_on_one_day_or_a_part_that_bounced_earn_the_bill_once() -> None:
    day = "2026-05-15"
    one_day = [paid("P-1", day, "100.00"), billed("payment.reversed", "R-1", day)]
    of_part = [
        paid("P-1", "2026-04-02", "40.00", "invoice.partially_paid"),
        paid("P-2", "2026-05-02", "100.00"),
        billed("payment.reversed", "R-1", "2026-06-15", amount=euros("70.00")),
        paid("P-3", "2026-07-15", "100.00"),
    ]

    assert earned_by_payments(payments_plan(), *one_day) == {}
    assert earned_by_payments(payments_plan(), *one_day, paid("P-2", day, "100.00")) == {
        "2026-05": "1.00"
    }
    assert earned_by_payments(payments_plan(), *of_part) == {
        "2026-04": "0.40",
        "2026-05": "0.60",
        "2026-06": "-0.70",
        "2026-07": "0.70",
    }


@pytest.mark.parametrize(
    "changed",
    [
        ("lands_in", 'void_when: reversal.imputable_to = "principal", lands_in'),
        ("lands_in", "within: {days: '30', after: activated}, lands_in"),
        ("takes: 100 %", "takes: 40 %"),
        (
            "components:",
            (
                "measures: {cash: {sum: credit.amount, of: paid, dated_by: payment.day, "
                "over: month, per: payee, reversed_order: leaves}}\ncomponents:"
            ),
        ),
    ],
)
def test_where_something_could_stay_a_bill_that_is_paid_again_earns_nothing_more(
    changed: tuple[str, str],
) -> None:
    plan = payments_plan(OF_PAYMENTS.replace(*changed))
    back = billed("payment.reversed", "R-1", "2026-05-15", imputable_to="principal")

    earned = earned_by_payments(
        plan, paid("P-1", "2026-04-02", "100.00"), back, paid("P-2", "2026-06-02", "100.00")
    )

    assert earned == {"2026-04": "1.00"}


def reversal(reversal_id: str, **more: Any) -> Fact:
    """Return a reversal as people load it."""
    row = {"source": "desk", "reversal_id": reversal_id, "on": "2026-05-02", "share": "0.5", **more}
    body = ReversalRecord.model_validate(row).model_dump(mode="json")
    return Fact("reversal", reversal_id, "1", s.KNOWN, UUID(int=1), "0" * 64, body)


def test_a_loaded_reversal_names_a_line_or_a_bill_and_waits_while_there_is_none() -> None:
    of_order = {"order": {"system": "salesforce", "code": "R-O1"}}
    bill = billed("invoice.issued", "B-1", "2026-03-20", amount=euros("244.00"))
    loaded = [
        reversal("R1", **of_order),
        reversal("R2", **of_order, of="line", fact="L1"),
        reversal("R3", **of_order, of="bill", fact="billing/B-1"),
        reversal("R4", **of_order, of="line", fact="L9"),
        reversal("R5", **of_order, of="payment", fact="billing/B-1"),
        reversal("R6", of="activity", fact="C1"),
    ]
    lines = (OrderLine(line_id="L1", product="hp", quantity="1", amount=euros("50.00")),)
    sold = order().model_copy(update={"lines": lines})

    shared = shared_rows(Records.of([*facts_of([*s.master_data(TENANT), sold, bill]), *loaded]))

    assert {
        (row.reversal_id, row.order_id, row.kind, row.fact_id) for row in shared.loaded.reversals
    } == {
        ("R1", "salesforce/R-O1", "order", ""),
        ("R2", "salesforce/R-O1", "line", "L1"),
        ("R3", "salesforce/R-O1", "bill", "billing/B-1"),
    }
    assert {
        (item.code, item.message) for item in shared.exceptions if item.code.startswith("reversal")
    } == {
        ("reversal-of-unknown-line", "The reversal R4 waits: there is no line L9"),
        ("reversal-of-unknown-payment", "The reversal R5 waits: there is no payment billing/B-1"),
        ("reversal-of-unknown-activity", "The reversal R6 waits: there is no activity C1"),
    }


def test_a_reversal_of_something_else_than_an_order_names_it() -> None:
    with pytest.raises(ValueError, match="fact names which one it is"):
        reversal("R1", order={"system": "salesforce", "code": "R-O1"}, of="line")
    with pytest.raises(ValueError, match="order is needed of everything but an activity"):
        reversal("R1", of="bill", fact="billing/B-1")


def test_an_attribute_that_does_not_fit_its_unit_stays_to_be_told() -> None:
    sold = order().model_copy(update={"attributes": {"kwp": "six", "peak": "6.40", "more": "1"}})
    records, shared = recorded(sold)
    plan = replace(AGENCY, order_attributes={"kwp": Unit.COUNT, "peak": Unit.COUNT})

    [row] = relations_for(records.plans[0], records, shared, plan).orders

    assert row.attributes == {"kwp": "six", "peak": Decimal("6.40")}


def test_a_dated_attribute_of_a_payee_is_a_row_of_its_own_days() -> None:
    target_pay = DatedAttribute(
        name="target_pay",
        type="money",
        value="12000.00",
        unit="EUR",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 7, 1),
    )
    payee = s.payee(TENANT, "A1", version=2).model_copy(update={"dated_attributes": (target_pay,)})
    records, _ = recorded(payee)

    rows = [
        (row.valid_from, row.valid_to, row.attributes)
        for row in records.payees
        if row.payee_id == A1
    ]

    assert rows == [
        (date(2020, 1, 1), None, {"channel": "field", "kind": "agency"}),
        (date(2026, 1, 1), date(2026, 7, 1), {"target_pay": Decimal("12000.00")}),
    ]
