import pytest

from premia_plan.language import FormulaRefused, Names, read_formula
from premia_plan.quantities import Unit

NAMES = Names(
    {
        "credit.amount": Unit.MONEY,
        "rate": Unit.RATE,
        "order.kwp": Unit.COUNT,
        "order.partner": Unit.TEXT,
        "order.signed_on": Unit.DATE,
        "order.energy": Unit("kWh"),
        "value": Unit.MONEY,
        "plain": Unit.MONEY,
    },
    frozenset({"activated", "cancelled"}),
    "EUR",
    quantities=frozenset({"kWh", "MWh"}),
    fact_states={"line": frozenset({"delivered"})},
    figures=frozenset({"value"}),
    components=frozenset({"base"}),
    hierarchies=frozenset({"sales"}),
    populations=frozenset({"field"}),
)


def refused(text: str, names: Names = NAMES) -> FormulaRefused:
    with pytest.raises(FormulaRefused) as error:
        read_formula(text, "/x", names)
    return error.value


READING = [
    ("2 * ", "formula.unreadable", "", "the formula ends too early"),
    ("", "formula.unreadable", "", "the formula is empty"),
    ("rate ~ 3", "formula.unreadable", "~", "'~' does not fit there"),
    ("rate and", "formula.unreadable", "", "ends too early"),
    ("* 3", "formula.unreadable", "*", "'*' does not fit"),
    ("else", "formula.unreadable", "else", "a value is missing before it"),
    ("rate = 1,5", "formula.decimal_comma", ",", "Decimals follow a point"),
    ("rate == 3 %", "formula.foreign_sign", "==", "Write = instead"),
    ("rate > 1 % && value > 0", "formula.foreign_sign", "&&", "Write and instead"),
    ("rate > 1 % || value > 0", "formula.foreign_sign", "||", "Write or instead"),
    ("value ≥ 3 EUR", "formula.foreign_sign", "≥", "Write >= instead"),
    ("order.partner = “gas”", "formula.foreign_sign", "“", 'Write " instead'),
    ("order.partner = 'gas'", "formula.foreign_sign", "'", 'Write " instead'),
    ("value > 3 €", "formula.foreign_sign", "€", "Write EUR instead"),
    ("value <> 3 EUR", "formula.foreign_sign", "<>", "Write != instead"),
    ("value * %", "formula.percent", "%", "value * 3 %"),
    ('order.partner = "gas', "formula.open_text", '"gas', "does not end"),
    ('"a\\q"', "formula.escape", "\\q", "backslash"),
    ("(rate + 1 %", "formula.bracket", "(", "is not closed"),
    ("min(value, 1 EUR", "formula.bracket", "(", "is not closed"),
    ("rate + 1 %)", "formula.bracket", ")", "closes nothing"),
    ("if rate > 1 % then 3", "formula.no_else", "", "Say what holds otherwise"),
    ("if rate > 1 % then value / rate else 0", "formula.no_else", "", "Write both"),
    ("Rate * 3", "formula.capitals", "Rate", "small letters: rate"),
    ("value rate", "formula.no_operator", "rate", "nothing joins rate"),
    ("value x rate", "formula.no_operator", "x", "To multiply, write *"),
    ("value between 1 and 3", "formula.no_operator", "between", "value >= 1 and value <= 3"),
    ("max(value; 3 EUR)", "formula.foreign_sign", ";", "Write , instead"),
    ("minimum(value, 0)", "function.unknown", "minimum", "Did you mean min(…)?"),
    ("months betwen(order.signed_on, order.signed_on)", "function.unknown", "months betwen",
     "Did you mean months between(…)?"),
    ("lookup(value)", "function.unknown", "lookup", "The functions are: abs,"),
    ("round(value)", "formula.rounding", ")", "round(value, to: cent)"),
    ("round(value, 2)", "formula.rounding", "2", "round(value, to: cent)"),
    ("round(value, to: cent, halfup)", "formula.rounding", "halfup", "Write half_up, half_even"),
    ("round(value, to: 0)", "formula.rounding", "0", "rounded to zero"),
    ('order.partner is "X"', "formula.is", '"X"', "to compare, write = or !="),
    ("rate ^ 5", "formula.exponent", "5", "from 0 to 4"),
    ("rate ^ 0.5", "formula.exponent", "0.5", "from 0 to 4"),
    ("2026-13-01 < 2026-01-01", "formula.no_such_day", "2026-13-01", "not a day of the calendar"),
    ("1" * 61, "number.too_large", "1" * 61, "more than 60 digits"),
    ("__import__('os')", "function.unknown", "__import__", "is not a function"),
]  # fmt: skip

