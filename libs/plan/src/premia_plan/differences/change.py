"""One difference between two plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from premia_plan.document import Content

Kind: TypeAlias = Literal["added", "removed", "changed", "reordered"]
Direction: TypeAlias = Literal["rises", "falls"]
Language: TypeAlias = Literal["it", "en"]


class Item(NamedTuple):
    """A step of a path into a list: which item by what it is, not by its place."""

    label: str


Part: TypeAlias = "Content | None"
"""A part of a plan; None where a plan has no such part."""
Steps: TypeAlias = "tuple[str | Item, ...]"


class Sentence(NamedTuple):
    """A difference in words."""

    it: str
    en: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference before it is put into words.

    `path` is the JSON pointer in the later plan, or in the earlier one for what was removed.
    `keys` and the days are those of a rate.
    """

    kind: Kind
    path: str
    steps: Steps
    before: Part
    after: Part
    keys: Mapping[str, str] | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A difference that a reader understands; `direction` only where both are numbers alike."""

    kind: Kind
    path: str
    before: Part
    after: Part
    direction: Direction | None
    keys: Mapping[str, str] | None
    valid_from: date | None
    valid_to: date | None
    sentence: Sentence
