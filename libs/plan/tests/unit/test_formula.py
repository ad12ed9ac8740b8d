from datetime import date
from fractions import Fraction

import pytest

from premia_plan.language import FactMissing, FormulaRefused, Names, Value, read_formula
from premia_plan.quantities import Unit

NAMES = Names(
    {
        "credit.amount": Unit.MONEY,
        "rate": Unit.RATE,
        "order.kwp": Unit.COUNT,
        "order.partner": Unit.TEXT,
        "order.signed_on": Unit.DATE,
        "android": Unit.COUNT,
    },
    frozenset({"activated", "cancelled"}),
    "EUR",
)


class Known:
    def __init__(self, **values: Value) -> None:
        self.values = {key.replace("__", "."): value for key, value in values.items()}

    def value(self, name: str) -> Value | None:
        return self.values.get(name)

    def day_reached(self, state: str) -> date | None:
        return date(2026, 3, 4) if state == "activated" else None


SCOPE = Known(
    credit__amount=Fraction(1200),
    rate=Fraction(3, 100),
    order__kwp=Fraction(9, 2),
    order__signed_on=date(2026, 2, 20),
    android=Fraction(2),
)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("credit.amount * rate", Unit.MONEY, Fraction(36)),
        ("credit.amount / 3", Unit.MONEY, Fraction(400)),
        ("2 + 3 * 4 - -1", Unit.COUNT, Fraction(15)),
        ("(2 + 3) * 4", Unit.COUNT, Fraction(20)),
        ("10 - 4 - 3", Unit.COUNT, Fraction(3)),
        ("order.kwp * 12.50 EUR", Unit.MONEY, Fraction("56.25")),
        ("credit.amount / 2 400 EUR", Unit.RATE, Fraction(1, 2)),
        ("android + 1", Unit.COUNT, Fraction(3)),
        ("rate >= 3 %", Unit.BOOL, True),
        ("rate > 3 %", Unit.BOOL, False),
        ("order.partner is known", Unit.BOOL, False),
        ("order.partner is not known", Unit.BOOL, True),
        ('order.partner = "X"', Unit.BOOL, False),
        ('order.partner != "X"', Unit.BOOL, False),
        ('order.partner in ["X", "Y"]', Unit.BOOL, False),
        ("order reached activated", Unit.BOOL, True),
        ("order reached cancelled or order reached activated", Unit.BOOL, True),
        ("order reached cancelled and order reached activated", Unit.BOOL, False),
        ("not order reached cancelled", Unit.BOOL, True),
        ("day of activated", Unit.DATE, date(2026, 3, 4)),
        ("day of cancelled", Unit.DATE, None),
        ("order.signed_on < 2026-03-01", Unit.BOOL, True),
        ("true or false", Unit.BOOL, True),
    ],
)
def test_a_formula_gives_its_exact_value(text: str, unit: Unit, value: Value | None) -> None:
    formula = read_formula(text, "/x", NAMES)

    assert (formula.unit, formula.evaluate(SCOPE)) == (unit, value)


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("credit.amount + rate", "unit.mixed", "money + rate has no meaning"),
        ("credit.amount * credit.amount", "unit.mixed", "money * money"),
        ("rate >= 92", "unit.mixed", "rate cannot be compared with count"),
        ("credit.amont * rate", "name.unknown", "Did you mean credit.amount?"),
        ("order reached activted", "state.unknown", "Did you mean activated?"),
        ("order.partner > 3", "unit.mixed", "text cannot be compared with count"),
        ('order.partner > "a"', "unit.no_order", "Use = or != or in"),
        ("order.partner * 2", "unit.not_a_number", "cannot be used on text"),
        ("not rate", "unit.not_a_condition", "rate is not a condition"),
        ("3 USD", "unit.currency", "Write the amount in EUR"),
        ("2 * ", "formula.unreadable", "at character 5 the end does not fit"),
        ("rate ~ 3", "formula.unreadable", "at character 6 '~'"),
        ("2026-13-01 < 2026-01-01", "formula.unreadable", "not a day of the calendar"),
        ("__import__('os')", "formula.unreadable", "at character"),
        ("-" * 400 + "1", "formula.unreadable", "nests more than 40 steps"),
        ("1" * 600, "formula.unreadable", "longer than 500 characters"),
    ],
)
def test_a_formula_that_has_no_meaning_is_refused_with_a_hint(
    text: str, code: str, part: str
) -> None:
    with pytest.raises(FormulaRefused) as error:
        read_formula(text, "/x", NAMES)

    assert error.value.code == code
    assert part in str(error.value)


@pytest.mark.parametrize("text", ["credit.amount * rate", "2 / (android - 2)"])
def test_calculating_with_what_is_unknown_says_so(text: str) -> None:
    formula = read_formula(text, "/x", NAMES)

    with pytest.raises(FactMissing):
        formula.evaluate(Known(credit__amount=Fraction(1), android=Fraction(2)))
