"""What the checker has to say about a plan, and where."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class InItalian:
    """The same remark in Italian."""

    message: str
    hint: str
    counter_example: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a plan document, with its place and what to do.

    `path` is a JSON pointer; line and column count from 1 and are None for a document that
    was not read from text. `counter_example` names a case the plan gets wrong. `in_italian` is
    None where the remark is in English only.
    """

    severity: Severity
    code: str
    path: str
    line: int | None
    column: int | None
    message: str
    hint: str
    counter_example: str | None = None
    in_italian: InItalian | None = None

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}" if self.line else self.path or "/"
        return f"{place}: {self.message}. {self.hint}"


def pointer(*parts: str | int) -> str:
    """Return the JSON pointer (RFC 6901) of some steps.

    >>> pointer("tables", "a/b", 0)
    '/tables/a~1b/0'
    """
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
