"""Reading the rows of a worked example, whatever they are about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from premia_plan.checked import Component, Measure, Payment, TargetRule
from premia_plan.checking.clause import Clause
from premia_plan.checking.miswritten import no_number
from premia_plan.checking.unknown import payee_not_given, unknown_component
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Words, suggested
from premia_plan.quantities import NotAQuantity, Unit
from premia_plan.relations import Attribute, SourceRef

PRINCIPAL = "example"
"""The principal of a fact or assignment that names none."""


@dataclass(frozen=True, slots=True)
class ExampleNames:
    """What the rows of an example may name."""

    words: Vocabulary
    measures: Mapping[str, Measure]
    targets: Mapping[str, TargetRule]
    components: Mapping[str, Component]
    payment: Payment = field(default_factory=Payment)
    takes_currencies: bool = False
    """Whether the plan says at which rates other currencies count."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What the readers of rows share: the example, what is given, and the payees."""

    example: Clause
    given: Mapping[str, Clause]
    names: ExampleNames
    payees: frozenset[str]

    def payee(self, clause: Clause) -> str:
        """Return a payee that is given."""
        return self.payee_named(clause.text, clause)

    def payee_named(self, name: str, clause: Clause) -> str:
        """Return a payee that is given, named by a key above a clause."""
        if name not in self.payees:
            message = payee_not_given(name)
            known = suggested(name, self.payees)
            hint = Words(
                f"{known.en} Payees stand under given: payees",
                f"{known.it} I beneficiari stanno in given: payees",
            )
            raise clause.refuse("example.unknown_payee", message, hint)
        return name

    def component(self, clause: Clause) -> str:
        """Return a component of the plan."""
        if clause.text not in self.names.components:
            hint = suggested(clause.text, self.names.components)
            message = unknown_component(clause.text)
            raise clause.refuse("name.unknown", message, hint)
        return clause.text

    def source(self, kind: str, key: str) -> SourceRef:
        """Return where a row of the example stands."""
        return SourceRef(f"example_{kind}", f"{self.example.word('name')}/{key}", None, key)

    def rows(self, key: str) -> list[Clause]:
        """Return the rows under a key of `given`, as they were known; none if it is left out.

        A row says from which day on it was `known`. Of several rows about the same the one that
        was known last counts, of those known by the day that the example names.
        """
        rows = self.given[key].entries() if key in self.given else []
        by_day = self.given.get("known_on")
        latest: dict[tuple[str, ...], date] = {}
        for row in rows:
            known = self._known(row)
            if known is not None and (by_day is None or known <= self.day(by_day)):
                what = _about(row)
                latest[what] = max(latest.get(what, known), known)
        return [row for row in rows if self._counts(row, latest)]

    def _counts(self, row: Clause, latest: Mapping[tuple[str, ...], date]) -> bool:
        """Say whether nothing later was known about the same."""
        known = self._known(row)
        if known is None:
            return _about(row) not in latest
        return latest.get(_about(row)) == known

    def _known(self, row: Clause) -> date | None:
        found = row.optional("known") if row.mapping else None
        return None if found is None else self.day(found)

    def principal(self, row: Clause) -> str:
        """Return for whom a row counts."""
        return row.word("principal", PRINCIPAL)

    def principals(self) -> list[str]:
        """Return every principal that the facts of the example name."""
        facts = ("orders", "activities", "bills", "payments", "credit_notes")
        named = {self.principal(row) for section in facts for row in self.rows(section)}
        return sorted(named) or [PRINCIPAL]

    def day(self, clause: Clause) -> date:
        """Return a day."""
        return clause.day()

    def attribute(self, clause: Clause, unit: Unit) -> Attribute:
        """Return a value of an attribute of one unit."""
        if unit is Unit.TEXT:
            return clause.text
        if unit is Unit.DATE:
            return self.day(clause)
        if unit is Unit.BOOL:
            if clause.text not in {"true", "false"}:
                hint = Words("Write true or false", "Scrivi true o false")
                raise clause.refuse(
                    "value.pattern",
                    Words(f"{clause.text!r} is neither", f"{clause.text!r} non è nessuno dei due"),
                    hint,
                )
            return clause.text == "true"
        return self.decimal(clause, unit)

    def decimal(self, clause: Clause, unit: Unit) -> Decimal:
        """Return a number of one unit as exactly the decimal it was written as."""
        try:
            value = clause.amount(unit, self.names.words.currency).value
        except NotAQuantity as error:
            raise clause.refuse(
                "value.pattern",
                no_number(error),
                Words("Write it like 12 EUR", "Scrivilo come 12 EUR"),
            ) from None
        return Decimal(value.numerator) / Decimal(value.denominator)


def _about(row: Clause) -> tuple[str, ...]:
    """Return what tells a row from rows about something else."""
    if row.optional("id") is not None:
        return row.word("id"), row.word("from")
    told_apart = (row.word(name) for name in ("order", "payee", "month", "from", "day", "type"))
    return *told_apart, *sorted(set(row.mapping) - {"known"})
