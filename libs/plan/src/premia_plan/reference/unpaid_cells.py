"""Cells that are not paid: of people who are not in the plan, or that cannot be worked out."""

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from premia_plan.checked import CellComponent
from premia_plan.period import last_month
from premia_plan.reasons import Reason
from premia_plan.reference.cell import CellKey
from premia_plan.reference.figure import Figure
from premia_plan.reference.given import owner_of
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of, told
from premia_plan.reference.workings import Workings


class UnpaidCells:
    """Tells of one component's cells that they pay nothing, and why."""

    def __init__(self, component: CellComponent, workings: Workings) -> None:
        self._component = component
        self._standings = workings.payees.in_period
        self._book = workings.book

    def nothing(self, subject: str, period: str) -> Figure:
        """Return what a cell gives to somebody who is not in the plan, whatever is recorded."""
        node_id = self._book.node(
            "not in plan",
            self._component.name,
            subject,
            period,
            kind="not_in_plan",
            value=self._book.money(0),
            unit="money",
            payee_id=payee_of(subject),
            detail={"clause": self._component.path, "month": period},
        )
        return Figure(Fraction(0), node_id)

    def tell_outside(self, subject: str, period: str) -> None:
        """Write that a cell's payee is not in the plan; it is told with its period's close."""
        if last_month(period) < self._book.since:
            return
        payee_id = payee_of(subject) or subject
        principal = self._standings.principal(payee_id, period)
        reason = self._standings.standing(payee_id, principal, period).reason
        node_id = self.nothing(subject, period).node_id
        self._line((subject, period), (payee_id, principal), node_id, reason)

    def refuse(
        self,
        subject: str,
        period: str,
        refused: NotCalculated,
        *,
        whose: Sequence[tuple[str | None, str]],
        recounted_in: str = "",
    ) -> None:
        """Write that a cell could not be worked out, as an exception and a line for each.

        `whose` are the payees to whom it would go, each with the principal who owes it.
        """
        name, payee_id = self._component.name, payee_of(subject)
        self._book.exception(
            refused.reason.code,
            f"{told(subject).en}, {name} of {period}: {refused.reason.text}",
            refused.to_do,
            payee_id=owner_of(self._component, subject),
            month=period,
        )
        node_id = self._book.node(
            "refused",
            name,
            subject,
            period,
            recounted_in,
            kind="not_calculated",
            value=self._book.money(0),
            unit="money",
            operation="given" if refused.node_id is None else "nothing",
            payee_id=payee_id,
            detail={"clause": self._component.path, "reason": refused.reason.code},
            children=() if refused.node_id is None else (refused.node_id,),
        )
        for each in whose:
            self._line((subject, period), each, node_id, refused.reason, recounted_in)

    def _line(
        self,
        cell: CellKey,
        owed: tuple[str | None, str],
        node_id: UUID,
        reason: Reason | None,
        recounted_in: str = "",
    ) -> None:
        (subject, period), (payee_id, principal) = cell, owed
        earned_by = "" if self._component.per.kind == "payee" else f"{subject} "
        self._book.line(
            payee_id=payee_id,
            principal=principal,
            component=self._component.name,
            kind="bonus",
            what="not_paid",
            month=None,
            competence=period,
            units=0,
            order_id=None,
            credit_id=None,
            share=None,
            node_id=node_id,
            reason=reason,
            event_month=f"{earned_by}{period} {recounted_in}{principal}",
        )
