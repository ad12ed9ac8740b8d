"""The cap of a payee's agreement: what the plans of a principal together may pay in a month."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.explain import check_tree, words
from premia_plan.paying import Pay, pay
from premia_plan.reference import calculate
from premia_plan.relations import PayeeCapRow, SourceRef
from premia_plan.results import Line, Node

from ..small_plans import checked  # noqa: TID252

SOURCE = SourceRef("agreement", "A1")
UNTIL = Month.parse("2026-03")
PLAN = """plan: {name}
language: 1
title: {{it: Tetto, en: Cap}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: 2026-01-01, to: 2027-01-01, by: order.signed_on}}
participants: payee.kind = "agency"
credits:
  sale: {{amount: order.amount, divides: base, shares: [{{to: order.seller, share: rest}}]}}
components:
  {component}:
    per: credit of sale
    amount: credit.amount * {rate}
    steps: [{{round: cent, mode: half_up, each: line}}]
settlement:
  states: {{model: energy_order, of: order}}
  release: {{{component}: [{{share: rest, at: {{date: order.signed_on}}}}]}}
examples:
  - name: given
    given:
      payees: [{{id: A1, kind: agency}}]
      orders: [{orders}]
    expect: {{}}
"""


def order(number: int, month: str, amount: int) -> str:
    day = f"{month}-10"
    return f"{{id: O{number}, signed_on: {day}, seller: A1, amount: {amount} EUR}}"


def plan_of(name: str, rate: str, orders: str) -> CheckedPlan:
    text = PLAN.format(name=name, component=name, rate=rate, orders=orders)
    return checked(text)


def paid(orders: str, *caps: PayeeCapRow) -> tuple[Pay, dict[object, Node]]:
    """Pay what two plans give for the same orders: 3 % by `base`, 1 % by `extra`."""
    lines: list[Line] = []
    nodes: dict[object, Node] = {}
    for name, rate in (("base", "3 %"), ("extra", "1 %")):
        plan = plan_of(name, rate, orders)
        result = calculate(plan, plan.examples[0].relations, until=UNTIL)
        lines += result.lines
        nodes |= {node.node_id: node for node in result.nodes}
    relations = replace(plan.examples[0].relations, payee_caps=caps)
    found = pay(plan, relations, lines, until=UNTIL)
    return found, nodes | {node.node_id: node for node in found.nodes}


def cap(
    amount: str, *priority: str, start: date | None = None, end: date | None = None
) -> PayeeCapRow:
    return PayeeCapRow("A1", "example", Decimal(amount), start, end, SOURCE, priority)


def taken(found: Pay) -> dict[tuple[str, str], Decimal]:
    return {
        (line.month, line.name): line.amount for line in found.lines if line.what == "payee_cap"
    }


def due(found: Pay) -> dict[str, Decimal]:
    return {item.month: item.paid for item in found.balances}


def test_what_two_plans_pay_beyond_the_cap_is_shared_by_what_each_paid() -> None:
    found, nodes = paid(order(1, "2026-02", 1000), cap("30.01"))

    assert due(found) == {"2026-02": Decimal("30.01")}
    # 9.99 beyond it: three quarters are 7.4925, a quarter 2.4975; the cent goes to the larger rest.
    assert taken(found) == {
        ("2026-02", "base"): Decimal("-7.49"),
        ("2026-02", "extra"): Decimal("-2.50"),
    }
    balance = found.balances[0]
    assert check_tree(nodes[balance.node_id], nodes) == ()
    told = words(nodes[balance.node_id], nodes, "it")
    assert "9.99 oltre quanto l'accordo consente a tutti i piani in 2026-02" in told


@pytest.mark.parametrize(
    ("amount", "priority", "expected"),
    [
        ("32", ("base", "extra"), {"extra": "-8.00"}),
        ("25", ("base", "extra"), {"extra": "-10.00", "base": "-5.00"}),
        ("32", ("extra", "base"), {"base": "-8.00"}),
        ("25", ("base",), {"extra": "-10.00", "base": "-5.00"}),
    ],
)
def test_a_priority_says_who_loses_first(
    amount: str, priority: tuple[str, ...], expected: dict[str, str]
) -> None:
    found, _ = paid(order(1, "2026-02", 1000), cap(amount, *priority))

    assert taken(found) == {("2026-02", name): Decimal(value) for name, value in expected.items()}


def test_a_cap_counts_in_months_on_whose_last_day_it_holds() -> None:
    orders = (
        f"{order(1, '2026-01', 1000)}, {order(2, '2026-02', 1000)}, {order(3, '2026-03', 1000)}"
    )
    starts, ends = date(2026, 2, 15), date(2026, 3, 31)

    found, _ = paid(orders, cap("10", start=starts, end=ends))

    assert due(found) == {
        "2026-01": Decimal("40.00"),
        "2026-02": Decimal("10.00"),
        "2026-03": Decimal("40.00"),
    }


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["2026-01", "2026-02"]), st.integers(-900, 900)), max_size=5
    ),
    st.integers(0, 60),
    st.sampled_from([(), ("base", "extra"), ("extra",)]),
)
def test_no_month_pays_more_than_the_cap_and_what_is_below_it_is_left_alone(
    orders: list[tuple[str, int]], most: int, priority: tuple[str, ...]
) -> None:
    written = ", ".join(order(number, *item) for number, item in enumerate(orders))

    found, nodes = paid(written, cap(str(most), *priority))

    for item in found.balances:
        cut = sum(
            (
                line.amount
                for line in found.lines
                if (line.what, line.month) == ("payee_cap", item.month)
            ),
            Decimal(0),
        )
        assert item.earned + cut == min(item.earned, Decimal(most))
        assert check_tree(nodes[item.node_id], nodes) == ()
