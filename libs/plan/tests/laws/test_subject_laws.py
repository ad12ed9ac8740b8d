"""What a team, a territory, a category or the plan earns goes to payees whole, however it came."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.explain import check_tree
from premia_plan.period import enclosing, next_period
from premia_plan.reference import PAID, calculate
from premia_plan.relations import OrderRow, PayeeRef, Relations, SourceRef, StateReached

from ..small_plans import checked, plan_of_sales  # noqa: TID252

SOURCE = SourceRef("message", "M")
LAST = Month(2027, 12)
PRINCIPAL = "example"
"""Under whom the payees of worked examples are assigned."""
PLAN = plan_of_sales("""
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: OVER, per: WHOSE, reversed_order: leaves}
  own: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: OVER, per: payee, reversed_order: leaves}
populations: {everybody: {who: payee.kind = "agency"}}
components:
  bonus:
    per: WHOSE and OVER
    tiers: {mode: marginal, looked_up_by: sold, pays_on: sold, bands: [{from: 0 EUR, gives: 1 %}, {from: 2 000 EUR, gives: 3 %}]}
    steps: [{round: cent, mode: half_up, each: sum}]
    GIVEN
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect: {bonus: {recount: the measured period}}
examples:
  - name: none
    given:
      payees: [{id: A1, kind: agency}, {id: A2, kind: agency}, {id: M1, kind: agency}]
      hierarchy: {sales: [{payee: A1, reports_to: M1}, {payee: A2, reports_to: M1}]}
      trees: {territory: [{code: italia}, {code: nord, parent: italia}, {code: sud, parent: italia}]}
    expect: {}
