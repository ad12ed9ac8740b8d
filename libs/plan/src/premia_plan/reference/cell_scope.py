"""A cell as formulas about it see it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from premia_plan.language import Value
from premia_plan.reference.cell import CellFigure
from premia_plan.reference.cell_facts import CellFacts, is_cell_fact
from premia_plan.reference.figure import Figure
from premia_plan.reference.rate_table import Rates


@dataclass(frozen=True, slots=True)
class CellScope:
    """The scope of formulas about a subject's period, as of a month's end.

    A formula may name measures, attainments, targets as `target.<name>`, components, references
    such as `previous year of sold`, attributes of the payee, what the period is, and rate tables
    whose keys name such things. `figure` finds figures by name or reference.
    """

    subject: str
    period: str
    as_of: str
    figure: Callable[[str], CellFigure]
    rates: Rates
    facts: CellFacts

    def _at(self, name: str) -> Figure:
        return self.figure(name).at(self.subject, self.period, self.as_of)

    def value(self, name: str) -> Value | None:
        """Return a figure of the cell, or what is known of its payee or period.

        Raises:
            NotCalculated: if it cannot be worked out.
        """
        if is_cell_fact(name):
            return self.facts.value(self.subject, self.period, name)
        return self.rates.find(name, self).value if name in self.rates else self._at(name).value

    def node(self, name: str) -> UUID:
        """Return the node of what `value` gives.

        Raises:
            NotCalculated: if it cannot be worked out.
        """
        if is_cell_fact(name):
            return self.facts.node(self.subject, self.period, name)
        return self.rates.find(name, self).node_id if name in self.rates else self._at(name).node_id

    def day_reached(self, state: str) -> date | None:  # noqa: ARG002 - a cell reaches no states
        """Return None: a cell reaches no states."""
        return None
