"""The grammar of formulas and the tree it gives."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError

from premia_plan.quantities import NUMBER_PATTERN, Unit, parse_day, quantity

MAX_LENGTH = 500
MAX_DEPTH = 40

GRAMMAR = rf"""
?start: disjunction
?disjunction: conjunction ("or" conjunction)*
?conjunction: negation ("and" negation)*
?negation: "not" negation -> negated
    | comparison
?comparison: sum
    | sum COMPARE sum -> compared
    | sum "is" "known" -> is_known
    | sum "is" "not" "known" -> is_unknown
    | sum "in" "[" literal ("," literal)* "]" -> is_in
    | "order" "reached" NAME -> reached
?sum: product
    | sum ADD product -> calculated
?product: unary
    | product MULTIPLY unary -> calculated
?unary: "-" unary -> minus
    | atom
?atom: literal
    | "day" "of" NAME -> day_of
    | NAME -> name
    | "(" disjunction ")"
?literal: MONEY -> quantity
    | RATE -> quantity
    | DATE -> day
    | NUMBER -> quantity
    | STRING -> text
    | "true" -> yes
    | "false" -> no

COMPARE: "<=" | ">=" | "!=" | "=" | "<" | ">"
ADD: "+" | "-"
MULTIPLY: "*" | "/"
DATE.5: /\d{{4}}-\d{{2}}-\d{{2}}/
MONEY.4: /{NUMBER_PATTERN} ?[A-Z]{{3}}\b/
RATE.3: /{NUMBER_PATTERN} ?%/
NUMBER.2: /{NUMBER_PATTERN}/
STRING: /"[^"]*"/
NAME: /[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*/
%ignore /\s+/
"""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the formula."""

    value: Fraction | date | str | bool
    unit: Unit
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """Something the formula looks up; `at` is its character in the formula."""

    path: str
    at: int


@dataclass(frozen=True, slots=True)
class Calculated:
    """Two values joined by + - * /."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Minus:
    """A value with its sign turned."""

    value: "Expression"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values compared; false when either is unknown."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a value is known (or, if not `wanted`, unknown)."""

    value: "Expression"
    wanted: bool


@dataclass(frozen=True, slots=True)
class In:
    """Whether a value is one of a few; false when it is unknown."""

    value: "Expression"
    choices: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether the order has reached a state."""

    state: str
    at: int


@dataclass(frozen=True, slots=True)
class DayOf:
    """The business day on which the order first reached a state."""

    state: str
    at: int


@dataclass(frozen=True, slots=True)
class Every:
    """Whether all parts hold."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """Whether at least one part holds."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Negated:
    """Whether the part does not hold."""

    part: "Expression"


Expression: TypeAlias = (
    Literal
    | Name
    | Calculated
    | Minus
    | Compared
    | Known
    | In
    | Reached
    | DayOf
    | Every
    | Some
    | Negated
)


class FormulaUnreadable(ValueError):
    """Raised when a text is not a formula; `at` is the character that is not understood."""

    def __init__(self, at: int, problem: str) -> None:
        self.at = at
        self.problem = problem
        super().__init__(problem)


@v_args(inline=True)
class _TreeBuilder(Transformer[Token, Expression]):
    """Builds the tree while the parser runs, so that nesting costs no recursion."""

    def quantity(self, token: Token) -> Literal:
        return Literal(*quantity(str(token)))

    def day(self, token: Token) -> Literal:
        try:
            return Literal(parse_day(str(token)), Unit.DATE)
        except ValueError:
            problem = f"{token} is not a day of the calendar"
            raise FormulaUnreadable(token.start_pos or 0, problem) from None

    def text(self, token: Token) -> Literal:
        return Literal(str(token)[1:-1], Unit.TEXT)

    def yes(self) -> Literal:
        return Literal(value=True, unit=Unit.BOOL)

    def no(self) -> Literal:
        return Literal(value=False, unit=Unit.BOOL)

    def name(self, token: Token) -> Name:
        return Name(str(token), token.start_pos or 0)

    def calculated(self, left: Expression, operator: Token, right: Expression) -> Calculated:
        return Calculated(str(operator), left, right)

    def minus(self, value: Expression) -> Minus:
        return Minus(value)

    def compared(self, left: Expression, operator: Token, right: Expression) -> Compared:
        return Compared(str(operator), left, right)

    def is_known(self, value: Expression) -> Known:
        return Known(value, wanted=True)

    def is_unknown(self, value: Expression) -> Known:
        return Known(value, wanted=False)

    def is_in(self, value: Expression, *choices: Literal) -> In:
        return In(value, choices)

    def reached(self, token: Token) -> Reached:
        return Reached(str(token), token.start_pos or 0)

    def day_of(self, token: Token) -> DayOf:
        return DayOf(str(token), token.start_pos or 0)

    def disjunction(self, *parts: Expression) -> Some:
        return Some(parts)

    def conjunction(self, *parts: Expression) -> Every:
        return Every(parts)

    def negated(self, part: Expression) -> Negated:
        return Negated(part)


_PARSER = Lark(GRAMMAR, parser="lalr", transformer=_TreeBuilder())


def read_expression(text: str) -> Expression:
    """Return the tree of a formula.

    Raises:
        FormulaUnreadable: naming the character that is not understood.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaUnreadable(MAX_LENGTH, f"it is longer than {MAX_LENGTH} characters")
    try:
        tree = _PARSER.parse(text)
    except UnexpectedToken as error:
        at = error.token.start_pos if error.token.type != "$END" else len(text)
        found = f"{str(error.token)!r}" if error.token.type != "$END" else "the end"
        raise FormulaUnreadable(at or 0, f"{found} does not fit there") from None
    except UnexpectedInput as error:
        at = error.pos_in_stream or 0
        raise FormulaUnreadable(at, f"{text[at : at + 1]!r} is not understood") from None
    except VisitError as error:
        if isinstance(error.orig_exc, FormulaUnreadable):
            raise error.orig_exc from None
        raise
    expression: Expression = tree  # type: ignore[assignment]  # the transformer made it ours
    if _is_too_deep(expression):
        raise FormulaUnreadable(0, f"it nests more than {MAX_DEPTH} steps")
    return expression


def _is_too_deep(expression: Expression) -> bool:
    """Say whether walking the tree could run out of stack; itself it walks level by level."""
    level: list[object] = [expression]
    for _ in range(MAX_DEPTH):
        level = [part for node in level for part in _parts(node)]
        if not level:
            return False
    return True


def _parts(node: object) -> list[object]:
    match node:
        case Every(parts) | Some(parts):
            return list(parts)
        case Calculated(_, left, right) | Compared(_, left, right):
            return [left, right]
        case Negated(part) | Minus(part) | Known(part) | In(part):
            return [part]
    return []
