"""What must hold however a payee's months are paid: nothing is lost, and the terms are kept."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.paying import PaymentLine, Standings, pay

from .paid_worlds import CAPPED, CENTS, TERMS, WORLDS, World, plan_with


@settings(max_examples=25, deadline=None)
@given(world=WORLDS)
def test_a_month_releases_no_more_than_its_cap_and_what_waits_is_not_lost(world: World) -> None:
    result = world.paid(plan_with(CAPPED))

    waiting, landed, released = Decimal(0), Decimal(0), Decimal(0)
    for item in result.balances:
        moved = [
            line.amount
            for line in result.lines
            if line.month == item.month and line.name == "deferred of the plan"
        ]
        landed, released = landed + item.earned, released + item.earned + sum(moved)
        assert item.earned + sum(moved) <= 700
        account = item.accounts.get("deferred of the plan")
        waiting = waiting if account is None else account.amount
        assert landed == released + waiting


EVERY_TERM = pytest.mark.parametrize("terms", TERMS)


@EVERY_TERM
@settings(max_examples=12, deadline=None)
@given(world=WORLDS)
def test_what_landed_and_the_lines_of_a_month_are_what_is_due(terms: str, world: World) -> None:
    result = world.paid(plan_with(terms))

    for item in result.balances:
        own = [line.amount for line in result.lines if line.month == item.month]
        assert item.earned + sum(own) == item.paid


@EVERY_TERM
@settings(max_examples=12, deadline=None)
@given(world=WORLDS)
def test_every_account_is_what_went_in_less_what_went_out(terms: str, world: World) -> None:
    plan = plan_with(terms)
    result = world.paid(plan)
    last = result.balances[-1].accounts

    for name, draw in plan.payment.draws.items():
        moved = [line.amount for line in result.lines if line.name == name]
        if draw.is_recoverable and not (draw.at_leaving == "forgiven" and world.left):
            assert sum(moved, Decimal(0)) == (last[name].amount if name in last else 0)
    for name, reserve in plan.payment.reserves.items():
        moved = [line.amount for line in result.lines if line.name == name]
        held = [item.accounts[name].amount for item in result.balances if name in item.accounts]
        assert -sum(moved, Decimal(0)) == (held[-1] if held else 0)
        assert all(0 <= amount <= (reserve.ceiling or amount) for amount in held)
    carried = [line.amount for line in result.lines if line.what in {"carried_in", "carried_out"}]
    assert -sum(carried, Decimal(0)) == (last["carried"].amount if "carried" in last else 0)


@EVERY_TERM
@settings(max_examples=12, deadline=None)
@given(world=WORLDS)
def test_reserves_together_meet_no_more_than_was_reversed(terms: str, world: World) -> None:
    plan = plan_with(terms)
    result = world.paid(plan)

    for number in range(1, len(world.base) + 1):
        month = f"2026-{number:02d}"
        met = [line for line in result.lines if line.what == "reserve_used" and line.month == month]
        reversed_ = [-min(0, column[number - 1]) for column in (world.base, world.extra)]
        assert sum(line.amount for line in met) * 100 <= sum(reversed_)
        held = {item.month: item.accounts for item in result.balances if item.month < month}
        for line in met:
            before = held[max(held)] if held else {}
            assert line.amount <= (before[line.name].amount if line.name in before else 0)


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(st.integers(0, 200_000), min_size=3, max_size=3))
def test_what_lands_by_months_or_by_the_quarter_fills_a_reserve_alike(parts: list[int]) -> None:
    plan = plan_with(
        "{reserves: {r: {of: [base], withholds: [{from: 0 EUR, share: 20 %}, "
        "{from: 90 EUR, share: 5 %}, {from: 120 EUR, share: 1 %}], released: {months: 9}}}}"
    )
    nothing = (0, 0, 0)
    held = []
    for base in (tuple(parts), (0, 0, sum(parts))):
        result = World(base, nothing, 0, 0, None).paid(plan)
        accounts = result.balances[-1].accounts if result.balances else {}
        held.append(accounts["r"].amount if "r" in accounts else Decimal(0))

    assert abs(held[0] - held[1]) <= Decimal("0.20")  # cents rounded at an edge, at 20 % to 1 %


@settings(max_examples=30, deadline=None)
@given(world=WORLDS)
def test_two_levels_draw_no_more_than_the_higher_one_lacks(world: World) -> None:
    alone = "{draws: {e: {preset: non-recoverable guarantee, level: 900 EUR}}}"
    both = next(terms for terms in TERMS if "level: 400 EUR" in terms)

    drawn = [
        sum(line.amount for line in world.paid(plan_with(terms)).lines if line.what == "draw")
        for terms in (alone, both)
    ]

    assert drawn[0] == drawn[1]


@EVERY_TERM
@settings(max_examples=8, deadline=None)
@given(world=WORLDS)
def test_nothing_is_owed_below_zero_and_every_step_follows(terms: str, world: World) -> None:
    result = world.paid(plan_with(terms))
    nodes = {node.node_id: node for node in (*result.nodes, *(node for _, node in world.landed))}

    for item in result.balances:
        assert check_tree(nodes[item.node_id], nodes) == ()
        for name, account in item.accounts.items():
            assert check_tree(nodes[account.node_id], nodes) == ()
            assert name == "carried" or account.amount >= 0
    for line in result.lines:
        assert Decimal(nodes[line.node_id].value) == line.amount


@EVERY_TERM
@settings(max_examples=6, deadline=None)
@given(world=WORLDS, seed=st.integers(0, 1000))
def test_the_order_of_lines_does_not_matter(terms: str, world: World, seed: int) -> None:
    plan = plan_with(terms)
    lines = [line for line, _ in world.landed]
    Random(seed).shuffle(lines)

    assert pay(plan, world.relations, lines, until=world.until) == world.paid(plan)


@EVERY_TERM
@settings(max_examples=10, deadline=None)
@given(world=WORLDS)
def test_going_on_from_each_closed_month_pays_what_one_go_pays(terms: str, world: World) -> None:
    plan, relations = plan_with(terms), world.relations
    lines = [line for line, _ in world.landed]
    whole = world.paid(plan)
    found: list[PaymentLine] = []
    standings: Standings = {}

    for number in range(1, len(world.base) + 1):
        month = Month(2026, number)
        own = [line for line in lines if line.month == str(month)]
        kept = replace(
            relations,
            adjustments=tuple(row for row in relations.adjustments if row.month == str(month)),
            loans=relations.loans,
        )
        step = pay(plan, kept, own, until=month, standings=standings)
        found += step.lines
        standings = step.standings

    assert {_said(line) for line in found} == {_said(line) for line in whole.lines}
    assert {
        who: [(item.kind, item.name, item.amount, item.was_full) for item in standing.accounts]
        for who, standing in standings.items()
    } == {
        who: [(item.kind, item.name, item.amount, item.was_full) for item in standing.accounts]
        for who, standing in whole.standings.items()
    }


def _said(line: PaymentLine) -> tuple[UUID, str, str, str, Decimal]:
    return line.line_id, line.month, line.what, line.name, line.amount


def _half_up(value: Fraction) -> int:
    sign = -1 if value < 0 else 1
    return sign * int((2 * abs(value) + 1) // 2)


def _guaranteed(earnings: Sequence[int], level: int) -> list[tuple[int, int]]:
    """Pay and debt, by month, of a guarantee paid back in full from what is above it."""
    owed, carried, found = 0, 0, []
    for amount in earnings:
        due = carried + amount
        if amount < level:
            missing = level - max(0, amount)
            owed, due = owed + missing, due + missing
        else:
            back = min(owed, amount - level)
            owed, due = owed - back, due - back
        carried = min(0, due)
        found.append((max(0, due), owed))
    return found


@settings(max_examples=25, deadline=None)
@given(earnings=st.lists(CENTS, min_size=2, max_size=9))
def test_a_recoverable_guarantee_pays_what_a_plain_account_says(earnings: list[int]) -> None:
    plan = plan_with("{draws: {d: {preset: recoverable guarantee, level: 800 EUR}}}")
    world = World(tuple(earnings), (0,) * len(earnings), 0, 0, None)

    found = {item.month: item for item in world.paid(plan).balances}

    for number, (due, owed) in enumerate(_guaranteed(earnings, 80_000), start=1):
        item = found[f"2026-{number:02d}"]
        stood = item.accounts["d"].amount if "d" in item.accounts else 0
        assert (item.paid, stood) == (Decimal(due) / 100, Decimal(owed) / 100)


def _kept(landed: Sequence[int], ceiling: int, months: int) -> list[int]:
    """What a reserve of 15 % holds, by month, when the oldest cents are used and released first."""
    cells: list[list[int]] = []  # month, cents
    found = []
    for number, amount in enumerate(landed):
        held = sum(cents for _, cents in cells)
        if amount > 0:
            cells.append(
                [number, max(0, min(_half_up(Fraction(15 * amount, 100)), ceiling - held))]
            )
        needed = max(0, -amount)
        for cell in cells:
            used = min(needed, cell[1])
            cell[1] -= used
            needed -= used
        cells = [cell for cell in cells if cell[0] > number - months]
        found.append(sum(cents for _, cents in cells))
    return found


@settings(max_examples=25, deadline=None)
@given(landed=st.lists(CENTS, min_size=2, max_size=9))
def test_a_reserve_holds_what_a_list_of_its_cents_says(landed: list[int]) -> None:
    plan = plan_with(
        "{reserves: {r: {of: [base], withholds: [{from: 0 EUR, share: 15 %}], ceiling: 500 EUR, "
        "released: {months: 2}}}}"
    )
    world = World(tuple(landed), (0,) * len(landed), 0, 0, None)

    found = {item.month: item.accounts for item in world.paid(plan).balances}

    stood = Decimal(0)
    for number, held in enumerate(_kept(landed, 50_000, 2), start=1):
        accounts = found.get(f"2026-{number:02d}", {})
        stood = accounts["r"].amount if "r" in accounts else stood
        assert stood == Decimal(held) / 100
