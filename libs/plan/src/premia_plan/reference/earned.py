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
from premia_plan.reference.earning import Earning
from premia_plan.reference.figure import Figure
from premia_plan.reference.movement import Movement
from premia_plan.reference.workings import Workings
from premia_plan.results import PAID, What

_TURNED: frozenset[What] = frozenset({"reversal", "reinstatement"})


@dataclass(frozen=True, slots=True)
class _Entry:
    """An earning with what became of it."""

    earning: Earning
    movements: Sequence[Movement]

    @property
    def changes(self) -> frozenset[str]:
        """The months in which something of it was taken back or given back."""
        return frozenset(
            item.month for item in self.movements if item.what in _TURNED and item.month
        )

    def left(self, month: str) -> Sequence[Movement] | None:
        """Return what is left of it at the end of a month; None if it is still whole."""
        if not any(changed <= month for changed in self.changes):
            return None
        return [
            item
            for item in self.movements
            if item.what in {"release", "held", "void_release"}
            or (item.what in _TURNED and (item.month or "") <= month)
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
        for earning, movements in self._workings.component(self._component).settled():
            if earning.payee_id is not None:
                key = (earning.payee_id, last_month(earning.competence))
                found[key].append(_Entry(earning, movements))
        return found

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
        month, nodes = max(as_of, last_month(period)), []
        for entry in self._in(subject, period):
            left = None if self._is_gross else entry.left(month)
            if left is None:
                nodes.append(entry.earning.node_id)
            else:
                nodes.extend(item.node_id for item in left)
        return nodes


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
