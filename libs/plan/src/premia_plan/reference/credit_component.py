"""Components that pay on each credit."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from uuid import UUID

from premia_plan.checked import CreditComponent
from premia_plan.period import month_of
from premia_plan.quantities import Unit
from premia_plan.reasons import NOT_REACHED, Reason, because
from premia_plan.reference.campaigns import Verdict, limited
from premia_plan.reference.cell import CellFigure
from premia_plan.reference.counted_again import Count
from premia_plan.reference.course import Course
from premia_plan.reference.credit import Credit
from premia_plan.reference.credit_gates import CreditGates
from premia_plan.reference.credit_scope import CreditScope, cell_names
from premia_plan.reference.deferred import DeferredPay
from premia_plan.reference.divided_pay import divided_pay
from premia_plan.reference.earning import Earning
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.left_surplus import tell_deferred
from premia_plan.reference.movement import Movement
from premia_plan.reference.recount import difference_node, part_left
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.reversal import WHOLE
from premia_plan.reference.settlement import Settlement
from premia_plan.reference.spread import Part
from premia_plan.reference.steps import Steps
from premia_plan.reference.workings import Workings


class CreditPay:
    """Pays one component on its credits."""

    def __init__(
        self, component: CreditComponent, workings: Workings, settlement: Settlement
    ) -> None:
        self._component = component
        self._workings = workings
        self._settlement = settlement
        self._book = workings.whole.book
        # A first rounding belongs to the formula: one node, and one sentence, says both.
        at_once = component.rounds_at_once
        self._rounding = self._book.places if at_once else None
        self._steps = Steps(component.steps[1:] if at_once else component.steps, self._book)
        self._gates = CreditGates(component, workings)
        self._earned: dict[str, Earning | NotCalculated] = {}
        self._cells = tuple(dict.fromkeys(cell_names(component.formulas, workings)))
        storno = workings.plan.storno
        self._is_recounted = storno is not None and storno.counts_again(component.name)

    def pay_all(self) -> None:
        """Write the lines of every credit of which some line could be wanted."""
        name, since = self._component.name, self._book.since
        again = self._workings.limits.changes_from(name, since)
        for credit in self._workings.credits(self._component.of):
            order = credit.order
            if order.is_carried:
                continue
            is_open = self._gates.gates or self._settlement.is_open(name, order)
            if order.last_month >= since or is_open or self._changes_from(credit, since) or again:
                self._pay(credit)
        for course in self._workings.limits.guarantees(name):
            self._settlement.settle_course(course)
        self._workings.limits.tell_surplus(name, self._settlement)

    def _changes_from(self, credit: Credit, since: str) -> bool:
        months = self._months(credit) if self._is_recounted else frozenset()
        if credit.counts_from is not None:
            months |= {month_of(credit.counts_from)}
        return any(month >= since for month in months)

    def earnings(self) -> Sequence[Earning]:
        """Return what each paid credit gives; left out is what cannot be calculated."""
        credits = self._workings.credits(self._component.of)
        return [
            limited(earning, verdict, self._book)
            for credit, verdict in ((credit, self._verdict(credit)) for credit in credits)
            if credit.standing.is_paid and verdict.pays and not credit.order.is_carried
            for earning in (self._earning(credit),)
            if isinstance(earning, Earning)
        ]

    def courses(self) -> Sequence[Course]:
        """Return each earning with what later counts make of it, before limits over several."""
        return [Course(earning, self._counts(earning)) for earning in self.earnings()]

    def units_on(self, credit: Credit) -> int | None:
        """Return what it gives on a credit by itself; None where that cannot be calculated."""
        earning = self._earning(credit)
        return earning.units if isinstance(earning, Earning) else None

    def _verdict(self, credit: Credit) -> Verdict:
        return self._workings.campaigns.verdict(self._component.name, credit)

    def effective_rate(self) -> CellFigure:
        """Refuse: only tiers have an effective rate.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"{self._component.name} pays on credits and has no tiers")

    def settled(self) -> Iterable[tuple[Earning, Sequence[Movement]]]:
        """Return each earning with what is released, held, dropped and taken back of it."""
        recorder = self._workings.recorder_before_plan
        return [
            (course.earning, recorder.record_course(course))
            for course in self._workings.limits.before_plan(self._component.name)
        ]

    def figures(self) -> CellFigure:
        """Refuse: credits lie in no cell of the component's own.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"{self._component.name} pays on credits and has no cells")

    def _pay(self, credit: Credit) -> None:
        """Write the lines of a credit.

        Where the plan lets a missing rate count as zero, what the others give is paid; a credit
        that gets nothing because of it is not paid, with that reason.
        """
        verdict = self._verdict(credit)
        if verdict.is_out:
            return
        earning = self._earning(credit)
        if isinstance(earning, NotCalculated):
            self._refuse(credit, earning)
            return
        if verdict.reason is not None and credit.standing.is_paid:
            self._write_unpaid(earning, verdict.reason)
            return
        earning = limited(earning, verdict, self._book)
        unrated = self._unrated(credit)
        if credit.standing.is_paid and (unrated is None or earning.units):
            course = Course(earning, self._counts(earning))
            self._settlement.settle_course(self._workings.limits.limited(course))
            self._tell_deferred(earning, credit)
        else:
            self._write_unpaid(earning, credit.standing.reason or unrated)

    def _tell_deferred(self, earning: Earning, credit: Credit) -> None:
        """Write what a cap defers from a contract year that none follows, as far as it is left."""
        months = self._months(credit) if self._is_recounted else frozenset[str]()
        surplus = self._deferred.left(credit, max(months, default=""))
        left = credit.order.part_left(self._workings.until, self._component.name)
        if surplus is None or not left:
            return
        if left != WHOLE:
            key = (f"{self._component.name} over the cap", self._workings.until)
            surplus = part_left(surplus, left, key, credit, self._book)
        units = self._book.units(surplus.value)
        year = credit.credit_id.rpartition("@")[2]
        over = replace(earning, units=units, node_id=surplus.node_id)
        if units:
            tell_deferred(over, year, self._settlement)

    def _unrated(self, credit: Credit) -> Reason | None:
        """Return why a rate of the amount counts as zero, if one does and the amount is asked."""
        scope = self._scope(credit)
        if not self._steps.asks_amount(scope):
            return None
        return scope.shortfall(self._component.amount.names)

    def _write_unpaid(self, earning: Earning, reason: Reason | None) -> None:
        self._settlement.write(
            earning,
            "not_paid",
            month=None,
            units=earning.units,
            share=0,
            node_id=earning.node_id,
            reason=reason,
        )

    def _earning(self, credit: Credit) -> Earning | NotCalculated:
        found = self._earned.get(credit.credit_id)
        if found is None:
            try:
                figure = self._work_out(credit)
                found = self._earning_of(credit, self._book.units(figure.value), figure.node_id)
                found = self._gates.held_back(found, self._scope(credit), credit.order)
                found = found.from_day(credit.counts_from)
            except NotCalculated as refused:
                found = refused
            self._earned[credit.credit_id] = found
        return found

    def _counts(self, earning: Earning) -> Sequence[Count]:
        """Return what a paid credit gives when its period is counted again, month by month."""
        credit = earning.credit
        if not self._is_recounted or credit is None:
            return ()
        found: list[Count] = []
        before = Part(credit, earning.units, earning.node_id)
        verdict = self._verdict(credit)
        for month in sorted(self._months(credit)):
            try:
                now = self._counted_in(credit, month, verdict)
            except NotCalculated as refused:
                self._note(credit, refused)
                break
            if now.units != before.units:
                key = (self._component.name, credit.payee_id or "", earning.competence, month)
                found.append(
                    Count(
                        event=month,
                        lands=month,
                        units=now.units,
                        node_id=now.node_id,
                        difference=difference_node(before, now, key, self._book),
                        reason=because("recounted", month=earning.competence, event_month=month),
                    )
                )
                before = now
        return found

    def _months(self, credit: Credit) -> frozenset[str]:
        """Return the months in which a figure that the pay reads changes, or the order itself."""
        scope = CreditScope(credit, self._workings)
        return credit.order.reversal_months(self._component.name) | scope.changes(self._cells)

    def _counted_in(self, credit: Credit, month: str, verdict: Verdict) -> Part:
        """Return what a credit gives as its figures and its order stand at the end of a month.

        Raises:
            NotCalculated: if something it needs is missing.
        """
        figure = self._work_out(credit, month)
        left = credit.order.part_left(month, self._component.name)
        if left != WHOLE:
            figure = part_left(figure, left, (self._component.name, month), credit, self._book)
        earning = self._earning_of(credit, self._book.units(figure.value), figure.node_id)
        earning = limited(replace(earning, counted_in=month), verdict, self._book)
        return Part(credit, earning.units, earning.node_id)

    @cached_property
    def _deferred(self) -> DeferredPay:
        credits = self._workings.credits(self._component.of)
        return DeferredPay(self._component, credits, self._work_out)

    def _scope(self, credit: Credit, as_of: str = "") -> Credit | CreditScope:
        return CreditScope(credit, self._workings, as_of) if self._cells else credit

    def _work_out(self, credit: Credit, as_of: str = "") -> Figure:
        scope = self._scope(credit, as_of)
        key = (self._component.name, credit.credit_id, *([as_of] if as_of else []))
        paid = self._steps.apply(
            lambda: self._whole_or_divided(credit, scope, as_of),
            scope,
            key=key,
            payee_id=credit.payee_id,
            carry=self._deferred.carry(credit, as_of),
            is_negative=credit.is_negative,
        )
        return self._gates.held(paid, scope, key, credit.payee_id)

    def _whole_or_divided(self, credit: Credit, scope: Credit | CreditScope, as_of: str) -> Figure:
        whole = credit.undivided
        if whole is None:
            return self._amount(credit, scope, self._rounding, as_of)
        paid = self._amount(whole, self._scope(whole, as_of), self._book.places, as_of)
        return divided_pay(paid, credit, f"{self._component.name} {as_of}".rstrip(), self._book)

    def _amount(
        self, credit: Credit, scope: Credit | CreditScope, rounding: int | None, as_of: str
    ) -> Figure:
        return figure_of(
            self._component.amount,
            scope,
            self._book,
            key=("earning", self._component.name, credit.credit_id, *([as_of] if as_of else [])),
            kind="earning",
            unit=Unit.MONEY,
            rounding=rounding,
            payee_id=credit.payee_id,
        )

    def _earning_of(self, credit: Credit, units: int, node_id: UUID) -> Earning:
        name = self._component.name
        competence = self._settlement.competence(name, credit)
        return Earning.of_credit(
            name, "commission", credit, units=units, node_id=node_id, competence=competence
        )

    def _refuse(self, credit: Credit, refused: NotCalculated) -> None:
        """Write that a credit could not be calculated, as a line of zero and an exception.

        What waits for the day of a state is no exception: it will come, or the order goes nowhere.
        """
        # The amount's own node may be among those it rests on.
        word = "earning" if refused.node_id is None else "refused earning"
        node_id = self._book.node(
            word,
            self._component.name,
            credit.credit_id,
            kind="not_calculated",
            value=self._book.money(0),
            unit="money",
            operation="nothing",
            payee_id=credit.payee_id,
            detail={"clause": self._component.amount.path, "reason": refused.reason.code},
            children=(refused.node_id or credit.credit_node(),),
        )
        self._write_unpaid(self._earning_of(credit, 0, node_id), refused.reason)
        if credit.standing.is_paid and refused.reason.code != NOT_REACHED:
            self._note(credit, refused)

    def _note(self, credit: Credit, refused: NotCalculated) -> None:
        order = credit.order
        self._book.exception(
            refused.reason.code,
            f"Order {'/'.join(order.key)}, {self._component.name}: {refused.reason.text}",
            refused.to_do,
            payee_id=credit.payee_id,
            order_id=order.order_id,
            month=month_of(order.by_day),
        )
