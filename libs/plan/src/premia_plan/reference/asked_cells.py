"""The cells in which a component on cells is asked what it pays, and those that are due."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from premia_plan.checked import (
    CellComponent,
    GateStep,
    GroupLimit,
    LimitStep,
    Measure,
    PoolShare,
    RankPay,
    Scorecard,
    SummedMeasure,
    Tiers,
)
from premia_plan.checked.formulas import formulas_in
from premia_plan.language import Formula
from premia_plan.language.syntax import Name
from premia_plan.period import PeriodKind, enclosing, last_month, next_period
from premia_plan.reference.cell import CellFigure, CellKey
from premia_plan.reference.counted_orders import CountedOrders
from premia_plan.reference.formula_amount import cells_in, targets_of
from premia_plan.reference.given import owner_of
from premia_plan.reference.inputs import inputs_of
from premia_plan.reference.period_standing import is_in_validity
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of
from premia_plan.reference.subject_cells import is_known_by, subject_cells
from premia_plan.reference.workings import Workings

_ABOUT_OTHERS = frozenset({"not_in_population", "population_empty", "pool_no_weight"})
"""Reasons for which a cell of which nothing is known is nobody's loss."""
_ABOUT_POOLS = _ABOUT_OTHERS | {"group_unknown"}
"""Such reasons where it is a share of a pool."""


