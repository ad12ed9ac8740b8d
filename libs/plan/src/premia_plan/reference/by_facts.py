"""Shares released part by part, as facts of the order come in, such as the customer's payments."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from uuid import UUID

from premia_plan.checked import FactKind, PartByFact
from premia_plan.language import FactMissing
from premia_plan.period import month_of
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.credit import Credit
from premia_plan.reference.earning import Earning
from premia_plan.reference.fact import FactFacts
from premia_plan.reference.facts import Facts
from premia_plan.reference.figure import node_of, number_from
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.schedule import Slot
from premia_plan.results import Detail

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class PartSlot(Slot):
    """The part of a share that one fact releases, or what no fact has released yet."""

    day: date | None = None
    fact: FactFacts | None = None
    part: Fraction = Fraction(0)

    def due_for(self, credit: Credit | None, close: date | None = None) -> date | None:
        """Return the day on which its fact releases it, or None while there is no such fact.

        What is for no order has no facts, and is due at its close.
        """
        return close if credit is None else self.day

    def causes(self, earning: Earning) -> tuple[UUID, ...]:  # noqa: ARG002 - of any earning the same
        """Return the nodes of what the fact says of its part and its day."""
        by = self.by_fact
        if self.fact is None or by is None:
            return ()
        fact = self.fact
        key = ("released part", by.path, *fact.key)
        part = node_of(
            by.part, fact, fact.book, self.part, key=key, kind="released_part", unit=Unit.RATE
        )
        return (part, *(fact.node(name) for name in by.on.inputs))


@dataclass(frozen=True, slots=True)
class _Part:
    day: date
    fact: FactFacts
    said: Fraction
    released: Fraction


class PartsByFacts:
    """Cuts the slots that facts release into their parts, credit by credit."""

    def __init__(self, facts: Facts) -> None:
        self._by_order: dict[tuple[FactKind, str], list[FactFacts]] = defaultdict(list)
        for kind, found in facts.items():
            for fact in found:
                if fact.order_id is not None:
                    self._by_order[kind, fact.order_id].append(fact)

    def days(self, slot: Slot, credit: Credit) -> Iterator[date]:
        """Give the days on which facts release a part of a slot."""
        if slot.by_fact is not None:
            yield from (part.day for part in self._parts(slot.by_fact, credit))

    def cut(self, slots: Sequence[Slot], credit: Credit | None) -> Sequence[Slot]:
        """Return the slots of one credit's earning, in the order of the schedule.

        What no fact has released yet keeps the share's own number, so that later facts change
        nothing of what is there. Without a credit there are no facts, and all is due at the close.
        """
        left = WHOLE - sum((slot.ratio for slot in slots if slot.ratio is not None), Fraction(0))
        found: list[Slot] = []
        for slot in slots:
            ratio = left if slot.ratio is None else slot.ratio
            found.extend(self._cut(slot, ratio, len(slots), credit))
        last = replace(found[-1], ratio=None)
        texts = [exact_text(slot.ratio or Fraction(0)) for slot in found[:-1]]
        return [
            replace(slot, detail=self._detail(slot, texts[: place + 1], place))
            for place, slot in enumerate([*found[:-1], last])
        ]

    @staticmethod
    def _detail(slot: Slot, texts: Sequence[str], place: int) -> Mapping[str, Detail]:
        """Return what explains a slot: the parts up to it, so that later ones change nothing."""
        return {**slot.detail, "shares": [*texts, "rest"], "index": place}

    def _cut(
        self, slot: Slot, ratio: Fraction, width: int, credit: Credit | None
    ) -> Iterator[Slot]:
        by = slot.by_fact
        if by is None:
            yield replace(slot, ratio=ratio)
            return
        parts = self._parts(by, credit) if credit is not None else ()
        same = partial(
            PartSlot, at=slot.at, months=0, proviso=slot.proviso, detail=slot.detail, by_fact=by
        )
        for number, part in enumerate(parts, start=1):
            index = slot.index + width * number
            yield same(index, ratio * part.released, day=part.day, fact=part.fact, part=part.said)
        open_ = WHOLE - sum((part.released for part in parts), Fraction(0))
        if open_ > 0:
            yield same(slot.index, ratio * open_)

    def _parts(self, by: PartByFact, credit: Credit) -> Sequence[_Part]:
        """Return what the facts of a credit's order release, day by day, all of it at most.

        What a fact takes back, such as a payment that was returned, releases nothing more until
        that much came in again; what was released is taken back by a storno alone.
        """
        order_id = credit.order.order_id
        facts = self._by_order.get((by.kind, order_id), ()) if order_id is not None else ()
        known = sorted(
            (found for fact in facts if (found := _told(by, fact)) is not None),
            key=lambda found: (found[0], found[1].fact_id),
        )
        parts, total, reached = [], Fraction(0), Fraction(0)
        for day, fact, said in known:
            total += said
            upto = min(WHOLE, max(reached, total))
            if upto > reached:
                parts.append(_Part(day, fact, said, upto - reached))
                reached = upto
        return parts


def _told(by: PartByFact, fact: FactFacts) -> tuple[date, FactFacts, Fraction] | None:
    """Return the day and the part that a fact says; tell of one that cannot say its part."""
    try:
        day = by.on.evaluate(fact)
    except FactMissing:
        day = None
    if not isinstance(day, date):
        return None
    try:
        return day, fact, number_from(by.part, fact)
    except NotCalculated as refused:
        why = refused.reason.text.removeprefix("not paid, because ")
        fact.book.exception(
            refused.reason.code,
            f"{fact.kind.capitalize()} {fact.fact_id} releases nothing: {why}",
            refused.to_do,
            order_id=fact.order_id,
            month=month_of(day),
        )
        return None
