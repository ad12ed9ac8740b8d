"""The verifier's own reading of formulas gives what the language's manual says."""

from datetime import date
from fractions import Fraction

import pytest

from premia_plan.language.functions import FUNCTIONS
from premia_verifier.formula import evaluate


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_every_function_gives_what_its_example_says(function) -> None:
    value = evaluate(function.example.formula, {})

    said = date.fromisoformat if isinstance(value, date) else Fraction
    assert value == said(function.example.gives)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4", "3"),
        ("(1 + 2) * 3", "9"),
        ("-2 ^ 2", "-4"),
        ("2 * -3", "-6"),
        ("7 - 2 - 1", "4"),
        ("12 / 4 / 3", "1"),
        ("10 % * 1 200.50 EUR", "120.05"),
        ("0.12 EUR/kWh * 100 kWh", "12"),
        ("a / b else 5", "5"),
        ("b / a else 5", "0"),
        ("a / b else c otherwise 4", "4"),
        ("if a / 2 > 1 then a / 2 else 7", "2"),
        ("if a > 5 then 1 else if a > 3 then 2 else 3", "2"),
        ("if c is known then 1 else 2", "2"),
        ("if c is not known and a is known then 1 else 2", "1"),
        ("if c > 0 or not c > 0 then 1 else 2", "1"),
        ("c otherwise a", "4"),
        ("-c otherwise a", "-4"),
        ("2 * c otherwise 3", "6"),
        ("min(a, 3, b)", "0"),
        ("round(a / 3, to: cent)", "1.33"),
        ("round(-2.5, to: 1)", "-3"),
        ("round(2.5, to: 1, half_even)", "2"),
        ("round(2.1, to: 1, up)", "3"),
        ("round(-2.9, to: 1, down)", "-2"),
        ("round(17 %, to: 10 %)", "0.2"),
        ("previous year of a * 2", "22"),
        ("earned base before reversals + a", "17"),
        ("order.kwp * 1", "6"),
        ("if order reached activated then 1 else 2", "1"),
        ("if order reached cancelled then 1 else 2", "2"),
        ("if line reached delivered then 1 else 2", "1"),
        ("days between(day of activated, 2026-03-06)", "2"),
        ('if t in ["x", "gas"] then 1 else 2', "1"),
        ('if t not in ["x", "gas"] then 1 else 2', "2"),
        ('if t starts with "ga" and t ends with "s" and t contains "a" then 1 else 2', "1"),
        ('if t = "\\"or\\"" then 1 else 2', "2"),
        ("if a in [-4, 4] then 1 else 2", "1"),
        ("if true and not false then 1 else 2", "1"),
        ("months  between(2026-03-31,\n  2026-01-31)", "-2"),
    ],
)
def test_a_formula_gives_its_value(text: str, value: str) -> None:
    inputs = {
        "a": Fraction(4),
        "b": Fraction(0),
        "c": None,
        "t": "gas",
        "order.kwp": Fraction(6),
        "previous year of a": Fraction(11),
        "earned base before reversals": Fraction(13),
        "reached activated": date(2026, 3, 4),
        "reached cancelled": None,
        "line reached delivered": True,
        "day of activated": date(2026, 3, 4),
    }

    assert evaluate(text, inputs) == Fraction(value)


@pytest.mark.parametrize("text", ["c + 1", "1 / b", "min(c, 2)", "-c", "c ^ 2"])
def test_what_rests_on_something_unknown_is_unknown(text: str) -> None:
    assert evaluate(text, {"b": Fraction(0), "c": None}) is None
