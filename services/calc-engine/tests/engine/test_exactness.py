"""Whole numbers round as exact fractions do, and never wrap."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc_engine.engine.duck import Duck
from calc_engine.engine.ir import Column, Kind, Project, Scan
from calc_engine.engine.program import Program
from calc_engine.engine.ratio import WHOLE_MOST, Ratio
from calc_engine.engine.refusal import FigureTooLarge
from calc_engine.engine.set_based_calculator import SetBasedCalculator
from calc_engine.engine.values import narrow
from premia_common.periods import Month
from premia_plan.apportion import round_units

from ..generated.worlds import world  # noqa: TID252
from .plain_plans import typed

whole_numbers = st.integers(-(10**12), 10**12)


def evaluated(values: list[int], relation: Project) -> list[int]:
    program = Program()
    program.result("found", relation)
    with Duck() as duck:
        duck.load({"given": pa.table({"value": pa.array(values, pa.int64())})})
        duck.run(program)
        return duck.read("result_found").column("found").to_pylist()


def given_column() -> tuple[Scan, Column]:
    return Scan("given", {"value": Kind.WHOLE}), Column("value", Kind.WHOLE)


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(whole_numbers, min_size=1, max_size=30),
    factor=st.fractions(min_value=-3, max_value=3, max_denominator=5000),
    places=st.sampled_from([0, 2, 3]),
)
def test_a_product_is_rounded_half_away_from_zero_like_an_exact_fraction(
    values: list[int], factor: Fraction, places: int
) -> None:
    scan, value = given_column()
    product = Ratio.scaled(value, 100, 10**12) * Ratio.written(factor)

    found = evaluated(values, Project(scan, {"found": product.rounded(places)}))

    assert found == [round_units(Fraction(each, 100) * factor, places) for each in values]


def test_an_intermediate_result_may_leave_63_bits() -> None:
    scan, value = given_column()
    number = Ratio.scaled(value, 1, WHOLE_MOST)
    squared = number * number * Ratio.written(Fraction(1, WHOLE_MOST))

    found = evaluated([WHOLE_MOST], Project(scan, {"found": squared.rounded(0)}))

    assert found == [9223372036854775807]


def test_a_result_that_leaves_63_bits_is_an_error_and_no_other_number() -> None:
    scan, value = given_column()
    doubled = Ratio.scaled(value, 1, WHOLE_MOST) * Ratio.written(Fraction(2))

    with pytest.raises(FigureTooLarge, match="no line was written"):
        evaluated([WHOLE_MOST], Project(scan, {"found": narrow(doubled.numerator)}))


def test_an_order_whose_amount_cannot_be_meant_stops_the_calculation_with_its_reason() -> None:
    facts = world(Random(1), "EUR", 3)
    huge = replace(facts.orders[0], amount=Decimal(10) ** 17)

    with pytest.raises(FigureTooLarge, match="Correct the fact"):
        SetBasedCalculator().calculate(
            typed("agency-energy"),
            replace(facts, orders=(huge, *facts.orders[1:])),
            since=None,
            until=Month(2026, 6),
        )


def test_a_line_of_more_than_a_ledger_may_hold_is_left_to_the_reference_engine() -> None:
    facts = world(Random(1), "EUR", 3)
    large = replace(facts.orders[0], amount=Decimal(10) ** 15)

    with pytest.raises(FigureTooLarge, match="more than any ledger holds"):
        SetBasedCalculator().calculate(
            typed("agency-energy"),
            replace(facts, orders=(large, *facts.orders[1:])),
            since=None,
            until=Month(2026, 6),
        )
