"""Caps on releases, a reserve and the payee's cap, each on the result of the one before."""

from decimal import Decimal

import pytest

from premia_common.periods import Month
from premia_plan.explain import check_tree, words
from premia_plan.paying import Pay, pay
from premia_plan.reference import calculate

from ..small_plans import checked, plan_of_sales  # noqa: TID252

PLAN = """
components:
  base:
    per: credit of sale
    amount: credit.amount * 10 %
    steps: [{{round: cent, mode: half_up, each: line}}{own}]
{whole}
settlement:
  states: {{model: energy_order, of: order}}
  release: {{base: [{{share: rest, at: activated}}]}}
  storno:
    when: order reached cancelled
    reinstated_when: order reached verified
    lands_in: month of the event
    effect: {{base: {{takes: 100 %, out_of: released, unreleased: dropped}}}}
payment: {{negative_balance: carried, minimum: 0 EUR{reserves}}}
examples:
  - name: given
    given:
      payees: [{{id: A1, kind: agency}}]
{caps}
      orders: [{orders}]
    expect: {{}}
"""
OWN = ", {cap: 60 EUR, over: release, surplus: deferred}"
WHOLE = "steps: [{cap: 70 EUR, over: release, surplus: deferred}]"
RESERVE = (
    ", reserves: {safety: {of: [base], withholds: [{from: 0 EUR, share: 60 %}], "
    "ceiling: 1 000 EUR, meets_reversals: 'true', released: {months: 24}}}"
)


def cap(amount: int, until: str = "2027-01-01") -> str:
    return (
        "      payee_caps: [{payee: A1, principal: example, from: 2026-01-01, "
        f"to: {until}, amount: {amount} EUR}}]"
    )


def order(number: int, amount: int, activated: str, *states: str) -> str:
    reached = ", ".join((f"activated: {activated}", *states))
    return (
        f"{{id: O{number}, signed_on: 2026-01-05, seller: A1, amount: {amount} EUR, "
        f"states: {{{reached}}}}}"
    )


def paid(*orders: str, own: str = "", whole: str = "", reserves: str = "", caps: str = "") -> Pay:
    """Pay an order book, the same after every closed month, with each figure explained."""
    text = PLAN.format(own=own, whole=whole, reserves=reserves, caps=caps, orders=", ".join(orders))
    plan = checked(plan_of_sales(text))
    relations, until = plan.examples[0].relations, Month.parse("2026-06")
    result = calculate(plan, relations, until=until)
    found = pay(plan, relations, result.lines, until=until)
    nodes = {node.node_id: node for node in (*result.nodes, *found.nodes)}
    for item in found.balances:
        assert check_tree(nodes[item.node_id], nodes) == ()
        assert words(nodes[item.node_id], nodes, "it")
    for closed in ("2026-03", "2026-04"):
        before = pay(plan, relations, result.lines, until=Month.parse(closed))
        later = [line for line in result.lines if line.month is not None and line.month > closed]
        after = pay(plan, relations, later, until=until, standings=before.standings)
        wanted = {month: amount for month, amount in due(found).items() if month > closed}
        assert due(after) == wanted
    return found


def due(found: Pay) -> dict[str, Decimal]:
    return {item.month: item.paid for item in found.balances}


def moved(found: Pay, month: str) -> dict[tuple[str, str], Decimal]:
    return {(line.what, line.name): line.amount for line in found.lines if line.month == month}


def test_the_plans_cap_on_releases_counts_what_the_components_cap_left() -> None:
    found = paid(order(1, 900, "2026-03-04"), own=OWN, whole=WHOLE)

    assert due(found) == {"2026-03": Decimal("60.00"), "2026-04": Decimal("30.00")}


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (50, {"2026-03": "50.00", "2026-04": "30.00"}),
        (20, {"2026-03": "20.00", "2026-04": "20.00"}),
    ],
)
def test_the_payees_cap_comes_after_the_caps_on_releases(
    amount: int, expected: dict[str, str]
) -> None:
    found = paid(order(1, 900, "2026-03-04"), own=OWN, caps=cap(amount))

    assert due(found) == {month: Decimal(value) for month, value in expected.items()}


def test_a_reserve_does_not_meet_what_amounts_that_waited_met() -> None:
    orders = (
        order(1, 500, "2026-01-10"),
        order(2, 500, "2026-02-10"),
        order(3, 900, "2026-03-04", "cancelled: 2026-04-02"),
    )

    found = paid(*orders, own=OWN, reserves=RESERVE)

    assert due(found)["2026-04"] == Decimal("0.00")
    assert moved(found, "2026-04") == {
        ("reserve_released", "deferred base"): Decimal("30.00"),
        ("reserve_used", "safety"): Decimal("60.00"),
    }


@pytest.mark.parametrize(
    ("caps", "others", "expected"),
    [
        # 100 in March, carried from April as a debt of 100, restored in May.
        (cap(100, "2026-04-01"), (), "0.00"),
        # The same, with 90 earned in May besides: what is restored is no part of May's cap.
        (cap(100), (order(2, 900, "2026-05-04"),), "90.00"),
    ],
)
def test_what_is_reinstated_is_what_was_paid_within_the_cap(
    caps: str, others: tuple[str, ...], expected: str
) -> None:
    first = order(1, 9000, "2026-03-04", "cancelled: 2026-04-04", "verified: 2026-05-04")

    found = paid(first, *others, caps=caps)

    assert moved(found, "2026-05")["payee_cap", "base"] == Decimal("-800.00")
    assert due(found) == {
        "2026-03": Decimal("100.00"),
        "2026-04": Decimal("0.00"),
        "2026-05": Decimal(expected),
    }
