"""Earnings of periods that are counted again: released on schedule, as they stand by then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from premia_plan.period import month_of
from premia_plan.reasons import Reason
from premia_plan.reference.book import Book
from premia_plan.reference.earning import Earning
from premia_plan.reference.reversed_earning import Lines
from premia_plan.reference.share import Share
from premia_plan.results import What


@dataclass(frozen=True, slots=True)
class Count:
    """What an earning is when its period is counted again.

    `event` is the month that changed it, `lands` the month in which the difference to the count
    before does, and `difference` the node of that.
    """

    event: str
    lands: str
    units: int
    node_id: UUID
    difference: UUID
    reason: Reason


@dataclass(frozen=True, slots=True)
class CountedAgain:
    """An earning with its later counts; what is released by then is corrected, the rest planned.

    A share is released as the last count before its month gives it. A later count changes only
    what was released of it, so that nothing is owed of what was never paid.
    """

    earning: Earning
    counts: Sequence[Count]
    plan: Callable[[Earning], Sequence[Share]]
    lines: Lines
    book: Book

    def settle(self) -> None:
        """Write the lines of all shares and counts."""
        earnings = [self.earning, *(self._as_counted(count) for count in self.counts)]
        plans = [self.plan(earning) for earning in earnings]
        released_at = [self._release(place, earnings, plans) for place in range(len(plans[0]))]
        for number, count in enumerate(self.counts, start=1):
            due = [place for place, at in enumerate(released_at) if at is not None and at < number]
            if len(due) == len(released_at):
                units = count.units - earnings[number - 1].units
                self._write(count, "reversal", units, 0, count.difference)
                continue
            old, new = [(earnings[at], plans[at]) for at in (number - 1, number)]
            for place in due:
                self._change(count, place, new, old)

    def _as_counted(self, count: Count) -> Earning:
        return replace(
            self.earning, units=count.units, node_id=count.node_id, counted_in=count.event
        )

    def _release(
        self, place: int, earnings: Sequence[Earning], plans: Sequence[Sequence[Share]]
    ) -> int | None:
        """Release, hold or drop a share; return after how many counts it was released, if it was.

        What the counts before that took of it is no longer due.
        """
        due, first = plans[0][place].due, plans[0][place]
        at = sum(due is None or count.lands < month_of(due) for count in self.counts)
        share = plans[at][place]
        if abs(share.units) < abs(first.units):
            count = self.counts[at - 1]
            lost = self._difference(count, (earnings[0], first), (earnings[at], share), "lost")
            self._write(count, "not_paid", first.units - share.units, place, lost)
        if not share.units and (at or self.earning.counted_in or self.earning.is_nothing):
            return at
        node_id = self.lines.pay(earnings[at], share)
        return None if node_id is None else at

    def _change(
        self,
        count: Count,
        place: int,
        new: tuple[Earning, Sequence[Share]],
        old: tuple[Earning, Sequence[Share]],
    ) -> None:
        """Write what a count changes of one released share."""
        now, before = new[1][place], old[1][place]
        if now.units != before.units:
            node_id = self._difference(count, (new[0], now), (old[0], before), "changed")
            self._write(count, "reversal", now.units - before.units, place, node_id)

    def _difference(
        self, count: Count, new: tuple[Earning, Share], old: tuple[Earning, Share], word: str
    ) -> UUID:
        """Write how much more a share is in one count than in another."""
        return self.book.node(
            f"share {word}",
            *self.earning.key,
            str(new[1].slot.index),
            count.event,
            kind="difference",
            value=self.book.money(new[1].units - old[1].units),
            unit="money",
            operation="difference",
            payee_id=self.earning.payee_id,
            detail={"month": self.earning.competence, "event_month": count.event},
            children=tuple(
                self.lines.share_node(earning, share, "scheduled") for earning, share in (new, old)
            ),
        )

    def _write(self, count: Count, what: What, units: int, place: int, node_id: UUID) -> None:
        self.lines.write(
            self.earning,
            what,
            month=count.lands if what == "reversal" else None,
            units=units,
            share=place,
            node_id=node_id,
            reason=count.reason,
            event_month=count.event,
        )
