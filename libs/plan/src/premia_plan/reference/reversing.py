"""An earning's shares followed through the reversals of its order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import taken_units
from premia_plan.language import FactMissing
from premia_plan.period import month_of
from premia_plan.reasons import because
from premia_plan.reference.reversal import WHOLE, Reversal
from premia_plan.reference.reversed_earning import Blow, ReversedEarning, by
from premia_plan.reference.share import NOTHING, Share
from premia_plan.reference.taking import Taken, part_taken
from premia_plan.reference.taking_back import take_back, take_of_earned


def settle_reversed(whose: ReversedEarning, shares: Sequence[Share]) -> None:
    """Write the lines of all shares of an earning whose order was reversed."""
    blows = [Blow(item, _taken(whose, item)) for item in whose.order.reversals]
    paid = [_settle(whose, share, blows) for share in shares]
    if whose.effect.out_of == "earned":
        released = [
            [
                share
                for share, node_id in paid
                if node_id is not None and _is_released(whose, share, blow.reversal)
            ]
            for blow in blows
        ]
        take_of_earned(whose, blows, released)


def _taken(whose: ReversedEarning, reversal: Reversal) -> Taken:
    credit = whose.earning.credit
    if credit is None or not reversal.takes_effect:
        return Taken(NOTHING, None)
    try:
        return part_taken(whose.effect.takes, credit, reversal)
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


def _settle(
    whose: ReversedEarning, share: Share, blows: Sequence[Blow]
) -> tuple[Share, UUID | None]:
    """Follow one share; return what is left of it, with the node of its release."""
    before = [blow for blow in blows if not _is_released(whose, share, blow.reversal)]
    after = [blow for blow in blows if _is_released(whose, share, blow.reversal)]
    for blow in before:
        left = _meet(whose, share, blow)
        if left is None:
            return share, None
        share = left
    node_id = whose.lines.pay(whose.earning, share, _resumes(whose, before))
    if node_id is not None and whose.effect.out_of != "earned":
        take_back(whose, share, after, node_id)
    return share, node_id


def _is_released(whose: ReversedEarning, share: Share, reversal: Reversal) -> bool:
    """Say whether a share was released (or, where that counts, paid) when a reversal came."""
    if share.due is None or share.due > reversal.day:
        return False
    return whose.effect.out_of != "paid" or month_of(share.due) < month_of(reversal.day)


def _resumes(whose: ReversedEarning, blows: Sequence[Blow]) -> date | None:
    """Return the day from which a share that waited for a reinstatement can be paid."""
    days = [blow.reversal.restored_on for blow in blows if blow.reversal.restored_on is not None]
    return None if whose.effect.unreleased == "kept" else max(days, default=None)


def _meet(whose: ReversedEarning, share: Share, blow: Blow) -> Share | None:
    """Let a reversal meet a share that is not released; None if nothing of it goes on."""
    reversal, unreleased = blow.reversal, whose.effect.unreleased
    if reversal.is_void and reversal.part == WHOLE:
        _release_void(whose, share, reversal)
        return None
    if reversal.is_undecided:
        reason = because("waits_for_decision", day=reversal.day.isoformat())
        whose.lines.hold(whose.earning, share, share.due, reason)
        return None
    if reversal.is_void or reversal.restored_on is not None or unreleased == "kept":
        return share
    if unreleased == "dropped" and reversal.part == WHOLE and share.gone == 0:
        _drop(whose, share, reversal)
        return None
    part = reversal.part if unreleased == "dropped" else blow.ratio
    return share if part == 0 else _reduce(whose, share, part, reversal)


def _release_void(whose: ReversedEarning, share: Share, reversal: Reversal) -> None:
    """Pay a share at once, because the reversal is none the payee has to bear."""
    causes = (whose.order.reversal_node(reversal),)
    whose.write(
        "void_release",
        share.units,
        share.slot.index,
        month=reversal.month,
        node_id=whose.lines.share_node(whose.earning, share, "release_void", causes),
        reason=because(
            "void_reversal",
            state=reversal.state or "reversed",
            day=reversal.day.isoformat(),
            imputable_to=reversal.imputable_to or "",
        ),
        key=reversal.key,
    )


def _drop(whose: ReversedEarning, share: Share, reversal: Reversal) -> None:
    causes = (whose.order.reversal_node(reversal),)
    whose.write(
        "not_paid",
        share.units,
        share.slot.index,
        month=None,
        node_id=whose.lines.share_node(whose.earning, share, "dropped", causes),
        reason=by(reversal, "dropped_by_reversal"),
        key=reversal.key,
    )


def _reduce(
    whose: ReversedEarning, share: Share, part: Fraction, reversal: Reversal
) -> Share | None:
    """Drop a part of a share; None if nothing is left of it."""
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
    left = replace(
        share,
        units=share.units - lost,
        gone=min(WHOLE, share.gone + part),
        reduced=share.reduced + lost,
        reduced_by=(*share.reduced_by, cause),
    )
    return left if left.units else None
