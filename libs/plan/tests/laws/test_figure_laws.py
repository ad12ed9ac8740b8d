"""What holds of measures and tiers whatever the orders: periods add up, and every node follows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.reference import calculate
from premia_plan.relations import PayeeRef

from ..small_plans import checked, plan_of_sales  # noqa: TID252

FRAME = plan_of_sales("""
settlement:
  states: {model: energy_order, of: order}
  release:
""")
CLOSE = "[{share: rest, at: close of the measured month}]"
STEPS = "steps: [{round: cent, mode: half_up, each: sum}], lands_in: the measured month"
orders = st.lists(
    st.tuples(st.integers(0, 364), st.integers(1, 5_000_000), st.sampled_from(("A1", "A2"))),
    min_size=1,
    max_size=8,
)


def planned(measures: str, components: dict[str, str]):
    release = "".join(f"    {name}: {CLOSE}\n" for name in components)
    body = "".join(f"  {name}: {{{text}, {STEPS}}}\n" for name, text in components.items())
    example = "examples: [{name: none, given: {payees: [{id: A1, kind: agency}]}, expect: {}}]\n"
    text = f"{FRAME}{release}measures:\n{measures}components:\n{body}{example}"
    return checked(text)


def world(facts, rows):
    for place, (day, cents, seller) in enumerate(rows):
        signed_on = (date(2026, 1, 1) + timedelta(days=day)).isoformat()
        facts = facts.with_order(
            f"O{place}",
            str(Decimal(cents).scaleb(-2)),
            {},
            signed_on=signed_on,
            seller=PayeeRef.known(seller),
        )
    return facts


@pytest.fixture(scope="module")
def periods():
    def measure(name: str, over: str) -> str:
        return (
            f"  {name}: {{sum: credit.amount, of: sale, dated_by: order.signed_on, "
            f"over: {over}, per: payee}}\n"
        )

    return planned(
        measure("m", "month")
        + measure("q", "quarter")
        + measure("y", "year")
        + measure("r", "rolling 3 months")
        + measure("d", "year to date"),
        {
            "months": "per: payee and month, amount: m * 100 %",
            "quarters": "per: payee and quarter, amount: q * 100 %",
            "so_far": "per: payee and quarter, amount: m of the quarter * 100 %",
            "years": "per: payee and year, amount: y * 100 %",
            "rolling": "per: payee and month, amount: r * 100 %",
            "to_date": "per: payee and month, amount: d * 100 %",
            "joined": "per: payee and month, amount: m to date * 100 %",
        },
    )


def totals_of(result):
    found: dict[tuple[str, str, str], Decimal] = {}
    for line in result.lines:
        assert line.payee_id is not None
        assert line.month is not None
        found[line.component, line.payee_id, line.month] = line.amount
    return found


@settings(max_examples=25, deadline=None)
@given(rows=orders)
def test_the_months_of_a_period_add_up_to_it(periods, facts, rows) -> None:
    result = calculate(periods, world(facts, rows).relations, until=Month(2026, 12))
    found = totals_of(result)

    def paid(component: str, payee: str, month: int) -> Decimal:
        return found.get((component, payee, f"2026-{month:02d}"), Decimal(0))

    for payee in ("A1", "A2"):
        months = [paid("months", payee, month) for month in range(1, 13)]
        assert paid("years", payee, 12) == sum(months)
        for month in range(1, 13):
            assert paid("to_date", payee, month) == sum(months[:month])
            assert paid("joined", payee, month) == sum(months[:month])
            assert paid("rolling", payee, month) == sum(months[max(0, month - 3) : month])
        for quarter in range(1, 5):
            whole = sum(months[3 * quarter - 3 : 3 * quarter])
            assert paid("quarters", payee, 3 * quarter) == whole
            assert paid("so_far", payee, 3 * quarter) == whole
    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()


@settings(max_examples=15, deadline=None)
@given(rows=orders, until=st.integers(1, 12))
def test_a_later_month_changes_nothing_before_it(periods, facts, rows, until) -> None:
    relations = world(facts, rows).relations
    month = f"2026-{until:02d}"
    early = calculate(periods, relations, until=Month(2026, until))
    late = calculate(periods, relations, until=Month(2026, 12))

    assert {line for line in late.lines if (line.month or "") <= month} == set(early.lines)


MODES = ("marginal", "whole", "interpolated between points", "interpolated by part covered")


def band(starts: int, gives: int, mode: str) -> str:
    what = f"fixed: {gives} EUR" if mode == MODES[3] else f"gives: {gives} %"
    return f"{{from: {starts} EUR, {what}, mode: {mode}}}"


def drawn_of(modes: tuple[str, ...]) -> st.SearchStrategy[list[tuple[int, int, str]]]:
    return st.lists(
        st.tuples(st.integers(1, 40_000), st.integers(0, 9), st.sampled_from(modes)),
        min_size=1,
        max_size=4,
        unique_by=lambda item: item[0],
    )


bands = drawn_of(MODES[:3]) | drawn_of((MODES[0], MODES[1], MODES[3]))
"""A curve runs between points that give the same kind of thing."""


@settings(max_examples=20, deadline=None)
@given(rows=orders, drawn=bands, edge=st.sampled_from(("starts", "ends")))
def test_the_parts_of_bands_add_up_and_each_follows(facts, rows, drawn, edge) -> None:
    shown = ", ".join(band(*item) for item in sorted(drawn))
    measure = (
        "  m: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}"
    )
    tiers = (
        f"tiers: {{mode: whole, looked_up_by: m, pays_on: m, below_first: nothing, "
        f"edge: to the band that {edge} there, bands: [{shown}]}}"
    )
    plan = planned(measure + "\n", {"bonus": f"per: payee and month, {tiers}"})
    result = calculate(plan, world(facts, rows).relations, until=Month(2026, 12))
    lookup = {node.node_id: node for node in result.nodes}

    for line in result.lines:
        assert line.amount >= 0
        assert check_tree(lookup[line.node_id], lookup) == ()
