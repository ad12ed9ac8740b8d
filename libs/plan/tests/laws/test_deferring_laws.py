"""What a cap defers from contract year to contract year, whatever the years give."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, calculate

from ..small_plans import checked  # noqa: TID252

PLAN = Path(__file__).parents[1] / "spec/surpluses/deferred-to-the-next-year.yaml"


@pytest.fixture(scope="module")
def deferring():
    return checked(PLAN.read_text(encoding="utf-8"))


@settings(max_examples=25, deadline=None)
@given(years=st.integers(1, 4), first=st.integers(-60, 60))
def test_a_deferred_surplus_is_paid_in_a_later_year_or_named(deferring, years, first) -> None:
    """The first year earns 3 EUR for each 100, the others 15 EUR each; a year pays up to 50.

    A correction below zero is of one year, whose cap is the mirror.
    """
    years = 1 if first < 0 else years
    [row] = deferring.examples[0].relations.orders
    order = replace(row, amount=Decimal(first * 100), attributes={"years": Decimal(years)})
    relations = replace(deferring.examples[0].relations, orders=(order,))

    result = calculate(deferring, relations, until=Month(2030, 12))

    paid = [line.amount for line in result.lines if line.what in PAID]
    left = [line.amount for line in result.lines if line.reason_code == "deferred_left"]
    lookup = {node.node_id: node for node in result.nodes}
    assert all(check_tree(lookup[line.node_id], lookup) == () for line in result.lines)
    assert all(abs(amount) <= 50 for amount in paid)
    assert sum(paid) + sum(left) == 3 * first + 15 * (years - 1)
    assert {item.code for item in result.exceptions} == ({"deferred_left"} if left else set())