MEANING = [
    ("credit.amount + rate", "unit.mixed", "credit.amount + rate", "credit.amount * rate"),
    ("1 + rate", "unit.mixed", "1 + rate", "Write 100 %"),
    ("credit.amount * credit.amount", "unit.mixed", "credit.amount * credit.amount",
     "credit.amount is an amount of money and credit.amount is an amount of money"),
    ("credit.amount ^ 2", "unit.mixed", "credit.amount ^ 2", "cannot be multiplied with itself"),
    ("rate >= 92", "unit.mixed", "rate >= 92", "Write 92 %"),
    ("value > 3", "unit.mixed", "value > 3", "Write 3 EUR"),
    ("days between(order.signed_on, day of activated) > 30", "unit.mixed",
     "days between(order.signed_on, day of activated) > 30", "Write 30 days"),
    ("order.energy > 3 MWh", "unit.mixed", "order.energy > 3 MWh",
     "order.energy is a quantity in kWh and 3 MWh is a quantity in MWh"),
    ("order.energy + 3", "unit.mixed", "order.energy + 3", "Write 3 kWh"),
    ("order.partner > 3", "unit.mixed", "order.partner > 3", "is a text and 3 is a plain number"),
    ("order.partner in [3]", "unit.mixed", "order.partner in [3]", "cannot be compared"),
    ('order.partner > "a"', "unit.no_order", 'order.partner > "a"', "Use = or != or in"),
    ("rate contains 3", "unit.not_a_text", "rate", "asks about texts"),
    ("order.partner * 2", "unit.not_a_number", "order.partner", "order.partner is a text"),
    ("order.signed_on + 30 days", "unit.not_a_number", "order.signed_on",
     "add days(order.signed_on, 14 days)"),
    ("not rate", "unit.not_a_condition", "rate", "rate >= 3 %"),
    ("if value then 1 else 2", "unit.not_a_condition", "value", "not a condition"),
    ("if rate > 1 % then 3 EUR else 2 %", "unit.mixed", "2 %", "3 EUR is an amount of money"),
    ("value otherwise 3", "unit.mixed", "3", "Write 3 EUR"),
    ("value / rate else 3 %", "unit.mixed", "3 %", "value / rate else 3 % is an amount"),
    ("round(value, to: 1 kWh)", "unit.mixed", "1 kWh", "is a quantity in kWh"),
    ("value / rate", "divisor.unstated", "rate", "Write value / rate else 0"),
    ("value / (rate - 1 %) * 2", "divisor.unstated", "(rate - 1 %)",
     "Write value / (rate - 1 %) else 0"),
    ("value / 0", "divisor.zero", "0", "divided by zero"),
    ("value / -0.0", "divisor.zero", "0.0", "divided by zero"),
    ("3 USD", "unit.currency", "3 USD", "Write the amount in EUR"),
    ("3 XQZ", "unit.currency", "3 XQZ", "XQZ is not a currency"),
    ("order.energy * 3 EUR/m3", "unit.unknown", "3 EUR/m3", "m3 is not a unit of this plan"),
    ("2 value", "unit.unknown", "2 value", "Write blanks around an operator: … * value"),
    ("2 rate", "unit.unknown", "2 rate", "between a number and a name: 2 * rate"),
    ("credit.amont * rate", "name.unknown", "credit.amont", "Did you mean credit.amount?"),
    ("amount * rate", "name.unknown", "amount", "Did you mean credit.amount?"),
    ("if order.partner = xyz then 1 EUR else 0 EUR", "name.unknown", "xyz", 'marks: "xyz"'),
    ("order reached activted", "state.unknown", "order reached activted",
     "Did you mean activated?"),
    ("line reached activated", "state.unknown", "line reached activated", "Known here: delivered"),
    ("bill reached paid", "fact.unknown", "bill reached paid", "Known here: line, order"),
    ("previous year of valeu", "name.unknown", "previous year of valeu", "Did you mean value?"),
    ("previous year of plain", "name.unknown", "previous year of plain", "cannot be used here"),
    ("previous year of base", "name.unknown", "previous year of base", "earned base or released"),
    ("earned value", "name.unknown", "earned value", "value is not a component"),
    ("sum of value", "reference.incomplete", "sum of value", "among <population>"),
    ("rank of value below along sales", "reference.incomplete", "rank of value below along sales",
     "does not say among whom"),
    ("value among field", "reference.incomplete", "value among field", "rank of before value"),
    ("value before reversals", "reference.incomplete", "value before reversals",
     "earned <component> before reversals"),
    ("sum of value among feild", "name.unknown", "sum of value among feild", "Did you mean field?"),
    ("value below along sails", "name.unknown", "value below along sails", "Did you mean sales?"),
    ("abs(value, rate)", "function.arguments", "abs(value, rate)", "needs 1 values and has 2"),
    ("min(value)", "function.arguments", "min(value)", "needs 2 values and has 1"),
    ("min(value, rate)", "unit.mixed", "rate", "value is an amount of money and rate is"),
    ("min(order.partner, order.partner)", "function.arguments", "order.partner", "takes a number"),
    ("year of(value)", "function.arguments", "value", "takes a date there"),
    ("abs(order.partner)", "function.arguments", "order.partner", "takes a number there"),
    ("add days(order.signed_on, 3 months)", "function.arguments", "3 months",
     "takes a number of days or a plain number"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "meant", "said"), [*READING, *MEANING])
