"""What a month would be now beside what was paid for it, order by order."""

from dataclasses import dataclass
from uuid import UUID

from premia_common.money import Money


@dataclass(frozen=True, slots=True, order=True)
class DifferenceKey:
    """Whose, and of what: one order and one component of one plan; "" for what has no order."""

    payee_id: UUID
    order_id: str
    plan: str
    component: str
    currency: str


@dataclass(frozen=True, slots=True)
class OrderDifference:
    """What is due now of one order, what the month's statement paid, and later ones since."""

    key: DifferenceKey
    now: Money
    posted: Money
    restated: Money
    nodes: tuple[UUID, ...]
    """Explain what is due now."""
    statements: tuple[UUID, ...]
    """Paid it, the month's own first."""

    @property
    def difference(self) -> Money:
        """What nobody has paid, or taken back, yet."""
        return self.now - self.posted - self.restated
