"""What statements in another currency must keep: each line its rate, each correction its own."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.paying import pay
from premia_plan.reference import calculate
from premia_plan.relations import ExchangeRateRow, SourceRef
from premia_plan.stating import state

from ..small_plans import checked, plan_of_sales  # noqa: TID252

PLAN = plan_of_sales("""
components:
  base: {per: credit of sale, amount: credit.amount * 3 %, steps: [{round: cent, mode: half_up, each: line}]}
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: 60 %, at: activated}, {share: rest, at: first_bill_paid}]}
  storno: {when: order reached cancelled, lands_in: month of the event, effect: {base: {takes: 100 %, out_of: released, unreleased: dropped}}}
currencies: {statement: {in: '"JPY"', rate: period average}}
examples: [{name: none, given: {payees: [{id: A1, kind: agency}]}, expect: {}}]
""")
MONTHS = ("2026-02", "2026-03", "2026-04")
rates = st.tuples(*[st.decimals("90", "190", places=4)] * 3)
cents = st.lists(st.integers(1, 5_000_000), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def plan():
    return checked(PLAN)


def stated(plan, facts, amounts, published, states):
    for place, units in enumerate(amounts):
        facts = facts.with_order(f"O{place}", str(Decimal(units).scaleb(-2)), states)
    rows = tuple(
        ExchangeRateRow(
            "period average", "EUR", "JPY", month, None, rate, SourceRef("message", month)
        )
        for month, rate in zip(MONTHS, published, strict=True)
    )
    relations = facts.with_rows(exchange_rates=rows).relations
    until = Month(2026, 4)
    result = calculate(plan, relations, until=until)
    paid = pay(plan, relations, result.lines, until=until)
    found = state(plan, relations, result.lines, paid, until=until)
    assert not found.exceptions
    lookup = {node.node_id: node for node in (*result.nodes, *paid.nodes, *found.nodes)}
    for item in found.amounts:
        assert item.amount == item.amount.to_integral_value()
        assert check_tree(lookup[item.node_id], lookup) == ()
    return result.lines, found.amounts


@settings(max_examples=20, deadline=None)
@given(amounts=cents, published=rates)
def test_what_is_taken_back_is_what_was_stated(plan, facts, amounts, published) -> None:
    states = {"activated": "2026-02-20", "first_bill_paid": "2026-03-10", "cancelled": "2026-04-02"}

    lines, found = stated(plan, facts, amounts, published, states)

    own = {line.line_id for line in lines}
    assert sum(item.amount for item in found if item.line_id in own) == 0
    assert sum(item.amount for item in found if item.month == MONTHS[-1]) == 0


@settings(max_examples=20, deadline=None)
@given(amounts=cents, published=rates)
def test_every_line_is_stated_once_at_the_rate_of_its_month(
    plan, facts, amounts, published
) -> None:
    states = {"activated": "2026-02-20", "first_bill_paid": "2026-03-10"}

    lines, found = stated(plan, facts, amounts, published, states)

    rate = dict(zip(MONTHS, published, strict=True))
    assert {item.line_id: item.amount for item in found} == {
        line.line_id: (line.amount * rate[line.month]).quantize(Decimal(1), ROUND_HALF_UP)
        for line in lines
        if line.what == "release"
    }
