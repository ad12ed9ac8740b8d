"""Pay of a payee's period that is for no single order, owed by those for whom it was made."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias
from uuid import UUID

from premia_plan.apportion import add_up, spread_units
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
from premia_plan.quantities import Unit
from premia_plan.reference.cell import restated
from premia_plan.reference.credit import Credit
from premia_plan.reference.figure import Figure
from premia_plan.reference.leftover import leftover_detail
from premia_plan.reference.spread import Part, spread_kind
from premia_plan.reference.subject import payee_of
from premia_plan.reference.summed import SummedFigures
from premia_plan.reference.workings import Workings

_Members: TypeAlias = Callable[[str, str], Sequence[str]]


class CreditedBy(NamedTuple):
    """A measure of credits, of a cell's own subject or of each among a population beside it."""

    measure: str
    among: str | None = None


def credited_by(component: CellComponent, plan: CheckedPlan) -> Sequence[CreditedBy]:
    """Return the measures of credits that a component's amount is worked out from.

    A payee's are those of the payee's own credits. A team's, territory's, category's or plan's
    are also those of the whole plan, and of the payees among whom a figure is taken together.
    """
    return tuple(dict.fromkeys(_Counted(plan, component.per).of(component)))


class _Counted(NamedTuple):
    """Finds the measures that count for one kind of subject."""

    plan: CheckedPlan
    per: Per

    def of(
        self,
        component: CellComponent,
        among: str | None = None,
        above: frozenset[str] = frozenset(),
    ) -> Iterator[CreditedBy]:
        match component.amount:
            case Formula() as formula:
                yield from self._within(formula, among, above)
            case Tiers() as tiers:
                yield from self._within(tiers.base, among, above)
            case Scorecard() as card:
                for objective in card.objectives:
                    yield from self._within(objective.amount, among, above)

    def _within(
        self, formula: Formula, among: str | None, above: frozenset[str]
    ) -> Iterator[CreditedBy]:
        plan = self.plan
        for name in formula.names:
            path, group = self._asked(name, among)
            rule = plan.attainments.get(path)
            found = path if rule is None else rule.of
            measure, component = plan.measures.get(found), plan.components.get(found)
            match measure:
                case SummedMeasure() if self._counts(measure.per, group):
                    yield CreditedBy(found, group)
                case FormulaMeasure():
                    yield from self._within(measure.formula, group, above)
            if isinstance(component, CellComponent) and found not in above:
                yield from self.of(component, group, above | {found})

    def _asked(self, name: str, among: str | None) -> tuple[str, str | None]:
        """Return the figure that a name means, and the population among whom it is taken."""
        expression = read_expression(name) if " " in name and self.per.kind != "payee" else None
        if not isinstance(expression, Reference):
            return name, among
        groups = [item.named for item in expression.after if item.words == "among"]
        return expression.path, groups[-1] if groups else among

    def _counts(self, theirs: Per, among: str | None) -> bool:
        if self.per.kind != "payee" and theirs.kind == "plan":
            return True
        return theirs.kind == "payee" if among is not None else theirs == self.per


def _itself(subject: str, _period: str) -> Sequence[str]:
    return (subject,)


class ByPrincipal:
    """Splits the pay of one component's cells by the credits that each principal has in them."""

    def __init__(
        self,
        component: CellComponent,
        workings: Workings,
        credited: Sequence[CreditedBy] | None = None,
    ) -> None:
        self._component = component
        self._book = workings.book
        if credited is None:
            credited = credited_by(component, workings.plan)
        self._measures: list[tuple[SummedFigures, _Members]] = [
            (workings.summed(name), _itself if among is None else workings.members(among))
            for name, among in credited
        ]

    def principals(self, subject: str, period: str) -> Sequence[str]:
        """Return under whom the orders were made that were ever counted in a cell."""
        return sorted(
            {
                item.credit.order.row.principal
                for measure, members in self._measures
                for member in members(subject, period)
                for item in measure.contributions(member, period)
            }
        )

    def parts(
        self,
        subject: str,
        period: str,
        as_of: str,
        units: int,
        total: UUID,
        *,
        given: tuple[str, str] | None = None,
    ) -> Mapping[str, Part]:
        """Return each principal's part, by what still counts at a month's end.

        Leftover cents go to whom the component says, in order of their ids. Where no principal's
        credits are above zero together, all have the same part. `given` is which payee is given
        what is divided, and of which subject, where it is a part of what several share.
        """
        principals = self.principals(subject, period)
        cell = (self._component.name, subject, period, restated(period, as_of))
        key = ("by principal", *cell, *(given or ()))
        payee_id = payee_of(subject) if given is None else given[0]
        credits = self._standing(subject, period, as_of)
        weights = [self._weight(name, credits[name], cell) for name in principals]
        values = [weight.value for weight in weights]
        leftover = self._component.leftover
        parts = spread_units(units, values, leftover)
        spread = self._book.node(
            *key,
            kind=spread_kind("principals", values),
            value=self._book.money(units),
            unit=Unit.MONEY.value,
            operation="spread",
            payee_id=payee_id,
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
            node_id = self._part((*key[1:], name), payee_id, index, parts[index], children)
            found[name] = Part(None, parts[index], node_id, name, given and given[0])
        return found

    def _standing(
        self, subject: str, period: str, as_of: str
    ) -> Mapping[str, Mapping[str, Credit]]:
        """Return the credits that still count, by principal and id."""
        found: dict[str, dict[str, Credit]] = defaultdict(dict)
        for measure, members in self._measures:
            for member in members(subject, period):
                for item in measure.standing(member, period, as_of):
                    credit = item.credit
                    found[credit.order.row.principal][credit.credit_id] = credit
        return found

    def _weight(self, name: str, credits: Mapping[str, Credit], cell: tuple[str, ...]) -> Figure:
        value = add_up(credit.amount for credit in credits.values())
        node_id = self._book.node(
            "principal's credits",
            *cell,
            name,
            kind="principal_weight",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="sum" if credits else "given",
            payee_id=payee_of(cell[1]),
            detail={"clause": self._component.path, "principal": name, "month": cell[2]},
            children=tuple(credits[key].credit_node() for key in sorted(credits)),
        )
        return Figure(value, node_id)

    def _part(
        self,
        key: tuple[str, ...],
        payee_id: str | None,
        index: int,
        units: int,
        children: tuple[UUID, UUID],
    ) -> UUID:
        return self._book.node(
            "principal's part",
            *key,
            kind="principal_part",
            value=self._book.money(units),
            unit=Unit.MONEY.value,
            operation="part",
            payee_id=payee_id,
            detail={"index": index, "principal": key[-1]},
            children=children,
        )
