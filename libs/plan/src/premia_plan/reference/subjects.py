"""Whose figures a credit counts for, and whose figure a payee's period reads."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from premia_plan.checked import Per
from premia_plan.language import Value
from premia_plan.period import end_day
from premia_plan.reference.credit import Credit
from premia_plan.reference.hierarchy import Hierarchies
from premia_plan.reference.subject import (
    PLAN,
    category_subject,
    code_of,
    is_payee,
    team_subject,
    territory_subject,
)
from premia_plan.reference.tree import Trees


class Subjects:
    """Turns credits and payees into the subjects of figures."""

    def __init__(
        self,
        trees: Trees,
        hierarchies: Hierarchies,
        attribute: Callable[[str, date, str], Value | None],
    ) -> None:
        self._trees = trees
        self._hierarchies = hierarchies
        self._attribute = attribute

    def of_credit(self, credit: Credit, per: Per, day: date) -> Sequence[str]:
        """Return the subjects for which a credit counts that is dated by a day."""
        payee_id, row = credit.payee_id or "", credit.order.row
        match per.kind:
            case "payee":
                return (payee_id,)
            case "team":
                along = per.along or ""
                chain = (payee_id, *self._hierarchies.superiors(along, payee_id, day))
                return [team_subject(along, each) for each in chain]
            case "territory":
                return [territory_subject(code) for code in self._above("territory", row.territory)]
            case "category":
                return [category_subject(code) for code in self._above("category", row.category)]
            case "plan":
                return (PLAN,)

    def all(self, per: Per, period: str, payees: Sequence[str]) -> Sequence[str]:
        """Return the teams with some of the payees in them, a tree's codes, or the plan.

        A team has somebody below its head on the period's last day.
        """
        match per.kind:
            case "team":
                along, day = per.along or "", end_day(period) - timedelta(days=1)
                found = self._hierarchies
                heads = {each for each in payees if found.below(along, each, day)}
                heads.update(up for each in payees for up in found.superiors(along, each, day))
                return [team_subject(along, head) for head in sorted(heads)]
            case "territory":
                return [territory_subject(code) for code in self._trees.codes("territory")]
            case "category":
                return [category_subject(code) for code in self._trees.codes("category")]
            case "plan":
                return (PLAN,)
            case "payee":
                return tuple(payees)

    def value(self, subject: str, period: str, name: str) -> Value | None:
        """Return what is asked of a team, a territory or a category: its code, level or parts.

        A team is its head and those below on the period's last day. Of other subjects it is None.
        """
        tree, _, asked = name.partition(".")
        if not subject.startswith(f"{tree}:"):
            return None
        if tree == "team":
            day = end_day(period) - timedelta(days=1)
            along, head = subject.split(":", 2)[1:]
            return Fraction(1 + len(self._hierarchies.below(along, head, day)))
        code = code_of(subject)
        match asked:
            case "code":
                return code
            case "level":
                return Fraction(len(self._trees.distances(tree, code)))
            case _:
                return Fraction(self._trees.parts(tree, code))

    def _above(self, tree: str, code: str) -> Sequence[str]:
        return [*self._trees.distances(tree, code)] if code else ()

    def seen_by(self, subject: str, per: Per, period: str) -> str:
        """Return whose figure a subject's period reads: the payee's own team, territory or plan.

        A payee's territory and category are the payee's attributes on the period's last day.
        """
        if per.kind == "plan":
            return PLAN
        if per.kind == "payee" or not is_payee(subject):
            return subject
        match per.kind:
            case "team":
                return team_subject(per.along or "", subject)
            case "territory":
                return territory_subject(self._of_payee(subject, "territory", period))
            case _:
                return category_subject(self._of_payee(subject, "category", period))

    def _of_payee(self, payee_id: str, attribute: str, period: str) -> str:
        found = self._attribute(payee_id, end_day(period) - timedelta(days=1), attribute)
        return found if isinstance(found, str) else ""
