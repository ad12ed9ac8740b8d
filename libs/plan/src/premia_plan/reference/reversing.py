"""An earning's shares followed through the reversals of its order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from premia_plan.apportion import taken_units
from premia_plan.checked import TakeBack
from premia_plan.language import FactMissing
from premia_plan.period import month_of
from premia_plan.reasons import because
from premia_plan.reference.reversal import WHOLE, Reversal
from premia_plan.reference.reversed_earning import Blow, ReversedEarning, by, effect_on
from premia_plan.reference.share import NOTHING, Share
from premia_plan.reference.taking import Taken, part_taken
from premia_plan.reference.taking_back import Lost, take_back, take_of_earned


@dataclass(slots=True)
class _Way:
    """A share on its way through the reversals: what is left, and from when it can be paid.

    `released` is the node of its release, None while nothing was; `later` are the reversals that
    came when it was released.
    """

    share: Share
    resumes: date | None = None
    is_over: bool = False
    released: UUID | None = None
    later: list[Blow] = field(default_factory=list)
    dropped: list[Lost] = field(default_factory=list)

    @property
    def due(self) -> date | None:
        """The day it can be paid, if that is known."""
        if self.share.due is None or self.resumes is None:
            return self.share.due
        return max(self.share.due, self.resumes)


def settle_reversed(whose: ReversedEarning, shares: Sequence[Share]) -> None:
    """Write the lines of all shares of an earning whose order was reversed."""
    blows = [
        Blow(item, _taken(whose, item, effect), effect)
        for item in whose.order.reversals
        if (effect := effect_on(whose.earning.component, item)) is not None
    ]
    ways = [_follow(whose, share, blows) for share in shares]
    if any(blow.effect.out_of == "earned" for blow in blows):
        dropped = [lost for way in ways for lost in way.dropped]
        released = [[way.share for way in ways if blow in way.later] for blow in blows]
        take_of_earned(whose, blows, released, dropped)


def _taken(whose: ReversedEarning, reversal: Reversal, effect: TakeBack) -> Taken:
    credit = whose.earning.credit
    if credit is None or not reversal.takes_effect:
        return Taken(NOTHING, None)
    try:
        return part_taken(effect.takes, credit, reversal)
    except FactMissing as missing:
        whose.book.exception(
            "storno_size_unknown",
            f"Order {whose.earning.order_id}: what the reversal of {reversal.day} takes back "
            f"is unknown, because {missing.name} is",
            "Send the order again with it; until then nothing is taken back",
            payee_id=whose.earning.payee_id,
            order_id=whose.earning.order_id,
            month=reversal.month,
        )
        return Taken(NOTHING, None)


def _follow(whose: ReversedEarning, share: Share, blows: Sequence[Blow]) -> _Way:
    """Follow one share through the reversals, in their order."""
    way = _Way(share)
    for blow in blows:
        if way.released is None and not way.is_over and not _is_released(way, blow):
            _meet(whose, way, blow)
        elif way.released is not None or not way.is_over:
            way.later.append(blow)
    if way.released is None and not way.is_over:
        way.released = whose.lines.pay(whose.earning, way.share, way.resumes)
    if way.released is None:
        way.later.clear()
    else:
        taking = [blow for blow in way.later if blow.effect.out_of != "earned"]
        take_back(whose, way.share, taking, way.released)
    return way


def _is_released(way: _Way, blow: Blow) -> bool:
    """Say whether a share was released (or, where that counts, paid) when a reversal came."""
    due, reversal = way.due, blow.reversal
    if due is None or due > reversal.day:
        return False
    return blow.effect.out_of != "paid" or month_of(due) < month_of(reversal.day)


def _meet(whose: ReversedEarning, way: _Way, blow: Blow) -> None:
    """Let a reversal meet a share that is not released."""
    reversal, unreleased, share = blow.reversal, blow.effect.unreleased, way.share
    if reversal.is_void and reversal.part == WHOLE:
        way.released = _release_void(whose, share, reversal)
    elif reversal.is_undecided:
        reason = because("waits_for_decision", day=reversal.day.isoformat())
        whose.lines.hold(whose.earning, share, share.due, reason)
        way.is_over = True
    elif reversal.is_void:
        return
    elif reversal.restored_on is not None:
        if unreleased != "kept":
            way.resumes = max(reversal.restored_on, way.resumes or reversal.restored_on)
    elif unreleased == "dropped" and reversal.part == WHOLE and share.gone == 0:
        way.dropped.append(Lost(blow, share.units, _drop(whose, share, reversal)))
        way.is_over = True
    elif unreleased != "kept":
        _reduce(whose, way, blow)


def _release_void(whose: ReversedEarning, share: Share, reversal: Reversal) -> UUID:
    """Pay a share at once, because the reversal is none the payee has to bear; return its node."""
    causes = (whose.order.reversal_node(reversal),)
    node_id = whose.lines.share_node(whose.earning, share, "release_void", causes)
    whose.write(
        "void_release",
        share.units,
        share.slot.index,
        month=reversal.month,
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


def _drop(whose: ReversedEarning, share: Share, reversal: Reversal) -> UUID:
    """Write that a share is no longer due; return its node."""
    causes = (whose.order.reversal_node(reversal),)
    node_id = whose.lines.share_node(whose.earning, share, "dropped", causes)
    whose.write(
        "not_paid",
        share.units,
        share.slot.index,
        month=None,
        node_id=node_id,
        reason=by(reversal, "dropped_by_reversal"),
        key=reversal.key,
    )
    return node_id


def _reduce(whose: ReversedEarning, way: _Way, blow: Blow) -> None:
    """Drop a part of a share; its way is over if nothing is left of it."""
    reversal, share = blow.reversal, way.share
    part = reversal.part if blow.effect.unreleased == "dropped" else blow.ratio
    if part == 0:
        return
    planned = replace(share, units=share.units + share.reduced, reduced=0)
    lost, cause = taken_units(planned.units, part, share.gone), whose.order.reversal_node(reversal)
    whole = whose.lines.share_node(whose.earning, planned, "scheduled")
    node_id = whose.node(
        "lost part",
        str(share.slot.index),
        reversal.key,
        kind="dropped_part",
        units=lost,
        operation="taken_of",
        detail=whose.parts(part, share.gone),
        children=(whole, cause),
    )
    whose.write(
        "not_paid",
        lost,
        share.slot.index,
        month=None,
        node_id=node_id,
        reason=by(reversal, "dropped_by_reversal"),
        key=f"part {reversal.key}",
    )
    way.dropped.append(Lost(blow, lost, node_id))
    way.share = replace(
        share,
        units=share.units - lost,
        gone=min(WHOLE, share.gone + part),
        reduced=share.reduced + lost,
        reduced_by=(*share.reduced_by, cause),
    )
    way.is_over = way.share.units == 0
