"""A small evaluator of plan formulas: text and named inputs in, exact value out; None: unknown."""

import math
import operator as op
import re
from calendar import monthrange
from collections import deque
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


def months_between(start: date, end: date, *, started: bool = False) -> int:
    """Return the completed months between two days, or those that have at least begun."""
    if end < start:
        return -months_between(end, start, started=started)
    count = (end.year - start.year) * 12 + end.month - start.month
    count -= later(start, count) > end
    return count + (started and later(start, count) < end)


def in_period(size: int, number: int, day_number: int, day: date) -> date:
    """Return a day of the period of so many months that holds a day, by its month and number."""
    return day_in(day.year, (day.month - 1) // size * size + number, day_number)


PERIODS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
# fmt: off
CALLS: dict[str, Callable[..., Any]] = {
    "min": min, "max": max, "abs": abs, "floor": math.floor, "round": to_step, "day": day_in,
    "add months": later, "add days": lambda day, count: day + timedelta(int(count)),
    "days between": lambda start, end: (end - start).days, "months between": months_between,
    "started months between": partial(months_between, started=True),
    "year of": lambda day: day.year, "quarter of": lambda day: (day.month + 2) // 3,
    "month of": lambda day: day.month, "day of month": lambda day: day.day,
    **{f"first day of {name}": partial(in_period, size, 1, 1) for name, size in PERIODS.items()},
    **{f"last day of {name}": partial(in_period, size, size, 31) for name, size in PERIODS.items()},
}
LEVELS: tuple[dict[str, Callable[[Any, Any], Any]], ...] = (  # each binds stronger than the last
    {"or": lambda a, b: bool(a or b)}, {"and": lambda a, b: bool(a and b)}, {},  # not
    {"=": op.eq, "!=": op.ne, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge,
     "contains": op.contains, "starts with": str.startswith, "ends with": str.endswith,
     "in": lambda a, b: a in b, "not in": lambda a, b: a not in b,
     "is known": lambda a, _: a is not None, "is not known": lambda a, _: a is None},
    {"+": op.add, "-": op.sub}, {"*": op.mul, "/": lambda a, b: a / b if b else None}, {},  # minus
    {"otherwise": lambda a, b: b if a is None else a}, {"^": op.pow},
)
NOT, COMPARED, MINUS = 2, 3, 6
JOINS = {word: (power, join) for power, level in enumerate(LEVELS) for word, join in level.items()}
LENIENT = {"or", "and", "in", "not in", "is known", "is not known", "otherwise"}
CONSTANTS = {"true": True, "false": False, "cent": Fraction(1, 100)}
# fmt: on


def _phrases(words: Mapping[str, Any]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first) or "(?!)"


WORDS = rf"{_phrases(JOINS)}|then|else|is|not|to|of|before|below|among|along|per"
PATTERN = rf"""(?P<day>\d{{4}}-\d\d-\d\d)|"(?P<text>(?:[^"\\]|\\.)*)"
|(?P<number>(?:\d{{1,3}}(?:\ \d{{3}})+|\d+)(?:\.\d+)?)(?:\ ?%|\ ?(?!(?:{WORDS})\b)[A-Za-z][\w²³/]*)?
|to\s*:|\s+|(?P<word>(?:{_phrases(CALLS)})(?=\s*\()|{_phrases(JOINS)}|[a-z_]+|.)"""


def evaluate(text: str, inputs: Mapping[str, Any]) -> Any:
    """Return what a formula gives; None where it needs what is unknown or divides by zero."""
    named = rf"(?:order\s+(?=reached\s))?(?P<name>{_phrases(inputs)})(?![\w.])"
    found = re.finditer(rf"{named}|{PATTERN}", text, re.VERBOSE)
    reader = _Reader([*(_token(match, inputs) for match in found if match.lastgroup), "", ""])
    value = reader.read()
    return value if reader.popleft() == "" else None


def _token(match: re.Match[str], inputs: Mapping[str, Any]) -> Any:
    """Return a value in a tuple, or a word."""
    kind = match.lastgroup or "word"
    said = " ".join(match[kind].split())
    if kind == "word":
        return said
    if kind == "number":
        return Fraction(said.replace(" ", "")) / (100 if match[0][-1] == "%" else 1), "written"
    if kind == "name":
        return (bool(inputs[said]) if "reached " in said else inputs[said],)
    return (date.fromisoformat(said) if kind == "day" else re.sub(r"\\(.)", r"\1", match[kind]),)


class _Reader(deque[Any]):
    """The tokens that are left; evaluates while it reads."""

    def read(self, strength: int = -1) -> Any:
        """Return the value of what follows, up to what binds no stronger."""
        left = self.first()
        while (word := self[0]) in JOINS and JOINS[word][0] > strength:
            power, join = JOINS[self.popleft()]
            divisor, strength_of_right = self[0], MINUS - 1 if word == "otherwise" else power
            right = None if word.startswith("is ") else self.read(strength_of_right)
            if word == "/" and self[0] == "else" and divisor[1:] != ("written",):
                zero = self.read(MINUS - 1)
                left, right = (zero, Fraction(1)) if right == 0 else (left, right)
            is_lost = word not in LENIENT and (left is None or right is None)
            left = (None if power > COMPARED else False) if is_lost else join(left, right)
        return left

    def first(self) -> Any:
        """Return the value of one operand."""
        while (word := self.popleft()) in ("then", "else"):
            pass
        if word == "if":
            test, kept, other = self.read(), self.read(), self.read()
            return kept if test else other
        if word in ("not", "-"):
            value = self.read(NOT if word == "not" else MINUS)
            return not value if word == "not" else None if value is None else -value
        if word in ("[", "(") or word in CALLS:
            bracket = self.popleft() if word in CALLS else word
            values = [self.read()]
            while self.popleft() == ",":
                values.append(self.read())
            if bracket == word:
                return values if word == "[" else values[0]
            value = None if None in values else CALLS[word](*values)
            return Fraction(value) if isinstance(value, int) else value
        return word[0] if isinstance(word, tuple) else CONSTANTS.get(word, word)
