"""What a payee's cap takes was never paid, so it is never taken back."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.paying import Originals, Pay, pay
from premia_plan.reference import calculate
from premia_plan.relations import (
    PayeeCapRow,
    Relations,
    ReversalRow,
    SourceRef,
    StateReached,
)

from ..small_plans import checked, plan_of_sales  # noqa: TID252

SOURCE = SourceRef("message", "M")
PLAN = plan_of_sales("""
components:
  base: {per: credit of sale, amount: credit.amount * 10 %, steps: [{round: cent, mode: half_up, each: line}]}
  extra: {per: credit of sale, amount: credit.amount * 3 %, steps: [{round: cent, mode: half_up, each: line}]}
settlement:
  states: {model: energy_order, of: order}
  release:
    base: [{share: 60 %, at: activated}, {share: rest, at: first_bill_paid}]
    extra: [{share: rest, at: activated}]
  storno:
    when: order reached cancelled
    reinstated_when: order reached accepted
    lands_in: month of the event
    effect:
      base: {takes: 100 %, out_of: released, unreleased: dropped}
      extra: {takes: 100 %, out_of: released, unreleased: dropped}
payment: {negative_balance: carried, minimum: 0 EUR}
examples:
  - name: given
    given:
      payees: [{id: A1, kind: agency}]
      orders: [{id: O1, signed_on: 2026-01-05, seller: A1, amount: 0 EUR, states: {activated: 2026-02-01}}]
    expect: {}
""")
RESERVE = """payment:
  negative_balance: carried
  minimum: 0 EUR
  reserves: {guard: {of: REACH, withholds: [{from: 0 EUR, share: 40 %}], meets_reversals: MEETS, released: {months: 3}}}
