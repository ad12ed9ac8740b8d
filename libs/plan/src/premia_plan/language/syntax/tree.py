"""The tree of a formula.

Every kind of node is listed in `Expression`; whoever walks a tree matches on these and needs no
others.  A node's span says where it is written and takes no part in comparing trees.
"""

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from premia_plan.language.arithmetic import Mode
from premia_plan.language.functions import FunctionName
from premia_plan.language.references import WordsAfter, WordsBefore
from premia_plan.language.syntax.span import Placed
from premia_plan.unit import Unit

Operator: TypeAlias = typing.Literal["+", "-", "*"]
Comparison: TypeAlias = typing.Literal[
    "=", "!=", "<", "<=", ">", ">=", "starts with", "ends with", "contains"
]

ORDER = "order"


@dataclass(frozen=True, slots=True)
class Literal(Placed):
    """A value written in the formula; `currency` is that of an amount."""

    value: Fraction | date | str | bool
    unit: Unit
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Name(Placed):
    """A value looked up by its name."""

    path: str


@dataclass(frozen=True, slots=True)
class Qualifier:
    """Words after a name, and the hierarchy or population that the last of them names."""

    words: WordsAfter
    named: str | None = None

    def __str__(self) -> str:
        return self.words if self.named is None else f"{self.words} {self.named}"


@dataclass(frozen=True, slots=True)
class Reference(Placed):
    """A figure looked up by its name with words before and after it.

    `before` are read from the outside in (`previous month of`, `earned`), `after` from the inside
    out (`before reversals`, `below along sales`).
    """

    path: str
    before: tuple[WordsBefore, ...] = ()
    after: tuple[Qualifier, ...] = ()

    @property
    def key(self) -> str:
        """The reference as text; under this name its value is looked up."""
        return " ".join((*self.before, self.path, *map(str, self.after)))


@dataclass(frozen=True, slots=True)
class Reached(Placed):
    """Whether the order, or another fact, has reached a state."""

    state: str
    fact: str = ORDER

    @property
    def key(self) -> str:
        """What is looked up."""
        return (
            f"reached {self.state}" if self.fact == ORDER else f"{self.fact} reached {self.state}"
        )


@dataclass(frozen=True, slots=True)
class DayOf(Placed):
    """The business day on which the order, or another fact, first reached a state."""

    state: str
    fact: str = ORDER

    @property
    def key(self) -> str:
        """What is looked up."""
        of = self.state if self.fact == ORDER else f"{self.fact} {self.state}"
        return f"day of {of}"


@dataclass(frozen=True, slots=True)
class Minus(Placed):
    """A number with its sign turned."""

    value: "Expression"


@dataclass(frozen=True, slots=True)
class Calculated(Placed):
    """Two numbers joined by `+`, `-` or `*`."""

    operator: Operator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Divided(Placed):
    """A quotient; `otherwise` is its value where the divisor is zero.

    Without `otherwise` the divisor is a literal other than zero (the units' check sees to it).
    """

    left: "Expression"
    right: "Expression"
    otherwise: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class Power(Placed):
    """A number multiplied with itself; the exponent is 0 to 4, and 0 gives 1."""

    value: "Expression"
    exponent: int


@dataclass(frozen=True, slots=True)
class Compared(Placed):
    """Two values compared; false when either is unknown."""

    operator: Comparison
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Known(Placed):
    """Whether a value is known (or, if not `wanted`, unknown)."""

    value: "Expression"
    wanted: bool


@dataclass(frozen=True, slots=True)
class In(Placed):
    """Whether a value is one of a few; false when it is unknown."""

    value: "Expression"
    choices: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Every(Placed):
    """Whether all parts hold."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Some(Placed):
    """Whether at least one part holds."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Negated(Placed):
    """Whether the part does not hold."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class If(Placed):
    """One value where the condition holds, another where it does not; only that one is asked."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True, slots=True)
class Otherwise(Placed):
    """A value, or another where it is unknown."""

    value: "Expression"
    instead: "Expression"


@dataclass(frozen=True, slots=True)
class Rounded(Placed):
    """A number rounded to a multiple of a place; without a place, to the cent (0.01).

    The mode is `half_up` (half away from zero), `half_even`, `up` (away from zero) or `down`.
    """

    value: "Expression"
    place: Literal | None
    mode: Mode


@dataclass(frozen=True, slots=True)
class Call(Placed):
    """A function of the table in `premia_plan.language.functions` with its arguments."""

    function: FunctionName
    arguments: "tuple[Expression, ...]"


Expression: TypeAlias = (
    Literal
    | Name
    | Reference
    | Reached
    | DayOf
    | Minus
    | Calculated
    | Divided
    | Power
    | Compared
    | Known
    | In
    | Every
    | Some
    | Negated
    | If
    | Otherwise
    | Rounded
    | Call
)

Input: TypeAlias = Name | Reference | Reached | DayOf
"""What a formula looks up."""


def parts_of(expression: Expression) -> tuple[Expression, ...]:  # noqa: PLR0911 - one per kind
    """Return the expressions directly inside one, in the order they are written."""
    match expression:
        case Minus(value) | Power(value) | Known(value) | Rounded(value):
            return (value,)
        case Negated(part):
            return (part,)
        case In(value, choices):
            return (value, *choices)
        case Calculated(_, left, right) | Compared(_, left, right):
            return (left, right)
        case Divided(left, right, otherwise):
            return (left, right) if otherwise is None else (left, right, otherwise)
        case Every(parts) | Some(parts) | Call(_, parts):
            return parts
        case If(condition, then, otherwise):
            return (condition, then, otherwise)
        case Otherwise(value, instead):
            return (value, instead)
        case Literal() | Name() | Reference() | Reached() | DayOf():
            return ()


def inputs_of(expression: Expression) -> Iterator[Input]:
    """Give what an expression looks up, in the order it is written, repeats included."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Input):
            yield node
        waiting.extend(reversed(parts_of(node)))


def key_of(node: Input) -> str:
    """Return the name under which a value is looked up."""
    return node.path if isinstance(node, Name) else node.key
