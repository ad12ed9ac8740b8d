"""What a component on cells gives: the amount after its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from premia_plan.checked import CellComponent, LimitStep, Step
from premia_plan.period import last_month
from premia_plan.reference.asked_cells import AskedCells
from premia_plan.reference.cell import CellFigure, Remembered, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.given import owner_of
from premia_plan.reference.inputs import read_by
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.step_place import WHOLLY, LimitParts
from premia_plan.reference.steps import Steps
from premia_plan.reference.subject import payee_of
from premia_plan.reference.workings import Workings


class CellResult(Protocol):
    """A figure per cell, and when it changes."""

    def at(self, subject: str, period: str, as_of: str) -> Figure:
        """Return the figure as it stood at a month's end.

        Raises:
            NotCalculated: if something it needs is missing.
        """

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months after the period in which the figure changes."""


class SteppedPay(Remembered):
    """A component's amounts after steps; any period or span can be asked for.

    What a cap carries on goes into the payee's next period that is due. Where the component
    `follows` what changes afterwards, so does what is carried; else it is what the close left.

    In a period that is not due only what corrects an earlier one is left, and of the steps those
    that keep it from being taken back.
    """

    def __init__(
        self,
        component: CellComponent,
        steps: Sequence[Step],
        amount: CellFigure,
        asked: AskedCells,
        workings: Workings,
        *,
        follows: bool,
    ) -> None:
        super().__init__(self._work_out)
        self.over = component.over
        self._component = component
        self._amount = amount
        self._asked = asked
        self._workings = workings
        self._follows = follows
        self._steps = Steps(steps, workings.book)
        floors = [step for step in steps if isinstance(step, LimitStep) and step.kind == "floor"]
        self._floors = Steps(floors, workings.book)
        self._read = read_by(steps, workings)
        self.carries = any(
            isinstance(step, LimitStep) and step.surplus == "carried" for step in steps
        )
        self._surplus: dict[tuple[str, str, str], Figure] = {}
        self._joined: dict[tuple[str, str, str], tuple[Figure, Figure]] = {}

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the amount, what a step reads or what is carried changes."""
        found = self._amount.changes(subject, period)
        for figure in self._read:
            found |= figure.changes(subject, period)
        before = self._asked.before(subject, period) if self.carries and self._follows else None
        if before is not None:
            close = last_month(period)
            found |= {month for month in self.changes(subject, before) if month > close}
        return found

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        name, steps, carry = self._component.name, self._steps, None
        if not self._asked.is_due(subject, period):
            correction = self._amount.at(subject, period, as_of)
            if correction.value == 0:
                return correction
            steps = self._floors
        elif self.carries:
            carry = _Carried(self, subject, period, as_of)
        return steps.apply(
            lambda: self._amount.at(subject, period, as_of),
            self._workings.scope(subject, period, as_of),
            key=(name, subject, period, restated(period, as_of)),
            payee_id=payee_of(subject),
            carry=carry,
            parts=self._parts(subject, period),
        )

    def _parts(self, subject: str, period: str) -> LimitParts:
        """Return the parts of a period by which caps and floors count."""
        payee_id, workings = owner_of(self._component, subject), self._workings
        if payee_id is None:
            return WHOLLY
        part = workings.presence.part(payee_id, period)
        scales_caps = "cap" in workings.plan.proration.scales and not part.is_all
        return LimitParts(
            cap=part if scales_caps else None, floor=workings.guaranteed_part(payee_id, period)
        )

    def surplus_before(self, subject: str, period: str, as_of: str) -> Figure | None:
        """Return what the payee's last period before carries on, if it does.

        Raises:
            NotCalculated: if that period cannot be worked out, and that is told.
        """
        before = self._asked.before(subject, period)
        if before is None:
            return None
        try:
            return self.surplus_of(subject, before, as_of)
        except NotCalculated as refused:
            if self._asked.tells(refused, subject, before):
                raise
            return None

    def surplus_of(self, subject: str, period: str, as_of: str) -> Figure | None:
        """Return what a period carries on.

        Raises:
            NotCalculated: if the period cannot be worked out.
        """
        moment = self.moment(period, as_of)
        self.at(subject, period, moment)
        return self._surplus.get((subject, period, restated(period, moment)))

    def moment(self, period: str, as_of: str) -> str:
        """Return at which month's end what a period carries on is looked at."""
        return as_of if self._follows else last_month(period)

    def joined(self, subject: str, period: str, as_of: str) -> tuple[Figure, Figure, str] | None:
        """Return what a period gives by itself, what was carried to it, and from which period.

        None where nothing was carried to it.

        Raises:
            NotCalculated: if the period cannot be worked out.
        """
        if not self.carries:
            return None
        self.at(subject, period, as_of)
        found = self._joined.get((subject, period, restated(period, as_of)))
        before = self._asked.before(subject, period)
        return None if found is None or before is None else (*found, before)

    def keep_joined(
        self, subject: str, period: str, as_of: str, both: tuple[Figure, Figure]
    ) -> None:
        """Keep what a period gives by itself and what was carried to it."""
        self._joined[subject, period, restated(period, as_of)] = both

    def keep_surplus(self, subject: str, period: str, as_of: str, surplus: Figure) -> None:
        """Keep what a period's cap cut off for the next one."""
        self._surplus[subject, period, restated(period, as_of)] = surplus


@dataclass(frozen=True, slots=True)
class _Carried:
    """What one cell's cap brings from the payee's last period, and leaves for the next."""

    pay: SteppedPay
    subject: str
    period: str
    as_of: str

    def brought(self, own: Figure) -> Figure | None:
        """Return what was carried here, and keep what it joins.

        Raises:
            NotCalculated: if the period it comes from cannot be worked out.
        """
        found = self.pay.surplus_before(self.subject, self.period, self.as_of)
        if found is not None:
            self.pay.keep_joined(self.subject, self.period, self.as_of, (own, found))
        return found

    def leaves(self, surplus: Figure) -> None:
        """Take what the cap cut off."""
        self.pay.keep_surplus(self.subject, self.period, self.as_of, surplus)
