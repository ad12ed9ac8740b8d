"""Pay of a team, territory, category or plan given to the payees among whom it is shared."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import are_weights, spread_units
from premia_plan.checked import HEAD, CellComponent, CheckedPlan, Given, SummedMeasure
from premia_plan.period import end_day
from premia_plan.quantities import Unit
from premia_plan.reasons import because
from premia_plan.reference.by_principal import ByPrincipal
from premia_plan.reference.cell import restated
from premia_plan.reference.credited_by import credited_by
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.inputs import inputs_of
from premia_plan.reference.leftover import leftover_detail
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.spread import Paid, Part, spread_kind
from premia_plan.reference.subject import payee_of, told
from premia_plan.reference.surplus_by_principal import SurplusByPrincipal, keyed
from premia_plan.reference.workings import Workings


def owner_of(component: CellComponent, subject: str) -> str | None:
    """Return the payee to whom all that a cell earns is paid, if there is one."""
    if component.per.kind == "payee" or component.given_to == HEAD:
        return payee_of(subject)
    return None


def _own_credits(component: CellComponent, given: Given, plan: CheckedPlan) -> str | None:
    """Return the weights if they are a measure of payees' own credits that the amount counts."""
    name = "" if given.weights is None else given.weights.text
    weights = plan.measures.get(name)
    if not isinstance(weights, SummedMeasure) or weights.per.kind != "payee":
        return None
    for credited in credited_by(component, plan):
        counted = plan.measures[credited.measure]
        if isinstance(counted, SummedMeasure) and counted.of == weights.of:
            return name
    return None


class GivenAmong:
    """Shares the pay of one component's cells among payees of the plan, to the cent."""

    def __init__(
        self,
        component: CellComponent,
        given: Given,
        owed_by: SurplusByPrincipal,
        workings: Workings,
    ) -> None:
        self._component = component
        self._given = given
        self._owed_by = owed_by
        self._workings = workings
        self._book = workings.whole.book
        self._weighed = [] if given.weights is None else inputs_of(given.weights, workings)
        own = _own_credits(component, given, workings.plan)
        self._by_principal = ByPrincipal(component, workings, own)

    def members(self, subject: str, period: str) -> Sequence[str]:
        """Return who shares in a cell, in order: those of the subject who are in the plan.

        A team is its head and those below on the period's last day. Of a population they are
        those of the subject's own group, and of a team those who are in the team as well.
        """
        workings, per = self._workings, self._component.per
        team = workings.team(per.along or "")(payee_of(subject) or "", period)
        if self._given.among is None:
            last_day = end_day(period) - timedelta(days=1)
            return [each for each in team if workings.payees.is_in_plan(each, last_day)]
        found = workings.members(self._given.among)(subject, period)
        return [each for each in found if per.kind != "team" or each in team]

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months after the period in which somebody's weight changes."""
        return frozenset().union(
            *(
                figure.changes(member, period)
                for member in self.members(subject, period)
                for figure in self._weighed
            )
        )

    def parts(self, subject: str, period: str, as_of: str, units: int, total: UUID) -> Paid:
        """Return each payee's part; leftover cents go to whom the component says, by payee id.

        Who weighs less than nothing has no part.

        Raises:
            NotCalculated: if there is nobody to give it to, or a weight is not known.
        """
        members = self.members(subject, period)
        weighed = [self._weight(member, period, as_of) for member in members]
        weights = [weight.value for weight in weighed]
        if not are_weights(weights):
            amount = self._book.money(units)
            raise nobody_to_give(self._component.name, subject, period, amount).after(total)
        name, leftover = self._component.name, self._component.leftover
        key = ("given", name, subject, period, restated(period, as_of))
        parts = spread_units(units, weights, leftover)
        spread = self._book.node(
            *key,
            kind=spread_kind("given", weights),
            value=self._book.money(units),
            unit=Unit.MONEY.value,
            operation="spread",
            payee_id=payee_of(subject),
            detail={
                "clause": self._given.path,
                "subject": told(subject).en,
                "subject_it": told(subject).it,
                "parts": [self._book.money(part) for part in parts],
                "places": self._book.places,
                **leftover_detail(leftover),
            },
            children=(total, *(weight.node_id for weight in weighed)),
        )
        found: dict[str, Part] = {}
        for index, member in enumerate(members):
            node_id = self._book.node(
                *key,
                member,
                kind="given_part",
                value=self._book.money(parts[index]),
                unit=Unit.MONEY.value,
                operation="part",
                payee_id=member,
                detail={"index": index, "payee": member},
                children=(spread, weighed[index].node_id),
            )
            found.update(self._owed((member, subject, period), as_of, parts[index], node_id))
        return Paid(total, found)

    def _owed(
        self, place: tuple[str, str, str], as_of: str, units: int, node_id: UUID
    ) -> Mapping[str, Part]:
        """Return what each principal owes of a payee's part; `place` is payee, subject, period.

        It is owed as all that the subject earned is, or as those of the payee's own orders tell
        that the cell counts, where the payee shares by a measure of them.
        """
        member, subject, period = place
        principals = self._by_principal.principals(subject, period, member)
        assigned = self._workings.payees.in_period.principal(member, period)
        names, cell = principals or [assigned], (subject, period, as_of)
        shared = self._owed_by.parts(cell, units, node_id, self._by_principal, names, member)
        return {f"{member}{key}": part for key, part in keyed(shared, names).items()}

    def _weight(self, member: str, period: str, as_of: str) -> Figure:
        """Return what a payee weighs.

        Raises:
            NotCalculated: if it needs what is not known.
        """
        name, weights = self._component.name, self._given.weights
        if weights is None:
            node_id = self._book.node(
                "equal weight",
                name,
                kind="equal_weight",
                value="1",
                unit=Unit.COUNT.value,
                detail={"clause": self._given.path},
            )
            return Figure(Fraction(1), node_id)
        return figure_of(
            weights,
            self._workings.scope(member, period, as_of),
            self._book,
            key=("given weight", name, member, period, restated(period, as_of)),
            kind="given_weight",
            unit=weights.unit,
            payee_id=member,
        )


def nobody_to_give(component: str, subject: str, period: str, amount: str) -> NotCalculated:
    """Say that what a subject earned can be given to nobody."""
    whose = told(subject)
    reason = because(
        "nobody_to_give",
        component=component,
        whose=whose.en,
        whose_it=whose.it,
        month=period,
        amount=amount,
    )
    return NotCalculated(reason, "Let somebody share in it, or decide whom an adjustment pays")
