"""What is said where the parts of a formula do not go together, and how to put it right."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from premia_plan.language.functions import Function
from premia_plan.language.names import Names
from premia_plan.language.syntax import Divided, Expression, FormulaRefused, Literal, text_of
from premia_plan.language.words import Words, example_of, unit_words
from premia_plan.unit import Unit

_LONGEST_QUOTE: Final = 40


def quoted(expression: Expression) -> str:
    """Return the text of a part of a formula, shortened where it is long."""
    text = text_of(expression)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"


def _sides(left: Expression, first: Unit, right: Expression, second: Unit) -> Words:
    one, other = unit_words(first), unit_words(second)
    return Words(
        f"{quoted(left)} is {one.en} and {quoted(right)} is {other.en}",
        f"{quoted(left)} è {one.it} e {quoted(right)} è {other.it}",
    )


def _with_unit(literal: Literal, unit: Unit, currency: str | None) -> str:
    """Return a plain number written in another unit; a plain 1 is a whole."""
    if unit is Unit.RATE and literal.value == 1:
        return "100 %"
    example = example_of(unit, currency)
    number, blank, rest = example.partition(" ")
    return f"{quoted(literal)}{blank}{rest}" if blank and number[0].isdigit() else example


def _fix(
    left: Expression, first: Unit, right: Expression, second: Unit, currency: str | None
) -> Words | None:
    """Return how to write a plain number so that both sides have one unit, if that is it."""
    for literal, plain, unit in ((right, second, first), (left, first, second)):
        if isinstance(literal, Literal) and plain is Unit.COUNT and unit is not Unit.COUNT:
            written = _with_unit(literal, unit, currency)
            return Words(f"Write {written}", f"Scrivere {written}")
    return None


def not_added(
    operator: str,
    left: tuple[Expression, Unit],
    right: tuple[Expression, Unit],
    whole: Expression,
    currency: str | None,
) -> FormulaRefused:
    """Return that two values of different units do not add up."""
    sides = _sides(*left, *right)
    hint = _fix(*left, *right, currency)
    if hint is None and {left[1], right[1]} == {Unit.MONEY, Unit.RATE}:
        rate, amount = (left[0], right[0]) if left[1] is Unit.RATE else (right[0], left[0])
        instead = f"{quoted(amount)} * {quoted(rate)}"
        more = f"{quoted(amount)} * (100 % + {quoted(rate)})" if operator == "+" else instead
        hint = Words(
            f"To take a percentage of it write {instead}; to change it by a percentage, {more}",
            f"Per prenderne una percentuale: {instead}; per variarlo di una percentuale: {more}",
        )
    return FormulaRefused(
        "unit.mixed",
        whole.span,
        Words(
            f"{sides.en}: {operator} between them has no meaning",
            f"{sides.it}: {operator} tra i due non ha senso",
        ),
        hint or _SAME_UNIT,
    )


_SAME_UNIT = Words(
    "Both sides must have the same unit, as in 100 EUR + 20 EUR",
    "I due lati devono avere la stessa unità, come 100 EUR + 20 EUR",
)


def not_multiplied(
    operator: str, left: tuple[Expression, Unit], right: tuple[Expression, Unit], whole: Expression
) -> FormulaRefused:
    """Return that a product or quotient has no meaning."""
    sides = _sides(*left, *right)
    return FormulaRefused(
        "unit.mixed",
        whole.span,
        Words(
            f"{sides.en}: {operator} between them has no meaning",
            f"{sides.it}: {operator} tra i due non ha senso",
        ),
        Words(
            "Multiply or divide an amount by a percentage, a number or a quantity: "
            "order.amount * 3 %",
            "Moltiplicare o dividere un importo per una percentuale, un numero o una quantità: "
            "order.amount * 3 %",
        ),
    )


def no_power(value: Expression, unit: Unit, whole: Expression) -> FormulaRefused:
    """Return that a power has no meaning."""
    words = unit_words(unit)
    return FormulaRefused(
        "unit.mixed",
        whole.span,
        Words(
            f"{quoted(value)} is {words.en}: it cannot be multiplied with itself",
            f"{quoted(value)} è {words.it}: non si può moltiplicare per se stesso",
        ),
        Words(
            "Use powers of numbers and percentages: (100 % + growth) ^ 2",
            "Usare potenze di numeri e percentuali: (100 % + crescita) ^ 2",
        ),
    )


def not_compared(
    left: tuple[Expression, Unit],
    right: tuple[Expression, Unit],
    whole: Expression,
    currency: str | None,
) -> FormulaRefused:
    """Return that two values of different units cannot be compared."""
    sides = _sides(*left, *right)
    example = example_of(left[1], currency)
    hint = _fix(*left, *right, currency) or Words(
        f"Compare it with a value of the same unit, such as {example}",
        f"Confrontare con un valore della stessa unità, come {example}",
    )
    return FormulaRefused(
        "unit.mixed",
        whole.span,
        Words(f"{sides.en}: they cannot be compared", f"{sides.it}: non si possono confrontare"),
        hint,
    )


def not_alike(
    left: tuple[Expression, Unit], right: tuple[Expression, Unit], currency: str | None
) -> FormulaRefused:
    """Return that two results of one formula have different units."""
    sides = _sides(*left, *right)
    hint = _fix(*left, *right, currency) or Words(
        "Both results must have the same unit", "I due risultati devono avere la stessa unità"
    )
    return FormulaRefused("unit.mixed", right[0].span, sides, hint)


def no_order(unit: Unit, whole: Expression) -> FormulaRefused:
    """Return that values of a unit are neither more nor less than each other."""
    words = unit_words(unit)
    return FormulaRefused(
        "unit.no_order",
        whole.span,
        Words(
            f"{words.en} is neither more nor less than another",
            f"{words.it} non è né maggiore né minore di un'altra cosa",
        ),
        Words("Use = or != or in", "Usare = o != o in"),
    )


def not_a_text(expression: Expression, unit: Unit, operator: str) -> FormulaRefused:
    """Return that a question about texts is asked of something else."""
    words = unit_words(unit)
    return FormulaRefused(
        "unit.not_a_text",
        expression.span,
        Words(
            f"{operator} asks about texts, and {quoted(expression)} is {words.en}",
            f"{operator} riguarda i testi, e {quoted(expression)} è {words.it}",
        ),
        Words(
            f'Write it with texts: order.category {operator} "gas"',
            f'Usare testi: order.category {operator} "gas"',
        ),
    )


def not_a_number(expression: Expression, unit: Unit, operator: str) -> FormulaRefused:
    """Return that something that is no number is calculated with."""
    words = unit_words(unit)
    hint = Words(
        "Only amounts, percentages, numbers and quantities can be calculated with",
        "Si calcola solo con importi, percentuali, numeri e quantità",
    )
    if unit is Unit.DATE and operator in "+-":
        hint = Words(
            f"Write add days({quoted(expression)}, 14 days), or days between(first, last)",
            f"Scrivere add days({quoted(expression)}, 14 days), o days between(prima, dopo)",
        )
    return FormulaRefused(
        "unit.not_a_number",
        expression.span,
        Words(
            f"{quoted(expression)} is {words.en}: {operator} cannot be used on it",
            f"{quoted(expression)} è {words.it}: {operator} non vi si applica",
        ),
        hint,
    )


def not_a_condition(expression: Expression, unit: Unit) -> FormulaRefused:
    """Return that something stands where a condition belongs."""
    words = unit_words(unit)
    example = example_of(unit)
    sign = "=" if unit in {Unit.TEXT, Unit.DATE} else ">="
    return FormulaRefused(
        "unit.not_a_condition",
        expression.span,
        Words(
            f"{quoted(expression)} is {words.en}, not a condition",
            f"{quoted(expression)} è {words.it}, non una condizione",
        ),
        Words(
            f"Compare it with something: {quoted(expression)} {sign} {example}",
            f"Confrontarlo con qualcosa: {quoted(expression)} {sign} {example}",
        ),
    )


def divisor_unstated(whole: Divided) -> FormulaRefused:
    """Return that a quotient does not say what it is for a divisor of zero."""
    divisor = quoted(whole.right)
    stated = quoted(replace(whole, otherwise=Literal(Fraction(0), Unit.COUNT)))
    return FormulaRefused(
        "divisor.unstated",
        whole.right.span,
        Words(
            f"{divisor} may be zero, and the formula does not say what holds then",
            f"{divisor} può essere zero, e la formula non dice che cosa vale allora",
        ),
        Words(
            f"Write {stated}, or another result than 0",
            f"Scrivere {stated}, o un altro risultato",
        ),
    )


def divisor_zero(divisor: Expression) -> FormulaRefused:
    """Return that a formula divides by a written zero."""
    return FormulaRefused(
        "divisor.zero",
        divisor.span,
        Words("nothing can be divided by zero", "non si può dividere per zero"),
        Words("Write another divisor", "Scrivere un altro divisore"),
    )


def currency_unknown(literal: Literal, currency: str) -> FormulaRefused:
    """Return that three capitals are no currency."""
    return FormulaRefused(
        "unit.currency",
        literal.span,
        Words(f"{literal.currency} is not a currency", f"{literal.currency} non è una valuta"),
        Words(f"Write the amount in {currency}", f"Scrivere l'importo in {currency}"),
    )


def other_currency(literal: Literal, currency: str | None) -> FormulaRefused:
    """Return that an amount is not in the plan's currency."""
    named = currency or "no currency"
    return FormulaRefused(
        "unit.currency",
        literal.span,
        Words(
            f"{literal.currency} is not the plan's currency",
            f"{literal.currency} non è la valuta del piano",
        ),
        Words(f"Write the amount in {named}", f"Scrivere l'importo in {named}"),
    )


