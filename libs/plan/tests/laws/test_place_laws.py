"""What must hold of places that reversals free."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.reference import calculate
from premia_plan.relations import OrderRow, SourceRef, StateReached

from ..small_plans import checked, plan_of  # noqa: TID252

SOURCE = SourceRef("message", "M")
UNTIL = Month.parse("2027-12")
PLAN = plan_of("""
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}], counts_for: [money, target], first: {count: "2", per: payee and plan, dated_by: order.signed_on, reversal: frees}}
  team: {rollup: {of: sale, along: sales, levels: 1, dated_by: order.signed_on}, counts_for: [money]}
measures:
  sold: {sum: credit.amount, of: sale, when: order reached activated, dated_by: day of activated, over: month, per: payee, reversed_order: leaves}
components:
  base: {per: credit of sale, amount: 10 EUR, steps: [{round: cent, mode: half_up, each: line}]}
  above: {per: credit of team, amount: 3 EUR, steps: [{round: cent, mode: half_up, each: line}]}
  bonus: {per: payee and month, amount: sold * 1 %, steps: [{round: cent, mode: half_up, each: sum}], lands_in: the measured month}
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: rest, at: activated}], above: {like: base}, bonus: [{share: rest, at: close of the measured month}]}
  storno:
    when: order reached cancelled
    reinstated_when: order reached accepted
    lands_in: month of the event
    effect: {base: {takes: 100 %, out_of: released, unreleased: dropped}, above: {takes: 100 %, out_of: released, unreleased: dropped}, bonus: {recount: the measured month}}
examples:
  - name: nothing
    given: {payees: [{id: A1, kind: agency}, {id: B1, kind: agency}], hierarchy: {sales: [{payee: A1, reports_to: B1}]}, orders: [{id: O1, signed_on: 2026-01-05, seller: A1, amount: 0 EUR, states: {activated: 2026-02-01}}]}
    expect: {}
""")
THE_PLAN = checked(PLAN)


@st.composite
def _orders(draw: st.DrawFn, *, restored: bool = True) -> tuple[OrderRow, ...]:
    base = THE_PLAN.examples[0].relations.orders[0]
    found = []
    for number in range(draw(st.integers(1, 6))):
        signed = date(2026, 1, 5) + timedelta(days=draw(st.integers(0, 60)))
        states = {"activated": signed + timedelta(days=draw(st.integers(0, 60)))}
        if draw(st.booleans()):
            states["cancelled"] = signed + timedelta(days=draw(st.integers(0, 300)))
            if restored and draw(st.booleans()):
                states["accepted"] = states["cancelled"] + timedelta(days=draw(st.integers(0, 90)))
        reached = tuple(StateReached(name, day, None, SOURCE) for name, day in states.items())
        name = f"O{number}"
        found.append(
            replace(
                base,
                order_id=name,
                record_id=name,
                signed_on=signed,
                amount=draw(st.decimals(0, 3000, places=2)),
                states=reached,
            )
        )
    return tuple(found)


@settings(max_examples=60, deadline=None)
@given(_orders(), st.sampled_from([f"2026-{month:02}" for month in range(1, 12)]))
def test_a_later_look_changes_nothing_in_earlier_months(orders, month):
    relations = replace(THE_PLAN.examples[0].relations, orders=orders)
    early = calculate(THE_PLAN, relations, until=Month.parse(month))
    late = calculate(THE_PLAN, relations, until=UNTIL)
    then = {line for line in early.lines if line.month is not None}
    assert then == {line for line in late.lines if line.month is not None and line.month <= month}


@settings(max_examples=60, deadline=None)
@given(_orders(restored=False))
def test_never_more_orders_than_there_are_places_are_paid_at_once(orders):
    relations = replace(THE_PLAN.examples[0].relations, orders=orders)
    lines = calculate(THE_PLAN, relations, until=UNTIL).lines
    own = [line for line in lines if line.component == "base" and line.month is not None]
    standing: Counter[str | None] = Counter()
    for month in sorted({line.month or "" for line in own}):
        for line in own:
            if line.month == month:
                standing[line.order_id] += int(line.amount)
        assert sum(amount > 0 for amount in standing.values()) <= 2


@settings(max_examples=30, deadline=None)
@given(_orders(), st.sampled_from(["2026-03", "2026-06", "2026-09"]))
def test_what_lands_from_a_month_on_is_the_same_without_what_came_before(orders, month):
    relations = replace(THE_PLAN.examples[0].relations, orders=orders)
    whole = calculate(THE_PLAN, relations, until=UNTIL)
    since = calculate(THE_PLAN, relations, until=UNTIL, since=Month.parse(month))
    wanted = {line for line in whole.lines if line.month is not None and line.month >= month}
    assert wanted == {line for line in since.lines if line.month is not None}
