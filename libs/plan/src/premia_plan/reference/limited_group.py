"""Earnings that are limited together, as they stand at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from premia_plan.apportion import are_weights, spread_units
from premia_plan.checked import GroupLimit
from premia_plan.language import Formula
from premia_plan.period import last_month
from premia_plan.proration import Part
from premia_plan.quantities import Unit
from premia_plan.reference.earning import Earning, place_in_business
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.leftover import leftover_detail
from premia_plan.reference.scope import FigureScope
from premia_plan.reference.spread import spread_kind

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


@dataclass(frozen=True, slots=True)
class LimitedGroup:
    """Earnings that are limited together.

    `month` is the one at whose end they stand so, "" for the first count. A `guarantee` is the
    earning for no order that a floor raises where no other is above zero.
    """

    limit: GroupLimit
    place: tuple[str, str]
    members: Sequence[Earning]
    workings: "Workings"
    month: str = ""
    guarantee: Earning | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What tells its nodes from those of other groups and moments."""
        again = (self.month,) if self.month else ()
        return "limit", self.limit.path, *self.place, *again

    def limited(self, allowed: Figure) -> Sequence[Earning]:
        """Return the earnings within what is allowed."""
        if not self.members:
            return ()
        if self._is_negative_deal:
            return self._mirrored(allowed)
        total = sum(earning.units for earning in self.members)
        units = self.workings.book.units(allowed.value)
        is_floor = self.limit.kind == "floor"
        if total >= units if is_floor else total <= units:
            return self.members
        if not any(earning.units > 0 for earning in self.members):
            return self._guaranteed(allowed) if is_floor else self.members
        if self.limit.pushed_back == "in order":
            return self._in_order(allowed, total - units)
        return self._pushed_back(allowed)

    def _guaranteed(self, allowed: Figure) -> Sequence[Earning]:
        """Raise what is for no order, else all alike, where nothing is above zero."""
        own = next((item for item in self.members if self._is_guarantee(item)), None)
        if own is None:
            return self._pushed_back(allowed)
        others = [earning for earning in self.members if earning.key != own.key]
        units = self.workings.book.units(allowed.value) - sum(item.units for item in others)
        return [*others, self._changed(own, others, (), allowed, own.units - units)]

    def _is_guarantee(self, earning: Earning) -> bool:
        own = self.guarantee
        return own is not None and replace(earning, counted_in="").key == own.key

    @property
    def _is_negative_deal(self) -> bool:
        credit = self.members[0].credit
        is_deal = self.limit.over == "deal" and credit is not None and credit.amount < 0
        return is_deal and sum(earning.units for earning in self.members) < 0

    def _mirrored(self, allowed: Figure) -> Sequence[Earning]:
        """Limit the opposite of a negative deal, and turn back what that changed."""
        turned = [self._turned(earning, "mirror") for earning in self.members]
        found = {earning.key: earning for earning in replace(self, members=turned).limited(allowed)}
        return [
            earning
            if found[earning.key].units == -earning.units and found[earning.key].waits is None
            else self._turned(found[earning.key], "mirrored back")
            for earning in self.members
        ]

    def _turned(self, earning: Earning, word: str) -> Earning:
        """Return an earning with the other sign."""
        book = self.workings.book
        node_id = book.node(
            *self.key,
            word,
            *earning.key,
            kind="mirrored",
            value=book.money(-earning.units),
            unit="money",
            operation="opposite",
            payee_id=earning.payee_id,
            detail={"clause": self.limit.path},
            children=(earning.node_id,),
        )
        return replace(earning, units=-earning.units, node_id=node_id)

    def allowed(self) -> Figure:
        """Return what the limit is.

        Raises:
            NotCalculated: if it asks for something that is missing.
        """
        return self._for_part(self._whole())

    def _whole(self) -> Figure:
        return figure_of(
            self.limit.limit,
            self._scope(),
            self.workings.book,
            key=(*self.key, "allowed"),
            kind=f"limit_{self.limit.kind}",
            unit=Unit.MONEY,
            rounding=self.workings.book.places,
        )

    def _for_part(self, whole: Figure) -> Figure:
        """Return what counts of a limit for a payee who is in the plan for part of the period."""
        workings, (whose, _) = self.workings, self.place
        book, part = workings.book, self._part()
        if part is None or (self.limit.kind == "floor" and whole.value <= 0):
            return whole
        value = Fraction(book.units(whole.value * part.ratio), 10**book.places)
        node_id = book.node(
            *self.key,
            "for part",
            kind=f"limit_{self.limit.kind}",
            value=book.text(value, Unit.MONEY),
            unit="money",
            operation="formula",
            payee_id=whose,
            detail={
                "clause": workings.plan.proration.path,
                "formula": f"limit * {part.counted} / {part.whole}",
                "inputs": ("limit",),
                "rounding": "half_up",
                "places": book.places,
            },
            children=(whole.node_id,),
        )
        return Figure(value, node_id)

    def _part(self) -> Part | None:
        workings, (whose, period) = self.workings, self.place
        if self.limit.over != "payee" or not period:
            return None
        if self.limit.kind == "floor":
            return workings.guaranteed_part(whose, period)
        part = workings.presence.part(whose, period)
        return part if "cap" in workings.plan.proration.scales and not part.is_all else None

    def _scope(self) -> FigureScope:
        whose, period = self.place
        order = self.members[0].order if self.members else None
        if self.limit.over == "deal" and order is not None:
            return order
        period = period or self.members[-1].competence
        return self.workings.scope(whose, period, last_month(period))

    def _pushed_back(self, allowed: Figure) -> Sequence[Earning]:
        """Split what is allowed by the weights of the earnings.

        A cap raises none above its own amount, and a floor lowers none: what such a one leaves or
        needs is the others'.
        """
        line, whole = list(self._in_line), list[Earning]()
        while True:
            room = self._beside(allowed, whole)
            weights, parts = self._parts(room, line)
            kept = [
                earning
                for earning, part in zip(line, parts, strict=True)
                if self._is_whole(earning, part)
            ]
            if not kept:
                return [*whole, *self._split(room, line, weights, parts)]
            whole += kept
            keys = {earning.key for earning in kept}
            line = [earning for earning in line if earning.key not in keys]

    def _is_whole(self, earning: Earning, part: int) -> bool:
        return part < earning.units if self.limit.kind == "floor" else part > earning.units

    def _beside(self, allowed: Figure, whole: Sequence[Earning]) -> Figure:
        """Return what is left of the limit beside earnings that keep their own amounts."""
        if not whole:
            return allowed
        book, units = self.workings.book, sum(earning.units for earning in whole)
        others = book.node(
            *self.key,
            "keep theirs",
            str(len(whole)),
            kind="others_of_limit",
            value=book.money(units),
            unit="money",
            operation="sum",
            detail={"clause": self.limit.path},
            children=tuple(self.in_cents(earning) for earning in whole),
        )
        value = allowed.value - Fraction(units, 10**book.places)
        node_id = book.node(
            *self.key,
            "beside",
            str(len(whole)),
            kind="room_of_limit",
            value=book.text(value, Unit.MONEY),
            unit="money",
            operation="formula",
            detail={
                "clause": self.limit.path,
                "formula": "allowed - others",
                "inputs": ("allowed", "others"),
            },
            children=(allowed.node_id, others),
        )
        return Figure(value, node_id)

    def _parts(self, room: Figure, line: Sequence[Earning]) -> tuple[list[Figure], list[int]]:
        weights = [self._weight(earning) for earning in line]
        if not are_weights(weight.value for weight in weights):
            weights = [self._own(earning) for earning in line]
        values = [weight.value for weight in weights]
        units = self.workings.book.units(room.value)
        return weights, spread_units(units, values, self.limit.leftover)

    def _split(
        self,
        room: Figure,
        line: Sequence[Earning],
        weights: Sequence[Figure],
        parts: Sequence[int],
    ) -> Sequence[Earning]:
        book = self.workings.book
        spread = book.node(
            *self.key,
            "split",
            kind=spread_kind("limited_together", [weight.value for weight in weights]),
            value=book.money(book.units(room.value)),
            unit="money",
            operation="spread",
            detail={
                "clause": self.limit.path,
                "parts": [book.money(part) for part in parts],
                "places": book.places,
                **leftover_detail(self.limit.leftover),
            },
            children=(room.node_id, *(weight.node_id for weight in weights)),
        )
        return [
            self._cut(earning, parts[index], index, spread, weights[index].node_id)
            for index, earning in enumerate(line)
        ]

    @property
    def _in_line(self) -> Sequence[Earning]:
        """Return the earnings by their ids; in the order of business where one end takes more."""
        by_id = sorted(self.members, key=lambda item: item.key)
        is_of_one_end = self.limit.leftover in {"first", "last"}
        return sorted(by_id, key=place_in_business) if is_of_one_end else by_id

    def _weight(self, earning: Earning) -> Figure:
        formula, order = self.limit.pushed_back, earning.order
        if not isinstance(formula, Formula) or order is None:
            return self._own(earning)
        key = (*self.key, "weight", order.row.order_id)
        book = self.workings.book
        return figure_of(formula, order, book, key=key, kind="limit_weight", unit=formula.unit)

    def _own(self, earning: Earning) -> Figure:
        return Figure(self.workings.book.number(earning.node_id), earning.node_id)

    def _cut(self, earning: Earning, units: int, index: int, spread: UUID, weight: UUID) -> Earning:
        node_id = self.workings.book.node(
            *self.key,
            "part",
            *earning.key,
            kind="limited",
            value=self.workings.book.money(units),
            unit="money",
            operation="part",
            payee_id=earning.payee_id,
            detail={"clause": self.limit.path, "index": index},
            children=(spread, weight),
        )
        return replace(earning, units=units, node_id=node_id)

    def _in_order(self, allowed: Figure, surplus: int) -> Sequence[Earning]:
        """Cut what came last, or raise it where the limit is a floor."""
        found = list(self.members)
        for index in range(len(found) - 1, -1, -1):
            earning = found[index]
            if surplus == 0:
                break
            change = min(surplus, earning.units) if surplus > 0 else surplus
            if earning.units <= 0:
                continue
            found[index] = self._changed(
                earning, found[:index], found[index + 1 :], allowed, change
            )
            surplus -= change
        return found

    def _changed(
        self,
        earning: Earning,
        earlier: Sequence[Earning],
        later: Sequence[Earning],
        allowed: Figure,
        change: int,
    ) -> Earning:
        """Return what the others leave of the limit to one earning, not below zero."""
        book, units = self.workings.book, earning.units - change
        others = [*earlier, *later]
        node_id = book.node(
            *self.key,
            "in order",
            *earning.key,
            kind="limited",
            value=book.money(units),
            unit="money",
            operation="formula",
            payee_id=earning.payee_id,
            detail={
                "clause": self.limit.path,
                "formula": "max(0, allowed - others)",
                "inputs": ["allowed", "others"],
            },
            children=(allowed.node_id, self._others(earning, others)),
        )
        return replace(earning, units=units, node_id=node_id)

    def _others(self, earning: Earning, others: Sequence[Earning]) -> UUID:
        book = self.workings.book
        return book.node(
            *self.key,
            "others",
            *earning.key,
            kind="others_of_limit",
            value=book.money(sum(item.units for item in others)),
            unit="money",
            operation="sum" if others else "given",
            detail={"clause": self.limit.path},
            children=tuple(self.in_cents(item) for item in others),
        )

    def in_cents(self, earning: Earning) -> UUID:
        """Return the node of an earning as it is paid: a floor for half a month may be finer."""
        book = self.workings.book
        if book.number(earning.node_id) * 10**book.places == earning.units:
            return earning.node_id
        return book.node(
            *self.key,
            "in cents",
            *earning.key,
            kind="rounded",
            value=book.money(earning.units),
            unit="money",
            operation="round",
            payee_id=earning.payee_id,
            detail={"clause": self.limit.path, "rounding": "half_up", "places": book.places},
            children=(earning.node_id,),
        )
