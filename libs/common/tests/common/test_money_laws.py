from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premia_common.canonical import canonical_json
from premia_common.contracts.fields import MoneyOut
from premia_common.money import CurrencyMismatch, Money, UnknownCurrency, round_half_up

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
weights = st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(lambda w: sum(w) > 0)


@given(amounts, weights, st.data())
def test_a_split_adds_up_and_gives_the_remainder_to_one_part(amount, parts, data):
    taker = data.draw(st.integers(0, len(parts) - 1))
    money = Money(amount, "EUR")

    split = money.split(parts, remainder_to=taker)

    assert sum((part.amount for part in split), Decimal(0)) == money.amount
    for index, (part, weight) in enumerate(zip(split, parts, strict=True)):
        exact = Fraction(amount) * weight / sum(parts)
        if index != taker:
            assert abs(Fraction(part.amount)) <= abs(exact)
            assert abs(Fraction(part.amount) - exact) < Fraction(1, 100)


@given(amounts, weights)
def test_a_negative_split_mirrors_the_positive_one(amount, parts):
    plus = Money(amount, "EUR").split(parts, remainder_to=0)
    minus = Money(-amount, "EUR").split(parts, remainder_to=0)

    assert minus == tuple(-part for part in plus)


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(0, 4))
def test_rounding_goes_to_the_nearest_and_half_away_from_zero(value, places):
    unit = Fraction(1, 10**places)

    rounded = Fraction(round_half_up(value, places))

    assert abs(rounded - value) <= unit / 2
    assert round_half_up(-value, places) == -round_half_up(value, places)
    if abs(rounded - value) == unit / 2:
        assert abs(rounded) > abs(value)


@given(amounts)
def test_an_amount_survives_the_wire(amount):
    money = Money(amount, "EUR")

    assert MoneyOut.model_validate_json(MoneyOut.of(money).model_dump_json()).money() == money


@pytest.mark.parametrize("refused", ["1.005", "NaN", "Infinity", "1,00", "", "1e400"])
def test_what_is_no_amount_of_cents_is_refused(refused):
    with pytest.raises(ValueError, match=r"amount|finer"):
        Money(refused, "EUR")


def test_floats_currencies_and_sums_that_make_no_sense_are_refused():
    with pytest.raises(TypeError, match="float"):
        Money(0.1, "EUR")  # type: ignore[arg-type]
    with pytest.raises(UnknownCurrency, match="use one of"):
        Money(1, "XXX")
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(TypeError, match="float"):
        canonical_json({"a": [1, 0.5]})


@pytest.mark.parametrize("amount", [1.5, 2, "1e2", " 1", "0x10", "1.234", "\u0661"])
def test_money_on_the_wire_is_plain_text_in_minor_units(amount):
    with pytest.raises(ValueError, match=r"amount|finer|decimal"):
        MoneyOut.model_validate({"amount": amount, "currency": "EUR"})
