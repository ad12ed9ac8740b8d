"""What facts release of an earning follows their running total, in whatever order they come."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.explain import check_tree
from premia_plan.period import month_of
from premia_plan.reference import PAID, calculate
from premia_plan.relations import FactRow, OrderRow, PayeeRef, Relations, SourceRef

from ..small_plans import checked, plan_of_sales  # noqa: TID252

SOURCE = SourceRef("message", "M")
CENT = Decimal("0.01")
PLAN = plan_of_sales("""
components:
  base: {per: credit of sale, amount: credit.amount * 7 %, steps: [{round: cent, mode: half_up, each: line}]}
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: rest, at: {each: payment, part: payment.amount / order.amount else 0}}]}
examples:
  - name: none
    given: {payees: [{id: A1, kind: agency}]}
    expect: {}
""")
amounts = st.decimals(min_value=1, max_value=5_000, places=2)
paid = st.decimals(min_value=-900, max_value=3_000, places=2)
payments = st.lists(st.tuples(st.integers(0, 300), paid), max_size=6)


@pytest.fixture(scope="module")
def plan() -> CheckedPlan:
    return checked(PLAN)


@settings(max_examples=40)
@given(amount=amounts, came=payments)
def test_what_is_released_is_the_part_that_was_paid_and_never_more(
    plan: CheckedPlan, amount: Decimal, came: list[tuple[int, Decimal]]
) -> None:
    rows = [payment(number, *each) for number, each in enumerate(came)]

    result = calculate(plan, given_of(plan, amount, rows), until=Month(2027, 1))

    released: dict[str, Decimal] = defaultdict(Decimal)
    for line in result.lines:
        if line.what in PAID and line.month is not None:
            released[line.month] += line.amount
    total, highest, expected = Decimal(0), Decimal(0), {}
    for row in sorted(rows, key=lambda row: (row.on, row.fact_id)):
        total += row.amount
        highest = max(highest, min(total, amount))
        earned = (amount * 7 / 100).quantize(CENT, ROUND_HALF_UP)
        expected[month_of(row.on)] = (earned * highest / amount).quantize(CENT, ROUND_HALF_UP)
    running = Decimal(0)
    for month in sorted(expected):
        running += released.pop(month, Decimal(0))
        assert running == expected[month]
    assert not released
    assert sum(line.amount for line in result.lines) == (amount * 7 / 100).quantize(
        CENT, ROUND_HALF_UP
    )
    nodes = {node.node_id: node for node in result.nodes}
    assert all(check_tree(nodes[line.node_id], nodes) == () for line in result.lines)


@settings(max_examples=20)
@given(amount=amounts, came=payments, order=st.randoms(use_true_random=False))
def test_the_order_in_which_payments_become_known_changes_nothing(
    plan: CheckedPlan, amount: Decimal, came: list[tuple[int, Decimal]], order: object
) -> None:
    rows = [payment(number, *each) for number, each in enumerate(came)]
    first = calculate(plan, given_of(plan, amount, rows), until=Month(2026, 8))
    order.shuffle(rows)  # type: ignore[attr-defined]  # it is a random.Random

    assert calculate(plan, given_of(plan, amount, rows), until=Month(2026, 8)) == first


def payment(number: int, day: int, amount: Decimal) -> FactRow:
    return FactRow(
        "payment",
        f"P{number}",
        "O1",
        "example",
        date(2026, 1, 10) + timedelta(days=day),
        SOURCE,
        "EUR",
        amount=amount,
    )


def given_of(plan: CheckedPlan, amount: Decimal, rows: list[FactRow]) -> Relations:
    known = plan.examples[0].relations
    order = OrderRow(
        order_id="O1",
        record_id="O1",
        principal="example",
        signed_on=date(2026, 1, 10),
        seller=PayeeRef.known("A1"),
        partner=None,
        category="",
        territory="",
        amount=amount,
        currency="EUR",
        attributes={},
        lines=(),
        states=(),
        imputable_to=None,
        cause=None,
        source=SOURCE,
    )
    return Relations(
        payees=known.payees,
        assignments=known.assignments,
        orders=(order,),
        facts=tuple(rows),
    )
