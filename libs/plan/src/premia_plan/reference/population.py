"""Populations: who belongs to a group in a period."""

from collections.abc import Sequence
from datetime import date, timedelta

from premia_plan.checked import CheckedPlan
from premia_plan.period import end_day, first_day
from premia_plan.reference.payee import Payees


class Populations:
    """The members of a plan's populations, each group worked out once."""

    def __init__(self, plan: CheckedPlan, payees: Payees) -> None:
        self._plan = plan
        self._payees = payees
        self._members: dict[tuple[str, date], Sequence[str]] = {}

    def members(self, name: str, period: str) -> Sequence[str]:
        """Return who belongs to a population in a period, in order.

        They are in the plan, and the population's condition holds of them, on its day.
        """
        rule = self._plan.populations[name]
        match rule.on:
            case "last day":
                day = end_day(period) - timedelta(days=1)
            case "first day":
                day = first_day(period)
            case fixed:
                day = fixed
        found = self._members.get((name, day))
        if found is None:
            found = self._members[name, day] = [
                payee_id
                for payee_id in self._payees.in_plan_on(day)
                if rule.who.evaluate(self._payees.scope(payee_id, day))
            ]
        return found
