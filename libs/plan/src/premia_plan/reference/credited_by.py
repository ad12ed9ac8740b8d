"""The measures of credits that the pay of a period is worked out from."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    FormulaMeasure,
    Per,
    Scorecard,
    SummedMeasure,
    Tiers,
)
from premia_plan.language import Formula, read_expression
from premia_plan.language.syntax import Reference
from premia_plan.reference.refer import EARLIER

Way: TypeAlias = tuple[Reference, ...]
"""The references on the way to a measure, from the outside in."""


class CreditedBy(NamedTuple):
    """A measure of credits, and by what references it is asked for in a cell."""

    measure: str
    way: Way = ()

    @property
    def is_earlier(self) -> bool:
        """Whether it is asked for an earlier period than the cell's own."""
        return any(words in EARLIER for asked in self.way for words in asked.before)


def credited_by(component: CellComponent, plan: CheckedPlan) -> Sequence[CreditedBy]:
    """Return the measures of credits that a component's amount is worked out from.

    A payee's are those of the payee's own credits and, where the amount is about a team, of the
    credits in it; a population beside which the payee stands has no part in it. A team's,
    territory's, category's or plan's are also those of the whole plan, and of the payees among
    whom a figure is taken together. Those of earlier periods count only where the amount is about
    no other: beside the cell's own they are what that is compared with.
    """
    found = tuple(dict.fromkeys(_Counted(plan, component.per).of(component)))
    return tuple(each for each in found if not each.is_earlier) or found


class _Counted(NamedTuple):
    """Finds the measures that count for one kind of subject."""

    plan: CheckedPlan
    per: Per

    def of(
        self, component: CellComponent, way: Way = (), above: frozenset[str] = frozenset()
    ) -> Iterator[CreditedBy]:
        match component.amount:
            case Formula() as formula:
                yield from self._within(formula, way, above)
            case Tiers() as tiers:
                yield from self._within(tiers.base, way, above)
            case Scorecard() as card:
                for objective in card.objectives:
                    yield from self._within(objective.amount, way, above)

    def _within(self, formula: Formula, way: Way, above: frozenset[str]) -> Iterator[CreditedBy]:
        plan = self.plan
        for name in formula.names:
            expression = read_expression(name) if " " in name else None
            path, asked = name, way
            if isinstance(expression, Reference):
                path, asked = expression.path, (*way, expression)
            rule = plan.attainments.get(path)
            found = path if rule is None else rule.of
            measure, component = plan.measures.get(found), plan.components.get(found)
            match measure:
                case SummedMeasure() if self._counts(measure.per, asked):
                    yield CreditedBy(found, asked)
                case FormulaMeasure():
                    yield from self._within(measure.formula, asked, above)
            if isinstance(component, CellComponent) and found not in above:
                yield from self.of(component, asked, above | {found})

    def _counts(self, theirs: Per, way: Way) -> bool:
        words = {item.words for asked in way for item in asked.after}
        if self.per.kind == "payee":
            return theirs == self.per and "among" not in words
        if theirs.kind == "plan":
            return True
        return theirs.kind == "payee" if "among" in words else theirs == self.per
