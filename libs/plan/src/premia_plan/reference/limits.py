"""Limits over several earnings: of a deal, of a payee's period, of all payees."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from premia_plan.apportion import add_up, split_units
from premia_plan.checked import CheckedPlan, GroupLimit
from premia_plan.language import Formula
from premia_plan.period import enclosing, last_month
from premia_plan.quantities import Unit
from premia_plan.reference.earning import Earning
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.scope import FigureScope
from premia_plan.reference.subject import PLAN

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings

EarningKey: TypeAlias = tuple[str, str, str]


class Limits:
    """Applies the limits of components, then those of the plan, each on the result before it.

    They look at what components give at their closes. Earnings for no order are left out of a
    limit over deals.
    """

    def __init__(self, plan: CheckedPlan, workings: "Workings") -> None:
        self._plan = plan
        self._workings = workings

    def limited(self, earning: Earning) -> Earning:
        """Return an earning after the limits it stands under."""
        limits = self._plan.components[earning.component].limits
        if not limits and not self._plan.limits:
            return earning
        return self._all.get(earning.key, earning)

    @cached_property
    def _all(self) -> Mapping[EarningKey, Earning]:
        found: list[Earning] = []
        for name, component in self._plan.components.items():
            if component.limits or self._plan.limits:
                earnings = list(self._workings.component(name).earnings())
                for limit in component.limits:
                    earnings = self._applied(limit, earnings)
                found.extend(earnings)
        for limit in self._plan.limits:
            found = self._applied(limit, found)
        return {earning.key: earning for earning in found}

    def _applied(self, limit: GroupLimit, earnings: Sequence[Earning]) -> list[Earning]:
        groups: dict[tuple[str, str], list[Earning]] = defaultdict(list)
        apart = []
        for earning in sorted(earnings, key=_in_order):
            place = _group(limit, earning)
            if place is None or earning.units == 0:
                apart.append(earning)
            else:
                groups[place].append(earning)
        for place, members in groups.items():
            apart.extend(_Group(limit, place, members, self._workings).limited())
        return apart


def _in_order(earning: Earning) -> tuple[str, str, str, str]:
    """Return the order of business: what came first stands first."""
    day = "" if earning.order is None else earning.order.by_day.isoformat()
    return last_month(earning.competence), day, earning.order_id or "", str(earning.key)


def _group(limit: GroupLimit, earning: Earning) -> tuple[str, str] | None:
    """Return whose and which period's earnings are limited together."""
    period = "" if limit.period is None else enclosing(earning.competence, limit.period)
    match limit.over:
        case "deal":
            return None if earning.order_id is None else (earning.order_id, "")
        case "payee":
            return None if earning.payee_id is None else (earning.payee_id, period)
        case "plan":
            return PLAN, period


@dataclass(frozen=True, slots=True)
class _Group:
    """Earnings that are limited together."""

    limit: GroupLimit
    place: tuple[str, str]
    members: Sequence[Earning]
    workings: "Workings"

    @property
    def key(self) -> tuple[str, ...]:
        return "limit", self.limit.path, *self.place

    def limited(self) -> Sequence[Earning]:
        """Return the earnings within the limit; where that is not known all of them wait."""
        total = sum(earning.units for earning in self.members)
        try:
            allowed = self._allowed()
            units = self.workings.book.units(allowed.value)
            is_within = total <= units if self.limit.kind == "cap" else total >= units
            if is_within or total <= 0:
                return self.members
            if self.limit.pushed_back == "in order":
                return self._in_order(allowed, total - units)
            return self._pushed_back(allowed)
        except NotCalculated as refused:
            return self._waiting(refused)

    def _waiting(self, refused: NotCalculated) -> Sequence[Earning]:
        whose, period = self.place
        self.workings.book.exception(
            refused.reason.code,
            f"The limit {self.limit.limit.text} of {whose} {period}: {refused.reason.text}",
            refused.to_do,
            payee_id=whose if self.limit.over == "payee" else None,
            order_id=whose if self.limit.over == "deal" else None,
            month=period or None,
        )
        return [replace(earning, waits=refused.reason) for earning in self.members]

    def _allowed(self) -> Figure:
        return self._for_part(self._whole())

    def _whole(self) -> Figure:
        return figure_of(
            self.limit.limit,
            self._scope(),
            self.workings.book,
            key=(*self.key, "allowed"),
            kind="limit",
            unit=Unit.MONEY,
            rounding=self.workings.book.places,
        )

    def _for_part(self, whole: Figure) -> Figure:
        """Return what of a cap counts for a payee who is in the plan for part of the period."""
        workings, (whose, period) = self.workings, self.place
        is_scaled = "cap" in workings.plan.proration.scales and self.limit.kind == "cap"
        if not is_scaled or self.limit.over != "payee" or not period:
            return whole
        part, book = workings.presence.part(whose, period), workings.book
        if part.is_all:
            return whole
        value = Fraction(book.units(whole.value * part.ratio), 10**book.places)
        node_id = book.node(
            *self.key,
            "for part",
            kind="limit",
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

    def _scope(self) -> FigureScope:
        whose, period = self.place
        order = self.members[0].order
        if self.limit.over == "deal" and order is not None:
            return order
        period = period or self.members[-1].competence
        return self.workings.scope(whose, period, last_month(period))

    def _pushed_back(self, allowed: Figure) -> Sequence[Earning]:
        """Split what is allowed by the weights of the earnings."""
        book, by_id = self.workings.book, sorted(self.members, key=lambda item: item.key)
        weights = [self._weight(earning) for earning in by_id]
        if add_up(weight.value for weight in weights) == 0:
            weights = [self._own(earning) for earning in by_id]
        parts = split_units(book.units(allowed.value), [weight.value for weight in weights])
        spread = book.node(
            *self.key,
            "split",
            kind="limited_together",
            value=book.money(book.units(allowed.value)),
            unit="money",
            operation="spread",
            detail={
                "clause": self.limit.path,
                "parts": [book.money(part) for part in parts],
                "places": book.places,
            },
            children=(allowed.node_id, *(weight.node_id for weight in weights)),
        )
        return [
            self._cut(earning, parts[index], index, spread, weights[index].node_id)
            for index, earning in enumerate(by_id)
        ]

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
            children=tuple(item.node_id for item in others),
        )
