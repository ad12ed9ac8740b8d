"""Earnings released in shares as the order goes on, and taken back when it is reversed."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import release_units
from premia_plan.checked import AtClose, CheckedPlan, TakeBack
from premia_plan.period import month_of
from premia_plan.quantities import exact_text
from premia_plan.reasons import Reason, because
from premia_plan.reference.book import Book
from premia_plan.reference.by_facts import PartsByFacts
from premia_plan.reference.counted_again import Count, CountedAgain
from premia_plan.reference.course import Course
from premia_plan.reference.credit import Credit
from premia_plan.reference.earning import Earning
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.reversal import WHOLE
from premia_plan.reference.reversed_earning import ReversedEarning, effect_on
from premia_plan.reference.reversing import settle_reversed
from premia_plan.reference.schedule import Slot, slots
from premia_plan.reference.share import Share
from premia_plan.results import What


class Settlement:
    """Writes the lines of earnings; what is due on or after the day `end` is still held."""

    def __init__(
        self, plan: CheckedPlan, end: date, book: Book, parts: PartsByFacts | None = None
    ) -> None:
        self.book = book
        self._parts = PartsByFacts({}) if parts is None else parts
        self._end = end
        self._slots: dict[str, Sequence[Slot]] = {
            name: slots(shares, book.places) for name, shares in plan.release.items()
        }
        self._ratios: dict[str, list[Fraction | None]] = {
            name: [slot.ratio for slot in found] for name, found in self._slots.items()
        }
        rules = () if plan.storno is None else plan.storno.rules
        self._take_backs = {
            name
            for rule in rules
            for name, effect in rule.effect.items()
            if isinstance(effect, TakeBack)
        }

    def competence(self, component: str, credit: Credit) -> str:
        """Return the month an order's earning belongs to: that of its first release state.

        While that state is open it is the month of the date that puts the order under the plan;
        it stays that one where some of the earning was payable ahead of the state.
        """
        order, state = credit.order, self._slots[component][0].state
        day = None if state is None else order.days.get(state)
        if day is None or self.paid_ahead(component, credit):
            return month_of(order.by_day)
        return month_of(day)

    def is_placed(self, component: str, credit: Credit) -> bool:
        """Say whether the month an order's earning belongs to will not change any more."""
        state = self._slots[component][0].state
        reached = state is None or state in credit.order.days
        return reached or bool(self.paid_ahead(component, credit))

    def paid_ahead(self, component: str, credit: Credit) -> str:
        """Return the first month in which some was payable ahead of the first state, or "".

        That is what waits for less than that state, and all where a void reversal released it.
        """
        first, *others = self._slots[component]
        if first.state is None:
            return ""
        reached = credit.order.days.get(first.state, date.max)
        days = [day for slot in others if (day := slot.due_for(credit))]
        days += [day for slot in others for day in self._parts.days(slot, credit)]
        due = [day for day in days if day < self._end]
        void = [
            item.day
            for item in credit.order.reversals
            if item.is_void and item.part == WHOLE and effect_on(component, item) is not None
        ]
        ahead = [day for day in (*due, *void) if day < reached]
        return month_of(min(ahead)) if ahead else ""

    def is_open(self, component: str, order: OrderFacts) -> bool:
        """Say whether something of the order's pay is due in a wanted month, or still held."""
        for item in order.reversals:
            effect = effect_on(component, item)
            if effect is not None and item.is_undecided:
                return True
            is_dropped = effect is not None and effect.unreleased == "dropped"
            if is_dropped and item.part == 1 and item.restored_on is None:
                return False
        return any(slot.is_open(order, self.book.since) for slot in self._slots[component])

    def settle(self, earning: Earning) -> None:
        """Write what an earning releases, holds, drops and takes back, share by share."""
        shares = self._planned(earning)
        order = earning.order
        if order is not None and any(
            effect_on(earning.component, item) is not None for item in order.reversals
        ):
            settle_reversed(ReversedEarning(earning, order, self, self.book), shares)
            return
        for share in shares:
            self.pay(earning, share)

    def settle_counted(self, earning: Earning, counts: Sequence[Count]) -> None:
        """Write what an earning releases, and what changes when its period is counted again."""
        if counts:
            CountedAgain(earning, counts, self._planned, self, self.book).settle()
        else:
            self.settle(earning)

    def settle_course(self, course: Course) -> None:
        """Write what becomes of an earning, from its close on."""
        earning = course.earning
        if earning.is_nothing and not course.counts:
            return
        if earning.is_nothing or not self.takes_back(earning.component):
            self.settle_counted(earning, course.counts)
            return
        self.settle(earning)
        for raised in course.raises():
            self.settle(raised)

    def takes_back(self, component: str) -> bool:
        """Say whether a reversal takes something back of a component's pay for the order."""
        return component in self._take_backs

    def _planned(self, earning: Earning) -> Sequence[Share]:
        slots_, ratios = self._slots[earning.component], self._ratios[earning.component]
        if any(slot.by_fact is not None for slot in slots_):
            slots_ = self._parts.cut(slots_, earning.credit)
            ratios = [slot.ratio for slot in slots_]
        amounts = release_units(earning.units, ratios)
        return [
            Share(slot, units, _due(slot, earning))
            for slot, units in zip(slots_, amounts, strict=True)
        ]

    def is_late(self, component: str) -> bool:
        """Say whether something of a period's pay can come due after its close."""
        return any(slot.months or slot.at != AtClose() for slot in self._slots[component])

    def pay(self, earning: Earning, share: Share, not_before: date | None = None) -> UUID | None:
        """Release a share when it is due, hold it till then; return the node of the release.

        What a limit that is counted again leaves less of an earning is taken back of it.
        `not_before` is the day from which it can be paid at all.
        """
        due = share.due
        if due is not None and not_before is not None:
            due = max(due, not_before)
        if due is None or due >= self._end:
            self.hold(earning, share, due)
            return None
        if self._falls_short(earning, share, due):
            return None
        node_id = self.share_node(earning, share, "release", share.slot.causes(earning))
        is_less = bool(earning.raised_in) and share.units < 0
        self.write(
            earning,
            "reversal" if is_less else "release",
            month=month_of(due),
            units=share.units,
            share=share.slot.index,
            node_id=node_id,
            reason=because("limited_again", month=earning.competence, event_month=earning.raised_in)
            if is_less
            else None,
            event_month="limited" if is_less else "",
        )
        return node_id

    def _falls_short(self, earning: Earning, share: Share, due: date) -> bool:
        """Drop or hold a share whose condition does not hold on the day it is due."""
        proviso, order = share.slot.proviso, earning.order
        if proviso is None or order is None or proviso.condition.evaluate(order.then(due)):
            return False
        is_held = proviso.otherwise == "held"
        causes = tuple(order.node(name) for name in proviso.condition.inputs)
        node_id = self.share_node(earning, share, "held" if is_held else "dropped", causes)
        self.write(
            earning,
            "held" if is_held else "not_paid",
            month=None,
            units=share.units,
            share=share.slot.index,
            node_id=node_id,
            reason=because(
                "condition_not_met", condition=proviso.condition.text, day=due.isoformat()
            ),
        )
        return True

    def share_node(
        self, earning: Earning, share: Share, kind: str, because_of: tuple[UUID, ...] = ()
    ) -> UUID:
        """Write the node of a share's amount: as scheduled, or as what became of it.

        What happened to a share and what it was to be are two figures, each with its own node:
        a storno may rest on the one while the release rests on the other.
        """
        scheduled = kind == "scheduled"
        if share.reduced == 0 and not scheduled:
            return self._whole_node("share", earning, share, kind, because_of)
        whole = self._whole_node("scheduled share", earning, share, "scheduled", ())
        if share.reduced == 0:
            return whole
        return self.book.node(
            "reduced share",
            *earning.key,
            str(share.slot.index),
            *filter(None, (share.stage, kind if scheduled else None)),
            kind=kind,
            value=self.book.money(share.units),
            unit="money",
            operation="left_of",
            payee_id=earning.payee_id,
            detail={"gone": exact_text(share.gone), "places": self.book.places},
            children=(whole, *share.reduced_by, *because_of),
        )

    def _whole_node(
        self, word: str, earning: Earning, share: Share, kind: str, because_of: tuple[UUID, ...]
    ) -> UUID:
        return self.book.node(
            word,
            *earning.key,
            str(share.slot.index),
            kind=kind,
            value=self.book.money(share.units + share.reduced),
            unit="money",
            operation="share",
            payee_id=earning.payee_id,
            detail=share.slot.detail,
            children=(earning.node_id, *because_of),
        )

    def hold(
        self, earning: Earning, share: Share, due: date | None, reason: Reason | None = None
    ) -> None:
        """Write that a share waits."""
        reason = reason or earning.waits
        if reason is None:
            day = None if due is None else due.isoformat()
            state = share.slot.state or ""
            code = "waits_for_state" if day is None else "waits_for_day"
            reason = because(code, state=state) if day is None else because(code, day=day)
            by_fact = share.slot.by_fact
            if day is None and by_fact is not None:
                reason = because("waits_for_fact", fact=by_fact.kind)
        self.write(
            earning,
            "held",
            month=None,
            units=share.units,
            share=share.slot.index,
            node_id=self.share_node(earning, share, "held"),
            reason=reason,
        )

    def write(
        self,
        earning: Earning,
        what: What,
        *,
        month: str | None,
        units: int,
        share: int | None,
        node_id: UUID,
        reason: Reason | None = None,
        event_month: str = "",
    ) -> None:
        """Write a line; it is held instead while the payee has not accepted the plan.

        A line that lands before the first month that is wanted, or after the last, is left out.
        """
        last = month_of(self._end - timedelta(days=1))
        if month is not None and not self.book.since <= month <= last:
            return
        key = event_month
        if month is not None and not earning.standing.is_accepted:
            reason = because("plan_not_accepted", payee=earning.payee_id or "")
            key, month, what = f"{what} {event_month}", None, "held"
        if earning.raised_in:
            key = f"{earning.raised_in} {key}"
        if earning.close is not None:
            key = f"{earning.cell} {key}"
        self.book.line(
            payee_id=earning.payee_id,
            principal=earning.principal,
            component=earning.component,
            kind=earning.kind,
            what=what,
            month=month,
            competence=earning.competence,
            units=units,
            order_id=earning.order_id,
            credit_id=earning.credit_id,
            share=share,
            node_id=node_id,
            reason=reason,
            event_month=key,
            fact_key=earning.fact_key,
        )


def _due(slot: Slot, earning: Earning) -> date | None:
    """Return the day a slot is payable, or None while that is open or a gate holds the earning.

    What a period earns is not payable before its close, whatever its orders reached by then.
    """
    due = slot.due(earning)
    if due is None or earning.waits is not None:
        return None
    return max(day for day in (due, earning.not_before, earning.close) if day is not None)
