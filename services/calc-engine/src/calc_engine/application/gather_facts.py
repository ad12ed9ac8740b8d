"""Read the facts that a change may reach, and no others."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import orjson

from calc_engine.application.calculate_plans import checked_plan, plan_reach
from calc_engine.application.calculate_scope import ReachesEverything
from calc_engine.application.standing_ports import FactReferences
from calc_engine.domain.fact import Fact
from calc_engine.domain.fact_change import FOLLOWED, NOTHING, OF_ORDERS
from calc_engine.domain.records import Records
from premia_plan.period import PeriodKind, enclosing, month_of, months_of

MOST_CHANGES = 5_000
"""After more new facts than these calculating everything is as quick."""
MOST_ORDERS = 50_000
"""With more orders in reach a run is as quick."""
LENGTHS: Final[tuple[PeriodKind, ...]] = ("month", "quarter", "half", "year")
_HOW_IT_CAME = frozenset({"raw", "known_at"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
STANDING_KINDS = ("assignment", "mandate", "plan_acceptance", "position")
OF_PAYEES = ("assignment", "mandate", "plan_acceptance", "target", "measurement")


class ReachesTooFar(Exception):
    """Raised when a change reaches so many orders that a run is as quick."""

    def __init__(self) -> None:
        super().__init__(f"more than {MOST_ORDERS:,} orders are reached")


class FactsInReach:
    """Collects facts from those that arrived: whom they name, what else these rest on."""

    def __init__(self, references: FactReferences) -> None:
        self._references = references
        self._found: dict[tuple[str, str], list[Fact]] = {}
        self._arrived: frozenset[tuple[str, str]] = frozenset()
        self._asked: set[str] = set()

    @property
    def facts(self) -> list[Fact]:
        """Every version of everything that was read."""
        return [fact for versions in self._found.values() for fact in versions]

    def versions(self, kind: str, key: str) -> Sequence[Fact]:
        """Return every version of a fact."""
        return self._found.get((kind, key), ())

    async def gather(self, arrived: Collection[tuple[str, str]]) -> None:
        """Read all that the results of a scope may rest on.

        Raises:
            ReachesEverything: if what a plan pays cannot be followed to single keys.
            ReachesTooFar: if that is more than a run should leave to this.
            PlanNotUsable: if a published plan cannot be calculated.
        """
        self._keep(await self._references.other_than(FOLLOWED))
        published = Records.of(self.facts).plans
        plans = [checked_plan(plan) for plan in published]
        reaches = [plan_reach(plan) for plan in published]
        unbounded = sorted({why for reach in reaches for why in reach.unbounded})
        unbounded += [f"{plan.name} reads activities" for plan in plans if "activity" in plan.facts]
        unbounded += [
            f"{plan.name} counts for payees of lines or bills"
            for plan, reach in zip(plans, reaches, strict=True)
            if reach.has_cells and any(words.roles for words in plan.facts.values())
        ]
        if unbounded:
            raise ReachesEverything(unbounded)
        self._arrived = frozenset(arrived)
        keys: dict[str, list[str]] = {}
        for kind, key in arrived:
            keys.setdefault(kind, []).append(key)
        for kind, some in keys.items():
            if kind in FOLLOWED:
                self._keep(await self._references.of_keys(kind, some))
        moved = await self._moved(keys)
        await self._orders_of_signals()
        await self._payees_named()
        if moved:
            await self._orders_naming(moved)
            await self._payees_named()
        counted = self._ids()
        if any(reach.has_cells for reach in reaches):
            if any(reach.climbs for reach in reaches):
                self._keep(await self._references.chain_above(sorted(counted)))
                counted = self._ids()
                await self._below(counted)
                counted = self._ids()
            await self._orders_naming(counted)
            await self._signals()
            kinds = [reach.period for reach in reaches if reach.period is not None]
            if not moved and len(kinds) == len(reaches):
                self._leave_other_months(keys, max(kinds, key=LENGTHS.index))
            await self._payees_named()
        else:
            await self._signals()
            await self._payees_named()
        self._keep(await self._references.chain_above(sorted(self._ids())))
        await self._rest(counted)

    async def _moved(self, keys: Mapping[str, Collection[str]]) -> set[str]:
        """Return whose standing may have changed, and everybody below them."""
        moved = {
            payee
            for kind in ("payee", *STANDING_KINDS)
            for key in keys.get(kind, ())
            for fact in self.versions(kind, key)
            for payee in _payees_in(fact)
        }
        for key in keys.get("position", ()):
            below = await self._references.naming([f"position:{key}"], ["position"])
            self._keep(below)
            moved |= {payee for fact in below for payee in _payees_in(fact)}
        if not moved:
            return moved
        before = set(self._ids())
        self._keep(await self._references.of_keys("payee", sorted(moved)))
        await self._below(moved)
        return moved | (self._ids() - before)

    async def _orders_of_signals(self) -> None:
        wanted = {
            f"order:{reference['system']}/{reference['code']}"
            for kind in sorted(OF_ORDERS)
            for fact in self._of_kind(kind)
            if (reference := fact.body["order"]) is not None
        }
        if wanted:
            self._keep(await self._references.naming(sorted(wanted), ["order"]))

    async def _payees_named(self) -> None:
        """Read the payees whom orders, their lines and bills, and measured values name."""
        codes = {
            f"payee:{named['system']}/{named['code']}"
            for kind in ("measurement", "order", *sorted(OF_ORDERS))
            for fact in self._of_kind(kind)
            for named in _references_in(fact.body)
        }
        codes -= self._asked
        self._asked |= codes
        if codes:
            self._keep(await self._references.naming(sorted(codes), ["payee"]))
        ids = {fact.body["payee_id"] for fact in self._of_kind("target")} - {
            key for kind, key in self._found if kind == "payee"
        }
        if ids:
            self._keep(await self._references.of_keys("payee", sorted(ids)))

    async def _orders_naming(self, payees: Iterable[str]) -> None:
        names = {name for payee in payees for name in self._codes_of(payee)}
        if names:
            self._keep(await self._references.naming(sorted(names), ["order"]))
        if sum(kind == "order" for kind, _ in self._found) > MOST_ORDERS:
            raise ReachesTooFar

    def _codes_of(self, payee_id: str) -> set[str]:
        return {
            f"payee:{known['system']}/{known['code']}"
            for fact in self.versions("payee", payee_id)
            for known in fact.body["external_ids"]
        }

    async def _below(self, payees: Iterable[str]) -> None:
        """Read the positions of some payees and all below, and who holds them."""
        held = {f"payee-id:{payee}" for payee in payees}
        some = await self._references.naming(sorted(held), ["position"]) if held else ()
        seen: set[str] = set()
        while some:
            seen |= {fact.key for fact in some}
            self._keep(some)
            wanted = sorted({f"position:{fact.key}" for fact in some})
            found = await self._references.naming(wanted, ["position"])
            some = [fact for fact in found if fact.key not in seen]
        holders = {
            holding["payee_id"]
            for key in seen
            for fact in self.versions("position", key)
            for holding in fact.body["holdings"]
        } - {key for kind, key in self._found if kind == "payee"}
        if holders:
            self._keep(await self._references.of_keys("payee", sorted(holders)))

    def _leave_other_months(self, keys: Mapping[str, Collection[str]], kind: PeriodKind) -> None:
        """Leave out the orders that have no day in the periods of any order that changed.

        What is told of targets and measured values has no order; then every order stays.
        """
        if not set(keys) <= {"order", *OF_ORDERS, *NOTHING}:
            return
        told: dict[str, list[Fact]] = {}
        for of in OF_ORDERS:
            for fact in self._of_kind(of):
                reference = fact.body["order"]
                if reference is not None:
                    name = f"{reference['system']}/{reference['code']}"
                    told.setdefault(name, []).append(fact)
        months: dict[str, set[str]] = {}
        changed = set(keys.get("order", ()))
        for key, versions in self._orders().items():
            names = {
                f"{fact.body['source']}/{fact.body[name]}"
                for fact in versions
                for name in ("order_number", "record_id")
            }
            others = [fact for name in names for fact in told.get(name, ())]
            months[key] = {month for fact in (*versions, *others) for month in months_in(fact.body)}
            if any((fact.kind, fact.key) in self._arrived for fact in others):
                changed.add(key)
        around = {
            month
            for key in changed
            for named in months.get(key, ())
            for month in months_of(enclosing(named, kind))
        }
        for key, own in months.items():
            if key not in changed and own.isdisjoint(around):
                del self._found["order", key]

    def _orders(self) -> dict[str, list[Fact]]:
        return {key: facts for (kind, key), facts in self._found.items() if kind == "order"}

    async def _signals(self) -> None:
        names = {
            f"order:{fact.body['source']}/{fact.body[name]}"
            for fact in self._of_kind("order")
            for name in ("order_number", "record_id")
        }
        if names:
            self._keep(await self._references.naming(sorted(names), sorted(OF_ORDERS)))

    async def _rest(self, counted: Collection[str]) -> None:
        """Read what else is known of the payees, and the figures of those whose periods count."""
        names = {f"payee-id:{payee}" for payee in self._ids()}
        names |= {code for payee in counted for code in self._codes_of(payee)}
        if names:
            self._keep(await self._references.naming(sorted(names), OF_PAYEES))

    def _ids(self) -> set[str]:
        """Return the payees of whom something was read; some may not be recorded yet."""
        told = ("target", *STANDING_KINDS)
        return {key for kind, key in self._found if kind == "payee"} | {
            payee for kind in told for fact in self._of_kind(kind) for payee in _payees_in(fact)
        }

    def _of_kind(self, kind: str) -> list[Fact]:
        return [fact for (of, _), facts in self._found.items() if of == kind for fact in facts]

    def _keep(self, facts: Iterable[Fact]) -> None:
        read: dict[tuple[str, str], list[Fact]] = {}
        for fact in facts:
            read.setdefault((fact.kind, fact.key), []).append(fact)
        self._found.update(read)


def months_in(body: Mapping[str, object]) -> Iterator[str]:
    """Give the months of all days that a fact tells of anywhere, and of the days beside them.

    An instant's business day depends on the time zone. The day of a record's version counts only
    where the record was deleted then.

    >>> sorted(set(months_in({"on": "2026-03-01", "at": None})))
    ['2026-02', '2026-03']
    """
    left_out = _HOW_IT_CAME if body.get("deleted") else {*_HOW_IT_CAME, "record_version"}
    told = {name: value for name, value in body.items() if name not in left_out}
    for text in _DAY.findall(orjson.dumps(told).decode()):
        yield from _months_beside(text)


@lru_cache(maxsize=4096)
def _months_beside(text: str) -> tuple[str, ...]:
    """Return the months of a day and of those beside it, each once; none if it is no day."""
    found: set[str] = set()
    for more in (-1, 0, 1):
        with suppress(ValueError, OverflowError):  # no day, or none beside it
            found.add(month_of(date.fromisoformat(text) + timedelta(days=more)))
    return tuple(found)


def _references_in(body: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """Give the payees that a body names in any role, and those of its lines."""
    yield from (body[place] for place in ("seller", "partner", "payee") if body.get(place))
    for part in (body, *body.get("lines", ())):
        yield from part.get("payees", {}).values()


def _payees_in(fact: Fact) -> Iterable[str]:
    if fact.kind == "position":
        return [holding["payee_id"] for holding in fact.body["holdings"]]
    return [fact.body["payee_id"]]
