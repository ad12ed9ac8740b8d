"""What a statement pays, added up by component."""

from dataclasses import dataclass, replace
from uuid import UUID

from premia_common.money import Money


@dataclass(frozen=True, slots=True)
class Total:
    """What one component of one plan pays for one competence month.

    `movement` says what terms of payment do with it, such as draw or reserve_withheld; None is
    what was earned, and `component` then the plan's.
    """

    plan: str
    component: str
    kind: str
    competence: str
    amount: Money
    corrects: UUID | None
    movement: str | None = None
    stated: Money | None = None
    """The amount in the currency of the statement, if that is another than the plan's."""

    @property
    def shown(self) -> "Total":
        """Return it as the statement has it."""
        return self if self.stated is None else replace(self, amount=self.stated, stated=None)
