"""Payees on a day: what they are, whether they take part and are assigned."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from premia_plan.checked import CheckedPlan
from premia_plan.language import Value
from premia_plan.reasons import Reason, because
from premia_plan.relations import AssignmentRow, PayeeRow, Relations


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a payee is paid by the plan for an order, and if not, why."""

    is_paid: bool
    is_accepted: bool = True
    reason: Reason | None = None


def holds_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Say whether a half-open validity holds on a day; None is without limit.

    >>> holds_on(date(2026, 1, 31), date(2026, 1, 1), date(2026, 1, 31))
    False
    """
    return (valid_from is None or valid_from <= day) and (valid_to is None or day < valid_to)


@dataclass(frozen=True, slots=True)
class _PayeeScope:
    payee_id: str
    attributes: dict[str, str]

    def value(self, name: str) -> Value | None:
        attribute = name.removeprefix("payee.")
        return self.payee_id if attribute == "id" else self.attributes.get(attribute)

    def day_reached(self, state: str) -> date | None:  # noqa: ARG002 - payees reach no states
        return None


class Payees:
    """Answers about payees, each question worked out once."""

    def __init__(self, plan: CheckedPlan, relations: Relations) -> None:
        self._plan = plan
        self._rows: dict[str, list[PayeeRow]] = defaultdict(list)
        self._assignments: dict[str, list[AssignmentRow]] = defaultdict(list)
        self._standings: dict[tuple[str, str, date], Standing] = {}
        for row in relations.payees:
            self._rows[row.payee_id].append(row)
        for assignment in relations.assignments:
            self._assignments[assignment.payee_id].append(assignment)

    def standing(self, payee_id: str, principal: str, day: date) -> Standing:
        """Return how a payee stands towards the plan for an order of a principal."""
        key = (payee_id, principal, day)
        found = self._standings.get(key)
        if found is None:
            found = self._standings[key] = self._work_out(payee_id, principal, day)
        return found

    def principal_in(self, payee_id: str, first: date, end: date) -> str:
        """Return under whom a payee is assigned in a period: the first by name, or ""."""
        own = [
            row.principal
            for row in self._assignments.get(payee_id, ())
            if (row.valid_from is None or row.valid_from < end)
            and (row.valid_to is None or row.valid_to > first)
        ]
        return min(own, default="")

    def _work_out(self, payee_id: str, principal: str, day: date) -> Standing:
        attributes: dict[str, str] = {}
        for row in self._rows.get(payee_id, ()):
            if holds_on(day, row.valid_from, row.valid_to):
                attributes.update(row.attributes)
        facts = {"payee": payee_id, "day": day.isoformat(), "principal": principal}
        if not self._plan.participants.evaluate(_PayeeScope(payee_id, attributes)):
            return _unpaid("payee_not_participating", facts)
        valid = [
            row
            for row in self._assignments.get(payee_id, ())
            if holds_on(day, row.valid_from, row.valid_to)
        ]
        if not valid:
            return _unpaid("payee_not_assigned", facts)
        own = [row for row in valid if row.principal == principal]
        if not own:
            return _unpaid("assigned_to_other_principal", facts)
        accepted = not self._plan.acceptance_required or any(row.accepted for row in own)
        return Standing(is_paid=True, is_accepted=accepted)


def _unpaid(code: str, facts: dict[str, str]) -> Standing:
    return Standing(is_paid=False, reason=because(code, **facts))
