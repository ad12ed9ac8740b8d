"""What is shared or pushed back is all paid, to nobody below zero, whatever was sold."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.period import next_period
from premia_plan.reference import PAID, calculate
from premia_plan.relations import PayeeRef

from ..small_plans import checked, plan_of_sales  # noqa: TID252

POOLED = plan_of_sales("""
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
  orders: {count: all, of: sale, dated_by: order.signed_on, over: month, per: payee}
populations: {everybody: {who: payee.kind = "agency"}}
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
examples: [{name: none, given: {payees: [{id: A1, kind: agency}]}, expect: {}}]
""")
PLAIN = "steps: [{round: cent, mode: half_up, each: sum}], lands_in: the measured month"
PAYEES = ("A1", "A2", "M1")
orders = st.lists(
    st.tuples(st.integers(0, 58), st.integers(-5_000_000, 5_000_000), st.sampled_from(PAYEES)),
    max_size=8,
)


def planned(bonus: str, more: str = "", apart: str = 'who: payee.kind = "agency"'):
    head = POOLED.replace('who: payee.kind = "agency"', apart)
    text = f"{head}{more}components:\n  bonus: {{per: payee and month, {bonus}}}\n"
    return checked(text)


def calculated(plan, facts, rows):
    for place, (day, cents, seller) in enumerate(rows):
        signed_on = (date(2026, 1, 1) + timedelta(days=day)).isoformat()
        facts = facts.with_order(
            f"O{place}",
            str(Decimal(cents).scaleb(-2)),
            {},
            signed_on=signed_on,
            seller=PayeeRef.known(seller),
        )
    result = calculate(plan, facts.relations, until=Month(2026, 2))
    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
    return result


def totals(result) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in result.lines:
        if line.what in PAID:
            found[line.month, line.payee_id] += line.amount
    return found


@pytest.fixture(scope="module")
def halved():
    steps = (
        "steps:\n  - {multiply: 50 %}\n  - {round: cent, mode: half_up, each: line}\n"
        "  - {gate: sold >= 20 000 EUR, otherwise: 0 EUR}\n"
    )
    return planned(f"amount: sold * 1 %, {PLAIN}", steps)


@settings(max_examples=25, deadline=None)
@given(rows=orders)
def test_the_steps_of_a_plan_are_taken_on_what_each_earning_is(halved, facts, rows) -> None:
    result = calculated(halved, facts, rows)

    sold: dict[tuple[str, str], int] = defaultdict(int)
    for day, cents, seller in rows:
        sold[(date(2026, 1, 1) + timedelta(days=day)).isoformat()[:7], seller] += cents
    earned = {
        place: Decimal((2 * (cents // 100 + (cents % 100 >= 50)) + 2) // 4).scaleb(-2)
        for place, cents in sold.items()
        if cents >= 2_000_000
    }
    assert {place: paid for place, paid in totals(result).items() if paid} == earned


POOL = "pools:\n  pot: {amount: 100.01 EUR, over: month, among: everybody, WEIGHTS}\n"


@pytest.fixture(scope="module")
def pooled():
    return planned(f"pool: pot, {PLAIN}", POOL.replace("WEIGHTS", "weights: sold"))


@settings(max_examples=25, deadline=None)
@given(rows=orders)
def test_a_pool_is_paid_whole_or_named_and_nobody_gets_less_than_nothing(
    pooled, facts, rows
) -> None:
    result = calculated(pooled, facts, rows)

    paid, named = totals(result), {item.month for item in result.exceptions}
    assert all(amount >= 0 for amount in paid.values())
    for month in {(date(2026, 1, 1) + timedelta(days=day)).isoformat()[:7] for day, _, _ in rows}:
        of_month = sum(amount for (when, _), amount in paid.items() if when == month)
        assert of_month == (Decimal(0) if month in named else Decimal("100.01"))


@pytest.fixture(scope="module")
def pooled_apart():
    return planned(
        f"pool: pot, {PLAIN}",
        POOL.replace("WEIGHTS", "weights: sold"),
        apart='who: payee.kind = "agency", same: payee.id',
    )


@settings(max_examples=25, deadline=None)
@given(rows=orders)
def test_every_group_has_a_pool_of_its_own(pooled_apart, facts, rows) -> None:
    result = calculated(pooled_apart, facts, rows)

    sold: dict[tuple[str, str], int] = defaultdict(int)
    for day, cents, seller in rows:
        sold[(date(2026, 1, 1) + timedelta(days=day)).isoformat()[:7], seller] += cents
    above = {place for place, cents in sold.items() if cents > 0}
    assert totals(result) == dict.fromkeys(above, Decimal("100.01"))


@pytest.fixture(scope="module")
def scaled():
    more = POOL.replace("WEIGHTS", "scale: down only")
    return planned(f"amount: sold * 1 %, scaled_to: pot, {PLAIN}", more)


@settings(max_examples=25, deadline=None)
@given(rows=orders)
def test_a_pool_that_scales_pays_no_more_than_itself_and_turns_nobody_round(
    scaled, facts, rows
) -> None:
    result = calculated(scaled, facts, rows)

    paid = totals(result)
    sold: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for day, cents, seller in rows:
        sold[(date(2026, 1, 1) + timedelta(days=day)).isoformat()[:7], seller] += cents
    assert all(amount * Decimal(int(sold[place])) >= 0 for place, amount in paid.items())
    for month in ("2026-01", "2026-02"):
        above = [amount for (when, _), amount in paid.items() if when == month and amount > 0]
        assert sum(above) <= Decimal("100.01")


TIERS = "{mode: whole, looked_up_by: orders, pays_on: orders, bands: [{from: 0, gives: 3.33 EUR}]}"


@pytest.fixture(
    scope="module", params=(f"tiers: {TIERS}", "amount: orders * 3.33 EUR, spread_of: sold")
)
def spread(request):
    steps = "steps: [{round: cent, mode: half_up, each: sum}, {floor: 5 EUR}]"
    more = "spread: by credit.amount, lands_in: the measured month"
    return planned(f"{request.param}, {steps}, {more}")


@settings(max_examples=25, deadline=None)
@given(rows=orders)
def test_what_is_pushed_back_adds_up_to_the_pay_of_the_period(spread, facts, rows) -> None:
    result = calculated(spread, facts, rows)

    counted: dict[tuple[str, str], int] = defaultdict(int)
    for day, _, seller in rows:
        counted[(date(2026, 1, 1) + timedelta(days=day)).isoformat()[:7], seller] += 1
    assert totals(result) == {
        (month, payee): max(Decimal(5), Decimal("3.33") * counted[month, payee])
        for month in ("2026-01", "2026-02")
        for payee in PAYEES
    }


@pytest.fixture(scope="module")
def whole():
    return planned(f"amount: 10.01 EUR + orders * 3.33 EUR, {PLAIN}")


def under_two_principals(facts, rows):
    """Return facts in which a payee sells for two principals by turns."""
    own = facts.relations.assignments[0]
    both = tuple(
        replace(own, assignment_id=f"{own.assignment_id} {name}", principal=name)
        for name in ("P", "Q")
    )
    world = facts.with_rows(assignments=both)
    for place, (day, cents, _) in enumerate(rows):
        signed_on = (date(2026, 1, 1) + timedelta(days=day)).isoformat()
        amount, principal = str(Decimal(cents).scaleb(-2)), "PQ"[place % 2]
        world = world.with_order(f"O{place}", amount, {}, signed_on=signed_on, principal=principal)
    return world


@settings(max_examples=25, deadline=None)
@given(rows=orders)
def test_what_several_principals_owe_adds_up_and_is_in_proportion_to_their_orders(
    whole, facts, rows
) -> None:
    world = under_two_principals(facts, rows)
    result = calculate(whole, world.relations, until=Month(2026, 2))
    lookup = {node.node_id: node for node in result.nodes}
    assert len({line.line_id for line in result.lines}) == len(result.lines)
    for month in ("2026-01", "2026-02"):
        lines = [line for line in result.lines if line.month == month]
        for line in lines:
            assert check_tree(lookup[line.node_id], lookup) == ()
        of_month = [
            (max(cents, 0), "PQ"[place % 2])
            for place, (day, cents, _) in enumerate(rows)
            if (date(2026, 1, 1) + timedelta(days=day)).isoformat().startswith(month)
        ]
        due = Decimal("10.01") + Decimal("3.33") * len(of_month)
        assert sum(line.amount for line in lines) == due
        assert all(line.amount >= 0 for line in lines)
        assert {line.principal for line in lines} <= {name for _, name in of_month} | {"P"}


IN_OTHER_WORDS = [
    (("quarter", "sold_by_quarter * 10 %"), ("quarter", "sold of the quarter * 10 %"), 0),
    (("quarter", "sold_by_quarter * 10 %"), ("quarter", "sold_by_quarter of the year * 10 %"), 0),
    (("month", "sold * 10 %"), ("month", "sold of the month * 10 %"), 0),
    (("month", "sold * 10 %"), ("month", "previous month of sold * 10 %"), 1),
]


@pytest.fixture(scope="module", params=IN_OTHER_WORDS)
def two_wordings(request):
    """Two plans that pay the same, the second one so many months later."""
    *wordings, months = request.param
    quarterly = POOLED.replace(
        "populations:",
        "  sold_by_quarter: {sum: credit.amount, of: sale, dated_by: order.signed_on, "
        "over: quarter, per: payee}\npopulations:",
    )
    plans = [
        checked(
            f"{quarterly}components:\n  bonus: {{per: payee and {per}, amount: {amount}, {PLAIN}}}\n"
        )
        for per, amount in wordings
    ]
    return *plans, months


@settings(max_examples=10, deadline=None)
@given(rows=orders)
def test_a_figure_in_other_words_is_owed_by_the_same_principals(two_wordings, facts, rows) -> None:
    """What is of the first quarter of a year is the year's to date, month by month and whole."""
    plain, worded, months = two_wordings
    world = under_two_principals(facts, rows).relations
    owed = [
        sorted(
            (next_period(line.month, -by), line.principal, line.amount)
            for line in calculate(plan, world, until=Month(2026, 3 + by)).lines
            if line.month is not None and line.month >= f"2026-0{1 + by}"
        )
        for plan, by in ((plain, 0), (worded, months))
    ]
    assert owed[0] == owed[1]


