"""Why a figure could not be worked out, as the rows of a result tell it."""

from dataclasses import dataclass
from uuid import UUID

from premia_plan.reasons import Reason, because, unknown_value

NO_DIVISOR = "a divisor other than zero"
TO_SEND = "Send the order again with it"


@dataclass(frozen=True, slots=True)
class Refused:
    """A reason, what a person can do about it, and the last node on the way, if there is one."""

    reason: Reason
    to_do: str
    node_id: UUID | None = None

    def after(self, node_id: UUID) -> "Refused":
        """Return the same refusal, resting on a node unless it rests on one already."""
        return Refused(self.reason, self.to_do, self.node_id or node_id)


def unknown(name: str, formula: str) -> Refused:
    """Return the refusal of a formula that calculates with what is unknown, or with nothing."""
    if name == NO_DIVISOR:
        return Refused(
            because("divisor_zero", formula=formula), "State what the result is where it is zero"
        )
    return Refused(unknown_value(name), TO_SEND)
