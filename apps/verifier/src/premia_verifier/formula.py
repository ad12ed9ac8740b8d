"""A small evaluator of plan formulas: text and named inputs in, exact value out; None: unknown."""

import math
import operator
import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

MODES: dict[str, Callable[[Fraction], int]] = {"up": math.ceil, "down": math.floor}
MODES |= {"half_even": round, "half_up": lambda value: math.floor(value + Fraction(1, 2))}


def to_step(value: Fraction, step: Fraction = Fraction(1), mode: str = "half_up") -> Fraction:
    """Round to a multiple of a step; a negative value as its opposite."""
    return MODES[mode](abs(value) / step) * (-step if value < 0 else step)


def day_in(year: Fraction | int, month: Fraction | int, day: Fraction | int) -> date:
    """Return a day of a month, or its last one; months run on into other years."""
    year, rest = divmod(int(year) * 12 + int(month) - 1, 12)
    return date(year, rest + 1, min(int(day), monthrange(year, rest + 1)[1]))


def later(day: date, months: Fraction | int) -> date:
    """Return the day some months later."""
    return day_in(day.year, day.month + int(months), day.day)


def months_between(start: date, end: date, *, started: bool = False) -> Fraction:
    """Return the completed months between two days, or those that have at least begun."""
    if end < start:
        return -months_between(end, start, started=started)
    count = (end.year - start.year) * 12 + end.month - start.month
    count -= later(start, count) > end
    return Fraction(count + (started and later(start, count) < end))


def edge(size: int, day: date, *, is_last: bool) -> date:
    """Return the first or last day of the period of so many months that holds a day."""
    first = date(day.year, (day.month - 1) // size * size + 1, 1)
    return later(first, size) - timedelta(days=1) if is_last else first


# fmt: off
CALLS: dict[str, Callable[..., Any]] = {
    "min": min, "max": max, "abs": abs, "round": to_step, "add months": later, "day": day_in,
    "floor": lambda value: Fraction(math.floor(value)),
    "days between": lambda start, end: Fraction((end - start).days),
    "months between": months_between,
    "started months between": partial(months_between, started=True),
    "add days": lambda day, count: day + timedelta(days=int(count)),
    "year of": lambda day: Fraction(day.year),
    "quarter of": lambda day: Fraction((day.month + 2) // 3),
    "month of": lambda day: Fraction(day.month),
    "day of month": lambda day: Fraction(day.day),
    **{f"{which} day of {period}": partial(edge, size, is_last=which == "last")
       for period, size in {"month": 1, "quarter": 3, "half": 6, "year": 12}.items()
       for which in ("first", "last")},
}
NOT, COMPARED, UNARY = 3, 4, 7  # how strongly these bind; the joins stand on the same scale
STRICT: dict[str, tuple[int, Callable[[Any, Any], Any]]] = {
    **{sign: (COMPARED, getattr(operator, name)) for sign, name in zip(
        ("=", "!=", "<", "<=", ">", ">="), ("eq", "ne", "lt", "le", "gt", "ge"), strict=True)},
    "contains": (COMPARED, operator.contains), "starts with": (COMPARED, str.startswith),
    "ends with": (COMPARED, str.endswith), "+": (5, operator.add), "-": (5, operator.sub),
    "*": (6, operator.mul), "/": (6, lambda a, b: a / b if b else None), "^": (9, operator.pow),
}
JOINS: dict[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "or": (1, lambda a, b: bool(a) or bool(b)), "and": (2, lambda a, b: bool(a) and bool(b)),
    "in": (COMPARED, lambda a, b: a in b), "not in": (COMPARED, lambda a, b: a not in b),
    "is known": (COMPARED, lambda a, _: a is not None),
    "is not known": (COMPARED, lambda a, _: a is None),
    "otherwise": (8, lambda a, b: b if a is None else a), **STRICT,
}
# fmt: on


def _phrases(words: Mapping[str, Any]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first) or "(?!)"


WORDS = rf"{_phrases(JOINS)}|then|else|is|not|to|of|before|below|among|along|per"
PATTERN = rf"""(?P<day>\d{{4}}-\d\d-\d\d)|"(?P<text>(?:[^"\\]|\\.)*)"
|(?P<number>(?:\d{{1,3}}(?:\ \d{{3}})+|\d+)(?:\.\d+)?)(?:\ ?%|\ ?(?!(?:{WORDS})\b)[A-Za-z][\w²³/]*)?
|to\s*:|\s+|(?P<word>(?:{_phrases(CALLS)})(?=\s*\()|{_phrases(JOINS)}|[a-z_]+|.)"""
CONSTANTS = {"true": True, "false": False, "cent": Fraction(1, 100)}


def evaluate(text: str, inputs: Mapping[str, Any]) -> Any:
    """Return what a formula gives; None where it needs what is unknown or divides by zero."""
    named = rf"(?:order\s+(?=reached\s))?(?P<name>{_phrases(inputs)})(?![\w.])"
    found = re.finditer(rf"{named}|{PATTERN}", text, re.VERBOSE)
    reader = _Reader([_token(match, inputs) for match in found if match.lastgroup])
    value = reader.read()
    return value if reader.next() == "" else None


def _token(match: re.Match[str], inputs: Mapping[str, Any]) -> Any:
    """Return a value in a tuple, or a word."""
    said = " ".join(match[match.lastgroup or 0].split())
    if match.lastgroup == "name":
        return (bool(inputs[said]) if "reached " in said else inputs[said],)
    if match.lastgroup == "number":
        return Fraction(said.replace(" ", "")) / (100 if match[0][-1] == "%" else 1), "written"
    if match.lastgroup == "word":
        return said
    return (
        re.sub(r"\\(.)", r"\1", match["text"]) if not match["day"] else date.fromisoformat(said),
    )


class _Reader:
    """Evaluates while it reads."""

    def __init__(self, tokens: list[Any]) -> None:
        self.tokens, self.at = [*tokens, "", ""], 0

    def next(self) -> Any:
        self.at += 1
        return self.tokens[self.at - 1]

    def read(self, strength: int = 0) -> Any:
        left = self.first()
        while (word := self.tokens[self.at]) in JOINS and JOINS[word][0] > strength:
            power, join = JOINS[self.next()]
            divisor = self.tokens[self.at]
            strength_of_right = UNARY - 1 if word == "otherwise" else power
            right = None if word.startswith("is ") else self.read(strength_of_right)
            if word == "/" and self.tokens[self.at] == "else" and divisor[1:] != ("written",):
                zero = self.next() and self.read(UNARY - 1)
                left, right = (zero, Fraction(1)) if right == 0 else (left, right)
            is_lost = word in STRICT and (left is None or right is None)
            left = (None if power > COMPARED else False) if is_lost else join(left, right)
        return left

    def first(self) -> Any:
        word = self.next()
        if word == "if":
            test, _, kept, _, other = (
                self.read(),
                self.next(),
                self.read(),
                self.next(),
                self.read(),
            )
            return kept if test else other
        if word in {"not", "-"}:
            value = self.read(NOT if word == "not" else UNARY)
            return not value if word == "not" else None if value is None else -value
        if word == "[":
            return self.listed()
        if word == "(" or word in CALLS:
            values = self.listed() if word == "(" or self.next() else []
            return values[0] if word == "(" else None if None in values else CALLS[word](*values)
        return word[0] if isinstance(word, tuple) else CONSTANTS.get(word, word)

    def listed(self) -> list[Any]:
        items = [self.read()]
        while self.next() == ",":
            items.append(self.read())
        return items
