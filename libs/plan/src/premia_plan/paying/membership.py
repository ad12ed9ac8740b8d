"""When each payee joined and left the plan, and for which part of a month they are in it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from premia_plan.checked import CheckedPlan
from premia_plan.period import end_day, first_day, month_of
from premia_plan.proration import Part, Stretch
from premia_plan.reference.payee import Payees
from premia_plan.reference.period_standing import is_in_validity
from premia_plan.reference.presence import Presence
from premia_plan.relations import Relations

_ONE_DAY = timedelta(days=1)


class Membership:
    """Answers by payee; a payee without an assignment to the plan was never in it."""

    def __init__(self, plan: CheckedPlan, relations: Relations) -> None:
        self._plan = plan
        self._payees = Payees(plan, relations)
        self._presence = Presence(plan.proration, relations)
        self._held = self._presence.held
        self._principals: dict[str, set[str]] = defaultdict(set)
        for row in relations.assignments:
            self._principals[row.payee_id].add(row.principal)

    @property
    def payees(self) -> Payees:
        """Return what the payees are on a day."""
        return self._payees

    @property
    def members(self) -> Mapping[str, Sequence[Stretch]]:
        """Return when each payee is assigned."""
        return self._held

    def principal(self, payee_id: str, month: str) -> str:
        """Return who owes a payee in a month: the first by name, of any month if of none then."""
        own = self._payees.principal_in(payee_id, first_day(month), end_day(month))
        return own or min(self._principals.get(payee_id, ()), default="")

    def first_month(self, payee_id: str) -> str | None:
        """Return the month of the first day in the plan; the plan's own where it has no limit."""
        held = self._held.get(payee_id)
        if not held:
            return None
        return month_of(min(start or self._plan.valid_from for start, _ in held))

    def last_month(self, payee_id: str) -> str | None:
        """Return the month of the last day in the plan, or None while the payee stays."""
        ends = [end for _, end in self._held.get(payee_id, ())]
        days = [end for end in ends if end is not None]
        return None if not ends or len(days) < len(ends) else month_of(max(days) - _ONE_DAY)

    def last_day(self, payee_id: str, month: str) -> date | None:
        """Return the last day of a month on which a payee takes part in the plan, or None."""
        if not is_in_validity(month, self._plan):
            return None
        return self._payees.in_period.last_day(payee_id, month)

    def part(self, payee_id: str, month: str) -> Part:
        """Return for which part of a month a payee is in the plan, leave counted as it says."""
        return self._presence.part(payee_id, month)
