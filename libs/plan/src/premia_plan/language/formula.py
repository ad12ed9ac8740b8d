"""A formula of a plan: its text, its checked tree and the function it became."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass

from premia_plan.language.evaluation import Evaluate, compile_formula
from premia_plan.language.names import Names
from premia_plan.language.syntax import (
    DayOf,
    Expression,
    FormulaUnreadable,
    Name,
    Reached,
    read_expression,
)
from premia_plan.language.units import UnitMistake, unit_of
from premia_plan.quantities import Unit


class FormulaRefused(ValueError):
    """Raised when a formula cannot be read or its units do not fit."""

    def __init__(self, code: str, problem: str, hint: str) -> None:
        self.code = code
        self.problem = problem
        self.hint = hint
        super().__init__(f"{problem}. {hint}")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read and whose units fit; `path` is its clause in the plan.

    `names` are what it looks up, each once, in the order they are written.
    """

    text: str
    path: str
    expression: Expression
    unit: Unit
    names: tuple[str, ...]
    states: frozenset[str]
    evaluate: Evaluate = field(compare=False, repr=False)

    @property
    def is_bare_name(self) -> bool:
        """Say whether the formula only names one value."""
        return isinstance(self.expression, Name)


def read_formula(text: str, path: str, names: Names) -> Formula:
    """Read a formula and check its names and units.

    Raises:
        FormulaRefused: with a code, the problem and what to do.
    """
    try:
        expression = read_expression(text)
        unit = unit_of(expression, names)
    except FormulaUnreadable as error:
        problem = f"{text!r} cannot be read: at character {error.at + 1} {error.problem}"
        hint = "Write it like: credit.amount * commission_rate, or order.partner is known"
        raise FormulaRefused("formula.unreadable", problem, hint) from None
    except UnitMistake as error:
        raise FormulaRefused(error.code, f"in {text!r}, {error.problem}", error.hint) from None
    found = list(_leaves(expression))
    paths = dict.fromkeys(leaf.path for leaf in found if isinstance(leaf, Name))
    states = frozenset(leaf.state for leaf in found if not isinstance(leaf, Name))
    evaluate = compile_formula(expression)
    return Formula(text, path, expression, unit, tuple(paths), states, evaluate)


def names_in(text: str) -> tuple[str, ...]:
    """Return what a formula names, without asking whether it is known; () if unreadable."""
    try:
        leaves = _leaves(read_expression(text))
    except FormulaUnreadable:
        return ()
    return tuple(sorted({leaf.path for leaf in leaves if isinstance(leaf, Name)}))


def _leaves(expression: object) -> Iterator[Name | Reached | DayOf]:
    if isinstance(expression, (Name, Reached, DayOf)):
        yield expression
    elif isinstance(expression, tuple):
        for part in expression:
            yield from _leaves(part)
    elif is_dataclass(expression):
        for item in fields(expression):
            yield from _leaves(getattr(expression, item.name))
