"""Where in its text a part of a formula is written."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """The characters `at` up to, and without, `until`; the first character is 0."""

    at: int
    until: int


NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of a formula that knows where it is written; comparing leaves the place out."""

    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
