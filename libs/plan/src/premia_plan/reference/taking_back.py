"""What was released, taken back when the order is reversed, and given back when it is restored."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import taken_units
from premia_plan.period import month_of
from premia_plan.reasons import because
from premia_plan.reference.reversal import WHOLE, Reversal
from premia_plan.reference.reversed_earning import Blow, ReversedEarning, by
from premia_plan.reference.share import NOTHING, Share
from premia_plan.results import Detail


def take_back(whose: ReversedEarning, share: Share, blows: Sequence[Blow], released: UUID) -> None:
    """Take back parts of a released share, never more than was released of it.

    Parts are of what was planned, whether or not earlier reversals reduced it before it was due.
    """
    place, planned = share.slot.index, share.units + share.reduced
    gone, base, limit = share.gone, _planned_node(whose, share, released), _limit(whose, share)
    for blow in blows:
        if blow.ratio == 0:
            continue
        units = -taken_units(planned, blow.ratio, gone)
        node_id = whose.node(
            "take back",
            str(place),
            *([blow.reversal.key] if blow.reversal.key else []),
            kind="reversal",
            units=units,
            operation="take_back",
            detail={"clause": whose.effect.path, **whose.parts(blow.ratio, gone), **limit},
            children=_causes(whose, blow, base),
        )
        whose.write(
            "reversal",
            units,
            place,
            month=blow.reversal.month,
            node_id=node_id,
            reason=by(blow.reversal, "taken_back"),
            key=blow.reversal.key,
        )
        if blow.reversal.restored_on is None:
            gone = min(WHOLE, gone + blow.ratio)
        else:
            _give_back(whose, blow.reversal, -units, place, node_id)


def _planned_node(whose: ReversedEarning, share: Share, released: UUID) -> UUID:
    if not share.reduced:
        return released
    planned = replace(share, units=share.units + share.reduced, reduced=0)
    return whose.lines.share_node(whose.earning, planned, "scheduled")


def _limit(whose: ReversedEarning, share: Share) -> dict[str, Detail]:
    return {"limit": whose.book.money(abs(share.units))} if share.reduced else {}


def _causes(whose: ReversedEarning, blow: Blow, base: UUID) -> tuple[UUID, ...]:
    part = () if blow.taken.node_id is None else (blow.taken.node_id,)
    return (base, whose.order.reversal_node(blow.reversal), *part)


def _give_back(
    whose: ReversedEarning, reversal: Reversal, units: int, place: int, taken: UUID
) -> None:
    """Restore what a reversal took, when the order is reinstated."""
    day = reversal.restored_on
    if day is None:
        return
    node_id = whose.node(
        "give back",
        str(place),
        reversal.key,
        kind="reinstated",
        units=units,
        operation="opposite",
        detail={"clause": whose.effect.path},
        children=(taken, whose.order.restored_node(reversal)),
    )
    whose.write(
        "reinstatement",
        units,
        place,
        month=max(month_of(day), reversal.month),
        node_id=node_id,
        reason=because("reinstated", day=day.isoformat()),
        key=reversal.key,
    )


def take_of_earned(
    whose: ReversedEarning, blows: Sequence[Blow], released: Sequence[Sequence[Share]]
) -> None:
    """Take parts of the whole earning, never more than was released of it by then.

    `released` are the shares that were released when each reversal came.
    """
    gone, taken = NOTHING, 0
    for blow, shares in zip(blows, released, strict=True):
        if blow.ratio == 0 or blow.reversal.restored_on is not None:
            continue
        room = abs(sum(share.units for share in shares)) - taken
        wanted = abs(taken_units(whose.earning.units, blow.ratio, gone))
        units = max(0, min(wanted, room))
        if units:
            _write_of_earned(whose, blow, units, before=gone, room=room)
        gone, taken = min(WHOLE, gone + blow.ratio), taken + units


def _write_of_earned(
    whose: ReversedEarning, blow: Blow, units: int, *, before: Fraction, room: int
) -> None:
    signed = -units if whose.earning.units >= 0 else units
    node_id = whose.node(
        "take back of earned",
        blow.reversal.key,
        kind="reversal",
        units=signed,
        operation="take_back",
        detail={
            "clause": whose.effect.path,
            **whose.parts(blow.ratio, before),
            "limit": whose.book.money(room),
        },
        children=_causes(whose, blow, whose.earning.node_id),
    )
    whose.write(
        "reversal",
        signed,
        None,
        month=blow.reversal.month,
        node_id=node_id,
        reason=by(blow.reversal, "taken_back"),
        key=blow.reversal.key,
    )
