"""What holds for every formula: it prints as it reads, its unit is its value's, it always ends."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_plan.language import (
    FactMissing,
    FormulaRefused,
    Names,
    NumberTooLarge,
    Value,
    compile_formula,
    evaluate_inputs,
    read_expression,
    read_formula,
    text_of,
)
from premia_plan.language.arithmetic import ROUNDINGS, rounded
from premia_plan.language.dates import add_months, completed_months, started_months
from premia_plan.language.functions import FUNCTIONS
from premia_plan.language.syntax import (
    Calculated,
    Call,
    Compared,
    DayOf,
    Divided,
    Every,
    Expression,
    If,
    In,
    Known,
    Literal,
    Minus,
    Name,
    Negated,
    Otherwise,
    Power,
    Qualifier,
    Reached,
    Reference,
    Rounded,
    Some,
)
from premia_plan.language.units import unit_of
from premia_plan.unit import Unit

ENERGY, PRICE = Unit("kWh"), Unit("money/kWh")
UNITS = {
    Unit.MONEY: "amount",
    Unit.RATE: "rate",
    Unit.COUNT: "number",
    Unit.DATE: "on",
    Unit.TEXT: "label",
    ENERGY: "energy",
    PRICE: "price",
    Unit.DAYS: "age",
    Unit.MONTHS: "term",
}
NUMBERS = [unit for unit in UNITS if unit.is_number]
NAMES = Names(
    {
        **{name: unit for unit, name in UNITS.items()},
        **{f"other.{name}": unit for unit, name in UNITS.items()},
    },
    frozenset({"activated"}),
    "EUR",
    quantities=frozenset({"kWh"}),
    fact_states={"line": frozenset({"delivered"})},
    figures=frozenset({"amount", "rate"}),
    components=frozenset({"base"}),
    hierarchies=frozenset({"sales"}),
    populations=frozenset({"field"}),
)
DECIMALS = st.decimals(min_value=0, max_value=10**9, places=2).map(Fraction)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))
TEXTS = st.text(alphabet='ab "\\\n\tà', max_size=4)


def literal(unit: Unit) -> st.SearchStrategy[Literal]:
    if unit is Unit.DATE:
        return st.builds(Literal, DAYS, st.just(unit))
    if unit is Unit.TEXT:
        return st.builds(Literal, TEXTS, st.just(unit))
    if unit is Unit.BOOL:
        return st.builds(Literal, st.booleans(), st.just(unit))
    scale = 100 if unit is Unit.RATE else 1
    values = DECIMALS.map(lambda value: value / scale)
    return st.builds(Literal, values, st.just(unit), st.just("EUR" if "money" in unit else None))


def looked_up(unit: Unit) -> st.SearchStrategy[Expression]:
    if unit is Unit.BOOL:
        return st.sampled_from([Reached("activated"), Reached("delivered", "line")])
    found: list[Expression] = [Name(UNITS[unit]), Name(f"other.{UNITS[unit]}")]
    if unit is Unit.DATE:
        found += [DayOf("activated"), DayOf("delivered", "line")]
    if unit in {Unit.MONEY, Unit.RATE}:
        path = UNITS[unit]
        found += [
            Reference(path, ("previous year of",)),
            Reference(path, ("running",)),
            Reference(path, (), (Qualifier("to date"),)),
            Reference(path, ("average of", "previous month of"), (Qualifier("among", "field"),)),
            Reference(path, (), (Qualifier("of the team along", "sales"),)),
        ]
    if unit is Unit.MONEY:
        found.append(Reference("base", ("earned",), (Qualifier("before reversals"),)))
    if unit is Unit.COUNT:
        found.append(Reference("amount", ("rank of",), (Qualifier("among", "field"),)))
    return st.sampled_from(found)


@cache
def trees(unit: Unit, depth: int) -> st.SearchStrategy[Expression]:
    """Give well-typed trees of a unit."""
    leaf = st.one_of(literal(unit), looked_up(unit))
    if depth == 0:
        return leaf
    inner = trees(unit, depth - 1)
    options = [leaf, st.builds(If, trees(Unit.BOOL, depth - 1), inner, inner)]
    if unit is Unit.BOOL:
        return st.one_of(*options, *conditions(depth - 1))
    options.append(st.builds(Otherwise, looked_up(unit), inner))
    options.append(st.builds(Otherwise, inner, inner))
    if unit is Unit.DATE:
        options.extend(dates(depth - 1))
    if unit.is_number:
        options.extend(numbers(unit, inner, depth - 1))
    return st.one_of(*options)


def conditions(depth: int) -> list[st.SearchStrategy[Expression]]:
    parts = st.lists(trees(Unit.BOOL, depth), min_size=2, max_size=3).map(tuple)
    order = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    matches = st.sampled_from(["starts with", "ends with", "contains", "=", "!="])
    text = trees(Unit.TEXT, depth)
    return [
        st.builds(Every, parts),
        st.builds(Some, parts),
        st.builds(Negated, trees(Unit.BOOL, depth)),
        st.builds(Compared, matches, text, text),
        *(
            st.builds(Compared, order, trees(unit, depth), trees(unit, depth))
            for unit in (*NUMBERS, Unit.DATE)
        ),
        *(
            st.builds(
                In, trees(unit, depth), st.lists(literal(unit), min_size=1, max_size=3).map(tuple)
            )
            for unit in UNITS
        ),
        *(st.builds(Known, trees(unit, depth), st.booleans()) for unit in UNITS),
    ]


def dates(depth: int) -> list[st.SearchStrategy[Expression]]:
    day = trees(Unit.DATE, depth)
    count = st.builds(Literal, st.integers(0, 5000).map(Fraction), st.just(Unit.COUNT))
    periods = [name for name in FUNCTIONS if name.startswith(("first day", "last day"))]
    one = st.tuples(day)
    return [
        st.builds(Call, st.sampled_from(periods), one),
        st.builds(Call, st.sampled_from(["add days", "add months"]), st.tuples(day, count)),
        st.builds(Call, st.sampled_from(["min", "max"]), st.tuples(day, day)),
    ]


def numbers(
    unit: Unit, inner: st.SearchStrategy[Expression], depth: int
) -> list[st.SearchStrategy[Expression]]:
    count, rate = trees(Unit.COUNT, depth), trees(Unit.RATE, depth)
    modes = st.sampled_from(list(ROUNDINGS))
    place = literal(unit).filter(lambda one: one.value > 0)  # type: ignore[operator]
    written = literal(Unit.COUNT).filter(lambda one: one.value != 0)
    zero = st.just(Literal(Fraction(0), Unit.COUNT))
    options = [
        st.builds(Minus, inner),
        st.builds(Calculated, st.sampled_from("+-"), inner, inner),
        st.builds(Calculated, st.just("*"), count, inner),
        st.builds(Divided, inner, written),
        st.builds(Divided, inner, count, st.one_of(inner, zero)),
        st.builds(Rounded, inner, st.one_of(st.none(), place), modes),
        st.builds(Call, st.sampled_from(["min", "max"]), st.tuples(inner, inner, inner)),
        st.builds(Call, st.sampled_from(["abs", "floor"]), st.tuples(inner)),
    ]
    if unit in {Unit.COUNT, Unit.RATE}:
        exponents = st.integers(1, 4)
        options.append(st.builds(Power, inner, exponents))
    if unit is Unit.MONEY:
        product = st.builds(Calculated, st.just("*"), trees(PRICE, depth), trees(ENERGY, depth))
        options += [product, st.builds(Calculated, st.just("*"), rate, inner)]
    if unit is Unit.RATE:
        amount = trees(Unit.MONEY, depth)
        options.append(st.builds(Divided, amount, amount, inner))
    if unit in {Unit.DAYS, Unit.MONTHS}:
        day = trees(Unit.DATE, depth)
        names = [name for name, one in FUNCTIONS.items() if one.gives is unit]
        options.append(st.builds(Call, st.sampled_from(names), st.tuples(day, day)))
    return options


@dataclass
class Given:
    """Values by name; the order has reached no state."""

    values: dict[str, Value]

    def value(self, name: str) -> Value | None:
        return self.values.get(name)

    def day_reached(self, state: str) -> date | None:
        return None


NOTHING = Given({})
TOO_LARGE = ("number too large", "formula.too_long", "formula.too_deep")


@dataclass
class Missing:
    name: str


def answer(ask: Callable[[], object], refused: list[FormulaRefused] | None = None) -> object:
    """Return what is answered, or which of the declared errors."""
    try:
        return ask()
    except FactMissing as error:
        return Missing(error.name)
    except NumberTooLarge:
        return "number too large"
    except FormulaRefused as error:
        if refused is not None:
            refused.append(error)
        return error.code


def value_of(unit: Unit) -> st.SearchStrategy[Value]:
    if unit is Unit.DATE:
        return DAYS
    if unit is Unit.TEXT:
        return TEXTS
    if unit is Unit.BOOL:
        return st.booleans()
    return st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=1000)


KEYS = {
    **NAMES.units,
    "reached activated": Unit.DATE,
    "day of activated": Unit.DATE,
    "line reached delivered": Unit.BOOL,
    "day of line delivered": Unit.DATE,
    "previous year of amount": Unit.MONEY,
    "amount to date": Unit.MONEY,
    "running rate": Unit.RATE,
    "earned base before reversals": Unit.MONEY,
    "rank of amount among field": Unit.COUNT,
}
INPUTS = st.fixed_dictionaries({}, optional={key: value_of(unit) for key, unit in KEYS.items()})
ANY_TREE = st.one_of(*(st.tuples(st.just(unit), trees(unit, 2)) for unit in [*UNITS, Unit.BOOL]))


@settings(max_examples=60, deadline=None)
@given(case=ANY_TREE)
def test_a_printed_formula_reads_as_the_same_tree(case: tuple[Unit, Expression]) -> None:
    again = answer(lambda: read_expression(text_of(case[1])))

    assert again == case[1] or again in TOO_LARGE


@settings(max_examples=60, deadline=None)
@given(case=ANY_TREE)
def test_a_well_typed_formula_has_the_unit_it_was_made_for(case: tuple[Unit, Expression]) -> None:
    unit, tree = case
    zero = isinstance(tree, Literal) and tree.value == 0

    assert zero or answer(lambda: unit_of(tree, NAMES)) in {unit, "divisor.zero"}


@settings(max_examples=60, deadline=None)
@given(case=ANY_TREE, inputs=INPUTS)
def test_a_typed_formula_gives_a_value_of_its_unit_or_names_what_is_missing(
    case: tuple[Unit, Expression], inputs: dict[str, Value]
) -> None:
    unit, tree = case
    wanted = {Unit.DATE: date, Unit.TEXT: str, Unit.BOOL: bool}.get(unit, Fraction)

    value = answer(lambda: evaluate_inputs(text_of(tree), inputs))

    if isinstance(value, Missing):
        assert value.name not in inputs
    else:
        assert value is None or type(value) is wanted or value in TOO_LARGE


def oracle(tree: Expression) -> Fraction:
    """Work a tree of plain numbers out, the plain way."""
    signs = {"+": operator.add, "-": operator.sub, "*": operator.mul}
    match tree:
        case Literal(Fraction() as value):
            return value
        case Minus(value):
            return -oracle(value)
        case Calculated(sign, left, right):
            return signs[sign](oracle(left), oracle(right))
        case Divided(left, right, None):
            return oracle(left) / oracle(right)
        case Divided(left, right, otherwise):
            divisor = oracle(right)
            return oracle(left) / divisor if divisor else oracle(otherwise)
        case Power(value, exponent):
            return oracle(value) ** exponent
    raise AssertionError(tree)


PLAIN = st.recursive(
    literal(Unit.COUNT),
    lambda inner: st.one_of(
        st.builds(Minus, inner),
        st.builds(Calculated, st.sampled_from("+-*"), inner, inner),
        st.builds(Divided, inner, literal(Unit.COUNT).filter(lambda one: one.value != 0)),
        st.builds(Divided, inner, inner, inner),
        st.builds(Power, inner, st.integers(0, 3)),
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(tree=PLAIN)
def test_calculations_are_exact(tree: Expression) -> None:
    value = answer(lambda: read_formula(text_of(tree), "/x", NAMES).evaluate(NOTHING))

    if value == "number too large":
        assert max(map(abs, oracle(tree).as_integer_ratio())).bit_length() > 256
    elif value != "divisor.zero":
        assert value == oracle(tree) or value in TOO_LARGE


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet='ab1 ."()[]+-*/^<=>%,:ifthenlsodrk_…“€\n', max_size=60))
def test_any_text_is_a_formula_or_is_refused_within_its_characters(text: str) -> None:
    refused: list[FormulaRefused] = []
    answer(lambda: read_formula(text, "/x", NAMES), refused)

    for error in refused:
        assert 0 <= error.at <= error.until <= len(text)
        assert error.message.en
        assert error.hint.it


@settings(max_examples=60, deadline=None)
@given(
    value=st.fractions(min_value=-1000, max_value=1000, max_denominator=10**4),
    place=st.fractions(min_value=Fraction(1, 1000), max_value=10, max_denominator=1000),
)
def test_rounding_gives_the_neighbouring_multiple_its_mode_names(
    value: Fraction, place: Fraction
) -> None:
    for mode in ROUNDINGS:
        result = rounded(value, place, mode)
        assert (result / place).denominator == 1
        assert abs(result - value) < place
        assert rounded(-value, place, mode) == -result
    assert abs(rounded(value, place, "down")) <= abs(value) <= abs(rounded(value, place, "up"))
    assert 2 * abs(rounded(value, place, "half_up") - value) <= place


@settings(max_examples=60, deadline=None)
@given(since=DAYS, until=DAYS)
def test_completed_months_are_those_that_have_passed(since: date, until: date) -> None:
    first, last = min(since, until), max(since, until)
    months = completed_months(first, last)

    assert add_months(first, months) <= last < add_months(first, months + 1)
    assert started_months(first, last) - months == (add_months(first, months) != last)
    assert completed_months(last, first) == -months


@settings(max_examples=60, deadline=None)
@given(case=ANY_TREE, inputs=INPUTS)
def test_reading_the_printed_formula_changes_no_value(
    case: tuple[Unit, Expression], inputs: dict[str, Value]
) -> None:
    given_inputs = Given(inputs)
    first = answer(lambda: compile_formula(case[1])(given_inputs))
    again = answer(lambda: compile_formula(read_expression(text_of(case[1])))(given_inputs))

    assert again == first or again in TOO_LARGE
