"""How payees stand towards the plan in a period: on some day of it, or on none."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from premia_plan.checked import CheckedPlan
from premia_plan.period import end_day, first_day
from premia_plan.reference.standing import Standing

if TYPE_CHECKING:
    from premia_plan.reference.payee import Payees

ONE_DAY = timedelta(days=1)


def days_asked(period: str, plan: CheckedPlan) -> tuple[date, date]:
    """Return the days on which a payee can be in the plan for a period: the first, and the end.

    They are the period's own within the plan's validity. For a period after the plan's end, in
    which orders of the plan still count, it is the plan's last day.
    """
    first, end = first_day(period), end_day(period)
    if first >= plan.valid_to:
        return plan.valid_to - ONE_DAY, plan.valid_to
    if end <= plan.valid_from:
        return first, end
    return max(first, plan.valid_from), min(end, plan.valid_to)


def is_in_validity(period: str, plan: CheckedPlan) -> bool:
    """Say whether some day of a period lies in the plan's validity."""
    return first_day(period) < plan.valid_to and plan.valid_from < end_day(period)


class PeriodStandings:
    """Answers by payee and period, each worked out once."""

    def __init__(self, plan: CheckedPlan, payees: "Payees") -> None:
        self._plan = plan
        self._payees = payees
        self._members: dict[str, tuple[str, ...]] = {}
        self._last_days: dict[tuple[str, str], date | None] = {}

    def members(self, period: str) -> tuple[str, ...]:
        """Return who takes part in the plan and is assigned to it on some day of a period."""
        found = self._members.get(period)
        if found is None:
            assigned = self._payees.assigned
            found = self._members[period] = tuple(
                payee_id for payee_id in assigned if self.last_day(payee_id, period) is not None
            )
        return found

    def last_day(self, payee_id: str, period: str) -> date | None:
        """Return the last day of a period on which a payee is in the plan, or None."""
        key = (payee_id, period)
        if key not in self._last_days:
            payees = self._payees
            self._last_days[key] = self._last(
                payee_id, period, lambda day: payees.is_in_plan(payee_id, day)
            )
        return self._last_days[key]

    def principal(self, payee_id: str, period: str) -> str:
        """Return under whom a payee is in the plan in a period: the first by name, or "".

        Who is not in it stands under the first to whom an assignment is, if there is one.
        """
        own = [
            principal
            for principal in self._payees.principals(payee_id)
            if self._last_under(payee_id, principal, period) is not None
        ]
        first, end = first_day(period), end_day(period)
        return min(own, default=self._payees.principal_in(payee_id, first, end))

    def other_principal(self, payee_id: str, principal: str, period: str) -> str:
        """Return a principal who is not the one under whom a payee is in a period; else ""."""
        return "" if principal == self.principal(payee_id, period) else principal

    def standing(self, payee_id: str, principal: str, period: str) -> Standing:
        """Return how a payee stands for the pay of a period that a principal owes.

        What counts is the last day on which the payee is in the plan under the principal, or else
        under another; who never is is not paid, as the last day that is asked tells.
        """
        day = self._last_under(payee_id, principal, period)
        if day is not None:
            return self._payees.standing(payee_id, principal, day)
        day = self.last_day(payee_id, period)
        if day is not None:
            return Standing(is_paid=True, is_accepted=self._payees.has_accepted(payee_id, day))
        _, end = days_asked(period, self._plan)
        return self._payees.standing(payee_id, principal, end - ONE_DAY)

    def _last_under(self, payee_id: str, principal: str, period: str) -> date | None:
        payees = self._payees
        return self._last(
            payee_id, period, lambda day: payees.standing(payee_id, principal, day).is_paid
        )

    def _last(self, payee_id: str, period: str, holds: Callable[[date], bool]) -> date | None:
        return next((day for day in self._candidates(payee_id, period) if holds(day)), None)

    def _candidates(self, payee_id: str, period: str) -> Iterator[date]:
        """Give the last day, and before it every day after which something is different."""
        first, end = days_asked(period, self._plan)
        yield end - ONE_DAY
        for day in self._payees.changes(payee_id):
            if first < day < end:
                yield day - ONE_DAY
