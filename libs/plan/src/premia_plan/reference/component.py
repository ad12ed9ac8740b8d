"""What every component answers, on credits or on cells."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from premia_plan.reference.cell import CellFigure
from premia_plan.reference.course import Course
from premia_plan.reference.credit import Credit
from premia_plan.reference.earning import Earning
from premia_plan.reference.movement import Movement


class ComponentPay(Protocol):
    """Pays one component: its amount, the steps on it, the earnings, and their settlement."""

    def earnings(self) -> Sequence[Earning]:
        """Return what the component gives, before any of it is released.

        Left out is what cannot be calculated or goes to nobody; of a cell it is what its close
        gives, before it is counted again.
        """

    def courses(self) -> Iterable[Course]:
        """Return each earning with what later counts make of it, before limits over several."""

    def figures(self) -> CellFigure:
        """Return what the component gives per cell.

        Raises:
            TypeError: if the component pays on credits, which lie in no cell of its own.
        """

    def effective_rate(self) -> CellFigure:
        """Return the effective rate of the component's tiers per cell.

        Raises:
            TypeError: if it has none.
        """

    def settled(self) -> Iterable[tuple[Earning, Sequence[Movement]]]:
        """Return each earning with what is released, held, dropped and taken back of it."""

    def units_on(self, credit: Credit) -> int | None:
        """Return what it gives on a credit by itself; None where that cannot be calculated.

        Raises:
            TypeError: if the component pays on cells.
        """

    def pay_all(self) -> None:
        """Write the lines of every earning of which some line could be wanted."""
