"""What a component gives, before any of it is released."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from premia_plan.period import last_month
from premia_plan.reasons import Reason
from premia_plan.reference.credit import Credit
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.standing import Standing
from premia_plan.results import LineKind


@dataclass(frozen=True, slots=True)
class Earning:
    """What a component gives a payee, for a credit or (`credit` None) for a whole cell.

    `competence` is the period it belongs to; `close` is the last day of the measured period, for
    what a period's close pays. `waits` says why a gate holds all of it; `not_before` is the day
    from which nothing holds it any more. `counted_in` is the month in which its period was counted
    again, "" for the first count; `raised_in` the one in which a limit left it more or
    less. `subject` is what earned it where that is no payee but a team, a territory, a category or
    the plan. Of what is for no order `other_principal` is who owes it, if not the one whom the
    payee is under then.
    """

    component: str
    kind: LineKind
    payee_id: str | None
    principal: str
    units: int
    node_id: UUID
    competence: str
    credit: Credit | None
    standing: Standing
    close: date | None = None
    waits: Reason | None = None
    not_before: date | None = None
    counted_in: str = ""
    raised_in: str = ""
    subject: str = ""
    other_principal: str = ""

    @classmethod
    def of_credit(
        cls,
        component: str,
        kind: LineKind,
        credit: Credit,
        *,
        units: int,
        node_id: UUID,
        competence: str,
        close: date | None = None,
        waits: Reason | None = None,
        not_before: date | None = None,
        subject: str = "",
    ) -> "Earning":
        """Return the earning of a credit's payee."""
        principal = credit.order.row.principal
        return cls(
            component,
            kind,
            credit.payee_id,
            principal,
            units,
            node_id,
            competence,
            credit,
            credit.standing,
            close,
            waits,
            not_before,
            subject=subject,
        )

    def from_day(self, day: date | None) -> "Earning":
        """Return it with nothing of it due before a day."""
        if day is None:
            return self
        return replace(self, not_before=max(day, self.not_before or day))

    @property
    def is_nothing(self) -> bool:
        """Say whether a whole cell gives nothing, of which no line is written."""
        return self.credit is None and self.units == 0

    @property
    def order(self) -> OrderFacts | None:
        """Return the order it is for, if it is for one."""
        return None if self.credit is None else self.credit.order

    @property
    def order_id(self) -> str | None:
        """Return the order's id, if it is for one."""
        return None if self.credit is None else self.credit.order.order_id

    @property
    def fact_key(self) -> tuple[str, ...] | None:
        """What tells its order, line or other fact from others, if it is for one."""
        return None if self.credit is None else self.credit.order.key

    @property
    def credit_id(self) -> str | None:
        """Return the credit's id, if it is for one."""
        return None if self.credit is None else self.credit.credit_id

    @property
    def cell(self) -> str:
        """What tells it from what its payee earns in other cells, or for others in the same one.

        It is "" for a credit alone.
        """
        period = "" if self.close is None else self.competence
        return " ".join(filter(None, (self.subject, period, self.other_principal)))

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells its nodes from those of other earnings."""
        whose = self.credit_id or f"{self.payee_id}/{self.principal}"
        period = self.cell
        raised = f"raised {self.raised_in}" if self.raised_in else ""
        return self.component, whose, " ".join(filter(None, (period, self.counted_in, raised)))


def place_in_business(earning: Earning) -> tuple[str, str, str, str]:
    """Return the order of business: what came first stands first."""
    day = "" if earning.order is None else earning.order.by_day.isoformat()
    return last_month(earning.competence), day, earning.order_id or "", str(earning.key)
