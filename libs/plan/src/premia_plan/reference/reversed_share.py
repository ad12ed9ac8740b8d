"""One share of an earning on its way through the reversals and reinstatements of its order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import taken_units
from premia_plan.period import month_of
from premia_plan.reasons import because
from premia_plan.reference.earning import Earning
from premia_plan.reference.reversal import WHOLE, Reversal
from premia_plan.reference.reversed_earning import Blow, ReversedEarning, by
from premia_plan.reference.share import NOTHING, Share
from premia_plan.reference.taking_back import Taking, causes_of
from premia_plan.results import What


@dataclass(slots=True, eq=False)
class Hit:
    """A reversal that stands, with the part of the share it takes.

    It `drops` its part if the share was not released when it came, else it takes it back.
    """

    blow: Blow
    part: Fraction
    drops: bool
    taking: Taking


@dataclass(frozen=True, slots=True)
class Lost:
    """Units that a reversal dropped before they were due, with their node."""

    units: int
    node_id: UUID


class ReversedShare:
    """A share: what reversals that stand drop and take back of it, in the order they came.

    All of them together never take more than was planned, and what is taken back never passes
    what was released. `resumes` is the day from which what a reinstatement freed can be paid.
    """

    def __init__(self, whose: ReversedEarning, share: Share) -> None:
        self._whose = whose
        self._share = share
        self._hits: list[Hit] = []
        self._resumes: date | None = None
        self._undecided: Reversal | None = None
        self._released: UUID | None = None
        self._paid_as = share
        self._fell_short = False
        self._stage = ""

    @property
    def now(self) -> Share:
        """The share as the reversals leave it that dropped some of it."""
        dropping = [hit for hit in self._hits if hit.drops]
        if not dropping:
            return self._share
        gone = min(WHOLE, sum((hit.part for hit in dropping), NOTHING))
        lost = taken_units(self._share.units, gone)
        return replace(
            self._share,
            units=self._share.units - lost,
            gone=gone,
            reduced=lost,
            reduced_by=tuple(
                self._whose.order.reversal_node(hit.blow.reversal) for hit in dropping
            ),
            stage=self._stage,
        )

    def meet(self, blow: Blow) -> bool:
        """Let a reversal come; say whether it found the share released."""
        if self._fell_short:
            return False
        if self._released is None and not self._was_released(blow):
            self._meet_waiting(blow)
            return False
        if self.release() is None:
            return False
        if blow.effect.out_of != "earned" and blow.ratio:
            self._take(blow)
        return True

    def restore(self, blow: Blow, day: date) -> None:
        """Let a reversal be undone from a day on."""
        hit = next((hit for hit in self._hits if hit.blow is blow), None)
        if hit is None:
            return
        if hit.drops and self._due_before(day):
            self.release()
        before = self.now
        self._hits.remove(hit)
        self._stage = f"{day.isoformat()} {blow.reversal.key}".strip()
        if hit.drops and (self._released is not None or self._fell_short):
            self._release_more(before, blow.reversal, day)
        elif hit.drops:
            self._resumes = max(day, self._resumes or day)
        hit.taking.give_back(day)
        for gone, other in self._running():
            if not other.drops:
                self._change(other, gone, day)

    def finish(self) -> None:
        """Write what is dropped for good, and release or hold what is left."""
        for gone, hit in self._running():
            is_over = gone > 0 and taken_units(self._share.units, gone) == self._share.units
            if hit.drops and not is_over:
                self._drop(hit, gone)
        left = self.now
        if self._undecided is None:
            self.release()
        elif left.units or not left.gone:
            day = self._undecided.day.isoformat()
            reason = because("waits_for_decision", day=day)
            self._whose.lines.hold(self._whose.earning, left, left.due, reason)

    def release(self) -> UUID | None:
        """Release what is left of it, or hold it till it is due; return the node of the release."""
        left = self.now
        if self._released is None and not self._fell_short and (left.units or not left.gone):
            self._paid_as = left
            self._released = self._whose.lines.pay(self._whose.earning, left, self._resumes)
            self._fell_short = self._released is None
        return self._released

    def lost_by(self, blow: Blow) -> Lost | None:
        """Return what a reversal dropped of it, if it dropped something."""
        for gone, hit in self._running():
            if hit.blow is blow and hit.drops:
                units = self._units(gone, hit.part)
                return Lost(units, self._lost_node(hit, gone)) if units else None
        return None

    @property
    def _due(self) -> date | None:
        if self._share.due is None or self._resumes is None:
            return self._share.due
        return max(self._share.due, self._resumes)

    def _due_before(self, day: date) -> bool:
        return self._undecided is None and self._due is not None and self._due < day

    def _was_released(self, blow: Blow) -> bool:
        """Say whether it was released (or, where that counts, paid) when a reversal came."""
        due, reversal, left = self._due, blow.reversal, self.now
        is_gone = not left.units and left.gone > 0
        if due is None or due > reversal.day or self._undecided is not None or is_gone:
            return False
        return blow.effect.out_of != "paid" or month_of(due) < month_of(reversal.day)

    def _meet_waiting(self, blow: Blow) -> None:
        """Let a reversal meet a share that is not released."""
        reversal, unreleased = blow.reversal, blow.effect.unreleased
        if reversal.decided_in:  # it waited until then
            decided = reversal.effective_on
            self._resumes = max(decided, self._resumes or decided)
        if reversal.is_undecided:
            self._undecided = self._undecided or reversal
        elif reversal.is_void:
            left = self.now
            is_all = reversal.part == WHOLE and self._undecided is None
            is_free = self._whose.earning.waits is None
            if is_all and is_free and (left.units or not left.gone):
                self._paid_as, self._released = left, self._release_void(left, reversal)
        elif unreleased != "kept":
            part = reversal.part if unreleased == "dropped" else blow.ratio
            if part:
                self._hits.append(self._hit(blow, part, drops=True))

    def _hit(self, blow: Blow, part: Fraction, *, drops: bool) -> Hit:
        return Hit(blow, part, drops, Taking(self._whose, blow, self._share.slot.index))

    def _take(self, blow: Blow) -> None:
        self._hits.append(self._hit(blow, blow.ratio, drops=False))
        for gone, hit in self._running():
            if hit.blow is blow and gone < WHOLE:
                units = -self._units(gone, hit.part)
                hit.taking.begin(units, self._take_node(hit, gone, ""))

    def _change(self, hit: Hit, gone: Fraction, day: date) -> None:
        """Let a reversal take more, or a cent less, now that one before it does not stand."""
        units = -self._units(gone, hit.part)
        if units != hit.taking.units:
            node_id = self._take_node(hit, gone, self._stage)
            hit.taking.change(units, node_id, day, self._stage)

    def _running(self) -> Iterator[tuple[Fraction, Hit]]:
        """Give what stands, each with the part that those before it take."""
        gone = NOTHING
        for hit in self._hits:
            yield gone, hit
            gone = min(WHOLE, gone + hit.part)

    def _units(self, gone: Fraction, part: Fraction) -> int:
        return taken_units(self._share.units, part, gone)

    def _take_node(self, hit: Hit, gone: Fraction, stage: str) -> UUID:
        left, blow = self.now, hit.blow
        limit = {"limit": self._whose.book.money(abs(left.units))} if left.reduced else {}
        return self._whose.node(
            "take back",
            str(self._share.slot.index),
            *filter(None, (blow.reversal.key, stage)),
            kind="reversal",
            units=-self._units(gone, hit.part),
            operation="take_back",
            detail={"clause": blow.effect.path, **self._whose.parts(blow.ratio, gone), **limit},
            children=causes_of(self._whose, blow, self._planned_node()),
        )

    def _planned_node(self) -> UUID:
        if self._released is not None and not self._paid_as.reduced:
            return self._released
        return self._whose.lines.share_node(self._whose.earning, self._share, "scheduled")

    def _release_void(self, left: Share, reversal: Reversal) -> UUID:
        """Pay it at once, because the reversal is none the payee has to bear; return its node."""
        whose = self._whose
        causes = (whose.order.reversal_node(reversal),)
        node_id = whose.lines.share_node(whose.earning, left, "release_void", causes)
        whose.write(
            "void_release",
            left.units,
            left.slot.index,
            month=max(reversal.month, _free_in(whose.earning)),
            node_id=node_id,
            reason=because(
                "void_reversal",
                state=reversal.state or "reversed",
                day=reversal.day.isoformat(),
                imputable_to=reversal.imputable_to or "",
            ),
            key=reversal.key,
        )
        return node_id

    def _release_more(self, before: Share, restored: Reversal, day: date) -> None:
        """Release, from the day of a reinstatement, what was dropped when the rest was released."""
        whose, now, month = self._whose, self.now, month_of(day)
        if now.units == before.units:
            return
        lines, earning = whose.lines, whose.earning
        then = self._released or lines.share_node(earning, before, "held")
        node_id = whose.node(
            "released more",
            str(now.slot.index),
            self._stage,
            kind="changed_by_reinstatement",
            units=now.units - before.units,
            operation="difference",
            detail={"day": day.isoformat()},
            children=(lines.share_node(earning, now, "scheduled"), then),
        )
        what: What = "release"
        reason = because("reinstated", day=day.isoformat())
        proviso = now.slot.proviso
        if self._released is None and proviso is not None:
            what = "held" if proviso.otherwise == "held" else "not_paid"
            condition = proviso.condition.text
            reason = because("condition_not_met", condition=condition, day=day.isoformat())
        whose.write(
            what,
            now.units - before.units,
            now.slot.index,
            month=month if what == "release" else None,
            node_id=node_id,
            reason=reason,
            key=f"{restored.key} restored".strip(),
        )

    def _drop(self, hit: Hit, gone: Fraction) -> None:
        """Write that a part is no longer due."""
        reversal = hit.blow.reversal
        self._whose.write(
            "not_paid",
            self._units(gone, hit.part),
            self._share.slot.index,
            month=None,
            node_id=self._lost_node(hit, gone),
            reason=by(reversal, "dropped_by_reversal"),
            key=reversal.key if self._is_simple(hit, gone) else f"part {reversal.key}",
        )

    def _is_simple(self, hit: Hit, gone: Fraction) -> bool:
        """Say whether a reversal drops all of the share at once, for good."""
        reversal = hit.blow.reversal
        is_all = reversal.part == WHOLE and gone == 0 and reversal.restored_on is None
        return is_all and hit.blow.effect.unreleased == "dropped"

    def _lost_node(self, hit: Hit, gone: Fraction) -> UUID:
        whose, reversal = self._whose, hit.blow.reversal
        cause = whose.order.reversal_node(reversal)
        if self._is_simple(hit, gone):
            return whose.lines.share_node(whose.earning, self._share, "dropped", (cause,))
        whole = whose.lines.share_node(whose.earning, self._share, "scheduled")
        return whose.node(
            "lost part",
            str(self._share.slot.index),
            reversal.key,
            *filter(None, (self._stage,)),
            kind="dropped_part",
            units=self._units(gone, hit.part),
            operation="taken_of",
            detail=whose.parts(hit.part, gone),
            children=(whole, cause),
        )


def _free_in(earning: Earning) -> str:
    """Return the month before which an earning could not be paid at all, "" if there is none."""
    days = [day for day in (earning.not_before, earning.close) if day is not None]
    return month_of(max(days)) if days else ""
