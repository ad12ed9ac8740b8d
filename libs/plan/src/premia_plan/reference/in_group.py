"""Figures of the group that a payee is in, where populations fall into groups."""

from collections.abc import Callable, Iterable, Sequence

from premia_plan.reasons import because
from premia_plan.reference.cell import CellFigure, CellKey
from premia_plan.reference.figure import Figure
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.workings import Workings


class InGroup:
    """A figure of a payee's group; refused where it is not known which group that is."""

    def __init__(self, inner: CellFigure, population: str, workings: Workings) -> None:
        self.over = inner.over
        self.is_known_ahead = inner.is_known_ahead
        self._inner = inner
        self._population = population
        self._workings = workings

    def at(self, subject: str, period: str, as_of: str) -> Figure:
        """Return the group's figure.

        Raises:
            NotCalculated: if nothing tells the group, or the figure cannot be worked out.
        """
        if not self._workings.group(self._population, subject, period):
            raise group_unknown(subject, self._population, period)
        return self._inner.at(subject, period, as_of)

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the figure of some member changes."""
        return self._inner.changes(subject, period)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of everybody who is in a group."""
        return self._inner.cells()


def group_unknown(payee_id: str, population: str, period: str) -> NotCalculated:
    """Say that nothing tells which group of a population a payee is in."""
    facts = {"payee": payee_id, "population": population, "month": period}
    to_do = "Record what those of a group have in common, or ask only where it is known"
    return NotCalculated(because("group_unknown", **facts), to_do)


def not_placed(
    payee_id: str,
    population: str,
    members: Callable[[str, str], Sequence[str]],
    figure: str,
    period: str,
) -> NotCalculated:
    """Say why who is not among the members of a group has no place or share there.

    `members` gives everybody in the population, in whatever group, for the subject "".
    """
    if payee_id in members("", period):
        return group_unknown(payee_id, population, period)
    reason = because("not_in_population", payee=payee_id, figure=figure, month=period)
    return NotCalculated(reason, "Ask only for payees of the population")
