"""Pools: an amount of a period, and how a population shares it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from premia_plan.apportion import add_up, are_weights, split_units
from premia_plan.checked import LimitStep, Pool
from premia_plan.language import Formula
from premia_plan.period import end_day, last_month, previous_period
from premia_plan.quantities import Unit
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellKey, Remembered, restated
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.formula_amount import cells_in
from premia_plan.reference.in_group import not_placed
from premia_plan.reference.inputs import inputs_of
from premia_plan.reference.leftover import leftover_detail
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.spread import spread_kind
from premia_plan.reference.stepped import CellResult
from premia_plan.reference.steps import Steps
from premia_plan.reference.subject import PLAN, payee_of
from premia_plan.reference.workings import Workings


class PoolAmount(Remembered):
    """What is in a pool, to the cent; the same whoever asks."""

    def __init__(self, pool: Pool, workings: Workings) -> None:
        super().__init__(self._work_out)
        self.over = pool.over
        self.pool = pool
        self._workings = workings
        self._book = workings.book
        self._steps = Steps(pool.steps, workings.book)
        self._carries = any(
            isinstance(step, LimitStep) and step.surplus == "carried" for step in pool.steps
        )
        self._surplus: dict[tuple[str, str], Figure] = {}
        self.inputs = inputs_of(pool.amount, workings)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells in which something is known that the amount is worked out from."""
        return cells_in(self.inputs, self.over, self._workings)

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which an input changes."""
        group = self.group(subject, period)
        return frozenset().union(*(figure.changes(group, period) for figure in self.inputs))

    def group(self, subject: str, period: str) -> str:
        """Return whose pool it is: that of a member's group, or of the plan."""
        return self._workings.group(self.pool.among, subject, period)

    def of(self, subject: str, period: str, as_of: str) -> Figure:
        """Return what is in the pool of a member's group.

        Raises:
            NotCalculated: if it cannot be worked out.
        """
        return self.at(self.group(subject, period), period, as_of)

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        scope = self._workings.scope(subject, period, as_of)
        key = ("pool", self.pool.name, *_of_group(subject), period, restated(period, as_of))
        figure = figure_of(
            self.pool.amount,
            scope,
            self._book,
            key=(*key, "amount"),
            kind="pool_amount",
            unit=Unit.MONEY,
            rounding=self._book.places,
        )
        carry = _Carried(self, subject, period, as_of) if self._carries else None
        return self._steps.apply(lambda: figure, scope, key=key, payee_id=None, carry=carry)

    def surplus_before(self, group: str, period: str) -> Figure | None:
        """Return what the cap of a group's period before left over at its close, if it did."""
        before = previous_period(period)
        if end_day(before) <= self._workings.plan.valid_from:
            return None
        try:
            self.at(group, before, last_month(before))
        except NotCalculated:  # that is told where its shares are asked for
            return None
        return self._surplus.get((group, before))

    def keep_surplus(self, group: str, period: str, as_of: str, surplus: Figure) -> None:
        """Keep what a group's period left over at its close for the next one."""
        if as_of == last_month(period):
            self._surplus[group, period] = surplus


@dataclass(frozen=True, slots=True)
class _Carried:
    """What a pool's cap brings from the period before, and leaves for the next."""

    amount: PoolAmount
    group: str
    period: str
    as_of: str

    def brought(self, own: Figure) -> Figure | None:  # noqa: ARG002 - whatever the period gives
        """Return what was left over in the period before."""
        return self.amount.surplus_before(self.group, self.period)

    def leaves(self, surplus: Figure) -> None:
        """Take what the cap cut off."""
        self.amount.keep_surplus(self.group, self.period, self.as_of, surplus)


