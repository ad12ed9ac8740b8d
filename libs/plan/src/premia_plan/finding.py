"""What the checker has to say about a plan, and where."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from premia_plan.language.words import Words

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class InItalian:
    """The same remark in Italian."""

    message: str
    hint: str
    counter_example: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a plan document, with its place and what to do.

    `path` is a JSON pointer; line and column count from 1 and are None for a document that
    was not read from text. `counter_example` names a case the plan gets wrong.
    """

    severity: Severity
    code: str
    path: str
    line: int | None
    column: int | None
    message: str
    hint: str
    counter_example: str | None
    in_italian: InItalian

    @classmethod
    def said(
        cls,
        severity: Severity,
        code: str,
        path: str,
        message: Words,
        hint: Words,
        *,
        place: tuple[int, int] | None,
        case: Words | None = None,
    ) -> "Finding":
        """Return a remark in both languages, at a line and column if they are known.

        >>> message, hint = Words("it is empty", "è vuoto"), Words("Fill it", "Riempilo")
        >>> found = Finding.said("error", "plan.empty", "/plan", message, hint, place=(1, 7))
        >>> found.hint, found.in_italian.hint
        ('Fill it', 'Riempilo')
        """
        line, column = place if place is not None else (None, None)
        italian = InItalian(message.it, hint.it, None if case is None else case.it)
        english = message.en, hint.en, None if case is None else case.en
        return cls(severity, code, path, line, column, *english, italian)

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}" if self.line else self.path or "/"
        return f"{place}: {self.message}. {self.hint}"


def pointer(*parts: str | int) -> str:
    """Return the JSON pointer (RFC 6901) of some steps.

    >>> pointer("tables", "a/b", 0)
    '/tables/a~1b/0'
    """
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
