"""Reversals that take parts of the whole earning, whatever of it was released."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import taken_units
from premia_plan.quantities import exact_text
from premia_plan.reference.reversal import WHOLE
from premia_plan.reference.reversed_earning import Blow, ReversedEarning
from premia_plan.reference.reversed_share import Lost, ReversedShare
from premia_plan.reference.share import NOTHING
from premia_plan.reference.taking_back import Taking, causes_of


@dataclass(frozen=True, slots=True)
class _Entry:
    """A reversal that stands, with the shares that were released when it came."""

    blow: Blow
    released: Sequence[ReversedShare]
    taking: Taking


@dataclass(frozen=True, slots=True)
class _Part:
    """What one reversal takes of an earning, after `before` of it that others took.

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

    def units(self, earned: int) -> int:
        """Return what is taken back: what is not met yet, as far as there is room."""
        return max(0, min(self.wanted(earned) - self.dropped, self.room))


class TakingOfEarned:
    """Takes parts of an earning: first what was dropped of it, then of what was released."""

    def __init__(self, whose: ReversedEarning, ways: Sequence[ReversedShare]) -> None:
        self._whose = whose
        self._ways = ways
        self._entries: list[_Entry] = []

    def meet(self, blow: Blow, released: Sequence[ReversedShare]) -> None:
        """Let a reversal come; never more than the released shares give is taken."""
        if blow.ratio == 0:
            return
        self._entries.append(_Entry(blow, released, Taking(self._whose, blow, None)))
        for entry, part in self._parts():
            units = self._signed(part)
            if entry.blow is blow and units:
                entry.taking.begin(units, self._node(part, ""))

    def restore(self, blow: Blow, day: date) -> None:
        """Let a reversal be undone from a day on."""
        found = next((entry for entry in self._entries if entry.blow is blow), None)
        if found is None:
            return
        self._entries.remove(found)
        found.taking.give_back(day)
        stage = f"{day.isoformat()} {blow.reversal.key}".strip()
        for entry, part in self._parts():
            units = self._signed(part)
            if units != entry.taking.units:
                entry.taking.change(units, self._node(part, stage), day, stage)

    def _parts(self) -> Iterator[tuple[_Entry, _Part]]:
        """Give what stands, each with what it takes after those before it."""
        gone, taken, spare, earned = NOTHING, 0, 0, self._whose.earning.units
        for entry in self._entries:
            lost = [item for way in self._ways if (item := way.lost_by(entry.blow)) is not None]
            room = abs(sum(way.now.units for way in entry.released)) - taken
            part = _Part(entry.blow, gone, lost, spare, room)
            yield entry, part
            gone = min(WHOLE, gone + entry.blow.ratio)
            taken += part.units(earned)
            spare = max(0, part.dropped - part.wanted(earned))

    def _signed(self, part: _Part) -> int:
        units = part.units(self._whose.earning.units)
        return -units if self._whose.earning.units >= 0 else units

    def _node(self, part: _Part, stage: str) -> UUID:
        explained = self._less_dropped if part.dropped else self._part_of_earned
        return explained(part, stage)

    def _part_of_earned(self, part: _Part, stage: str) -> UUID:
        whose, blow = self._whose, part.blow
        return whose.node(
            "take back of earned",
            blow.reversal.key,
            *filter(None, (stage,)),
            kind="reversal",
            units=self._signed(part),
            operation="take_back",
            detail={
                "clause": blow.effect.path,
                **whose.parts(blow.ratio, part.before),
                "limit": whose.book.money(part.room),
            },
            children=causes_of(whose, blow, whose.earning.node_id),
        )

    def _less_dropped(self, part: _Part, stage: str) -> UUID:
        """Write what is taken back besides what was dropped, as a formula over both."""
        whose, blow = self._whose, part.blow
        book, is_negative = whose.book, whose.earning.units < 0
        lost = {f"dropped_{place}": item.node_id for place, item in enumerate(part.lost)}
        causes = causes_of(whose, blow, whose.earning.node_id)[1:]
        sign, minus = ("-", "+") if is_negative else ("", "-")
        cent, upto = exact_text(Fraction(1, 10**book.places)), min(WHOLE, part.before + blow.ratio)
        terms = [f"round({sign}earned * {exact_text(upto)}, to: {cent}, half_up)"]
        if part.before:
            terms.append(f"- round({sign}earned * {exact_text(part.before)}, to: {cent}, half_up)")
        terms += [f"{minus} {name}" for name in lost]
        if part.spare:
            terms.append(f"- {book.money(part.spare)}")
        amount = f"max(0, min({book.money(part.room)}, {' '.join(terms)}))"
        return whose.node(
            "take back of earned",
            blow.reversal.key,
            *filter(None, (stage,)),
            kind="reversal",
            units=self._signed(part),
            operation="formula",
            detail={
                "clause": blow.effect.path,
                "formula": amount if is_negative else f"-{amount}",
                "inputs": ["earned", *lost, *(f"cause_{place}" for place, _ in enumerate(causes))],
            },
            children=(whose.earning.node_id, *lost.values(), *causes),
        )
