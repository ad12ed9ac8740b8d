"""What must hold where several rules of storno name different components."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, calculate
from premia_plan.relations import Relations, ReversalRow, SourceRef, StateReached

from ..small_plans import checked, plan_of_sales  # noqa: TID252

SOURCE = SourceRef("message", "M")
PLAN = plan_of_sales("""
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee, reversed_order: leaves by its reversed share}
  sold_so_far: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: year to date, per: payee}
components:
  base:
    per: credit of sale
    amount: credit.amount * (if sold >= 1 000 EUR then 10 % else 5 %)
    steps: [{round: cent, mode: half_up, each: line}]
  bonus:
    per: payee and month
    amount: sold_so_far * 1 % + sold * 2 %
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
  kicker:
    per: credit of sale
    amount: credit.amount * 1 %
    steps: [{round: cent, mode: half_up, each: line}]
settlement:
  states: {model: energy_order, of: order}
  release:
    base: [{share: rest, at: activated}]
    bonus: [{share: rest, at: close of the measured month}]
    kicker: {like: base}
  storno:
    rules:
      early:
        when: order reached cancelled
        recorded_when: reversal.cause = "fraud"
        reinstated_when: order reached accepted
        lands_in: month of the event
        effect: {base: {recount: the measured month}, bonus: {recount: the measured month}}
      late:
        when: order reached churned
        lands_in: month of the event
        effect: {kicker: {takes: 100 %, out_of: released, unreleased: dropped}}
      last:
        when: order reached churned
        recorded_when: reversal.cause = "error" or reversal.cause = "fraud"
        lands_in: month of the event
        effect: {kicker: {takes: 60 %, out_of: released, unreleased: dropped}}
examples:
  - name: one order
    given:
      payees: [{id: A1, kind: agency}]
      orders: [{id: O1, signed_on: 2026-01-05, seller: A1, amount: 0 EUR, states: {activated: 2026-02-01}}]
    expect: {}
""")
RULES = checked(PLAN)


@st.composite
def _worlds(draw: st.DrawFn) -> Relations:
    base = RULES.examples[0].relations
    orders, rows = [], []
    for number in range(draw(st.integers(1, 4))):
        signed = date(2026, 1, 5) + timedelta(days=draw(st.integers(0, 80)))
        states = {"activated": signed + timedelta(days=draw(st.integers(0, 40)))}
        for state in ("cancelled", "accepted", "churned"):
            if draw(st.booleans()):
                states[state] = signed + timedelta(days=draw(st.integers(0, 150)))
        orders.append(
            replace(
                base.orders[0],
                order_id=f"O{number}",
                signed_on=signed,
                amount=draw(st.decimals(0, 900, places=2)),
                states=tuple(StateReached(name, day, None, SOURCE) for name, day in states.items()),
            )
        )
        if draw(st.booleans()):
            cause = draw(st.sampled_from(["fraud", "error", "other"]))
            part, day = (
                draw(st.integers(1, 100)),
                signed + timedelta(days=draw(st.integers(0, 150))),
            )
            rows.append(
                ReversalRow(
                    f"R{number}", f"O{number}", day, None, Decimal(part) / 100, cause, None, SOURCE
                )
            )
    return replace(base, orders=tuple(orders), reversals=tuple(rows))


def _paid(relations: Relations) -> dict[str, dict[tuple[str | None, str | None], Decimal]]:
    """Return what is paid by component, order and month."""
    found: dict[str, dict[tuple[str | None, str | None], Decimal]] = defaultdict(
        lambda: defaultdict(Decimal)
    )
    for line in calculate(RULES, relations, until=Month.parse("2026-12")).lines:
        if line.what in PAID:
            found[line.component][line.order_id, line.month] += line.amount
    return found


@settings(max_examples=25, deadline=None)
@given(_worlds())
def test_what_a_rule_does_not_name_is_paid_as_if_it_had_reversed_nothing(relations):
    untouched = replace(
        relations,
        orders=tuple(
            replace(order, states=tuple(s for s in order.states if s.state != "churned"))
            for order in relations.orders
        ),
        reversals=tuple(row for row in relations.reversals if row.cause == "fraud"),
    )
    with_all, without = _paid(relations), _paid(untouched)
    assert (with_all["base"], with_all["bonus"]) == (without["base"], without["bonus"])


@settings(max_examples=15, deadline=None)
@given(_worlds())
def test_of_rules_that_take_one_recorded_reversal_the_first_that_names_a_component_decides(
    relations,
):
    """`late` takes every recorded reversal of the kicker, so `last` never takes one."""
    others = {order.order_id for order in relations.orders} - {
        order.order_id
        for order in relations.orders
        if any(state.state == "churned" for state in order.states)
    }
    result = calculate(RULES, relations, until=Month.parse("2026-12"))
    parts = {row.order_id: row.share for row in relations.reversals}
    for order_id in others & parts.keys():
        own = [
            line for line in result.lines if (line.order_id, line.component) == (order_id, "kicker")
        ]
        taken = [line.amount for line in own if line.what == "reversal"]
        released = sum(line.amount for line in own if line.what == "release")
        part = parts[order_id]
        assert part is not None
        assert len(taken) <= 1
        if taken and sum(line.what == "not_paid" for line in own) == 0:
            assert abs(-taken[0] - released * part) <= Decimal("0.005")


@settings(max_examples=10, deadline=None)
@given(_worlds())
def test_every_line_under_several_rules_is_explained(relations):
    result = calculate(RULES, relations, until=Month.parse("2026-12"))
    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
        assert Decimal(lookup[line.node_id].value) == line.amount