LIMITED = plan_of_sales("""
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
components:
COMPONENT
steps: [LIMIT]
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: RELEASED}]}
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect: {bonus: EFFECT}
examples: [{name: none, given: {payees: [{id: A1, kind: agency}]}, expect: {}}]
""")
ON_CREDITS = (
    """  bonus:
    per: credit of sale
    amount: credit.amount * 10 %
    steps: [{round: cent, mode: half_up, each: line}]""",
    "activated",
    "{takes: 100 %, out_of: released, unreleased: dropped}",
)
ON_CELLS = (
    """  bonus:
    per: payee and month
    tiers: {mode: whole, looked_up_by: sold, pays_on: sold, bands: [{from: 0 EUR, gives: 10 %}]}
    spread: by credit.amount
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month""",
    "close of the measured month",
    "{recount: the measured month}",
)
LIMITS = ("cap: 100 EUR, surplus: lost", "floor: 100 EUR")
sales = st.lists(
    st.tuples(st.integers(1, 28), st.integers(1, 2_000), st.none() | st.integers(3, 6)),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module", params=[ON_CREDITS, ON_CELLS], ids=["credits", "cells"])
def limited(request):
    component, released, effect = request.param
    plans = {}
    for limit in LIMITS:
        text = LIMITED.replace("COMPONENT", component).replace("RELEASED", released)
        text = text.replace("EFFECT", effect).replace(
            "LIMIT", f"{{{limit}, over: payee and month}}"
        )
        plans[limit] = checked(text)
    return plans


@settings(max_examples=25, deadline=None)
@given(sales=sales, limit=st.sampled_from(LIMITS))
def test_a_limit_counts_over_what_is_left_after_every_cancellation(
    limited, facts, sales, limit
) -> None:
    world = facts
    for place, (day, tens, cancelled) in enumerate(sales):
        states = {"activated": f"2026-02-{day:02}"}
        if cancelled:
            states["cancelled"] = f"2026-{cancelled:02}-{day:02}"
        world = world.with_order(f"O{place}", str(tens), states, signed_on=f"2026-02-{day:02}")
    choose = min if "cap" in limit else max
    for month in range(2, 7):
        result = calculate(limited[limit], world.relations, until=Month(2026, month))
        lookup = {node.node_id: node for node in result.nodes}
        of_february = [
            line
            for line in result.lines
            if line.payee_id == "A1" and line.competence == "2026-02" and line.what in PAID
        ]
        for line in of_february:
            assert check_tree(lookup[line.node_id], lookup) == ()
        left = sum(Decimal(tens) / 10 for _, tens, gone in sales if not gone or gone > month)
        assert sum(line.amount for line in of_february) == choose(Decimal(100), left)
