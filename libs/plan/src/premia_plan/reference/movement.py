"""What becomes of earnings, told without writing a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from premia_plan.reasons import Reason
from premia_plan.reference.course import Course
from premia_plan.reference.earning import Earning
from premia_plan.reference.settlement import Settlement
from premia_plan.results import What


@dataclass(frozen=True, slots=True)
class Movement:
    """One line that an earning gives, whether it is wanted or not.

    `event` is the month in which it lands, or would if the plan were accepted; "" for what does
    not land.
    """

    what: What
    month: str | None
    units: int
    node_id: UUID
    event: str


class Recorder(Settlement):
    """A settlement that remembers what it would write."""

    _found: list[Movement]

    def record(self, earning: Earning) -> Sequence[Movement]:
        """Return what an earning releases, holds, drops and takes back."""
        self._found = []
        self.settle(earning)
        return tuple(self._found)

    def record_course(self, course: Course) -> Sequence[Movement]:
        """Return what becomes of an earning, from its close on."""
        self._found = []
        self.settle_course(course)
        return tuple(self._found)

    def write(
        self,
        earning: Earning,
        what: What,
        *,
        month: str | None,
        units: int,
        share: int | None,  # noqa: ARG002 - of any share
        node_id: UUID,
        reason: Reason | None = None,  # noqa: ARG002 - for any reason
        event_month: str = "",  # noqa: ARG002 - for any event
    ) -> None:
        """Remember a line; what lands is held instead while the plan is not accepted."""
        event = month or ""
        if month is not None and not earning.standing.is_accepted:
            month, what = None, "held"
        self._found.append(Movement(what, month, units, node_id, event))