class AskedCells:
    """Everybody in the plan in each of its periods, and wherever else something is known.

    Of teams, territories and categories it is each of which anything ever was known, from then on;
    where nothing is read that is recorded of them, all that the hierarchy or the tree has.

    A fixed part, a floor or a penalty so pays without an order. A rank pays only where something
    is known of what it ranks, and tiers that nothing can raise only where there is something to
    pay on.

    A cell is due to who is in the plan on some day of its period; what is pushed back to orders
    also where orders count in it that were made while their payee was in the plan. After the
    plan's end only cells are due in which orders of the plan count.
    """

    def __init__(
        self,
        component: CellComponent,
        amount: CellFigure,
        read_by_steps: Sequence[CellFigure],
        workings: Workings,
    ) -> None:
        self._component = component
        self._amount = amount
        self._known_of = [amount]
        if isinstance(component.amount, Formula | Tiers | Scorecard):
            self._known_of.extend(read_by_steps)
        self._workings = workings
        spread = component.spread
        self._spread = None if spread is None else workings.summed(spread)
        self._is_of_payees = component.per.kind == "payee"
        self._orders = CountedOrders(component, workings)

    def is_due(self, subject: str, period: str) -> bool:
        """Say whether what a cell gives is due to its payee at all."""
        if self._spread is not None and self._spread.counts_in(subject, period):
            return True
        workings, owner = self._workings, owner_of(self._component, subject)
        if owner is not None and workings.payees.in_period.last_day(owner, period) is None:
            return False
        return is_in_validity(period, workings.plan) or (subject, period) in self.known

    def is_outside(self, subject: str, period: str) -> bool:
        """Say whether something is known to pay on of whom the cell is not due to."""
        return (subject, period) in self._payable and not self.is_due(subject, period)

    def owed_for(self, subject: str, period: str) -> str:
        """Return the period whose standing counts: for a correction that of what it corrects."""
        if self._component.true_up is None or self.is_due(subject, period):
            return period
        return self.due_before(subject, period) or period

    def due_before(self, subject: str, period: str) -> str | None:
        """Return the last period before another one, in the same true-up, that was due."""
        kind, earlier = self._component.true_up or "year", next_period(period, -1)
        while enclosing(earlier, kind) == enclosing(period, kind):
            if self.is_due(subject, earlier):
                return earlier
            earlier = next_period(earlier, -1)
        return None

    @cached_property
    def all(self) -> Sequence[CellKey]:
        """The cells that are asked, in order."""
        found = set(self.known)
        if not pays_only_where_known(self._component, self._workings.plan.measures):
            found.update(self._of_everybody())
        if self._component.true_up is not None:
            found.update(self._followed(found, self._component.true_up))
        return sorted(found)

    def before(self, subject: str, period: str) -> str | None:
        """Return the last period of a payee that is due before another one."""
        own = self._periods.get(subject, ())
        place = bisect_left(own, last_month(period), key=last_month)
        return own[place - 1] if place else None

    @property
    def lasts(self) -> Iterable[CellKey]:
        """The last period that is due to each payee."""
        return [(subject, own[-1]) for subject, own in sorted(self._periods.items())]

    @cached_property
    def _periods(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for subject, period in self.all:
            if self.is_due(subject, period):
                found[subject].append(period)
        return {subject: sorted(own, key=last_month) for subject, own in found.items()}

    def _followed(self, cells: Iterable[CellKey], kind: PeriodKind) -> Iterator[CellKey]:
        """Give the months after each cell in its quarter or year, whose running total it is in."""
        first: dict[CellKey, str] = {}
        for subject, month in cells:
            key = (subject, enclosing(month, kind))
            first[key] = min(month, first.get(key, month))
        for (subject, longer), since in first.items():
            month = since
            while month <= self._workings.until and enclosing(month, kind) == longer:
                yield subject, month
                month = next_period(month)

    def tells(self, refused: NotCalculated, subject: str, period: str) -> bool:
        """Say whether it is told that a cell cannot be paid.

        Of a cell of which nothing is known it is not told in periods before the first one of
        which anything is known, nor where it is a matter of a group that the payee is not in.
        Where nothing ever is known, every period waits for it.
        """
        if (subject, period) in self.known:
            return True
        of_pool = isinstance(self._component.amount, PoolShare)
        about_others = refused.reason.code in (_ABOUT_POOLS if of_pool else _ABOUT_OTHERS)
        return not about_others and last_month(period) >= self._first_known

    @cached_property
    def known(self) -> frozenset[CellKey]:
        """The cells of which something is known, after the plan's end what orders count in."""
        return self._known(self._known_of)

    @cached_property
    def _payable(self) -> frozenset[CellKey]:
        return self._known([self._amount])

    def _known(self, figures: Sequence[CellFigure]) -> frozenset[CellKey]:
        workings, component = self._workings, self._component
        found = cells_in(figures, component.over, workings) if self._is_of_payees else self._seen
        return frozenset(
            (subject, period)
            for subject, period in found
            if is_in_validity(period, workings.plan) or self._orders.are_in(subject, period)
        )

    @cached_property
    def _seen(self) -> Sequence[CellKey]:
        """The cells of a team, territory, category or the plan in which anything was recorded."""
        component = self._component
        return subject_cells(self._read, component.per, component.over, self._workings)

    @cached_property
    def _read(self) -> Sequence[Formula]:
        """The formulas of a component's amount and steps."""
        steps = [step for step in self._component.steps if not isinstance(step, GroupLimit)]
        return [*formulas_in(self._component.amount), *formulas_in(steps)]

    def _of_everybody(self) -> Iterator[CellKey]:
        if not self._is_of_payees:
            yield from self._of_others()
            return
        for period in self._workings.periods(self._component.over):
            for payee in self._workings.payees.in_plan(period):
                yield payee, period

    def _of_others(self) -> Iterator[CellKey]:
        """Give the subjects of which anything was known by a period, if they are still there.

        Where nothing is read that would be recorded of any of them, they are all there are.
        """
        workings, component = self._workings, self._component
        if component.per.kind == "plan" or not is_known_by(
            self._read, component.per, workings.plan
        ):
            for period in workings.periods(component.over):
                payees = workings.payees.in_plan(period)
                for subject in workings.subjects.all(component.per, period, payees):
                    yield subject, period
            return
        first: dict[str, str] = {}
        for subject, period in self._seen:
            first[subject] = min(last_month(period), first.get(subject, last_month(period)))
        for period in workings.periods(component.over):
            for subject, since in first.items():
                if last_month(period) >= since and self._is_there(subject, period):
                    yield subject, period

    def _is_there(self, subject: str, period: str) -> bool:
        """Say whether a subject still is one: a team has somebody below, or a head in the plan."""
        if self._component.per.kind != "team":
            return True
        workings, head = self._workings, payee_of(subject) or ""
        is_in_plan = workings.payees.in_period.last_day(head, period) is not None
        return is_in_plan or len(workings.team(self._component.per.along or "")(head, period)) > 1

    @cached_property
    def _first_known(self) -> str:
        """The month in which the first period ends of which anything is known; else the first."""
        workings = self._workings
        if not self._is_of_payees:
            return min((last_month(period) for _, period in self._seen), default=workings.first)
        known = {period for figure in self._inputs() for _, period in figure.cells()}
        targets = self._targets()
        known |= {row.month for row in workings.relations.targets if row.name in targets}
        return min((last_month(period) for period in known), default=workings.first)

    def _inputs(self) -> list[CellFigure]:
        workings = self._workings
        read = (
            figure
            for formula in self._component.amount_formulas
            for figure in inputs_of(formula, workings)
        )
        return [*self._known_of, *read]

    def _targets(self) -> frozenset[str]:
        amount = self._component.amount
        rule = amount.attainment if isinstance(amount, Tiers) else None
        own = frozenset() if rule is None else frozenset({rule.target})
        return own.union(
            *(targets_of(formula, self._workings) for formula in self._component.amount_formulas)
        )


def raise_zero(component: CellComponent) -> bool:
    """Say whether the steps of a component can make something of nothing."""
    return any(
        isinstance(step, LimitStep) or (isinstance(step, GateStep) and step.gives_instead)
        for step in component.steps
    )


def pays_only_where_known(component: CellComponent, measures: Mapping[str, Measure]) -> bool:
    """Say whether a component is asked only for cells in which something is known."""
    amount = component.amount
    if isinstance(amount, RankPay):
        return True
    if not isinstance(amount, Tiers) or amount.pays_on_nothing or raise_zero(component):
        return False
    base = amount.base
    measure = measures.get(base.text)
    return (
        isinstance(base.expression, Name)
        and isinstance(measure, SummedMeasure)
        and measure.function != "average"
        and measure.per == component.per
    )
