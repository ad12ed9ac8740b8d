"""A part of the document with its place, and the findings gathered while it is read."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from premia_plan.checking.miswritten import LIKE_A_DAY, no_day
from premia_plan.document import Content, PlanDocument
from premia_plan.finding import Finding, Severity, pointer
from premia_plan.language import Formula, FormulaRefused, Names, read_formula
from premia_plan.language.words import Words, example_of, unit_words
from premia_plan.quantities import Quantity, Unit, number, parse_day, written_quantity
from premia_plan.upcasting import path_as_written

if TYPE_CHECKING:
    from premia_plan.checking.vocabulary import Vocabulary


class ClauseRefused(Exception):
    """Raised after a finding was noted, to leave the clause it makes meaningless."""


@dataclass(slots=True)
class Report:
    """The findings of one check, and the names its formulas may use once they were read."""

    document: PlanDocument
    findings: list[Finding] = field(default_factory=list)
    words: "Vocabulary | None" = None
    values: Mapping[str, str] = field(default_factory=dict)
    """What parameters stand for."""
    original: PlanDocument | None = None
    """The document as written, where `document` is its newest form."""

    def as_written(self, path: str) -> str:
        """Return where a part stands in the document as written."""
        return path if self.original is None else path_as_written(path, self.original)

    def note(
        self,
        severity: Severity,
        code: str,
        path: str,
        message: Words,
        hint: Words,
        *,
        counter_example: Words | None = None,
    ) -> None:
        """Add a finding at a pointer."""
        path = self.as_written(path)
        place = self.document.place_of(path)
        found = Finding.said(severity, code, path, message, hint, place=place, case=counter_example)
        self.findings.append(found)

    @property
    def has_errors(self) -> bool:
        """Say whether anything found keeps the plan from being calculated."""
        return any(finding.severity == "error" for finding in self.findings)

    def already_told(self, name: str) -> bool:
        """Say whether a name is only unknown because what the plan says of it was refused."""
        section_and_name = re.compile(rf"/[a-z]+/{re.escape(name)}(/|$)")
        return any(
            finding.severity == "error" and section_and_name.match(finding.path)
            for finding in self.findings
        )

    @contextmanager
    def section(self) -> Iterator[None]:
        """Go on with the next clause when this one was refused."""
        with suppress(ClauseRefused):
            yield


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a document whose shape was checked; reading it notes what is wrong with it."""

    content: Content
    path: str
    report: Report

    def part(self, key: str) -> "Clause":
        """Return what stands under a key that the shape guarantees."""
        found = self.optional(key)
        if found is None:
            raise KeyError(f"{self.path} has no {key}")
        return found

    def optional(self, key: str) -> "Clause | None":
        """Return what stands under a key, or None."""
        content = self.mapping.get(key)
        if content is None:
            return None
        return Clause(content, self.path + pointer(key), self.report)

    @property
    def mapping(self) -> Mapping[str, Content]:
        """Return the content as a mapping; empty if it is none."""
        return self.content if isinstance(self.content, dict) else {}

    def parts(self) -> dict[str, "Clause"]:
        """Return the clauses of a mapping by key."""
        return {key: self.part(key) for key in self.mapping}

    def entries(self) -> list["Clause"]:
        """Return the clauses of a list."""
        items = self.content if isinstance(self.content, list) else []
        return [
            Clause(item, self.path + pointer(index), self.report)
            for index, item in enumerate(items)
        ]

    def entry(self, index: int) -> "Clause":
        """Return one clause of a list."""
        items = self.content if isinstance(self.content, list) else []
        return Clause(items[index], self.path + pointer(index), self.report)

    @property
    def text(self) -> str:
        """Return the content as text."""
        return self.content if isinstance(self.content, str) else ""

    def word(self, key: str, default: str = "") -> str:
        """Return the text under a key."""
        found = self.optional(key)
        return default if found is None else found.text

    def error(
        self, code: str, message: Words, hint: Words, counter_example: Words | None = None
    ) -> None:
        """Note an error here; not that a name is unknown where its own clause was refused."""
        if code == "name.unknown" and self.text and self.report.already_told(self.text):
            return
        self.report.note("error", code, self.path, message, hint, counter_example=counter_example)

    def warning(
        self, code: str, message: Words, hint: Words, counter_example: Words | None = None
    ) -> None:
        """Note a warning here."""
        self.report.note("warning", code, self.path, message, hint, counter_example=counter_example)

    def refuse(
        self, code: str, message: Words, hint: Words, counter_example: Words | None = None
    ) -> ClauseRefused:
        """Note an error here and return what to raise."""
        self.error(code, message, hint, counter_example)
        return ClauseRefused(message.en)

    def formula(self, names: Names, *units: Unit) -> Formula:
        """Read the text as a formula whose result has one of the units.

        Raises:
            ClauseRefused: after noting what is wrong.
        """
        try:
            formula = read_formula(self.text, self.path, names)
        except FormulaRefused as error:
            if self.report.already_told(self.text[error.at : error.until]):
                raise ClauseRefused(error.problem) from None
            raise self.refuse(error.code, error.problems, error.hint) from None
        if units and formula.unit not in units:
            wanted = " or ".join(unit_words(unit).en for unit in units)
            asked = " o ".join(unit_words(unit).it for unit in units)
            given, sample = unit_words(formula.unit), example_of(units[0], names.currency)
            message = Words(f"{self.text!r} gives {given.en}", f"{self.text!r} dà {given.it}")
            hint = Words(
                f"It must give {wanted} here, like {sample}", f"Qui serve {asked}, come {sample}"
            )
            raise self.refuse("unit.unexpected", message, hint)
        return formula

    def amount(self, unit: Unit, currency: str) -> Quantity:
        """Read the text as a number of one unit.

        Raises:
            ClauseRefused: after noting another unit or currency.
        """
        found = written_quantity(self.report.values.get(self.text, self.text))
        if found.unit is not unit:
            example = example_of(unit, currency)
            given, wanted = unit_words(found.unit), unit_words(unit)
            message = Words(
                f"{self.text!r} is {given.en}, not {wanted.en}",
                f"{self.text!r} è {given.it}, non {wanted.it}",
            )
            hint = Words(f"Write it like {example}", f"Scrivilo come {example}")
            raise self.refuse("unit.unexpected", message, hint)
        if found.currency is not None and found.currency != currency:
            message = Words(
                f"{found.currency} is not the plan's currency",
                f"{found.currency} non è la valuta del piano",
            )
            hint = Words(f"Write the amount in {currency}", f"Scrivi l'importo in {currency}")
            raise self.refuse("unit.currency", message, hint)
        return found

    def day(self) -> date:
        """Read the text as a day.

        Raises:
            ClauseRefused: after noting that it is none.
        """
        try:
            return parse_day(self.text)
        except ValueError:
            raise self.refuse("value.pattern", no_day(self.text), LIKE_A_DAY) from None

    def whole_number(self) -> int:
        """Read the text as a whole number that the shape guarantees."""
        return int(number(self.text))
