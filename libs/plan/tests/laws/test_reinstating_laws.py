"""What must hold at every moment, whatever reverses an order in part, wholly, and restores it."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.explain import check_tree
from premia_plan.period import months_of, span
from premia_plan.reference import PAID, Calculation, calculate
from premia_plan.relations import Relations, ReversalRow, SourceRef, StateReached

from ..small_plans import checked, plan_of_sales  # noqa: TID252

SOURCE = SourceRef("message", "M")
START = date(2026, 2, 1)
PLAN = plan_of_sales("""
components:
  base: {per: credit of sale, amount: credit.amount * 3 %, steps: [{round: cent, mode: half_up, each: line}]}
settlement:
  states: {model: energy_order, of: order}
  release: {base: RELEASE}
  storno: STORNO
examples:
  - name: one order
    given:
      payees: [{id: A1, kind: agency}]
      orders: [{id: O1, signed_on: 2026-01-05, seller: A1, amount: 0 EUR, states: {activated: 2026-02-01}}]
    expect: {}
""")
RELEASES = (
    "[{share: rest, at: activated}]",
    "[{share: 1/3, at: activated}, {share: 1/3, at: first_bill_paid}, {share: rest, at: {months: 3, after: activated}}]",
)
RESTORED = "order reached accepted or order reached verified"
LEFT = "order reached cancelled or order reached churned"
TAKES = (
    "100 %",
    (
        "{elapsed: started months, since: activated, "
        "steps: [{within: 3, takes: 80 %}, {within: 9, takes: 35 %}]}"
    ),
)


def _rule(when: str, takes: str, out_of: str, unreleased: str, **also: str) -> str:
    effect = f"{{takes: {takes}, out_of: {out_of}, unreleased: {unreleased}}}"
    own = {"lands_in": "month of the event", "reinstated_when": RESTORED} | also
    told = "".join(f", {key}: {value}" for key, value in own.items() if value)
    return f"{{when: {when}{told}, effect: {{base: {effect}}}}}"


def _plan(release: str, storno: str) -> CheckedPlan:
    return checked(PLAN.replace("RELEASE", release).replace("STORNO", storno))


def _two_rules(out_of: str, unreleased: str) -> CheckedPlan:
    one = _rule(
        "order reached cancelled", "60 %", out_of, unreleased, lands_in="close of the quarter"
    )
    two = _rule(
        "order reached churned",
        "100 %",
        out_of,
        unreleased,
        lands_in="9 days after the event",
        reinstated_when="",
    )
    return _plan(RELEASES[1], f"{{rules: {{one: {one}, two: {two}}}}}")


KINDS = [
    (release, takes, out_of, unreleased)
    for release in RELEASES
    for takes in TAKES
    for out_of in ("earned", "released", "paid")
    for unreleased in ("dropped", "kept", "reduced")
]
PLANS = [
    *(_plan(release, _rule(LEFT, *kind)) for release, *kind in KINDS),
    *(
        _plan(
            RELEASES[1],
            _rule(LEFT, "100 %", out_of, "reduced", lands_in="2 months after the event"),
        )
        for out_of in ("earned", "released")
    ),
    *(
        _two_rules(out_of, unreleased)
        for out_of in ("earned", "released", "paid")
        for unreleased in ("dropped", "reduced")
    ),
]
EVEN = [
    _plan(release, _rule(LEFT, takes, out_of, unreleased))
    for release, takes, out_of, unreleased in KINDS
    if out_of != "earned"
    and (unreleased == "reduced" or (takes == "100 %" and unreleased == "dropped"))
]
"""Plans in which a part of an order is the same part of what was paid and of what waits."""


@st.composite
def _lives(draw: st.DrawFn) -> Relations:
    """An order with what happens to it, in any order."""
    base = PLANS[0].examples[0].relations
    states = {"activated": START}
    for state in ("first_bill_paid", "cancelled", "accepted", "churned", "verified"):
        if draw(st.booleans()):
            states[state] = START + timedelta(days=draw(st.integers(1, 200)))
    parts = draw(st.lists(st.tuples(st.integers(0, 240), st.integers(1, 99)), max_size=3))
    rows = tuple(
        ReversalRow(
            f"R{number}",
            "O1",
            START + timedelta(days=days),
            None,
            Decimal(part) / 100,
            None,
            None,
            SOURCE,
        )
        for number, (days, part) in enumerate(parts)
    )
    amount = draw(st.decimals(-3000, 3000, places=2))
    return replace(base, orders=(_order(base, amount, states),), reversals=rows)


def _order(base: Relations, amount: Decimal, states: dict[str, date]):
    reached = tuple(StateReached(name, day, None, SOURCE) for name, day in states.items())
    return replace(base.orders[0], amount=amount, states=reached)


UNTIL = "2027-03"
MONTHS = months_of(span("2026-02", UNTIL))


def _calculated(plan: CheckedPlan, relations: Relations, until: str = UNTIL) -> Calculation:
    return calculate(plan, relations, until=Month.parse(until))


def _landed(result: Calculation) -> dict[tuple[str, int | None], Decimal]:
    """Return what landed by month and share."""
    found: dict[tuple[str, int | None], Decimal] = defaultdict(Decimal)
    for line in result.lines:
        if line.what in PAID and line.month is not None:
            found[line.month, line.share] += line.amount
    return {key: amount for key, amount in found.items() if amount}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLANS), _lives())
def test_at_every_month_what_is_left_is_between_nothing_and_what_was_earned(plan, relations):
    result = _calculated(plan, relations)
    landed = _landed(result)
    sign = 1 if relations.orders[0].amount >= 0 else -1
    earned = sum(
        line.amount
        for line in result.lines
        if line.what in {"release", "held", "not_paid", "void_release"}
    )
    shares = {share for _, share in landed}
    is_by_share = None not in shares
    left: dict[int | None, Decimal] = defaultdict(Decimal)
    for month in MONTHS:
        for share in shares:
            left[share] += landed.get((month, share), Decimal(0))
        assert 0 <= sign * sum(left.values()) <= sign * earned
        assert not is_by_share or all(sign * amount >= 0 for amount in left.values())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLANS), _lives(), st.sampled_from(MONTHS[:10]))
def test_what_happens_later_changes_nothing_that_landed_before(plan, relations, month):
    now = _landed(_calculated(plan, relations, month))
    later = _landed(_calculated(plan, relations))
    assert now == {key: amount for key, amount in later.items() if key[0] <= month}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(EVEN), _lives(), st.integers(1, 120), st.integers(0, 90))
def test_to_cancel_and_to_reinstate_nets_to_nothing_beside_all_other_reversals(
    plan, relations, days, later
):
    order = relations.orders[0]
    kept = {s.state: s.on for s in order.states if s.state in {"activated", "first_bill_paid"}}
    cancelled = START + timedelta(days=days)
    pair = {"cancelled": cancelled, "accepted": cancelled + timedelta(days=later)}
    without = replace(relations, orders=(_order(relations, order.amount, kept),))
    beside = replace(relations, orders=(_order(relations, order.amount, kept | pair),))
    assert sum(_landed(_calculated(plan, beside)).values()) == sum(
        _landed(_calculated(plan, without)).values()
    )


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(PLANS), _lives())
def test_every_line_of_a_restored_order_is_explained_and_adds_up(plan, relations):
    result = _calculated(plan, relations)
    lookup = {node.node_id: node for node in result.nodes}
    assert len({line.line_id for line in result.lines}) == len(result.lines)
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
        assert Decimal(lookup[line.node_id].value) == line.amount
