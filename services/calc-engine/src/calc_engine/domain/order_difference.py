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
class StatedAmount:
    """What a run states for one key, and the nodes that explain it."""

    key: DifferenceKey
    now: Money
    nodes: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PostedAmount:
    """What the month's own statement and later ones paid for one key; they are in this order."""

    key: DifferenceKey
    posted: Money
    restated: Money
    statements: tuple[UUID, ...]


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

    @classmethod
    def between(
        cls, key: DifferenceKey, stated: StatedAmount | None, paid: PostedAmount | None
    ) -> "OrderDifference":
        """Return the difference of one key, of which either side may know nothing."""
        nothing = Money.zero(key.currency)
        return cls(
            key,
            stated.now if stated else nothing,
            paid.posted if paid else nothing,
            paid.restated if paid else nothing,
            stated.nodes if stated else (),
            paid.statements if paid else (),
        )

    @property
    def difference(self) -> Money:
        """What nobody has paid, or taken back, yet."""
        return self.now - self.posted - self.restated
