"""Populations: who belongs to a group in a period."""

from collections.abc import Sequence
from datetime import date, timedelta

from premia_plan.checked import CheckedPlan, Population
from premia_plan.period import end_day, first_day
from premia_plan.reference.attribute import value_text
from premia_plan.reference.hierarchy import Hierarchies
from premia_plan.reference.payee import Payees
from premia_plan.reference.subject import (
    PLAN,
    code_of,
    group_subject,
    is_group,
    is_payee,
    parts_of_group,
    payee_of,
    team_subject,
)


class Populations:
    """The members of a plan's populations, each group worked out once."""

    def __init__(self, plan: CheckedPlan, payees: Payees, hierarchies: Hierarchies) -> None:
        self._plan = plan
        self._payees = payees
        self._hierarchies = hierarchies
        self._members: dict[tuple[str, date], Sequence[str]] = {}
        self._groups: dict[tuple[str, date], dict[str, list[str]]] = {}

    def members(self, name: str, period: str) -> Sequence[str]:
        """Return who belongs to a population in a period, in order.

        They are in the plan, and the population's condition holds of them, on its day.
        """
        rule = self._plan.populations[name]
        day = _day_of(rule, period)
        found = self._members.get((name, day))
        if found is None:
            found = self._members[name, day] = [
                payee_id
                for payee_id in self._payees.in_plan_on(day)
                if rule.who.evaluate(self._payees.scope(payee_id, day))
            ]
        return found

    def members_beside(self, name: str, period: str, subject: str) -> Sequence[str]:
        """Return who is in the same group of a population as a payee, or in a group itself.

        All are, where it has no groups or the subject is neither. A group of another population
        stands for the group of this one that has the same in common, a territory or category for
        the one that has its code, and a team for the one right below its head. Of whom it is not
        known what would tell the group, that payee is in none.
        """
        rule = self._plan.populations[name]
        if not rule.is_grouped or not subject:
            return self.members(name, period)
        day = _day_of(rule, period)
        groups = self._groups.get((name, day))
        if groups is None:
            groups = self._groups[name, day] = {}
            for payee_id in self.members(name, period):
                groups.setdefault(self._group(rule, payee_id, day), []).append(payee_id)
        own = self._group(rule, subject, day) if is_payee(subject) else self._alike(rule, subject)
        if not own:
            return ()
        return groups.get(own, ()) if is_group(own) else self.members(name, period)

    def group(self, name: str, subject: str, period: str) -> str:
        """Return the subject of a payee's group in a period; that of the plan without groups.

        It is "" where it is not known what would tell the group.
        """
        rule = self._plan.populations[name]
        if not rule.is_grouped:
            return PLAN
        if is_payee(subject):
            return self._group(rule, subject, _day_of(rule, period))
        return self._alike(rule, subject)

    def _alike(self, rule: Population, subject: str) -> str:
        """Return the group that has in common what another population's group has.

        It is "" where the two have other things in common; what is no group stays as it is.
        """
        if subject == PLAN:
            return subject
        if not is_group(subject):
            return self._of_subject(rule, subject)
        name, value = parts_of_group(subject)
        has_same = rule.has_groups_of(self._plan.populations[name])
        return group_subject(rule.name, value) if has_same else ""

    @staticmethod
    def _of_subject(rule: Population, subject: str) -> str:
        """Return the group that a territory, a category or a team stands for, or ""."""
        head = "" if rule.same_superior is None else team_subject(rule.same_superior, "")
        if head and subject.startswith(head):
            return group_subject(rule.name, payee_of(subject) or "")
        code = code_of(subject) if rule.same is not None else ""
        return group_subject(rule.name, code) if code else ""

    def _group(self, rule: Population, payee_id: str, day: date) -> str:
        if rule.same_superior is not None:
            above = self._hierarchies.superiors(rule.same_superior, payee_id, day)
            return group_subject(rule.name, above[0]) if above else ""
        value = None if rule.same is None else rule.same.evaluate(self._payees.scope(payee_id, day))
        return "" if value is None else group_subject(rule.name, value_text(value))


def _day_of(rule: Population, period: str) -> date:
    match rule.on:
        case "last day":
            return end_day(period) - timedelta(days=1)
        case "first day":
            return first_day(period)
        case fixed:
            return fixed
