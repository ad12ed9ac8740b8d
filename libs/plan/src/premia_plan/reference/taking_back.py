"""What was released, taken back when the order is reversed, and given back when it is restored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import taken_units
from premia_plan.period import month_of
from premia_plan.quantities import exact_text
from premia_plan.reasons import because
from premia_plan.reference.reversal import WHOLE
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
        if blow.ratio == 0 or gone == WHOLE:
            continue
        units = -taken_units(planned, blow.ratio, gone)
        node_id = whose.node(
            "take back",
            str(place),
            *([blow.reversal.key] if blow.reversal.key else []),
            kind="reversal",
            units=units,
            operation="take_back",
            detail={"clause": blow.effect.path, **whose.parts(blow.ratio, gone), **limit},
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
            _give_back(whose, blow, -units, place, node_id)


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
    whose: ReversedEarning, blow: Blow, units: int, place: int | None, taken: UUID
) -> None:
    """Restore what a reversal took, when the order is reinstated."""
    reversal, day = blow.reversal, blow.reversal.restored_on
    if day is None:
        return
    node_id = whose.node(
        "give back",
        "earned" if place is None else str(place),
        reversal.key,
        kind="reinstated",
        units=units,
        operation="opposite",
        detail={"clause": blow.effect.path},
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


@dataclass(frozen=True, slots=True)
class Lost:
    """Units that a reversal dropped before they were due, with their node."""

    blow: Blow
    units: int
    node_id: UUID


@dataclass(frozen=True, slots=True)
class _Taking:
    """What one reversal takes of an earning: `part` of it, after `before` that others took.

    `lost` is what it dropped, `spare` the units that earlier ones dropped beyond their part, and
    `room` how many of what was released can still be taken.
    """

    blow: Blow
    before: Fraction
    lost: Sequence[Lost]
    spare: int
    room: int

    def wanted(self, earned: int) -> int:
        """Return its part of what was earned."""
        return abs(taken_units(earned, self.blow.ratio, self.before))

    @property
    def dropped(self) -> int:
        """What of its part is met already."""
        return self.spare + sum(abs(item.units) for item in self.lost)


def take_of_earned(
    whose: ReversedEarning,
    blows: Sequence[Blow],
    released: Sequence[Sequence[Share]],
    dropped: Sequence[Lost],
) -> None:
    """Take parts of the whole earning: first what was dropped of it, then of what was released.

    `released` are the shares that were released when each reversal came; never more than they
    were is taken.
    """
    gone, taken, spare = NOTHING, 0, 0
    for blow, shares in zip(blows, released, strict=True):
        if blow.ratio == 0:
            continue
        lost = [item for item in dropped if item.blow is blow and item.units]
        room = abs(sum(share.units for share in shares)) - taken
        taking = _Taking(blow, gone, lost, spare, room)
        wanted = taking.wanted(whose.earning.units)
        units = max(0, min(wanted - taking.dropped, room))
        node_id = _write_of_earned(whose, taking, units) if units else None
        if blow.reversal.restored_on is None:
            gone, taken = min(WHOLE, gone + blow.ratio), taken + units
            spare = max(0, taking.dropped - wanted)
        elif node_id is not None:
            _give_back(whose, blow, _signed(whose, units), None, node_id)


def _signed(whose: ReversedEarning, units: int) -> int:
    return units if whose.earning.units >= 0 else -units


def _write_of_earned(whose: ReversedEarning, taking: _Taking, units: int) -> UUID:
    """Write what is taken back of an earning; return its node."""
    blow, signed = taking.blow, -_signed(whose, units)
    explained = _less_dropped if taking.dropped else _part_of_earned
    node_id = explained(whose, taking, signed)
    whose.write(
        "reversal",
        signed,
        None,
        month=blow.reversal.month,
        node_id=node_id,
        reason=by(blow.reversal, "taken_back"),
        key=blow.reversal.key,
    )
    return node_id


def _part_of_earned(whose: ReversedEarning, taking: _Taking, signed: int) -> UUID:
    return whose.node(
        "take back of earned",
        taking.blow.reversal.key,
        kind="reversal",
        units=signed,
        operation="take_back",
        detail={
            "clause": taking.blow.effect.path,
            **whose.parts(taking.blow.ratio, taking.before),
            "limit": whose.book.money(taking.room),
        },
        children=_causes(whose, taking.blow, whose.earning.node_id),
    )


def _less_dropped(whose: ReversedEarning, taking: _Taking, signed: int) -> UUID:
    """Write what is taken back besides what was dropped, as a formula over both."""
    book, blow, is_negative = whose.book, taking.blow, whose.earning.units < 0
    lost = {f"dropped_{place}": item.node_id for place, item in enumerate(taking.lost)}
    causes = _causes(whose, blow, whose.earning.node_id)[1:]
    sign, minus = ("-", "+") if is_negative else ("", "-")
    cent, upto = exact_text(Fraction(1, 10**book.places)), min(WHOLE, taking.before + blow.ratio)
    terms = [f"round({sign}earned * {exact_text(upto)}, to: {cent}, half_up)"]
    if taking.before:
        terms.append(f"- round({sign}earned * {exact_text(taking.before)}, to: {cent}, half_up)")
    terms += [f"{minus} {name}" for name in lost]
    if taking.spare:
        terms.append(f"- {book.money(taking.spare)}")
    amount = f"max(0, min({book.money(taking.room)}, {' '.join(terms)}))"
    return whose.node(
        "take back of earned",
        blow.reversal.key,
        kind="reversal",
        units=signed,
        operation="formula",
        detail={
            "clause": blow.effect.path,
            "formula": amount if is_negative else f"-{amount}",
            "inputs": ["earned", *lost, *(f"cause_{place}" for place, _ in enumerate(causes))],
        },
        children=(whose.earning.node_id, *lost.values(), *causes),
    )
