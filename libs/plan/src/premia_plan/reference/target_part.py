"""Targets of payees who are in the plan for part of a period: by the days they are in it."""

from datetime import date

from premia_plan.checked import Proration, TargetRule
from premia_plan.period import enclosing, end_day, first_day, months_of
from premia_plan.proration import Part
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellFigure, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.in_part import InPart
from premia_plan.reference.parts_of_period import added_up, own_periods
from premia_plan.reference.presence import Presence


class TargetPart(InPart):
    """A payee's target, in part where the payee is in the plan for part of its period.

    Who is not in the plan at all has the whole target: nothing is paid against it.
    """

    def __init__(
        self,
        rule: TargetRule,
        whole: CellFigure,
        presence: Presence,
        *,
        proration: Proration,
        book: Book,
    ) -> None:
        super().__init__(whole, presence, proration=proration, book=book)
        self._rule = rule

    def _of_payee(self, payee_id: str, period: str, as_of: str) -> Figure:
        longer = enclosing(period, self.over)
        if len(months_of(period)) < len(months_of(longer)):
            period = longer
        own = own_periods(period, self.over)
        if own:
            counted = [each for each in own if self._presence.part(payee_id, each).counted]
            parts = [self.at(payee_id, each, as_of) for each in counted or own]
            key = ("target", self._rule.name, payee_id, period, restated(period, as_of))
            return added_up(parts, key, self._rule.path, self._rule.unit, self._book)
        whole = self._whole.at(payee_id, period, as_of)
        part = self._presence.part(payee_id, period)
        if part.is_all or not part.counted:
            return whole
        return self._part_of(whole, part, payee_id, period)

    def _part_of(self, whole: Figure, part: Part, payee_id: str, period: str) -> Figure:
        rule, joined = self._rule, self._presence.joined(payee_id)
        value = whole.value * part.counted / part.whole
        detail: dict[str, str | int] = {"measure": rule.name, "month": period}
        key, kind = ["for part", rule.name, str(whole.node_id)], "figure_for_part"
        if self._is_joiner(joined, part, period):
            key, kind = ["joiner_target", rule.name, payee_id, period], "joiner_target"
            detail["joined"] = joined.isoformat()
        else:
            detail |= {"clause": self._proration.path, "basis": self._proration.basis}
        node_id = self._book.node(
            *key,
            kind=kind,
            value=self._book.text(value, rule.unit),
            unit=rule.unit.value,
            operation="days",
            payee_id=payee_id,
            detail={**detail, "days": part.counted, "of_days": part.whole},
            children=(whole.node_id,),
        )
        return Figure(value, node_id)

    def _is_joiner(self, joined: date, part: Part, period: str) -> bool:
        """Say whether only the days before the payee joined are missing."""
        start, end = first_day(period), end_day(period)
        days = (end - max(joined, start)).days
        return self._proration.basis == "calendar days" and days == part.counted
