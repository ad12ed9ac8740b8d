"""What is wrong with a formula: where, why, and what to write instead."""

from premia_plan.language.syntax.span import Span
from premia_plan.language.words import Words


class FormulaRefused(ValueError):
    """Raised when a formula cannot be read or its units do not fit.

    `message` and `hint` are in both languages; `at` and `until` are the characters meant.
    """

    def __init__(self, code: str, span: Span, message: Words, hint: Words) -> None:
        self.code = code
        self.at, self.until = span
        self.message = message
        self.hint = hint
        self.formula = ""
        super().__init__(code, span, message, hint)

    @property
    def problem(self) -> str:
        """What is wrong and where, in English."""
        whole = f"in {self.formula!r}, " if self.formula else ""
        return f"{whole}at character {self.at + 1}, {self.message.en}"

    @property
    def problems(self) -> Words:
        """What is wrong and where, in both languages."""
        whole = f"in {self.formula!r}, " if self.formula else ""
        return Words(self.problem, f"{whole}al carattere {self.at + 1}, {self.message.it}")

    def __str__(self) -> str:
        return f"{self.problem}. {self.hint.en}"