def no_cents(whole: Expression, currency: str) -> FormulaRefused:
    """Return that a currency has no cents."""
    return FormulaRefused(
        "unit.currency",
        whole.span,
        Words(f"{currency} is not counted in cents", f"{currency} non si divide in centesimi"),
        Words(f"Write to: 1 {currency}", f"Scrivere to: 1 {currency}"),
    )


def unit_unknown(literal: Literal, unit: str, names: Names) -> FormulaRefused:
    """Return that a number has a unit which the plan does not declare."""
    known = sorted(names.quantities)
    listed = ", ".join([*known, "days", "months", *([names.currency] if names.currency else [])])
    hint = Words(f"The units of the plan are: {listed}", f"Le unità del piano sono: {listed}")
    if unit in names.units:
        hint = Words(
            f"Write blanks around an operator: … * {unit} or … / {unit}",
            f"Separare l'operatore con spazi: … * {unit} o … / {unit}",
        )
    return FormulaRefused(
        "unit.unknown",
        literal.span,
        Words(f"{unit} is not a unit of this plan", f"{unit} non è un'unità di questo piano"),
        hint,
    )


def wrong_count(function: Function, given: int, whole: Expression) -> FormulaRefused:
    """Return that a function has too many or too few arguments."""
    wanted = len(function.parameters)
    return FormulaRefused(
        "function.arguments",
        whole.span,
        Words(
            f"{function.name} needs {wanted} values and has {given}",
            f"{function.name} richiede {wanted} valori e ne ha {given}",
        ),
        _as_in(function),
    )


def wrong_argument(
    function: Function, argument: Expression, unit: Unit, wanted: Sequence[Unit]
) -> FormulaRefused:
    """Return that a function is given something else than it takes."""
    has, takes = unit_words(unit), [unit_words(one) for one in wanted]
    en = " or ".join(words.en for words in takes) or "a number"
    it = " o ".join(words.it for words in takes) or "un numero"
    return FormulaRefused(
        "function.arguments",
        argument.span,
        Words(
            f"{function.name} takes {en} there, and {quoted(argument)} is {has.en}",
            f"{function.name} qui richiede {it}, e {quoted(argument)} è {has.it}",
        ),
        _as_in(function),
    )


def _as_in(function: Function) -> Words:
    example = function.example.formula
    return Words(f"Write it like {example}", f"Scriverla come {example}")