""")
ABOVE = {"nord": ("nord", "italia"), "sud": ("sud", "italia"), "italia": ("italia",)}
TEAMS = {"A1": ("A1", "M1"), "A2": ("A2", "M1"), "M1": ("M1",)}
SECOND = "second"
"""Another principal, who has orders as well."""
LIMITS = (
    "{cap: 20 EUR, over: payee and month, surplus: carried}",
    "{cap: 20 EUR, over: payee and quarter, surplus: lost}",
    "{floor: 5 EUR, over: payee and month}",
)
GIVEN = (
    "spread: by credit.amount",
    "spread: equally",
    "given_to: {among: everybody, weights: equally}",
    "given_to: {among: everybody, weights: own}",
)


def _plan(whose: str, over: str, given_to: str) -> CheckedPlan:
    text = PLAN.replace("WHOSE", whose).replace("OVER", over).replace("GIVEN", given_to)
    return checked(text)


@pytest.fixture(scope="module")
def plans() -> list[CheckedPlan]:
    kinds = (("team along sales", "month"), ("territory", "quarter"), ("category", "half"))
    found = [_plan(*kind, given_to) for kind in (*kinds, ("plan", "year")) for given_to in GIVEN]
    of_team = (
        "the head of the team",
        "{among: the team, weights: own}",
        "{among: the team, weights: equally}",
    )
    return found + [_plan(*kinds[0], f"given_to: {each}") for each in of_team]


@st.composite
def _orders(draw: st.DrawFn) -> tuple[OrderRow, ...]:
    found = []
    for number in range(draw(st.integers(1, 6))):
        signed = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 210)))
        cancelled = signed + timedelta(days=draw(st.integers(0, 200)))
        states = (StateReached("cancelled", cancelled, None, SOURCE),)
        found.append(
            OrderRow(
                f"O{number}", f"O{number}", draw(st.sampled_from([PRINCIPAL, SECOND])), signed,
                PayeeRef.known(draw(st.sampled_from(sorted(TEAMS)))), None,
                draw(st.sampled_from(["gas", "power"])), draw(st.sampled_from(sorted(ABOVE))),
                Decimal(draw(st.integers(0, 400_000))).scaleb(-2), "EUR", {}, (),
                states if draw(st.booleans()) else (), None, None, SOURCE, 1,
            )
        )  # fmt: skip
    return tuple(found)


def _world(plan: CheckedPlan, orders: tuple[OrderRow, ...]) -> Relations:
    """Return orders of payees who are all assigned under both principals."""
    relations = plan.examples[0].relations
    second = tuple(
        replace(row, assignment_id=f"{row.assignment_id} {SECOND}", principal=SECOND)
        for row in relations.assignments
    )
    return replace(relations, orders=orders, assignments=(*relations.assignments, *second))


def _subjects(kind: str, order: OrderRow) -> tuple[str, ...]:
    """Return for whom an order counts, told apart from the engine."""
    seller = order.seller.payee_id if order.seller is not None else None
    return {
        "team": TEAMS[seller or ""],
        "territory": ABOVE[order.territory or ""],
        "category": (order.category or "",),
        "plan": ("",),
    }[kind]


def _due(plan: CheckedPlan, orders: tuple[OrderRow, ...]) -> Decimal:
    """Return what all subjects earn by the orders that stay, each rounded for itself."""
    component = plan.components["bonus"]
    sold: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for order in orders:
        if not order.states:
            period = enclosing(order.signed_on.isoformat()[:7], component.over)
            for subject in _subjects(component.per.kind, order):
                sold[subject, period] += order.amount
    cent = Decimal("0.01")
    amounts = [total / 100 + max(total - 2000, Decimal(0)) / 50 for total in sold.values()]
    return sum((each.quantize(cent, ROUND_HALF_UP) for each in amounts), Decimal(0))


@settings(max_examples=50, deadline=None)
@given(st.data(), _orders())
def test_what_subjects_earn_goes_to_payees_to_the_cent_and_every_part_is_explained(
    plans: list[CheckedPlan], data: st.DataObject, orders: tuple[OrderRow, ...]
) -> None:
    plan = data.draw(st.sampled_from(plans))
    result = calculate(plan, _world(plan, orders), until=LAST)

    assert result.exceptions == ()
    paid = [line for line in result.lines if line.what in PAID]
    assert sum((line.amount for line in paid), Decimal(0)) == _due(plan, orders)
    standing: dict[str | None, Decimal] = defaultdict(Decimal)
    for line in paid:
        standing[line.payee_id] += line.amount
    assert min(standing.values(), default=Decimal(0)) >= 0
    lookup = {node.node_id: node for node in result.nodes}
    assert all(check_tree(lookup[line.node_id], lookup) == () for line in result.lines)
    assert len({line.line_id for line in result.lines}) == len(result.lines)


@settings(max_examples=40, deadline=None)
@given(st.data(), _orders(), st.integers(1, 9))
def test_neither_arrival_nor_a_later_look_changes_what_subjects_paid(
    plans: list[CheckedPlan], data: st.DataObject, orders: tuple[OrderRow, ...], number: int
) -> None:
    plan, month = data.draw(st.sampled_from(plans)), Month(2026, number)
    whole = calculate(plan, _world(plan, orders), until=LAST)
    shuffled = tuple(data.draw(st.permutations([*orders, *orders[:1]])))

    again = calculate(plan, _world(plan, shuffled), until=LAST)
    early = calculate(plan, _world(plan, orders), until=month)

    assert set(again.lines) == set(whole.lines)
    landed = {line for line in whole.lines if line.month is not None and line.month <= str(month)}
    assert {line for line in early.lines if line.month is not None} == landed


@settings(max_examples=40, deadline=None)
@given(st.data(), _orders())
def test_what_categories_earn_is_owed_by_those_whose_orders_are_in_them(
    plans: list[CheckedPlan], data: st.DataObject, orders: tuple[OrderRow, ...]
) -> None:
    """Gas is sold for one principal and power for the other, by whomever and to whomever given."""
    plan = data.draw(
        st.sampled_from([each for each in plans if each.components["bonus"].per.kind == "category"])
    )
    by = {"gas": PRINCIPAL, "power": SECOND}
    own = tuple(replace(order, principal=by[order.category or ""]) for order in orders)

    owed: dict[str, Decimal] = defaultdict(Decimal)
    for line in calculate(plan, _world(plan, own), until=LAST).lines:
        if line.what in PAID:
            owed[line.principal] += line.amount

    for principal in by.values():
        theirs = tuple(order for order in own if order.principal == principal)
        assert owed[principal] == _due(plan, theirs)


@pytest.fixture(scope="module")
def limited() -> list[tuple[CheckedPlan, CheckedPlan]]:
    """Plans whose limits are over payees' periods, paid at once and two months later."""
    heads = "given_to: the head of the team", "given_to: {among: the team, weights: own}"
    texts = [
        PLAN.replace("WHOSE", "team along sales")
        .replace("OVER", "month")
        .replace("each: sum}]", f"each: sum}}, {limit}]")
        .replace("GIVEN", given_to)
        for limit in LIMITS
        for given_to in heads
    ]
    later = [text.replace("the measured month\n", "2 months after\n", 1) for text in texts]
    return [(checked(one), checked(two)) for one, two in zip(texts, later, strict=True)]


def _landed(plan: CheckedPlan, orders: tuple[OrderRow, ...], months: int) -> list[tuple[str, ...]]:
    """Return what lands, as if so many months earlier; every line is explained, under one id."""
    result = calculate(plan, _world(plan, orders), until=LAST)
    lookup = {node.node_id: node for node in result.nodes}
    assert all(check_tree(lookup[line.node_id], lookup) == () for line in result.lines)
    assert len({line.line_id for line in result.lines}) == len(result.lines)
    return sorted(
        (
            next_period(line.month, -months),
            line.competence,
            str(line.payee_id),
            line.principal,
            line.what,
            str(line.amount),
        )
        for line in result.lines
        if line.month is not None
    )


@settings(max_examples=25, deadline=None)
@given(st.data(), _orders())
def test_what_lands_months_later_is_what_would_land_at_once(
    limited: list[tuple[CheckedPlan, CheckedPlan]],
    data: st.DataObject,
    orders: tuple[OrderRow, ...],
) -> None:
    at_once, later = data.draw(st.sampled_from(limited))

    assert _landed(later, orders, 2) == _landed(at_once, orders, 0)
