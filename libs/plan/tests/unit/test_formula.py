from datetime import date
from fractions import Fraction

import pytest

from premia_plan.language import (
    FactMissing,
    Names,
    NumberTooLarge,
    Value,
    evaluate_inputs,
    read_formula,
)
from premia_plan.language.formula import names_in
from premia_plan.quantities import Unit

KWH = Unit("kWh")
NAMES = Names(
    {
        "credit.amount": Unit.MONEY,
        "rate": Unit.RATE,
        "order.kwp": Unit.COUNT,
        "order.partner": Unit.TEXT,
        "order.category": Unit.TEXT,
        "order.signed_on": Unit.DATE,
        "order.energy": KWH,
        "order.price": Unit("money/kWh"),
        "order.points": Unit("point"),
        "android": Unit.COUNT,
        "missing": Unit.MONEY,
        "missing_date": Unit.DATE,
        "value": Unit.MONEY,
        "attainment": Unit.RATE,
    },
    frozenset({"activated", "cancelled"}),
    "EUR",
    quantities=frozenset({"kWh", "point"}),
    fact_states={"line": frozenset({"delivered"}), "credit note": frozenset({"issued"})},
    figures=frozenset({"value", "attainment"}),
    components=frozenset({"base"}),
    hierarchies=frozenset({"sales"}),
    populations=frozenset({"field"}),
)


class Known:
    def __init__(self, values: dict[str, Value]) -> None:
        self.values = values

    def value(self, name: str) -> Value | None:
        return self.values.get(name)

    def day_reached(self, state: str) -> date | None:
        return date(2026, 3, 4) if state == "activated" else None


