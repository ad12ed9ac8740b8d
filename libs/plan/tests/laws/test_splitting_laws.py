"""Splits always add up, and every band's part of a base is counted once."""

from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_plan.apportion import (
    Leftover,
    release_units,
    round_units,
    split_units,
    spread_units,
    taken_units,
)
from premia_plan.checked import Band, Tiers
from premia_plan.language import Names, read_formula
from premia_plan.quantities import Unit
from premia_plan.reference.tier import climb

amounts = st.integers(-(10**9), 10**9)
ratios = st.builds(Fraction, st.integers(0, 997), st.just(997))
weighings = st.lists(
    st.builds(Fraction, st.integers(-997, 997), st.just(997)), min_size=1, max_size=8
)


@settings(max_examples=40, deadline=None)
@given(total=amounts, weights=weighings)
def test_the_parts_of_a_split_add_up_and_lie_within_a_cent(
    total: int, weights: list[Fraction]
) -> None:
    counted = [max(Fraction(0), weight) for weight in weights]
    if sum(counted) == 0:
        with pytest.raises(ValueError, match="none is above zero"):
            split_units(total, weights)
        return

    parts = split_units(total, weights)

    assert sum(parts) == total
    for part, weight in zip(parts, counted, strict=True):
        assert abs(part - Fraction(total) * weight / sum(counted)) < 1


@settings(max_examples=60, deadline=None)
@given(total=amounts, weights=weighings)
def test_what_is_spread_is_all_spread_and_no_part_has_the_other_sign(
    total: int, weights: list[Fraction]
) -> None:
    parts = spread_units(total, weights)

    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)
    if not any(weight > 0 for weight in weights):
        assert max(parts) - min(parts) <= 1


@settings(max_examples=40, deadline=None)
@given(total=amounts, weights=st.lists(ratios, min_size=1, max_size=8))
def test_a_negative_amount_splits_like_its_absolute_value(
    total: int, weights: list[Fraction]
) -> None:
    if sum(weights) > 0:
        assert split_units(-total, weights) == [-part for part in split_units(total, weights)]


@settings(max_examples=40, deadline=None)
@given(total=amounts, shares=st.lists(ratios, max_size=5))
def test_release_shares_add_up_and_none_has_the_other_sign(
    total: int, shares: list[Fraction]
) -> None:
    parts = release_units(total, [*shares, None])

    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)


@settings(max_examples=40, deadline=None)
@given(released=amounts, ratio=ratios)
def test_never_more_than_what_was_released_is_taken(released: int, ratio: Fraction) -> None:
    taken = taken_units(released, ratio)

    assert abs(taken) <= abs(released)
    assert taken * released >= 0
    assert taken_units(released, Fraction(1)) == released


@settings(max_examples=40, deadline=None)
@given(value=st.fractions(), places=st.integers(0, 4))
def test_rounding_is_to_the_nearest_and_symmetric(value: Fraction, places: int) -> None:
    units = round_units(value, places)

    assert abs(units - value * 10**places) <= Fraction(1, 2)
    assert round_units(-value, places) == -units


@st.composite
def some_tiers(draw: st.DrawFn) -> Tiers:
    starts = [Fraction(0), *sorted(draw(st.sets(st.integers(1, 300), max_size=5)))]
    gives = sorted(draw(st.integers(0, 50)) for _ in starts)
    bands = tuple(
        Band(Fraction(start), Fraction(rate, 1000), "")
        for start, rate in zip(starts, gives, strict=True)
    )
    m = read_formula("m", "", Names({"m": Unit.MONEY}))
    return Tiers("marginal", "m", None, "m", bands, Unit.RATE, "", m, m)


def marginal(tiers: Tiers, base: Fraction) -> Fraction:
    steps = climb(tiers, looked_up=base, pays_on=base, edge=Fraction(1))
    assert sum((step.base for step in steps), Fraction(0)) == base
    return sum((step.amount for step in steps), Fraction(0))


def oracle(tiers: Tiers, base: Fraction) -> Fraction:
    """The area under the rate, written as what each start adds from there on."""
    total, previous = Fraction(0), Fraction(0)
    for band in tiers.bands:
        total += max(Fraction(0), base - band.starts) * (band.gives - previous)
        previous = band.gives
    return total


bases = st.fractions(0, 1000, max_denominator=100)


@settings(max_examples=40, deadline=None)
@given(tiers=some_tiers(), base=bases)
def test_marginal_bands_cut_the_whole_base_and_pay_what_the_oracle_says(
    tiers: Tiers, base: Fraction
) -> None:
    assert marginal(tiers, base) == oracle(tiers, base)


@settings(max_examples=40, deadline=None)
@given(tiers=some_tiers(), one=bases, two=bases)
def test_marginal_tiers_never_pay_less_for_more(tiers: Tiers, one: Fraction, two: Fraction) -> None:
    less, more = sorted((one, two))

    assert marginal(tiers, less) <= marginal(tiers, more)


@settings(max_examples=40, deadline=None)
@given(tiers=some_tiers(), base=st.fractions(-1000, 0, max_denominator=100))
def test_a_base_below_zero_reaches_no_band(tiers: Tiers, base: Fraction) -> None:
    assert climb(tiers, looked_up=base, pays_on=base, edge=Fraction(1)) == ()


@settings(max_examples=40, deadline=None)
@given(total=amounts, weights=weighings, leftover=st.sampled_from(get_args(Leftover)))
def test_whoever_takes_leftover_cents_all_is_given_and_nobody_else_gets_more(
    total: int, weights: list[Fraction], leftover: Leftover
) -> None:
    parts = spread_units(total, weights, leftover)
    counted = [max(Fraction(0), weight) for weight in weights]
    exact = counted if any(counted) else [Fraction(1)] * len(weights)
    rounded_down = [int(abs(total) * weight / sum(exact)) for weight in exact]
    more = [abs(part) - least for part, least in zip(parts, rounded_down, strict=True)]

    assert sum(parts) == total
    assert min(more) >= 0
    takers = [index for index, units in enumerate(more) if units]
    weighing = [index for index, weight in enumerate(exact) if weight]
    if leftover != "largest fraction":
        assert len(takers) <= 1
        assert (
            set(takers)
            <= {
                "first": {weighing[0]},
                "last": {weighing[-1]},
                "largest amount": {index for index in weighing if exact[index] == max(exact)},
            }[leftover]
        )
