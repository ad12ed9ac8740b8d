"""What a component earned or released in a period, as a figure for others to build on."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from premia_plan.apportion import add_up
from premia_plan.period import last_month, months_of
from premia_plan.quantities import Unit
from premia_plan.reference.cell import CellKey, Remembered, restated
from premia_plan.reference.course import Course
from premia_plan.reference.figure import Figure
from premia_plan.reference.kept import kept_of
from premia_plan.reference.movement import Movement
from premia_plan.reference.workings import Workings
from premia_plan.results import PAID


@dataclass(frozen=True, slots=True)
class _Entry:
    """An earning with what its period's later counts and its order's reversals make of it."""

    course: Course
    changes: frozenset[str]

    def nodes(self, month: str, workings: Workings) -> Sequence[UUID]:
        """Return the nodes of what it is at the end of a month, by what was known then."""
        component = self.course.earning.component
        if not any(changed <= month for changed in self.changes):
            return [self.course.earning.node_id]
        if not workings.recorder.takes_back(component):
            return [self.course.at(month).node_id]
        return [
            move.node_id for move in kept_of(self.course, month, workings, f"earned {component}")
        ]


class _PayFigures(Remembered, ABC):
    """Amounts of one component per payee and period."""

    def __init__(self, workings: Workings, component: str, name: str, *, is_gross: bool) -> None:
        super().__init__(self._work_out)
        self._workings = workings
        self._book = workings.book
        self._component = component
        self._name = name
        self._is_gross = is_gross

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        nodes = self._nodes(subject, period, as_of)
        value = add_up(self._book.number(node_id) for node_id in nodes)
        node_id = self._book.node(
            "pay",
            self._name,
            subject,
            period,
            restated(period, as_of),
            kind="pay_figure",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="sum",
            payee_id=subject,
            detail={
                "clause": f"/components/{self._component}",
                "figure": self._name,
                "month": period,
            },
            children=tuple(nodes),
        )
        return Figure(value, node_id)

    @abstractmethod
    def _nodes(self, subject: str, period: str, as_of: str) -> Sequence[UUID]:
        """Return the nodes that add up to the figure."""


class EarnedFigures(_PayFigures):
    """What a component on credits earned in the months to which its earnings belong.

    What a reversal took back or dropped is gone from the month of the reversal on, unless the
    figure is asked for before reversals.
    """

    @cached_property
    def _entries(self) -> dict[CellKey, list[_Entry]]:
        found: dict[CellKey, list[_Entry]] = defaultdict(list)
        for course in self._workings.limits.before_plan(self._component):
            earning = course.earning
            if earning.payee_id is not None:
                key = (earning.payee_id, last_month(earning.competence))
                found[key].append(_Entry(course, self._changes_of(course)))
        return found

    def _changes_of(self, course: Course) -> frozenset[str]:
        """Return the months in which something of an earning is taken back, dropped or given."""
        counted, order = {count.event for count in course.counts}, course.earning.order
        if order is None or not self._workings.recorder.takes_back(self._component):
            return frozenset(counted)
        return order.reversal_months(self._component) | counted

    def _in(self, subject: str, period: str) -> Sequence[_Entry]:
        found = (self._entries.get((subject, month), ()) for month in months_of(period))
        return [entry for entries in found for entry in entries]

    def cells(self) -> Iterable[CellKey]:
        """Return the payees and months in which something was earned, in order."""
        return sorted(self._entries)

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months after the period in which something of it is taken back."""
        close = last_month(period)
        if self._is_gross:
            return frozenset()
        return frozenset(
            month for entry in self._in(subject, period) for month in entry.changes if month > close
        )

    def _nodes(self, subject: str, period: str, as_of: str) -> Sequence[UUID]:
        month = max(as_of, last_month(period))
        return [
            node_id
            for entry in self._in(subject, period)
            for node_id in (
                [entry.course.earning.node_id]
                if self._is_gross
                else entry.nodes(month, self._workings)
            )
        ]


class ReleasedFigures(_PayFigures):
    """What of a component became payable in the months in which it landed."""

    @cached_property
    def _movements(self) -> dict[CellKey, list[Movement]]:
        wanted = PAID - {"reversal"} if self._is_gross else PAID
        found: dict[CellKey, list[Movement]] = defaultdict(list)
        for earning, movements in self._workings.component(self._component).settled():
            for item in movements:
                if item.what in wanted and item.month is not None and earning.payee_id is not None:
                    found[earning.payee_id, item.month].append(item)
        return found

    def cells(self) -> Iterable[CellKey]:
        """Return the payees and months in which something landed, in order."""
        return sorted(self._movements)

    def changes(self, subject: str, period: str) -> frozenset[str]:  # noqa: ARG002 - of any cell
        """Return none: what lands later lands in a later month."""
        return frozenset()

    def _nodes(self, subject: str, period: str, as_of: str) -> Sequence[UUID]:  # noqa: ARG002
        return [
            item.node_id
            for month in months_of(period)
            for item in self._movements.get((subject, month), ())
        ]
