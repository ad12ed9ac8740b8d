"""From the text of a formula to its tree."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Final, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedToken, VisitError

from premia_plan.language.arithmetic import Mode
from premia_plan.language.functions import FunctionName
from premia_plan.language.references import WordsBefore, modifier_after
from premia_plan.language.syntax import diagnosis, senseless
from premia_plan.language.syntax.grammar import GRAMMAR, RESERVED
from premia_plan.language.syntax.refused import FormulaRefused
from premia_plan.language.syntax.span import Span
from premia_plan.language.syntax.tree import (
    ORDER,
    Calculated,
    Call,
    Compared,
    Comparison,
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
    Operator,
    Otherwise,
    Power,
    Qualifier,
    Reached,
    Reference,
    Rounded,
    Some,
    parts_of,
)
from premia_plan.quantities import NotAQuantity, parse_day, written_quantity
from premia_plan.unit import Unit

MAX_LENGTH: Final = 4096
MAX_PARTS: Final = 500
MAX_DEPTH: Final = 40
MAX_DIGITS: Final = 60
MAX_EXPONENT: Final = 4

_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_BLANKS = re.compile(r"\s+")
_PART = re.compile(r"\w+|[^\w\s]")
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[()\[\]]')


def _where(token: Token) -> Span:
    return Span(token.start_pos or 0, token.end_pos or 0)


def _from(first: Token | Expression, last: Token | Expression) -> Span:
    start = _where(first) if isinstance(first, Token) else first.span
    end = _where(last) if isinstance(last, Token) else last.span
    return Span(start.at, end.until)


def _plain(token: Token) -> str:
    return _BLANKS.sub(" ", token)


@v_args(inline=True)
class _TreeBuilder(Transformer[Token, Expression]):
    """Builds the tree while the parser runs, so that nesting costs no recursion."""

    def choice(self, word: Token, condition: Expression, then: Expression, other: Expression) -> If:
        return If(condition, then, other, span=_from(word, other))

    def disjunction(self, *parts: Expression) -> Some:
        return Some(parts, span=_from(parts[0], parts[-1]))

    def conjunction(self, *parts: Expression) -> Every:
        return Every(parts, span=_from(parts[0], parts[-1]))

    def negated(self, word: Token, part: Expression) -> Negated:
        return Negated(part, span=_from(word, part))

    def compared(self, left: Expression, operator: Token, right: Expression) -> Compared:
        comparison = cast("Comparison", _plain(operator))
        return Compared(comparison, left, right, span=_from(left, right))

    def is_known(self, value: Expression, word: Token) -> Known:
        return Known(value, wanted=True, span=_from(value, word))

    def is_unknown(self, value: Expression, _not: Token, word: Token) -> Known:
        return Known(value, wanted=False, span=_from(value, word))

    def is_in(self, value: Expression, *rest: Literal | Token) -> In:
        choices = tuple(choice for choice in rest if isinstance(choice, Literal))
        return In(value, choices, span=_from(value, rest[-1]))

    def is_not_in(self, value: Expression, _not: Token, *rest: Literal | Token) -> Negated:
        part = self.is_in(value, *rest)
        return Negated(part, span=part.span)

    def reached(self, fact: Token, state: Token) -> Reached:
        return Reached(str(state), _plain(fact), span=_from(fact, state))

    def calculated(self, left: Expression, operator: Token, right: Expression) -> Calculated:
        return Calculated(cast("Operator", str(operator)), left, right, span=_from(left, right))

    def divided(
        self, left: Expression, right: Expression, otherwise: Expression | None = None
    ) -> Divided:
        return Divided(left, right, otherwise, span=_from(left, otherwise or right))

    def minus(self, sign: Token, value: Expression) -> Minus:
        return Minus(value, span=_from(sign, value))

    def otherwise(self, value: Expression, instead: Expression) -> Otherwise:
        return Otherwise(value, instead, span=_from(value, instead))

    def power(self, value: Expression, exponent: Token) -> Power:
        if exponent not in {str(number) for number in range(MAX_EXPONENT + 1)}:
            raise senseless.exponent(_where(exponent), MAX_EXPONENT)
        return Power(value, int(exponent), span=_from(value, exponent))

    def day_of(self, words: Token, *names: Token) -> DayOf:
        fact = " ".join(names[:-1]) or ORDER
        return DayOf(str(names[-1]), fact, span=_from(words, names[-1]))

    def named(self, *words: Token) -> Name | Reference:
        name = next(word for word in words if word.type == "NAME")
        if name in RESERVED:
            raise senseless.reserved(_where(name), str(name))
        span = _from(words[0], words[-1])
        if len(words) == 1:
            return Name(str(name), span=span)
        before = tuple(cast("WordsBefore", _plain(word)) for word in words if word.type == "BEFORE")
        after = tuple(_qualifier(word) for word in words if word.type == "AFTER")
        return Reference(str(name), before, after, span=span)

    def call(self, function: Token, *rest: Expression | Token) -> Call:
        arguments = tuple(part for part in rest if not isinstance(part, Token))
        name = cast("FunctionName", _plain(function))
        return Call(name, arguments, span=_from(function, rest[-1]))

    def rounded(
        self, word: Token, value: Expression, place: Literal | None, *rest: Token
    ) -> Rounded:
        mode = cast("Mode", str(rest[0])) if len(rest) > 1 else "half_up"
        if place is not None and isinstance(place.value, Fraction) and place.value <= 0:
            raise senseless.place(place.span)
        return Rounded(value, place, mode, span=_from(word, rest[-1]))

    def bracketed(self, opening: Token, inner: Expression, closing: Token) -> Expression:
        return replace(inner, span=_from(opening, closing))

    def day(self, token: Token) -> Literal:
        try:
            return Literal(parse_day(str(token)), Unit.DATE, span=_where(token))
        except ValueError:
            raise senseless.no_such_day(_where(token), str(token)) from None

    def text(self, token: Token) -> Literal:
        span = _where(token)
        return Literal("".join(_letters(token[1:-1], span.at + 1)), Unit.TEXT, span=span)

    def yes(self, token: Token) -> Literal:
        return Literal(value=True, unit=Unit.BOOL, span=_where(token))

    def no(self, token: Token) -> Literal:
        return Literal(value=False, unit=Unit.BOOL, span=_where(token))

    def quantity(self, token: Token) -> Literal:
        if len(token) > MAX_DIGITS and sum(map(str.isdigit, token)) > MAX_DIGITS:
            raise senseless.too_many_digits(_where(token), MAX_DIGITS)
        try:
            return Literal(*_quantity(_plain(token)), span=_where(token))
        except NotAQuantity:
            raise senseless.no_quantity(_where(token), str(token)) from None

    def negative(self, sign: Token, literal: Literal) -> Literal:
        value = -cast("Fraction", literal.value)
        return replace(literal, value=value, span=_from(sign, literal))

    def cent(self, _token: Token) -> None:
        return None


def _qualifier(token: Token) -> Qualifier:
    return Qualifier(*modifier_after(_plain(token)))


def _letters(written: str, at: int) -> Iterator[str]:
    """Give the letters of a text as it is written between its quotation marks."""
    letters = enumerate(written)
    for index, letter in letters:
        if letter != "\\":
            yield letter
            continue
        _, escaped = next(letters)
        if escaped not in _ESCAPES:
            raise senseless.escape(Span(at + index, at + index + 2))
        yield _ESCAPES[escaped]


_quantity = lru_cache(maxsize=4096)(written_quantity)
"""The same few numbers are written again and again."""

_PARSER = Lark(GRAMMAR, parser="lalr", transformer=_TreeBuilder())


def read_expression(text: str) -> Expression:
    """Return the tree of a formula.

    Raises:
        FormulaRefused: naming the characters that are not understood.
    """
    if len(text) > MAX_LENGTH:
        raise senseless.too_long(Span(MAX_LENGTH, len(text)), MAX_LENGTH)
    _check_brackets(text)
    if sum(1 for _ in _PART.finditer(text)) > MAX_PARTS:
        raise senseless.too_many_parts(Span(0, len(text)), MAX_PARTS)
    try:
        tree = _PARSER.parse(text)
    except UnexpectedToken as error:
        raise diagnosis.of_token(text, error) from None
    except UnexpectedCharacters as error:
        raise diagnosis.of_letter(text, error.pos_in_stream or 0) from None
    except VisitError as error:
        if isinstance(error.orig_exc, FormulaRefused):
            raise error.orig_exc from None
        raise
    expression = cast("Expression", tree)
    if _is_too_deep(expression):
        raise senseless.too_deep(Span(0, len(text)), MAX_DEPTH)
    return expression


def _check_brackets(text: str) -> None:
    """Refuse brackets that nest too deep before the parser sees them."""
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if found[0] in "([":
            depth += 1
        elif found[0] in ")]":
            depth -= 1
        if depth > MAX_DEPTH:
            raise senseless.too_deep(Span(found.start(), found.end()), MAX_DEPTH)


def _is_too_deep(expression: Expression) -> bool:
    """Say whether walking the tree could run out of stack; itself it walks level by level."""
    level: tuple[Expression, ...] = (expression,)
    for _ in range(MAX_DEPTH):
        level = tuple(part for node in level for part in parts_of(node))
        if not level:
            return False
    return True