def test_a_formula_without_meaning_is_refused_at_its_characters_with_a_hint(
    text: str, code: str, meant: str, said: str
) -> None:
    error = refused(text)

    assert (error.code, text[error.at : error.until]) == (code, meant)
    assert said in f"{error.message.en}. {error.hint.en}"


@pytest.mark.parametrize("text", [text for text, *_ in [*READING, *MEANING]])
def test_every_mistake_is_told_in_both_languages(text: str) -> None:
    error = refused(text)

    assert error.message.it != error.message.en
    assert error.message.it.strip()
    assert error.hint.it.strip()
    assert error.hint.it != error.hint.en


def test_a_currency_without_cents_cannot_be_rounded_to_the_cent() -> None:
    error = refused("round(x, to: cent)", Names({"x": Unit.MONEY}, currency="JPY"))

    assert (error.code, error.hint.en) == ("unit.currency", "Write to: 1 JPY")
    assert read_formula("round(x, to: 1 JPY)", "/x", Names({"x": Unit.MONEY}, currency="JPY"))


def test_the_english_text_names_formula_place_problem_and_hint() -> None:
    assert str(refused("rate >= 92")) == (
        "in 'rate >= 92', at character 1, rate is a percentage and 92 is a plain number: "
        "they cannot be compared. Write 92 %"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(" * 4096, "formula.too_deep"),
        ("(" * 2048 + ")" * 2048, "formula.too_deep"),
        ("(" * 2047 + "1" + ")" * 2048, "formula.too_deep"),
        ("[" * 4096, "formula.too_deep"),
        (")" * 4096, "formula.too_long"),
        (")" * 490, "formula.bracket"),
        ("abs(" * 1000 + "1" + ")" * 1000, "formula.too_long"),
        ("abs(" * 800 + "1" + ")" * 800, "formula.too_deep"),
        ("-" * 4095 + "1", "formula.too_long"),
        ("-" * 490 + "1", "formula.too_deep"),
        ("not " * 490 + "true", "formula.too_deep"),
        ("1" + " + 1" * 200, "formula.too_deep"),
        ("1 ^ 2 otherwise " * 100 + "1", "formula.too_deep"),
        ("if true then 1 else " * 90 + "1", "formula.too_deep"),
        ('"' + "a" * 4095, "formula.open_text"),
        ("a(" * 40 + "a " * 400, "function.unknown"),
        ("1" * 4096, "number.too_large"),
        ("1" * 4097, "formula.too_long"),
        ("a" * 4096, "name.unknown"),
        ("min(" + "1, " * 1300 + "x)", "formula.too_long"),
        ("min(" + "1, " * 240 + "x)", "name.unknown"),
    ],
)
def test_a_formula_of_four_kilobytes_of_anything_is_answered(text: str, code: str) -> None:
    assert refused(text).code == code


def test_forty_steps_may_nest_and_forty_one_not() -> None:
    assert read_formula("(" * 40 + "1" + ")" * 40, "/x", NAMES).unit is Unit.COUNT
    assert read_formula("-" * 39 + "1", "/x", NAMES).unit is Unit.COUNT
    assert refused("-" * 40 + "1").code == "formula.too_deep"
    assert refused("(" * 41 + "1" + ")" * 41).code == "formula.too_deep"
