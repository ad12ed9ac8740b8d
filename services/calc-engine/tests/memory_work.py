"""The ports of a run over facts in memory: what PostgreSQL looks up, looked up in lists."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from uuid import UUID

import orjson

from calc_engine.application.ports import FactRow
from calc_engine.application.record_facts import fact_row
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.fact import Fact
from calc_engine.domain.restatement import ApprovedStatements
from calc_engine.domain.run import Run
from calc_engine.domain.standing import Replaced
from calc_engine.domain.statement_line import PostedLine
from premia_common.contracts.envelope import FactEvent
from premia_common.periods import Month


def fact_of_row(row: FactRow) -> Fact:
    """Return what was stored as it is read again."""
    body = orjson.loads(row.body)
    return Fact(row.kind, row.key, row.version, row.known_at, row.event_id, row.digest, body)


def fact_of_event(event: FactEvent) -> Fact:
    """Return the fact that an event is stored as."""
    return fact_of_row(fact_row(event))


@dataclass
class MemoryWork:
    """A tenant's facts, what was posted, and its last run."""

    tenant_id: UUID
    baseline: Baseline
    facts_: list[Fact] = field(default_factory=list)
    last: Run | None = None

    @property
    def references(self) -> "MemoryWork":
        return self

    @property
    def standings(self) -> "MemoryWork":
        return self

    @property
    def statements(self) -> "MemoryWork":
        return self

    @property
    def runs(self) -> SimpleNamespace:
        async def latest_of(_: Month) -> Run | None:
            return self.last

        return SimpleNamespace(latest_of=latest_of)

    async def naming(self, references: Collection[str], kinds: Collection[str]) -> Sequence[Fact]:
        wanted = set(references)
        named = {
            (fact.kind, fact.key)
            for fact in self.facts_
            if fact.kind in kinds and not wanted.isdisjoint(_references(fact))
        }
        return [fact for fact in self.facts_ if (fact.kind, fact.key) in named]

    async def of_keys(self, kind: str, keys: Collection[str]) -> Sequence[Fact]:
        return [fact for fact in self.facts_ if fact.kind == kind and fact.key in keys]

    async def chain_above(self, payees: Collection[str]) -> Sequence[Fact]:
        held = [f"payee-id:{payee}" for payee in payees]
        chain = {fact.key for fact in await self.naming(held, ["position"])}
        positions = [fact for fact in self.facts_ if fact.kind == "position"]
        while True:
            above = {
                line["reports_to"]
                for fact in positions
                if fact.key in chain
                for line in fact.body["reporting_lines"]
            }
            if above <= chain:
                break
            chain |= above
        found = [fact for fact in positions if fact.key in chain]
        holders = {item["payee_id"] for fact in found for item in fact.body["holdings"]}
        return [*found, *await self.of_keys("payee", holders)]

    async def paying(self, names: Collection[str]) -> Sequence[Fact]:
        return [
            fact
            for fact in self.facts_
            if fact.kind in {"loan", "adjustment"} and fact.body["payee"] in names
        ]

    async def other_than(self, kinds: Collection[str]) -> Sequence[Fact]:
        return [fact for fact in self.facts_ if fact.kind not in kinds]

    async def posted(self, _: Month, keys: Sequence[Replaced]) -> Sequence[PostedLine]:
        return [
            line
            for line in self.baseline.posted
            if any(
                key.plan == line.plan
                and key.has_line(line.component, line.payee_id, line.competence, line.order_id)
                for key in keys
            )
        ]

    async def approved(self, _: Month, payees: Collection[str]) -> ApprovedStatements:
        return {key: item for key, item in self.baseline.approved.items() if key[0] in payees}

    async def paid_before(self, _: Month, payees: Collection[str]) -> Baseline:
        return replace(
            self.baseline,
            posted=(),
            approved={},
            known=(),
            balances={k: v for k, v in self.baseline.balances.items() if k[0] in payees},
            closed={k: v for k, v in self.baseline.closed.items() if k[0] in payees},
            payments=tuple(item for item in self.baseline.payments if item.payee_id in payees),
        )


def _references(fact: Fact) -> Iterator[str]:
    """Give what a fact names, as the database's trigger notes it."""
    body = fact.body
    yield from _payees(body.get(place) for place in ("seller", "partner", "payee"))
    if fact.kind == "order":
        yield f"order:{body['source']}/{body['order_number']}"
        yield f"order:{body['source']}/{body['record_id']}"
        yield from _payees((body.get("payees") or {}).values())
        return
    if isinstance(body.get("order"), dict):
        yield f"order:{body['order']['system']}/{body['order']['code']}"
    if "payee_id" in body:
        yield f"payee-id:{body['payee_id']}"
    if fact.kind == "payee":
        yield from _payees(body["external_ids"])
    if fact.kind == "position":
        yield from (f"payee-id:{item['payee_id']}" for item in body["holdings"])
        yield from (f"position:{item['reports_to']}" for item in body["reporting_lines"])


def _payees(named: Iterable[object]) -> Iterator[str]:
    for item in named:
        if isinstance(item, dict):
            yield f"payee:{item['system']}/{item['code']}"
