import copy
import pickle

import pytest

from premia_plan.quantities import NotAQuantity, Quantity, quantity, written_quantity
from premia_plan.unit import Unit, UnitUnreadable, unit_in_words

KWH, PRICE = Unit("kWh"), Unit("money/kWh")


@pytest.mark.parametrize(
    ("left", "right", "product", "quotient"),
    [
        (Unit.MONEY, Unit.RATE, "money", "money"),
        (Unit.MONEY, Unit.COUNT, "money", "money"),
        (Unit.MONEY, Unit.MONEY, None, "rate"),
        (Unit.RATE, Unit.RATE, "rate", "rate"),
        (Unit.RATE, Unit.COUNT, "rate", "rate"),
        (Unit.COUNT, Unit.RATE, "rate", "count"),
        (Unit.COUNT, Unit.COUNT, "count", "count"),
        (PRICE, KWH, "money", "money/kWh^2"),
        (Unit.MONEY, KWH, "money*kWh", "money/kWh"),
        (Unit.MONEY, PRICE, None, "kWh"),
        (KWH, KWH, "kWh^2", "rate"),
        (Unit.COUNT, KWH, "kWh", "1/kWh"),
        (KWH, Unit.DAYS, "days*kWh", "kWh/days"),
        (Unit.DATE, Unit.COUNT, None, None),
        (Unit.MONEY, Unit.TEXT, None, None),
        (Unit.BOOL, Unit.BOOL, None, None),
    ],
)
def test_units_are_multiplied_and_divided(
    left: Unit, right: Unit, product: str | None, quotient: str | None
) -> None:
    assert left.times(right) == product
    assert left.over(right) == quotient


def test_equal_units_are_one_object_even_after_copying() -> None:
    assert Unit("money/kWh") is PRICE
    assert pickle.loads(pickle.dumps(PRICE)) is PRICE
    assert copy.deepcopy(PRICE) is PRICE
    assert Unit("kWh*money") is Unit("money*kWh")
    assert {Unit.MONEY: 1}["money"] == 1


def test_powers_of_units_stay_small_and_money_has_none() -> None:
    assert KWH.to_the(2) == "kWh^2"
    assert KWH.to_the(0) is Unit.COUNT
    assert Unit.RATE.to_the(3) is Unit.RATE
    assert Unit.MONEY.to_the(2) is None
    assert Unit("kWh^3").times(Unit("kWh^2")) is None


@pytest.mark.parametrize("text", ["", "/kWh", "money/", "a b", "1", "kWh^x", "kWh/kWh", "rate/kWh"])
def test_other_texts_are_no_units(text: str) -> None:
    with pytest.raises(UnitUnreadable):
        Unit(text)


def test_a_plan_writes_units_in_words() -> None:
    assert unit_in_words("money per kWh", {"kWh"}) is PRICE
    assert unit_in_words("percent") is Unit.RATE
    assert unit_in_words("kWh", {"kWh"}) is KWH
    assert unit_in_words("months") is Unit.MONTHS
    for text in ("kWh", "money per kWp", "text per kWh", "money per money", "percent per kWh"):
        with pytest.raises(UnitUnreadable):
            unit_in_words(text, {"kWh"} if text != "kWh" else ())


def test_quantities_are_read_with_their_units() -> None:
    assert quantity("0.12 EUR/kWh", {"kWh"}) == Quantity(12 * quantity("0.01").value, PRICE, "EUR")
    assert quantity("-3 kWh", {"kWh"}).unit is KWH
    assert quantity("1 month").unit is Unit.MONTHS
    assert quantity("12 EUR").currency == "EUR"
    assert written_quantity("5 m3").unit == "m3"


@pytest.mark.parametrize(
    "text", ["12 kWp", "12 rate", "12 EUR/USD", "kWh", "12 kWh/kWh", "12 text"]
)
def test_other_texts_are_no_quantities(text: str) -> None:
    with pytest.raises(NotAQuantity):
        quantity(text, {"kWh"})
