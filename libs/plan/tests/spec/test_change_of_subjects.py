"""A version that begins within a month: teams, territories and the plan carry their position on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, calculate

from ..small_plans import checked  # noqa: TID252

PLAN = """plan: NAME
language: 1
title: {it: Prova, en: Trial}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {from: START, to: END, by: order.signed_on}
participants: payee.kind = "agency"
CHANGE
populations: {all: {who: payee.kind = "agency"}}
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: WHOSE}
components:
  bonus:
    per: WHOSE and month
    tiers: {mode: MODE, looked_up_by: sold, pays_on: sold, edge: to the band that starts there, below_first: nothing, above_last: open, bands: [{from: 0 EUR, gives: 1 %}, {from: 1 000 EUR, gives: 2 %}]}
    steps: [{round: cent, mode: half_up, each: sum}]
    GIVEN
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
examples:
  - name: a change in February
    given:
      payees: [{id: A1, kind: agency}, {id: A2, kind: agency}, {id: M1, kind: agency}]
      hierarchy: {sales: [{payee: A1, reports_to: M1}, {payee: A2, reports_to: M1}]}
      trees: {territory: [{code: north}]}
      orders: ORDERS
    expect: {}
"""
TEAM, AREA = "team along sales", "territory"
HEAD = "when: team.size > 1\n    given_to: the head of the team"
SHARED = "given_to: {among: all, weights: equally}"
ORDERS = "spread: by credit.amount\n    spread_of: sold"
CHANGED = "2026-02-15"
Owed = dict[tuple[str | None, str], Decimal]


def _order(number: int, day: str, seller: str, amount: int, principal: str) -> str:
    return (
        f"{{id: O{number}, principal: {principal}, signed_on: {day}, seller: {seller}, "
        f"amount: {amount} EUR, territory: north}}"
    )


TWO = (
    _order(1, "2026-02-05", "A1", 800, "zeta"),
    _order(2, "2026-02-20", "A2", 2000, "beta"),
)


def _paid(
    start: str,
    end: str,
    *,
    whose: str,
    given_to: str,
    carry: str = "",
    mode: str = "marginal",
    orders: tuple[str, ...] = TWO,
) -> Owed:
    change = ""
    if carry:
        change = (
            f"change: {{after: {{plan: before, from: 2026-01-01}}, measures: {{sold: {carry}}}}}"
        )
    values = {
        "NAME": "after" if carry else "before",
        "START": start,
        "END": end,
        "CHANGE": change,
        "WHOSE": whose,
        "MODE": mode,
        "GIVEN": given_to,
        "ORDERS": f"[{', '.join(orders)}]",
    }
    text = PLAN
    for name, value in values.items():
        text = text.replace(name, value)
    plan = checked(text)
    result = calculate(plan, plan.examples[0].relations, until=Month.parse("2026-03"))
    nodes = {node.node_id: node for node in result.nodes}
    found: Owed = {}
    for line in result.lines:
        assert check_tree(nodes[line.node_id], nodes) == ()
        if line.what in PAID:
            key = (line.payee_id, line.principal)
            found[key] = found.get(key, Decimal(0)) + line.amount
    return found


@pytest.mark.parametrize(
    ("whose", "given_to", "mode", "expected"),
    [
        # 800 before the change: 8.00. In all 2 800: 10.00 + 36.00, so 38.00 are new, for beta.
        (TEAM, HEAD, "marginal", {("M1", "beta"): "38.00"}),
        # 2 % of everything is 56.00; the part of it that is new is 2 000 of 2 800: 40.00.
        (TEAM, HEAD, "whole", {("M1", "beta"): "40.00"}),
        (AREA, ORDERS, "marginal", {("A2", "beta"): "38.00"}),
        (
            "plan",
            SHARED,
            "marginal",
            {("A1", "beta"): "12.67", ("A2", "beta"): "12.67", ("M1", "beta"): "12.66"},
        ),
    ],
)
def test_what_is_new_is_paid_and_owed_by_those_whose_orders_are_new(
    whose: str, given_to: str, mode: str, expected: dict[tuple[str, str], str]
) -> None:
    found = _paid(
        CHANGED,
        "2027-01-01",
        whose=whose,
        given_to=given_to,
        carry="carry the position",
        mode=mode,
    )

    assert {key: str(amount) for key, amount in found.items()} == expected


DAYS = st.integers(0, 27).map(lambda day: str(date(2026, 2, 1) + timedelta(days=day)))


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(DAYS, st.sampled_from(("A1", "A2")), st.integers(1, 3000)), min_size=1, max_size=4
    ),
    st.sampled_from([(TEAM, HEAD), (AREA, SHARED), (AREA, ORDERS), ("plan", SHARED)]),
)
def test_two_versions_pay_a_subject_what_one_does(
    sold: list[tuple[str, str, int]], subject: tuple[str, str]
) -> None:
    whose, given_to = subject
    orders = tuple(
        _order(number, day, seller, amount, "zeta")
        for number, (day, seller, amount) in enumerate(sold)
    )

    def total(start: str, end: str, carry: str = "") -> Decimal:
        found = _paid(start, end, whose=whose, given_to=given_to, carry=carry, orders=orders)
        return sum(found.values(), Decimal(0))

    whole = total("2026-01-01", "2027-01-01")
    first = total("2026-01-01", CHANGED)
    assert first + total(CHANGED, "2027-01-01", "carry the position") == whole


def test_a_subject_cannot_be_rated_again() -> None:
    """What the version before paid is recorded of payees, not of teams."""
    with pytest.raises(AssertionError, match="is of a team: what the version before paid"):
        _paid(CHANGED, "2027-01-01", whose=TEAM, given_to=HEAD, carry="carry and re-rate")
