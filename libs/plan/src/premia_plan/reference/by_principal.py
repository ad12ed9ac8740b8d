"""Pay of a payee's period that is for no single order, owed by those for whom it was made."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from premia_plan.apportion import add_up, spread_units
from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    FormulaMeasure,
    Scorecard,
    SummedMeasure,
    Tiers,
)
from premia_plan.language import Formula
from premia_plan.quantities import Unit
from premia_plan.reference.cell import restated
from premia_plan.reference.credit import Credit
from premia_plan.reference.figure import Figure
from premia_plan.reference.leftover import leftover_detail
from premia_plan.reference.spread import Part, spread_kind
from premia_plan.reference.subject import payee_of
from premia_plan.reference.summed import SummedFigures
from premia_plan.reference.workings import Workings


def credited_by(component: CellComponent, plan: CheckedPlan) -> Sequence[str]:
    """Return the measures of a payee's own credits that a component's amount is worked out from."""
    return tuple(dict.fromkeys(_measures_of(component, plan, frozenset())))


def _measures_of(
    component: CellComponent, plan: CheckedPlan, above: frozenset[str]
) -> Iterator[str]:
    match component.amount:
        case Formula() as formula:
            yield from _measures_in(formula, plan, above)
        case Tiers() as tiers:
            yield from _measures_in(tiers.base, plan, above)
        case Scorecard() as card:
            for objective in card.objectives:
                yield from _measures_in(objective.amount, plan, above)


def _measures_in(formula: Formula, plan: CheckedPlan, above: frozenset[str]) -> Iterator[str]:
    for name in formula.names:
        rule = plan.attainments.get(name)
        found = name if rule is None else rule.of
        measure, component = plan.measures.get(found), plan.components.get(found)
        match measure:
            case SummedMeasure() if measure.per.kind == "payee":
                yield found
            case FormulaMeasure():
                yield from _measures_in(measure.formula, plan, above)
        if isinstance(component, CellComponent) and found not in above:
            yield from _measures_of(component, plan, above | {found})


class ByPrincipal:
    """Splits the pay of one component's cells by the credits that each principal has in them."""

    def __init__(self, component: CellComponent, workings: Workings) -> None:
        self._component = component
        self._book = workings.book
        self._measures: list[SummedFigures] = [
            workings.summed(name) for name in credited_by(component, workings.plan)
        ]

    def principals(self, subject: str, period: str) -> Sequence[str]:
        """Return under whom the orders were made that were ever counted in a cell."""
        return sorted(
            {
                item.credit.order.row.principal
                for measure in self._measures
                for item in measure.contributions(subject, period)
            }
        )

    def parts(
        self, subject: str, period: str, as_of: str, units: int, total: UUID
    ) -> Mapping[str, Part]:
        """Return each principal's part, by what still counts at a month's end.

        Leftover cents go to whom the component says, in order of their ids. Where no principal's
        credits are above zero together, all have the same part.
        """
        principals = self.principals(subject, period)
        key = ("by principal", self._component.name, subject, period, restated(period, as_of))
        credits = self._standing(subject, period, as_of)
        weights = [self._weight(name, credits[name], key) for name in principals]
        values = [weight.value for weight in weights]
        leftover = self._component.leftover
        parts = spread_units(units, values, leftover)
        spread = self._book.node(
            *key,
            kind=spread_kind("principals", values),
            value=self._book.money(units),
            unit=Unit.MONEY.value,
            operation="spread",
            payee_id=payee_of(subject),
            detail={
                "clause": self._component.path,
                "parts": [self._book.money(part) for part in parts],
                "places": self._book.places,
                **leftover_detail(leftover),
            },
            children=(total, *(weight.node_id for weight in weights)),
        )
        found: dict[str, Part] = {}
        for index, name in enumerate(principals):
            children = (spread, weights[index].node_id)
            node_id = self._part((*key, name), index, parts[index], children)
            found[name] = Part(None, parts[index], node_id, name)
        return found

    def _standing(
        self, subject: str, period: str, as_of: str
    ) -> Mapping[str, Mapping[str, Credit]]:
        """Return the credits that still count, by principal and id."""
        found: dict[str, dict[str, Credit]] = defaultdict(dict)
        for measure in self._measures:
            for item in measure.standing(subject, period, as_of):
                credit = item.credit
                found[credit.order.row.principal][credit.credit_id] = credit
        return found

    def _weight(self, name: str, credits: Mapping[str, Credit], key: tuple[str, ...]) -> Figure:
        value = add_up(credit.amount for credit in credits.values())
        node_id = self._book.node(
            "principal's credits",
            *key[1:],
            name,
            kind="principal_weight",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="sum" if credits else "given",
            payee_id=payee_of(key[2]),
            detail={"clause": self._component.path, "principal": name, "month": key[3]},
            children=tuple(credits[key].credit_node() for key in sorted(credits)),
        )
        return Figure(value, node_id)

    def _part(
        self,
        key: tuple[str, ...],
        index: int,
        units: int,
        children: tuple[UUID, UUID],
    ) -> UUID:
        return self._book.node(
            "principal's part",
            *key[1:],
            kind="principal_part",
            value=self._book.money(units),
            unit=Unit.MONEY.value,
            operation="part",
            payee_id=payee_of(key[2]),
            detail={"index": index, "principal": key[-1]},
            children=children,
        )
