"""How what billing says becomes states of orders, bills and payments that a plan reads."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from calc_engine.domain.plan_relations import SharedRows, relations_for
from calc_engine.domain.records import Records
from premia_common.contracts.envelope import FactEvent
from premia_common.contracts.fields import MoneyOut
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checked.facts import FactKind, FactWords
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.reference import PAID, calculate
from premia_plan.relations import FactRow

from .. import samples as s  # noqa: TID252
from .as_recorded import AGENCY, M1, TENANT, billed, order, recorded, states, the_order


def test_billing_adds_the_states_that_its_signals_stand_for() -> None:
    row = the_order(order(), s.bill_paid(TENANT, "O1", "2026-04-15"))

    assert states(row) == {"activated": "2026-03-04", "first_bill_paid": "2026-04-15"}


def test_a_later_bill_is_no_first_bill() -> None:
    later = s.bill_paid(TENANT, "O1", "2026-05-15").model_copy(
        update={"first_for_contract": False, "signal_id": "B-2"}
    )

    assert states(the_order(order(), later)) == {"activated": "2026-03-04"}


def test_a_signal_of_an_order_nobody_sent_waits() -> None:
    _, shared = recorded(s.bill_paid(TENANT, "O9", "2026-04-15"))

    assert [item.code for item in shared.exceptions] == ["signal-of-unknown-order"]


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
        amount=s.euros("244.00"),
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
    first = billed("invoice.partially_paid", "P-1", "2026-04-02", amount=s.euros("100.00"))
    second = billed("invoice.partially_paid", "P-2", "2026-04-12", amount=s.euros("150.00"))
    last = billed("invoice.paid", "P-3", "2026-05-02", amount=s.euros("244.00"))
    unnamed = billed(
        "invoice.partially_paid", "P-4", "2026-05-03", amount=s.euros("5.00"), document=""
    )
    returned = billed("payment.reversed", "R-1", "2026-05-10")
    again = billed("invoice.paid", "P-5", "2026-06-02", amount=s.euros("244.00"))
    records, shared = recorded(order(), again, last, unnamed, second, returned, first)

    paid = [(str(row.on), str(row.amount)) for row in facts_in(records, shared, "payment")]

    assert paid == [
        ("2026-04-02", "100.00"),
        ("2026-04-12", "50.00"),
        ("2026-05-02", "94.00"),
        ("2026-06-02", "0.00"),
    ]
    assert not relations_for(records.plans[0], records, shared, AGENCY).reversals


MAY, JULY = ("2026-05-02", "122.00", "22.00"), ("2026-07-15", "122.00", "22.00")
"""A bill that is paid in full: the day, the amount and the tax in it."""
OF_PAYMENTS = s.plan_of(
    "payments",
    """
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
""",
)


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
    return billed(signal, signal_id, day, amount=s.euros(amount))


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


@pytest.mark.parametrize(
    ("takes", "expected"),
    [
        # 1 % of 100, and of 200 - 100: what bounced is neither taken back nor paid twice.
        ("takes: 40 %", {"2026-04": "1.00", "2026-08": "1.00"}),
        # All goes back, so 60, 100 - 60 and 200 - 100 are earned again.
        (
            "takes: 100 %",
            {"2026-04": "1.00", "2026-05": "-1.00", "2026-06": "0.60", "2026-07": "0.40"}
            | {"2026-08": "1.00"},
        ),
    ],
)
def test_a_bill_repaid_in_parts_after_a_bounce_earns_all_that_was_paid_once(
    takes: str, expected: dict[str, str]
) -> None:
    said = [
        paid("P-1", "2026-04-02", "100.00", "invoice.partially_paid"),
        billed("payment.reversed", "R-1", "2026-05-15", cause="bounced"),
        paid("P-2", "2026-06-02", "60.00", "invoice.partially_paid"),
        paid("P-3", "2026-07-02", "100.00", "invoice.partially_paid"),
        paid("P-4", "2026-08-02", "200.00"),
    ]
    plan = payments_plan(OF_PAYMENTS.replace("takes: 100 %", takes))

    assert earned_by_payments(plan, *said) == expected


def test_a_lower_total_without_a_reversal_takes_nothing_and_loses_nothing() -> None:
    said = [
        paid("P-1", "2026-04-02", "100.00", "invoice.partially_paid"),
        paid("P-2", "2026-06-02", "60.00", "invoice.partially_paid"),
        paid("P-3", "2026-07-02", "130.00"),
    ]

    assert earned_by_payments(payments_plan(), *said) == {"2026-04": "1.00", "2026-07": "0.30"}


def net(signal_id: str, day: str, amount: str, tax: str | None) -> FactEvent:
    return billed("invoice.partially_paid", signal_id, day, amount=s.euros(amount), tax=tax)


@pytest.mark.parametrize(
    ("takes", "more", "expected"),
    [
        # 1 % of 61 - 11, and of (122 - 61) - (22 - 11).
        ("takes: 100 %", (), {"2026-04": "0.50", "2026-05": "0.50"}),
        # Paid again where nothing was taken back: no amount is new, and no tax.
        (
            "takes: 40 %",
            (billed("payment.reversed", "R-1", "2026-06-15"), net("P-3", *JULY)),
            {"2026-04": "0.50", "2026-05": "0.50"},
        ),
        (
            "takes: 100 %",
            (billed("payment.reversed", "R-1", "2026-06-15"), net("P-3", *JULY)),
            {"2026-04": "0.50", "2026-05": "0.50", "2026-06": "-1.00", "2026-07": "1.00"},
        ),
        # Half of the second payment goes back, and with it half of its tax: 30.50 - 5.50.
        (
            "takes: 100 %",
            (
                billed("payment.reversed", "R-1", "2026-06-15", amount=s.euros("30.50")),
                net("P-3", *JULY),
            ),
            {"2026-04": "0.50", "2026-05": "0.50", "2026-06": "-0.25", "2026-07": "0.25"},
        ),
    ],
)
def test_what_is_paid_of_a_bill_net_of_tax_adds_up_to_the_bill_net_of_tax(
    takes: str, more: tuple[FactEvent, ...], expected: dict[str, str]
) -> None:
    text = OF_PAYMENTS.replace("amount: payment.amount,", "amount: payment.amount - payment.tax,")
    plan = payments_plan(text.replace("takes: 100 %", takes))
    first, second = net("P-1", "2026-04-02", "61.00", "11.00"), net("P-2", *MAY)

    assert earned_by_payments(plan, first, second, *more) == expected


def test_tax_that_is_said_with_the_last_payment_is_of_the_whole_bill() -> None:
    first, last = net("P-1", "2026-04-02", "61.00", None), net("P-2", *MAY)
    text = OF_PAYMENTS.replace("amount: payment.amount,", "amount: payment.amount - payment.tax,")

    # 1 % of 61, and of 61 - 22.
    assert earned_by_payments(payments_plan(text), first, last) == {
        "2026-04": "0.61",
        "2026-05": "0.39",
    }


def test_the_quantity_of_a_payment_is_what_is_new_of_it() -> None:
    said = [
        billed(
            "invoice.partially_paid",
            f"P-{number}",
            f"2026-0{number}-02",
            amount=s.euros(amount),
            quantity=quantity,
            quantity_unit="kWh",
        )
        for number, (amount, quantity) in enumerate(
            [("50.00", "400.5"), ("40.00", "320.5"), ("100.00", "801")], start=4
        )
    ]
    of_none = net("P-9", "2026-09-02", "120.00", "20.00")
    said.append(of_none.model_copy(update={"signal": "invoice.paid", "document": ""}))
    records, shared = recorded(order(), *said)

    found = facts_in(records, shared, "payment")

    assert [(str(row.amount), str(row.quantity)) for row in found] == [
        ("50.00", "400.5"),
        ("0", "0"),
        ("50.00", "400.5"),
        ("120.00", "0"),
    ]
    assert [str(row.tax) for row in found] == ["0", "0", "0", "20.00"]


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
        billed("payment.reversed", "R-1", "2026-06-15", amount=s.euros("70.00")),
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
