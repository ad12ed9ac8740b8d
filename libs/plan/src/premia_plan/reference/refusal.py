"""Why a figure cannot be worked out."""

from uuid import UUID

from premia_plan.reasons import Reason


class NotCalculated(Exception):
    """Raised when a figure cannot be worked out: a rate, target or fact is missing.

    `to_do` tells a person what mends it. `node_id` is the last node that was worked out on the
    way, if any.
    """

    def __init__(self, reason: Reason, to_do: str, node_id: UUID | None = None) -> None:
        self.reason = reason
        self.to_do = to_do
        self.node_id = node_id
        super().__init__(reason.text)

    def after(self, node_id: UUID) -> "NotCalculated":
        """Return the same refusal, resting on a node unless it rests on one already."""
        return NotCalculated(self.reason, self.to_do, self.node_id or node_id)

    def again(self) -> "NotCalculated":
        """Return the same refusal to raise once more."""
        return NotCalculated(self.reason, self.to_do, self.node_id)
