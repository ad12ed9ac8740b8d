"""What moves in one month of one payee and principal, as it is found out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from premia_plan.paying.figures import MonthFigures
from premia_plan.paying.results import PaymentWhat
from premia_plan.reference.figure import Figure


@dataclass(frozen=True, slots=True)
class Movement:
    """An amount of the month's pay, with its sign there."""

    what: PaymentWhat
    name: str
    figure: Figure
    reason: str | None = None


@dataclass(slots=True)
class Moved:
    """The movements of a month so far; what is zero moves nothing."""

    write: MonthFigures
    earned: Figure
    movements: list[Movement] = field(default_factory=list)
    has_left: bool = False

    def move(self, what: PaymentWhat, name: str, figure: Figure, reason: str | None = None) -> None:
        """Add a movement."""
        if figure.value:
            self.movements.append(Movement(what, name, figure, reason))

    def of(self, *whats: PaymentWhat, name: str | None = None) -> list[Figure]:
        """Return the movements of some kinds, perhaps only those of one name."""
        return [
            item.figure
            for item in self.movements
            if item.what in whats and name in {None, item.name}
        ]

    @property
    def earnings(self) -> Figure:
        """Return the earnings of the month: landed, adjusted, less what reserves kept."""
        own = self.of(
            "payee_cap",
            "adjustment",
            "already_paid",
            "reserve_withheld",
            "reserve_used",
            "reserve_released",
        )
        return self.write.total("earnings_of_month", "", [self.earned, *own])

    @property
    def nodes(self) -> Sequence[UUID]:
        """Return the nodes that the movements rest on."""
        return [item.figure.node_id for item in self.movements]