SCOPE = Known(
    {
        "credit.amount": Fraction(1200),
        "rate": Fraction(3, 100),
        "order.kwp": Fraction(9, 2),
        "order.category": "gas",
        "order.signed_on": date(2026, 2, 20),
        "order.energy": Fraction(100),
        "order.price": Fraction("0.12"),
        "order.points": Fraction(7),
        "android": Fraction(2),
        "line reached delivered": True,
        "day of line delivered": date(2026, 3, 9),
        "value": Fraction(500),
        "previous year of value": Fraction(400),
        "value to date": Fraction(900),
        "value of the team along sales": Fraction(5000),
        "rank of value among field": Fraction(2),
        "earned base before reversals": Fraction(36),
    }
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
        ("credit.amount * 1/3", Unit.MONEY, Fraction(400)),
        ("android + 1", Unit.COUNT, Fraction(3)),
        ("12 kWh + 3 kWh", KWH, Fraction(15)),
        ("order.energy * order.price", Unit.MONEY, Fraction(12)),
        ("order.energy * 0.10 EUR/kWh", Unit.MONEY, Fraction(10)),
        ("credit.amount / 100 kWh", Unit("money/kWh"), Fraction(12)),
        ("order.points + 3 points", Unit("point"), Fraction(10)),
        ("order.points + 1 point", Unit("point"), Fraction(8)),
        ("2 ^ 3 + rate ^ 0", Unit.COUNT, Fraction(9)),
        ("-3 ^ 2", Unit.COUNT, Fraction(-9)),
        ("(100 % + rate) ^ 2", Unit.RATE, Fraction("1.0609")),
        ("1 / 3", Unit.COUNT, Fraction(1, 3)),
    ],
)
def test_a_calculation_gives_its_exact_value(text: str, unit: Unit, value: Value | None) -> None:
    formula = read_formula(text, "/x", NAMES)

    assert (formula.unit, formula.evaluate(SCOPE)) == (unit, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("credit.amount / (android - 2) else 7 EUR", Fraction(7)),
        ("credit.amount / (android - 1) else 7 EUR", Fraction(1200)),
        ("credit.amount / value else 0", Fraction(12, 5)),
        ("value / (value - value) else 0", Fraction(0)),
        ("if rate > 2 % then credit.amount / 2 else 0", Fraction(600)),
        ("if rate > 3 % then credit.amount / 2 else 0", Fraction(0)),
        ("if rate > 3 % then value / android else 0 else 1 EUR", Fraction(1)),
        ("if rate > 5 % then 1 else if rate > 2 % then 2 else 3", Fraction(2)),
        ("missing otherwise 5 EUR", Fraction(5)),
        ("(missing + 1 EUR) otherwise value * 2", Fraction(1000)),
        ("value otherwise 5 EUR", Fraction(500)),
        ("min(credit.amount, value, 700 EUR)", Fraction(500)),
        ("max(-value, 0)", Fraction(0)),
        ("abs(-3.5)", Fraction(7, 2)),
        ("floor(-1.5)", Fraction(-2)),
        ("floor(order.kwp)", Fraction(4)),
    ],
)
def test_a_choice_takes_the_value_it_names(text: str, value: Fraction) -> None:
    assert read_formula(text, "/x", NAMES).evaluate(SCOPE) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("round(0.005, to: cent)", Fraction(1, 100)),
        ("round(-0.005, to: cent)", Fraction(-1, 100)),
        ("round(0.005, to: cent, half_even)", Fraction(0)),
        ("round(0.015, to: cent, half_even)", Fraction(2, 100)),
        ("round(0.019, to: cent, down)", Fraction(1, 100)),
        ("round(-0.019, to: cent, down)", Fraction(-1, 100)),
        ("round(0.011, to: cent, up)", Fraction(2, 100)),
        ("round(-0.011, to: cent, up)", Fraction(-2, 100)),
        ("round(37 %, to: 10 %)", Fraction(4, 10)),
        ("round(35 %, to: 10 %)", Fraction(4, 10)),
        ("round(1234.5678, to: 0.001)", Fraction("1234.568")),
        ("round(123 EUR, to: 5 EUR)", Fraction(125)),
        ("round(7, to: 2, down)", Fraction(6)),
    ],
)
def test_rounding_goes_to_a_multiple_of_its_place(text: str, value: Fraction) -> None:
    assert read_formula(text, "/x", NAMES).evaluate(SCOPE) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("rate >= 3 %", True),
        ("rate > 3 %", False),
        ("value > 0", True),
        ("0 > value", False),
        ("order.partner is known", False),
        ("order.partner is not known", True),
        ('order.partner = "X"', False),
        ('order.partner != "X"', False),
        ('order.partner in ["X", "Y"]', False),
        ('order.category in ["power", "gas"]', True),
        ('order.category not in ["power", "gas"]', False),
        ("android in [-1, 2]", True),
        ('order.category starts with "g"', True),
        ('order.category ends with "g"', False),
        ('order.category contains "as"', True),
        ('order.partner contains "as"', False),
        ("missing * 2 > 1 EUR", False),
        ("missing * 2 <= 1 EUR", False),
        ("missing * 2 is known", False),
        ("value * 2 is known", True),
        ("order reached activated", True),
        ("order reached cancelled or order reached activated", True),
        ("order reached cancelled and order reached activated", False),
        ("not order reached cancelled", True),
        ("line reached delivered", True),
        ("credit note reached issued", False),
        ("order.signed_on < 2026-03-01", True),
        ("missing_date < 2026-03-01", False),
        ("day of cancelled is known", False),
        ("true or false", True),
        ("not true and false", False),
        ("days between(order.signed_on, day of activated) = 12 days", True),
        ("days between(order.signed_on, day of cancelled) >= 0", False),
    ],
)
def test_a_condition_holds_or_not(text: str, value: bool) -> None:
    formula = read_formula(text, "/x", NAMES)

    assert (formula.unit, formula.evaluate(SCOPE)) == (Unit.BOOL, value)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("day of activated", Unit.DATE, date(2026, 3, 4)),
        ("day of line delivered", Unit.DATE, date(2026, 3, 9)),
        ("day of cancelled", Unit.DATE, None),
        ("add days(day of cancelled, 3)", Unit.DATE, None),
        ("add days(day of activated, 30 days)", Unit.DATE, date(2026, 4, 3)),
        ("add days(2026-03-01, -1)", Unit.DATE, date(2026, 2, 28)),
        ("add days(2026-03-01, 1.9)", Unit.DATE, date(2026, 3, 2)),
        ("add months(2026-03-31, 1)", Unit.DATE, date(2026, 4, 30)),
        ("add months(2026-03-31, -1 * 1)", Unit.DATE, date(2026, 2, 28)),
        ("add months(2024-02-29, 12 months)", Unit.DATE, date(2025, 2, 28)),
        ("first day of quarter(2026-06-30)", Unit.DATE, date(2026, 4, 1)),
        ("last day of half(2026-06-30)", Unit.DATE, date(2026, 6, 30)),
        ("last day of year(order.signed_on)", Unit.DATE, date(2026, 12, 31)),
        ("last day of month(2028-02-01)", Unit.DATE, date(2028, 2, 29)),
        ("day(2026, 2, 31)", Unit.DATE, date(2026, 2, 28)),
        ("min(day of activated, order.signed_on)", Unit.DATE, date(2026, 2, 20)),
        ("days between(2026-03-31, 2026-03-01)", Unit.DAYS, Fraction(-30)),
        ("months between(2026-01-31, 2026-02-28)", Unit.MONTHS, Fraction(1)),
        ("months between(2026-01-15, 2026-03-14)", Unit.MONTHS, Fraction(1)),
        ("months between(2026-03-14, 2026-01-15)", Unit.MONTHS, Fraction(-1)),
        ("started months between(2026-01-15, 2026-03-15)", Unit.MONTHS, Fraction(2)),
        ("started months between(2026-01-15, 2026-03-16)", Unit.MONTHS, Fraction(3)),
        ("started months between(2026-01-15, 2026-01-15)", Unit.MONTHS, Fraction(0)),
        (
            "year of(order.signed_on) * 100 + month of(order.signed_on)",
            Unit.COUNT,
            Fraction(202602),
        ),
        ("quarter of(2026-04-01) + day of month(2026-04-01)", Unit.COUNT, Fraction(3)),
        ("12 months", Unit.MONTHS, Fraction(12)),
        (
            "30 days / days between(2026-03-01, 2026-03-31) else 0",
            Unit.RATE,
            Fraction(1),
        ),
    ],
)
def test_days_are_reckoned_with(text: str, unit: Unit, value: Value | None) -> None:
    formula = read_formula(text, "/x", NAMES)

    assert (formula.unit, formula.evaluate(SCOPE)) == (unit, value)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("value / previous year of value else 0", Unit.RATE, Fraction(5, 4)),
        ("value  to   date", Unit.MONEY, Fraction(900)),
        ("value of the team along sales", Unit.MONEY, Fraction(5000)),
        ("rank of value among field", Unit.COUNT, Fraction(2)),
        ("earned base before reversals", Unit.MONEY, Fraction(36)),
        (
            "sum of previous month of attainment below along sales otherwise 1 %",
            Unit.RATE,
            Fraction(1, 100),
        ),
    ],
)
def test_a_name_with_words_is_looked_up_under_its_whole_text(
    text: str, unit: Unit, value: Value
) -> None:
    formula = read_formula(text, "/x", NAMES)

    assert (formula.unit, formula.evaluate(SCOPE)) == (unit, value)