class PoolShareAmount(Remembered):
    """A payee's share of a pool, by the weights of its population."""

    def __init__(self, weights: Formula, amount: PoolAmount, workings: Workings) -> None:
        super().__init__(self._work_out)
        self.over = amount.over
        self._weights = weights
        self._amount = amount
        self._workings = workings
        self._book = workings.book
        self._members = workings.members(amount.pool.among)
        self._weighed = inputs_of(weights, workings)

    def cells(self) -> Iterable[CellKey]:
        """Return the members in the periods in which something is known of pool or weights."""
        asked = [*self._amount.inputs, *self._weighed]
        known = cells_in(asked, self.over, self._workings)
        periods = sorted({period for _, period in known})
        return [(who, period) for period in periods for who in self._members("", period)]

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the pool or a member's weight changes."""
        members = self._members(subject, period)
        return self._amount.changes(subject, period).union(
            *(figure.changes(member, period) for member in members for figure in self._weighed)
        )

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        pool, members = self._amount.pool, self._members(subject, period)
        if subject not in members:
            raise not_placed(subject, pool.among, self._members, pool.name, period)
        amount = self._amount.of(subject, period, as_of)
        weights = [self._weight(member, period, as_of) for member in members]
        if not are_weights(weight.value for weight in weights):
            reason = because("pool_no_weight", pool=pool.name, month=period)
            raise NotCalculated(reason, "Give some payee a weight").after(amount.node_id)
        group = _of_group(self._amount.group(subject, period))
        key = (pool.name, "shares", *group, period, restated(period, as_of))
        index = members.index(subject)
        return shared_out(amount, weights, index, key, pool=pool, subject=subject, book=self._book)

    def _weight(self, member: str, period: str, as_of: str) -> Figure:
        return figure_of(
            self._weights,
            self._workings.scope(member, period, as_of),
            self._book,
            key=("pool weight", self._amount.pool.name, member, period, restated(period, as_of)),
            kind="pool_weight",
            unit=self._weights.unit,
            payee_id=payee_of(member),
        )


class ScaledPay:
    """Scales what all members of a pool's population get to what is in it.

    Who gets less than nothing keeps that, and has no part in the pool.
    """

    def __init__(
        self, component: str, unscaled: CellResult, amount: PoolAmount, workings: Workings
    ) -> None:
        self._component = component
        self._unscaled = unscaled
        self._amount = amount
        self._book = workings.book
        self._members = workings.members(amount.pool.among)

    def at(self, subject: str, period: str, as_of: str) -> Figure:
        """Return a payee's scaled pay; one outside the population keeps what it is.

        Raises:
            NotCalculated: if the pool or some member's pay cannot be worked out.
        """
        own, members = self._unscaled.at(subject, period, as_of), self._members(subject, period)
        if subject not in members:
            return own
        figures = [self._unscaled.at(member, period, as_of) for member in members]
        total = add_up(figure.value for figure in figures if figure.value > 0)
        amount = self._amount.of(subject, period, as_of)
        is_enough = total <= amount.value and not self._amount.pool.both_ways
        if own.value < 0 or total == 0 or is_enough:
            return own
        group = _of_group(self._amount.group(subject, period))
        key = (self._component, "scaled", *group, period, restated(period, as_of))
        pool, index = self._amount.pool, members.index(subject)
        return shared_out(amount, figures, index, key, pool=pool, subject=subject, book=self._book)

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the pool, some member's pay or the payee's own changes."""
        members = {subject, *self._members(subject, period)}
        return self._amount.changes(subject, period).union(
            *(self._unscaled.changes(member, period) for member in sorted(members))
        )


def _of_group(subject: str) -> tuple[str, ...]:
    """Return what tells the nodes of a group's pool from those of others."""
    return () if subject == PLAN else (subject,)


def shared_out(
    amount: Figure,
    weights: Sequence[Figure],
    index: int,
    key: tuple[str, ...],
    *,
    pool: Pool,
    subject: str,
    book: Book,
) -> Figure:
    """Return one part of an amount in cents that is split by weights.

    A weight below zero counts as zero. Leftover cents go to whom the pool says, in the order of
    the weights.
    """
    values = [weight.value for weight in weights]
    parts = split_units(book.units(amount.value), values, pool.leftover)
    spread = book.node(
        "pool",
        *key,
        kind=spread_kind("pool_shared", values),
        value=book.money(book.units(amount.value)),
        unit="money",
        operation="spread",
        detail={
            "clause": pool.path,
            "parts": [book.money(part) for part in parts],
            "places": book.places,
            **leftover_detail(pool.leftover),
        },
        children=(amount.node_id, *(weight.node_id for weight in weights)),
    )
    node_id = book.node(
        "pool part",
        *key,
        subject,
        kind="pool_part",
        value=book.money(parts[index]),
        unit="money",
        operation="part",
        payee_id=payee_of(subject),
        detail={"index": index},
        children=(spread, weights[index].node_id),
    )
    return Figure(Fraction(parts[index], 10**book.places), node_id)
