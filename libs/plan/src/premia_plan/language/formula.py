"""A formula of a plan: its text, its checked tree and the function it became."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from premia_plan.language.evaluation import (
    Evaluate,
    FactMissing,
    Scope,
    Value,
    compile_formula,
    first_unknown,
)
from premia_plan.language.names import Names
from premia_plan.language.syntax import (
    DayOf,
    Expression,
    FormulaRefused,
    Name,
    Reached,
    Reference,
    inputs_of,
    key_of,
    read_expression,
)
from premia_plan.language.syntax.tree import ORDER
from premia_plan.language.units import unit_of
from premia_plan.language.words import Words
from premia_plan.unit import Unit


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read and whose units fit; `path` is its clause in the plan.

    `inputs` are all it looks up, each once, in the order they are written: with their values alone
    it can be evaluated again (`evaluate_inputs`).  `names` are those that `Scope.value` gives, and
    `states` the order's states it asks for, which are inputs as `reached activated` and
    `day of activated`.  `said` is how people are told of a formula that stands for something else
    in the plan, such as a curve.
    """

    text: str
    path: str
    expression: Expression
    unit: Unit
    names: tuple[str, ...]
    states: frozenset[str]
    evaluate: Evaluate = field(compare=False, repr=False)
    inputs: tuple[str, ...] = ()
    said: Words | None = field(default=None, compare=False)

    @property
    def is_bare_name(self) -> bool:
        """Say whether the formula only names one value."""
        return isinstance(self.expression, Name)

    def evaluate_inputs(self, inputs: Mapping[str, Value]) -> Value | None:
        """Return what it gives for values of its inputs, as `evaluate_inputs` does."""
        return self.evaluate(_Inputs(inputs))


def read_formula(text: str, path: str, names: Names) -> Formula:
    """Read a formula and check its names and units; a parameter counts as its value.

    Raises:
        FormulaRefused: with a code, the characters, the problem and what to do.
    """
    try:
        expression = read_expression(text)
        named = [node for node in inputs_of(expression) if isinstance(node, Name)]
        if any(node.path in names.parameters for node in named):
            text = _with_values(text, named, names.parameters)
            expression = read_expression(text)
        unit = unit_of(expression, names)
    except FormulaRefused as error:
        error.formula = text
        raise
    found = tuple(inputs_of(expression))
    states = {
        node.state for node in found if isinstance(node, Reached | DayOf) and node.fact == ORDER
    }
    looked_up = (
        key_of(node) for node in found if isinstance(node, Name | Reference) or node.fact != ORDER
    )
    return Formula(
        text,
        path,
        expression,
        unit,
        tuple(dict.fromkeys(looked_up)),
        frozenset(states),
        _told(expression, unit),
        tuple(dict.fromkeys(key_of(node) for node in found)),
    )


def _with_values(text: str, named: Sequence[Name], parameters: Mapping[str, str]) -> str:
    """Return a formula with the values of the parameters that it names."""
    for node in sorted(named, key=lambda each: each.span, reverse=True):
        value = parameters.get(node.path)
        if value is not None:
            written = f"({value})" if value.startswith("-") else value
            text = f"{text[: node.span.at]}{written}{text[node.span.until :]}"
    return text


def evaluate_inputs(text: str, inputs: Mapping[str, Value]) -> Value | None:
    """Return what a formula gives for the values of its inputs; one that is not there is unknown.

    The value of `reached activated` is true, false, or the day on which the state was reached.

    Raises:
        FormulaRefused: if the text is no formula.
        FactMissing: if it calculates with a value that is not among them.
        NumberTooLarge: if it leaves the numbers that plans calculate with.

    >>> from fractions import Fraction
    >>> evaluate_inputs("a / b else 0", {"a": Fraction(3), "b": Fraction(2)})
    Fraction(3, 2)
    """
    return _compiled(text)(_Inputs(inputs))


def names_in(text: str) -> tuple[str, ...]:
    """Return what a formula names, without asking whether it is known; () if unreadable."""
    try:
        found = inputs_of(read_expression(text))
    except FormulaRefused:
        return ()
    return tuple(sorted({node.path for node in found if isinstance(node, Name | Reference)}))


def _told(expression: Expression, unit: Unit) -> Evaluate:
    """Return the function of a formula, which says what is missing where its number is unknown."""
    evaluate = compile_formula(expression)
    if isinstance(expression, Name | Reference | DayOf | Reached):
        return evaluate
    if unit.is_number:

        def number(scope: Scope) -> Value | None:
            value = evaluate(scope)
            if value is None:
                raise FactMissing(first_unknown(expression, scope))
            return value

        return number

    def other(scope: Scope) -> Value | None:
        try:
            return evaluate(scope)
        except FactMissing:
            return None

    return other


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Evaluate:
    return compile_formula(read_expression(text))


class _Inputs(Scope):
    """The values of a formula's inputs, as a scope."""

    def __init__(self, inputs: Mapping[str, Value]) -> None:
        self._inputs = inputs

    def value(self, name: str) -> Value | None:
        return self._inputs.get(name)

    def day_reached(self, state: str) -> date | None:
        day = self._inputs.get(f"day of {state}")
        if day is None:
            day = self._inputs.get(f"reached {state}")
        if isinstance(day, date):
            return day
        return date.max if day is True else None
