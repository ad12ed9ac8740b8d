"""Read the facts that a change may reach, and no others."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from calc_engine.application.calculate_plans import checked_plan
from calc_engine.application.calculate_scope import ReachesEverything
from calc_engine.application.standing_ports import FactReferences
from calc_engine.domain.fact import Fact
from calc_engine.domain.fact_change import FOLLOWED
from calc_engine.domain.records import Records
from premia_plan.incremental import reach_of

MOST_ORDERS = 50_000
"""With more orders in reach a run is as quick."""
DEEPEST = 50
"""Levels of a hierarchy that are followed; a circle ends by itself."""
ASSIGNED = ("assignment", "mandate", "plan_acceptance")


class ReachesTooFar(Exception):
    """Raised when a change reaches so many orders that a run is as quick."""

    def __init__(self) -> None:
        super().__init__(f"more than {MOST_ORDERS:,} orders are reached")


class FactsInReach:
    """Collects facts from those that arrived: whom they name, what else these rest on."""

    def __init__(self, references: FactReferences) -> None:
        self._references = references
        self._found: dict[tuple[str, str], list[Fact]] = {}

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
        reaches = [reach_of(checked_plan(plan)) for plan in Records.of(self.facts).plans]
        unbounded = sorted({why for reach in reaches for why in reach.unbounded})
        if unbounded:
            raise ReachesEverything(unbounded)
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
                await self._chain(counted, up=True)
                counted = self._ids()
                await self._chain(counted, up=False)
                counted = self._ids()
            await self._orders_naming(counted)
            await self._payees_named()
        await self._chain(self._ids(), up=True)
        await self._signals()
        await self._rest(counted)

    async def _moved(self, keys: Mapping[str, Collection[str]]) -> set[str]:
        """Return whose standing may have changed, and everybody below them."""
        moved = {
            payee
            for kind in ("payee", "assignment", "mandate", "plan_acceptance", "position")
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
        await self._chain(moved, up=False)
        return moved | (self._ids() - before)

    async def _orders_of_signals(self) -> None:
        wanted = {
            f"order:{reference['system']}/{reference['code']}"
            for fact in self._of_kind("billing_signal")
            if (reference := fact.body["order"]) is not None
        }
        if wanted:
            self._keep(await self._references.naming(sorted(wanted), ["order"]))

    async def _payees_named(self) -> None:
        """Read the payees whom orders and measured values name."""
        codes = {
            f"payee:{named['system']}/{named['code']}"
            for kind, places in (("order", ("seller", "partner")), ("measurement", ("payee",)))
            for fact in self._of_kind(kind)
            for place in places
            if (named := fact.body.get(place)) is not None
        }
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

    async def _chain(self, payees: Iterable[str], *, up: bool) -> None:
        """Read the positions of some payees and those above, or below, and who holds them."""
        held = {f"payee-id:{payee}" for payee in payees}
        if not held:
            return
        some = await self._references.naming(sorted(held), ["position"])
        seen = {fact.key for fact in some}
        self._keep(some)
        for _ in range(DEEPEST):
            if up:
                above = {
                    line["reports_to"] for fact in some for line in fact.body["reporting_lines"]
                }
                wanted = sorted(above - seen)
                some = await self._references.of_keys("position", wanted) if wanted else ()
            else:
                wanted = sorted({f"position:{fact.key}" for fact in some})
                found = await self._references.naming(wanted, ["position"]) if wanted else ()
                some = [fact for fact in found if fact.key not in seen]
            if not some:
                break
            seen |= {fact.key for fact in some}
            self._keep(some)
        holders = {
            holding["payee_id"]
            for key in seen
            for fact in self.versions("position", key)
            for holding in fact.body["holdings"]
        } - {key for kind, key in self._found if kind == "payee"}
        if holders:
            self._keep(await self._references.of_keys("payee", sorted(holders)))

    async def _signals(self) -> None:
        names = {
            f"order:{fact.body['source']}/{fact.body[name]}"
            for fact in self._of_kind("order")
            for name in ("order_number", "record_id")
        }
        if names:
            self._keep(await self._references.naming(sorted(names), ["billing_signal"]))

    async def _rest(self, counted: Collection[str]) -> None:
        """Read what else is known of the payees, and the figures of those whose periods count."""
        ids = [f"payee-id:{payee}" for payee in sorted(self._ids())]
        if ids:
            self._keep(await self._references.naming(ids, ASSIGNED))
        ids = [f"payee-id:{payee}" for payee in sorted(counted)]
        if ids:
            self._keep(await self._references.naming(ids, ["target"]))
        codes = sorted({code for payee in counted for code in self._codes_of(payee)})
        if codes:
            self._keep(await self._references.naming(codes, ["measurement"]))

    def _ids(self) -> set[str]:
        return {key for kind, key in self._found if kind == "payee"}

    def _of_kind(self, kind: str) -> list[Fact]:
        return [fact for (of, _), facts in self._found.items() if of == kind for fact in facts]

    def _keep(self, facts: Iterable[Fact]) -> None:
        read: dict[tuple[str, str], list[Fact]] = {}
        for fact in facts:
            read.setdefault((fact.kind, fact.key), []).append(fact)
        self._found.update(read)


def _payees_in(fact: Fact) -> Iterable[str]:
    if fact.kind == "position":
        return [holding["payee_id"] for holding in fact.body["holdings"]]
    return [fact.body["payee_id"]]
