"""Components that pay on cells: amount, steps, earnings, and what changes afterwards."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from premia_plan.checked import (
    HEAD,
    CellComponent,
    CheckedPlan,
    Given,
    Tiers,
)
from premia_plan.period import end_day, last_month, next_period
from premia_plan.quantities import Unit
from premia_plan.reasons import because
from premia_plan.reference.asked_cells import AskedCells
from premia_plan.reference.by_principal import ByPrincipal
from premia_plan.reference.carried import carried_on, carry_of
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.cell_amount import amount_of, looked_up_figure
from premia_plan.reference.cell_gates import CellGates
from premia_plan.reference.counted_again import Count
from premia_plan.reference.course import Course
from premia_plan.reference.credit import Credit
from premia_plan.reference.earning import Earning
from premia_plan.reference.effective_rate import EffectiveRate
from premia_plan.reference.figure import Figure
from premia_plan.reference.given import GivenAmong, nobody_to_give
from premia_plan.reference.in_part import ForPart
from premia_plan.reference.inputs import read_by
from premia_plan.reference.left_surplus import tell_surplus
from premia_plan.reference.movement import Movement
from premia_plan.reference.parts_of_period import added_up, own_periods
from premia_plan.reference.pools import PoolAmount, ScaledPay
from premia_plan.reference.recount import Changed, differences
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.settlement import Settlement
from premia_plan.reference.spread import Paid, Part, Spread
from premia_plan.reference.stepped import CellResult, SteppedPay
from premia_plan.reference.subject import payee_of
from premia_plan.reference.summed import Contribution
from premia_plan.reference.surplus_by_principal import SurplusByPrincipal, keyed
from premia_plan.reference.trued_up import RunningTotal, TruedUp, parted
from premia_plan.reference.unpaid_cells import UnpaidCells
from premia_plan.reference.workings import Workings


class CellPay(Remembered):
    """Pays one component on its cells; a cell figure itself, of what it gives after its steps."""

    def __init__(
        self,
        plan: CheckedPlan,
        component: CellComponent,
        workings: Workings,
        settlement: Settlement,
    ) -> None:
        super().__init__(self._work_out)
        self.over = component.over
        self._component = component
        self._workings = workings
        self._settlement = settlement
        self._book = workings.whole.book
        self._amount = self._carried_on(amount_of(component, workings))
        self._is_of_payees = component.per.kind == "payee"
        if "pay" in plan.proration.scales and (self._is_of_payees or component.given_to == HEAD):
            self._amount = ForPart(
                component.name,
                self._amount,
                workings.presence,
                proration=plan.proration,
                unit=Unit.MONEY,
                book=workings.book,
            )
        follows = plan.storno is not None and plan.storno.counts_again(component.name)
        self._is_recounted = follows
        on_total, on_period = parted(component)
        read = read_by(component.steps, workings)
        self._asked = AskedCells(component, self._amount, read, workings)
        amount = self._amount
        if component.true_up is not None:
            total = RunningTotal(component, on_total, amount, workings)
            amount = TruedUp(component, total, self._asked, workings, follows=follows)
        self._stepped = SteppedPay(
            component, on_period, amount, self._asked, workings, follows=follows
        )
        self._result: CellResult = self._stepped
        if component.scaled_to is not None:
            pool = PoolAmount(plan.pools[component.scaled_to], workings)
            self._result = ScaledPay(component.name, self._stepped, pool, workings)
        self._measure = None if component.spread is None else workings.summed(component.spread)
        given = component.given_to
        self._owed = SurplusByPrincipal(component, self._stepped, self._made_by, self._book)
        self._given = (
            GivenAmong(component, given, self._owed, workings) if isinstance(given, Given) else None
        )
        self._gates = CellGates(component, workings)
        self._unpaid = UnpaidCells(component, workings)
        self._by_principal = ByPrincipal(component, workings)

    def _carried_on(self, amount: CellFigure) -> CellFigure:
        """Return the amounts less what is due to the version before, in the period under way."""
        component, workings = self._component, self._workings
        if workings.plan.change is None or workings.is_at_change:
            return amount
        carry = carry_of(workings.plan, component)
        if carry == "reset":
            return amount
        tiers = component.amount
        bases = None
        if isinstance(tiers, Tiers):
            name = f"{component.name} base"
            bases = (
                looked_up_figure(name, tiers.base, component, workings),
                looked_up_figure(name, tiers.base, component, workings.before),
            )
        before = amount_of(component, workings.before)
        return carried_on(component, amount, carry, before=before, bases=bases, workings=workings)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells in which something is known of what it pays, in order."""
        return sorted(self._asked.known)

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months after the period in which an input changes."""
        return self._result.changes(subject, period)

    def figures(self) -> CellFigure:
        """Return what the component gives per cell."""
        return self

    def effective_rate(self) -> CellFigure:
        """Return the effective rate of the component's tiers per cell.

        Raises:
            TypeError: if it has none.
        """
        name, tiers = self._component.name, self._component.amount
        if not isinstance(tiers, Tiers):
            raise TypeError(f"{name} has no tiers")
        base = looked_up_figure(f"{name} base", tiers.base, self._component, self._workings)
        return EffectiveRate(name, tiers.path, self._amount, base, self._book)

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        own = own_periods(period, self.over)
        if own:
            parts = [self.at(subject, each, max(as_of, last_month(period))) for each in own]
            key = ("pay", self._component.name, subject, period, restated(period, as_of))
            return added_up(parts, key, self._component.path, Unit.MONEY, self._book)
        if self._component.true_up is None and not self._asked.is_due(subject, period):
            return self._unpaid.nothing(subject, period)
        return self._result.at(subject, period, as_of)

    def earnings(self) -> Sequence[Earning]:
        """Return what every cell's close gives, by order where it is pushed back."""
        found: list[Earning] = []
        for subject, period in self._asked.all:
            try:
                paid = self._paid(subject, period, last_month(period))
            except NotCalculated:
                continue
            found.extend(self._earning(subject, period, part) for part in paid.parts.values())
        return found

    def settled(self) -> Iterable[tuple[Earning, Sequence[Movement]]]:
        """Return each earning with what is released, held, dropped and taken back of it."""
        for course in self._workings.limits.before_plan(self._component.name):
            yield course.earning, self._workings.recorder_before_plan.record_course(course)

    def courses(self) -> Iterator[Course]:
        """Give each earning with what later counts make of it, before limits over several."""
        for subject, period in self._asked.all:
            try:
                paid = self._paid(subject, period, last_month(period))
            except NotCalculated:
                continue
            yield from self._courses(subject, period, paid)

    def units_on(self, credit: Credit) -> int:
        """Refuse: cells are of no single credit.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"{self._component.name} pays on cells, and not on {credit.credit_id}")

    def pay_all(self) -> None:
        """Write the lines of every cell of which some line could be wanted."""
        again = self._workings.limits.changes_from(self._component.name, self._book.since)
        for subject, period in self._asked.all:
            if again or self._is_wanted(subject, period):
                self._pay(subject, period)
        for course in self._workings.limits.guarantees(self._component.name):
            self._settlement.settle_course(course)
        self._workings.limits.tell_surplus(self._component.name, self._settlement)
        if self._stepped.carries:
            for subject, period in self._asked.lasts:
                self._tell_surplus(subject, period)

    def _tell_surplus(self, subject: str, period: str) -> None:
        """Write what the last period's cap carries on, to a period that is still to come or none.

        Where none comes, because the plan ends or the payee left it, somebody must decide.
        """
        until = self._workings.until
        try:
            surplus = self._stepped.surplus_of(subject, period, until)
        except NotCalculated:
            return
        units = 0 if surplus is None else self._book.units(surplus.value)
        if surplus is None or not units:
            return
        cell = (subject, period, self._stepped.moment(period, until))
        names = self._made_by(subject, period)
        parts = self._owed.parts(
            cell, units, surplus.node_id, self._by_principal, names, word="carried"
        )
        for part in parts.values():
            earning = self._earning(subject, period, part)
            tell_surplus(earning, subject, self._workings, self._settlement)

    def _is_wanted(self, subject: str, period: str) -> bool:
        name, since = self._component.name, self._book.since
        return (
            last_month(period) >= since
            or bool(self._gates.gates)
            or bool(self._component.lands_after)
            or self._settlement.is_late(name)
            or any(month >= since for month in self._recounted_in(subject, period))
            or any(
                item.credit.order.last_month >= since
                or self._settlement.is_open(name, item.credit.order)
                for item in self._counted(subject, period)
            )
        )

    def _counted(self, subject: str, period: str) -> Sequence[Contribution]:
        return () if self._measure is None else self._measure.contributions(subject, period)

    def _pay(self, subject: str, period: str) -> None:
        close = last_month(period)
        if self._asked.is_outside(subject, period):
            self._unpaid.tell_outside(subject, period)
        try:
            paid = self._paid(subject, period, close)
        except NotCalculated as refused:
            if self._asked.is_due(subject, period):
                self._refuse(subject, period, refused)
            return
        for course in self._courses(subject, period, paid):
            self._settlement.settle_course(self._workings.limits.limited(course))

    def _courses(self, subject: str, period: str, paid: Paid) -> Iterator[Course]:
        """Give each earning of a cell's close with what later counts of the period make of it."""
        parts, counts = dict(paid.parts), defaultdict[str, list[Count]](list)
        for month, changed in self._recounts(subject, period, paid):
            parts.setdefault(changed.credit_id, changed.before)
            counts[changed.credit_id].append(
                Count(
                    event=month,
                    lands=next_period(month, self._component.lands_after),
                    units=changed.after.units,
                    node_id=changed.after.node_id,
                    difference=changed.difference,
                    reason=because("recounted", month=period, event_month=month),
                )
            )
        for credit_id, part in parts.items():
            earning = self._earning(subject, period, part)
            if credit_id not in paid.parts:  # the close did not know it, and writes nothing of it
                earning = replace(earning, counted_in=last_month(period))
            yield Course(earning, counts[credit_id])

    def _recounted_in(self, subject: str, period: str) -> frozenset[str]:
        """Return the months after the period in which its pay, or to whom it goes, changes."""
        found = self.changes(subject, period)
        if self._given is not None:
            found |= self._given.changes(subject, period)
        if self._measure is not None and not self._is_of_payees:
            found |= self._measure.changes(subject, period)
        return found

    def _recounts(self, subject: str, period: str, paid: Paid) -> Iterator[tuple[str, Changed]]:
        """Give what changes for each order when the period is counted again, month by month."""
        if not self._is_recounted:
            return
        for month in sorted(self._recounted_in(subject, period)):
            key = (self._component.name, subject, period, month)
            try:
                recounted = self._paid(subject, period, month)
            except NotCalculated as refused:
                self._refuse(subject, period, refused, recounted_in=month)
                return
            for changed in differences(paid, recounted, key, self._book):
                yield month, changed
            paid = recounted

    def _paid(self, subject: str, period: str, as_of: str) -> Paid:
        """Return the cell's pay with what still counts at a month's end."""
        figure = self._gates.held(self.at(subject, period, as_of), subject, period, as_of)
        units = self._book.units(figure.value)
        if self._measure is not None:
            spread = Spread(self._component, self._measure, self._book)
            paid = spread.parts(subject, period, as_of, units, figure.node_id)
            if "" in paid.parts and not self._is_of_payees:
                amount = self._book.money(units)
                refused = nobody_to_give(self._component.name, subject, period, amount)
                raise refused.after(figure.node_id)
            return paid
        if not units:
            return Paid(figure.node_id, {})
        if self._given is not None:
            return self._given.parts(subject, period, as_of, units, figure.node_id)
        cell, names = (subject, period, as_of), self._principals(subject, period)
        shared = self._owed.parts(cell, units, figure.node_id, self._by_principal, names)
        if len(names) == 1 and [*shared] == [*names]:
            return Paid(figure.node_id, {"": Part(None, units, figure.node_id)})
        return Paid(figure.node_id, keyed(shared, names))

    def _earning(self, subject: str, period: str, part: Part) -> Earning:
        name, waits = self._component.name, self._gates.waits(subject, period)
        earned_by = "" if self._is_of_payees else subject
        lands = self._gates.lands_in(subject, period)
        close = end_day(next_period(lands, self._component.lands_after)) - timedelta(days=1)
        if part.credit is not None:
            was_held = lands != last_month(period)
            return Earning.of_credit(
                name,
                "bonus",
                part.credit,
                units=part.units,
                node_id=part.node_id,
                competence=period,
                close=close,
                waits=waits,
                not_before=close if was_held else None,
                subject=earned_by,
            )
        payee_id = part.payee_id or payee_of(subject)
        principal = part.principal or self._principals(subject, period)[0]
        standings, own = self._workings.payees.in_period, self._asked.owed_for(subject, period)
        standing = standings.standing(payee_id or "", principal, own)
        other = standings.other_principal(payee_id or "", principal, own)
        return Earning(
            name,
            "bonus",
            payee_id,
            principal,
            part.units,
            part.node_id,
            period,
            None,
            standing,
            close,
            waits,
            subject=earned_by,
            other_principal=other,
        )

    def _principals(self, subject: str, period: str) -> Sequence[str]:
        """Return under whom a cell's orders were made, or else its payee is assigned.

        What is for no order of a payee who is not assigned at all is under nobody; what corrects
        an earlier period is as that period's pay was.
        """
        made = {item.credit.order.row.principal for item in self._counted(subject, period)}
        if made:
            return sorted(made)
        own = self._asked.owed_for(subject, period)
        assigned = self._workings.payees.in_period.principal(payee_of(subject) or "", own)
        return (assigned and self._by_principal.principals(subject, period)) or [assigned]

    def _made_by(self, subject: str, period: str) -> Sequence[str]:
        """Return under whom what a cell earns was made, to whomever it is given."""
        made = () if self._given is None else self._by_principal.principals(subject, period)
        return made or self._principals(subject, period)

    def _refuse(
        self, subject: str, period: str, refused: NotCalculated, recounted_in: str = ""
    ) -> None:
        """Write that a cell could not be paid, if that is wanted and told."""
        if max(last_month(period), recounted_in) < self._book.since:
            return
        if self._asked.tells(refused, subject, period):
            whose = self._owed_to(subject, period)
            self._unpaid.refuse(subject, period, refused, whose=whose, recounted_in=recounted_in)

    def _owed_to(self, subject: str, period: str) -> Sequence[tuple[str | None, str]]:
        """Return to whom what a cell earns would go, each with the principal who owes it."""
        if self._given is not None:
            standings = self._workings.payees.in_period
            members = self._given.members(subject, period)
            return [(member, standings.principal(member, period)) for member in members]
        if self._measure is not None and not self._is_of_payees:
            credits = [item.credit for item in self._counted(subject, period)]
            return sorted({(each.payee_id or "", each.order.row.principal) for each in credits})
        return [(payee_of(subject), each) for each in self._principals(subject, period)]
