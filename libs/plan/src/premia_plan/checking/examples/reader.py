"""Reading the rows of a worked example, whatever they are about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from premia_plan.checked import Component, Measure, Payment, TargetRule
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import suggestion
from premia_plan.quantities import NotAQuantity, Unit, parse_day
from premia_plan.relations import Attribute, SourceRef

PRINCIPAL = "example"
"""The principal of every order and assignment of an example."""


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
            message = f"the payee {name} is not given"
            hint = f"{suggestion(name, self.payees)} Payees stand under given: payees"
            raise clause.refuse("example.unknown_payee", message, hint)
        return name

    def source(self, kind: str, key: str) -> SourceRef:
        """Return where a row of the example stands."""
        return SourceRef(f"example_{kind}", f"{self.example.word('name')}/{key}", None, key)

    def rows(self, key: str) -> list[Clause]:
        """Return the rows under a key of `given`; none if it is left out."""
        return self.given[key].entries() if key in self.given else []

    def day(self, clause: Clause) -> date:
        """Return a day."""
        try:
            return parse_day(clause.text)
        except ValueError as error:
            hint = "Write a day like 2026-03-31"
            raise clause.refuse("value.pattern", str(error), hint) from None

    def attribute(self, clause: Clause, unit: Unit) -> Attribute:
        """Return a value of an attribute of one unit."""
        if unit is Unit.TEXT:
            return clause.text
        if unit is Unit.DATE:
            return self.day(clause)
        if unit is Unit.BOOL:
            if clause.text not in {"true", "false"}:
                hint = "Write true or false"
                raise clause.refuse("value.pattern", f"{clause.text!r} is neither", hint)
            return clause.text == "true"
        return self.decimal(clause, unit)

    def decimal(self, clause: Clause, unit: Unit) -> Decimal:
        """Return a number of one unit as exactly the decimal it was written as."""
        try:
            value = clause.amount(unit, self.names.words.currency).value
        except NotAQuantity as error:
            raise clause.refuse("value.pattern", str(error), "Write it like 12 EUR") from None
        return Decimal(value.numerator) / Decimal(value.denominator)