"""
BARE = checked(PLAN)
PLANS = [
    BARE,
    *(
        checked(
            PLAN.replace(
                "payment: {negative_balance: carried, minimum: 0 EUR}\n",
                RESERVE.replace("REACH", reach).replace("MEETS", meets),
            )
        )
        for reach in ("all", "[base]")
        for meets in ("'true'", "each reversal")
    ),
]
UNTIL = Month.parse("2027-02")


@st.composite
def _worlds(draw: st.DrawFn) -> Relations:
    base = BARE.examples[0].relations
    orders, rows = [], []
    for number in range(draw(st.integers(1, 4))):
        signed = date(2026, 1, 5) + timedelta(days=draw(st.integers(0, 60)))
        states = {"activated": signed + timedelta(days=draw(st.integers(0, 40)))}
        for state in ("first_bill_paid", "cancelled", "accepted"):
            if draw(st.booleans()):
                states[state] = states["activated"] + timedelta(days=draw(st.integers(1, 150)))
        if draw(st.booleans()):
            part = Decimal(draw(st.integers(1, 99))) / 100
            day = signed + timedelta(days=draw(st.integers(0, 200)))
            rows.append(
                ReversalRow(f"R{number}", f"O{number}", day, None, part, None, None, SOURCE)
            )
        reached = tuple(StateReached(name, day, None, SOURCE) for name, day in states.items())
        amount = draw(st.integers(0, 9000))
        orders.append(
            replace(
                base.orders[0],
                order_id=f"O{number}",
                signed_on=signed,
                amount=Decimal(amount),
                states=reached,
            )
        )
    caps = (_cap(draw(st.integers(0, 900)), draw(st.sampled_from([(), ("base", "extra")]))),)
    return replace(base, orders=tuple(orders), reversals=tuple(rows), payee_caps=caps)


def _cap(most: int, priority: tuple[str, ...] = ()) -> PayeeCapRow:
    starts, ends = date(2026, 2, 1), date(2026, 9, 1)
    return PayeeCapRow("A1", "example", Decimal(most), starts, ends, SOURCE, priority)


def _within(found: Pay) -> dict[str, Decimal]:
    """Return what each month gives within the cap, before reserves and debts."""
    taken: dict[str, Decimal] = {}
    for line in found.lines:
        if line.what == "payee_cap":
            taken[line.month] = taken.get(line.month, Decimal(0)) + line.amount
    return {item.month: item.earned + taken.get(item.month, 0) for item in found.balances}


@settings(max_examples=40, deadline=None)
@given(_worlds())
def test_what_is_taken_back_never_passes_what_was_paid_within_the_cap(relations):
    lines = calculate(BARE, relations, until=UNTIL).lines
    found = pay(BARE, relations, lines, until=UNTIL)
    total = Decimal(0)
    for month, amount in sorted(_within(found).items()):
        total += amount
        assert total >= 0
        if "2026-02" <= month < "2026-09":
            assert amount <= relations.payee_caps[0].amount + _reinstated(lines, month)
    earned = sum(item.earned for item in found.balances)
    assert total <= earned
    if earned == 0:
        assert total == 0


def test_a_month_that_restores_one_order_and_caps_another_loses_nothing_of_the_first():
    # A cap of 0 EUR: nothing is ever paid, so nothing can be taken back either.
    base = BARE.examples[0].relations
    days = (
        (
            "O1",
            {
                "activated": date(2026, 2, 24),
                "cancelled": date(2026, 3, 1),
                "accepted": date(2026, 4, 1),
            },
        ),
        ("O2", {"activated": date(2026, 4, 1), "cancelled": date(2026, 5, 1)}),
    )
    orders = tuple(
        replace(
            base.orders[0],
            order_id=order_id,
            signed_on=date(2026, 1, 15),
            amount=Decimal(100),
            states=tuple(StateReached(name, day, None, SOURCE) for name, day in states.items()),
        )
        for order_id, states in days
    )
    relations = replace(base, orders=orders, payee_caps=(_cap(0),))
    lines = calculate(BARE, relations, until=UNTIL).lines

    within = _within(pay(BARE, relations, lines, until=UNTIL))

    assert {line.what for line in lines} >= {"release", "reversal", "reinstatement"}
    assert set(within.values()) == {Decimal(0)}


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(PLANS), _worlds(), st.sampled_from(["2026-03", "2026-05"]))
def test_going_on_after_a_closed_month_pays_the_same_and_explains_it(plan, relations, closed):
    result = calculate(plan, relations, until=UNTIL)
    whole = pay(plan, relations, result.lines, until=UNTIL)
    before = pay(plan, relations, result.lines, until=Month.parse(closed))
    later = [line for line in result.lines if line.month is not None and line.month > closed]
    after = pay(
        plan,
        relations,
        later,
        until=UNTIL,
        standings=before.standings,
        released_in=Originals(result.lines).find,
    )
    wanted = {item.month: item.paid for item in whole.balances if item.month > closed}
    assert {item.month: item.paid for item in after.balances} == wanted
    lookup = {node.node_id: node for node in (*result.nodes, *whole.nodes)}
    for line in whole.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
        assert Decimal(lookup[line.node_id].value) == line.amount
    for item in whole.balances:
        assert check_tree(lookup[item.node_id], lookup) == ()


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(PLANS[1:]), _worlds())
def test_a_reserve_withholds_of_what_is_paid_within_the_cap(plan, relations):
    lines = calculate(plan, relations, until=UNTIL).lines
    found = pay(plan, relations, lines, until=UNTIL)
    within = _within(found)
    for line in found.lines:
        if line.what == "reserve_withheld":
            assert -line.amount <= max(within[line.month], 0) * Decimal("0.4") + Decimal(
                "0.01"
            ) or (_reverses(lines, line.month))


def _reinstated(lines, month: str) -> Decimal:
    """Return what is restored of what an earlier month took back: that has had its cap."""
    taken, restored = defaultdict(Decimal), defaultdict(Decimal)
    for line in lines:
        if line.what in {"reversal", "reinstatement"} and line.month <= month:
            own = (line.component, line.order_id)
            if line.month < month:
                taken[own] -= line.amount
            else:
                restored[own] += line.amount
    return sum((max(Decimal(0), min(restored[own], taken[own])) for own in restored), Decimal(0))


def _reverses(lines, month: str) -> bool:
    return any(line.month == month and line.what == "reversal" for line in lines)