def test_texts_keep_quotation_marks_backslashes_and_new_lines() -> None:
    formula = read_formula(r'"a \"b\" \\ \n\t."', "/x", NAMES)

    assert formula.evaluate(SCOPE) == 'a "b" \\ \n\t.'


def test_inputs_are_all_a_formula_looks_up_each_once_in_order() -> None:
    formula = read_formula(
        "if order reached activated and line reached delivered then value + previous year of value"
        " + value else if day of cancelled > order.signed_on then 0 else earned base",
        "/x",
        NAMES,
    )

    assert formula.inputs == (
        "reached activated",
        "line reached delivered",
        "value",
        "previous year of value",
        "day of cancelled",
        "order.signed_on",
        "earned base",
    )
    assert formula.names == (
        "line reached delivered",
        "value",
        "previous year of value",
        "order.signed_on",
        "earned base",
    )
    assert formula.states == {"activated", "cancelled"}
    assert names_in(formula.text) == ("base", "order.signed_on", "value")


def test_a_formula_is_evaluated_again_from_its_inputs_alone() -> None:
    text = "if order reached activated then days between(a, day of activated) otherwise 0 else b"
    reached = {"reached activated": date(2026, 3, 4), "day of activated": date(2026, 3, 4)}

    assert evaluate_inputs(text, {**reached, "a": date(2026, 3, 1)}) == 3
    assert evaluate_inputs(text, reached) == 0
    assert evaluate_inputs(text, {"reached activated": False, "b": Fraction(7)}) == 7
    assert evaluate_inputs("order reached activated", {"reached activated": True}) is True
    assert evaluate_inputs("line reached delivered", {"line reached delivered": True}) is True
    assert evaluate_inputs("previous year of x * 2", {"previous year of x": Fraction(2)}) == 4


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("missing * 2", "missing"),
        ("value + missing * rate", "missing"),
        ("round(missing, to: cent)", "missing"),
        ("if rate > 2 % then missing else 0", "missing"),
        ("max(value, earned base)", "earned base"),
        ("value / missing else 0", "missing"),
        ("days between(order.signed_on, day of cancelled)", "day of cancelled"),
        ("(if rate > 2 % then missing else value) * 2", "missing"),
        ("missing otherwise previous month of value", "missing"),
    ],
)
def test_calculating_with_what_is_unknown_names_it(text: str, name: str) -> None:
    formula = read_formula(text, "/x", NAMES)

    with pytest.raises(FactMissing) as error:
        formula.evaluate(SCOPE)

    assert error.value.name == name


def test_a_name_alone_may_be_unknown() -> None:
    assert read_formula("missing", "/x", NAMES).evaluate(SCOPE) is None


@pytest.mark.parametrize(
    "text",
    [
        "((((((10000000 ^ 4) ^ 4) ^ 4) ^ 4) ^ 4) ^ 4) ^ 4",
        "((((((1 / 10000007) ^ 4) ^ 4) ^ 4) ^ 4) ^ 4) ^ 4",
        "add days(2026-01-01, 10 ^ 4 * 10 ^ 4)",
        "add months(2026-01-01, 0 - 10 ^ 4 * 10 ^ 4)",
        "add days(2026-01-01, 1000000000000000000000)",
        "day(2026, 13, 1)",
        "day(0, 1, 1)",
    ],
)
def test_a_number_or_date_beyond_all_plans_is_an_error(text: str) -> None:
    formula = read_formula(text, "/x", NAMES)

    with pytest.raises(NumberTooLarge, match="too large"):
        formula.evaluate(SCOPE)
