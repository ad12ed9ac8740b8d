"""One tenant: facts go in by the doors and the topic, a run is started, its result is read."""

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4  # noqa: TID251 - a test draws what it likes

import asyncpg
import httpx
import pyarrow.parquet as pq

from premia_common.contracts.envelope import Envelope
from premia_runtime.bus import Outgoing
from premia_runtime.local.identities import Identity
from premia_runtime.local.ports import HOST
from premia_runtime.local.supervisor import Supervisor
from premia_runtime.nats_bus import NatsBus

from .channels import ORG, as_cloudevents, as_csv, as_json, as_soap
from .deliveries import Delivery, Example, Topic
from .master_data import MONTH, master_data
from .records import BILLING, QUALITY, SALESFORCE, SOURCES

Row = dict[str, Any]
PATIENCE_SECONDS = 60
_LINES = """
    select head.payee_id, head.principal_id, head.period, head.currency, line.line_id,
           line.origin_line_id, line.plan, line.component, line.kind, line.what, line.competence,
           line.original_period, line.corrects, line.amount, line.order_id, line.credit_id,
           line.share, line.reason, line.node_id
    from statement_head as head
    join statement_line as line using (tenant_id, statement_id, revision)
    where head.tenant_id = $1 order by line.line_id
"""
_STATEMENTS = """
    select head.payee_id, head.principal_id, head.period, head.currency, revision.digest,
           revision.totals, revision.brought_forward, revision.held, revision.payable,
           revision.carried_forward
    from statement_head as head
    join statement_revision as revision using (tenant_id, statement_id, revision)
    where head.tenant_id = $1 order by head.payee_id
"""
_FACTS = """
    select kind, key, version, (body::jsonb - 'raw' - 'known_at')::text as content
    from fact where tenant_id = $1 and kind <> 'watermark' order by kind, key, version
"""


@dataclass(frozen=True)
class Platform:
    """What the tenants of a session share."""

    supervisor: Supervisor
    client: httpx.AsyncClient
    bus: NatsBus

    def url(self, service: str, path: str) -> str:
        return f"{self.supervisor.services[service].base_url}{path}"

    def dsn(self, service: str) -> str:
        return self.supervisor.databases[service].app.replace("+asyncpg", "")

    def stored(self, address: str) -> bytes:
        return (self.supervisor.store_dir / address).read_bytes()

    async def messages_sent_to_calc_engine(self) -> list[int]:
        """Return how many messages the topic has sent to each of calc-engine's processes."""
        port = self.supervisor.nats.monitoring_port
        found = (await self.client.get(f"http://{HOST}:{port}/connz")).json()["connections"]
        return [each["out_msgs"] for each in found if each["name"] == "calc-engine"]


@dataclass
class Outcome:
    """Everything that a run left behind, except what names the tenant or the run."""

    result_digest: str
    statements: list[Row]
    lines: list[Row]
    unpaid: list[Row]
    """Lines that are held or not paid, from the run's file."""
    lineage: str
    """SHA-256 of the run's file of nodes."""
    nodes: list[Row]
    exceptions: list[Row]
    cells: list[Row]
    facts: list[tuple[Any, ...]]
    """What was received, without the message it came in and the instant it was known."""
    conflicts: int
    """Facts that were taken for another content of a known version."""


@dataclass
class Tenant:
    """A tenant of one example's own."""

    platform: Platform
    id: UUID = field(default_factory=uuid4)
    _headers: dict[str, str] = field(default_factory=dict)
    _soap_path: str = ""
    _files: list[str] = field(default_factory=list)
    _opened: bool = False
    on_the_way: list[Outcome] = field(default_factory=list)
    """What runs gave before everything had arrived."""

    async def set_up(self) -> None:
        """Log in and set up the sources, under the same codes in every tenant."""
        roles = ("admin", "machine_salesforce", "machine_billing", "compensation_analyst")
        who = Identity(f"arrival-{self.id}", self.id, self.id, roles)
        issuer = self.platform.supervisor.issuer
        issuer.register(who)
        self._headers = {"Authorization": f"Bearer {await issuer.token(who)}"}
        for code, kind in ((SALESFORCE, "salesforce"), (BILLING, "billing"), (QUALITY, "billing")):
            body = {"code": code, "kind": kind, "org_id": ORG if kind == "salesforce" else None}
            made = await self.call("connectors", "POST", "/v1/sources", 201, json=body)
            if kind == "salesforce":
                self._soap_path = f"/v1/hooks/salesforce/outbound/{made.json()['source_token']}"

    async def call(
        self,
        service: str,
        method: str,
        path: str,
        status: int,
        *,
        headers: Mapping[str, str] | None = None,
        **given: Any,
    ) -> httpx.Response:
        """Call a service, and expect this status."""
        sent = {**self._headers, "Idempotency-Key": str(uuid4()), **(headers or {})}
        url = self.platform.url(service, path)
        answer = await self.platform.client.request(method, url, headers=sent, **given)
        assert answer.status_code == status, f"{method} {path}: {answer.text[:500]}"
        return answer

    async def send(self, items: Sequence[Delivery | Topic], *, senders: int = 1) -> None:
        """Send everything, by several senders at a time."""
        waiting = iter(items)

        async def one_sender() -> None:
            for item in waiting:
                if isinstance(item, Topic):
                    await self._publish(item)
                else:
                    await self._deliver(item)

        async with asyncio.TaskGroup() as group:
            for _ in range(senders):
                group.create_task(one_sender())

    async def _publish(self, topic: Topic) -> None:
        events = master_data(self.id)
        messages = []
        for place in topic.places:
            event = events[place]
            if topic.anew:
                event = event.model_copy(update={"event_id": uuid4()})
            # A message id of its own, or the topic itself would drop the repetition.
            body = Envelope.wrap(event).to_bytes()
            messages.append(Outgoing(event.type, str(uuid4()), body))
        await self.platform.bus.publish(messages)

    async def _deliver(self, delivery: Delivery) -> None:
        records = delivery.records
        kind = records[0].kind
        source = SOURCES[kind]
        if delivery.channel == "json":
            path = f"/v1/hooks/salesforce/json/{source}"
            await self._post(path, "application/json", as_json(records))
        elif delivery.channel == "soap":
            answer = await self.call(
                "connectors", "POST", self._soap_path, 200,
                content=as_soap(records), headers={"Content-Type": "text/xml"},
            )  # fmt: skip
            assert "<Ack>true</Ack>" in answer.text
        elif delivery.channel == "cloudevents":
            events = as_cloudevents(records)
            single = len(events) == 1
            media = (
                "application/cloudevents+json" if single else ("application/cloudevents-batch+json")
            )
            content = json.dumps(events[0] if single else events).encode()
            await self._post(f"/v1/ingest/billing/{source}", media, content)
        else:
            content = as_csv(records)
            name = f"{kind}-{hashlib.sha256(content).hexdigest()[:12]}.csv"
            answer = await self.call(
                "connectors", "POST", f"/v1/sources/{source}/files", 202,
                params={"kind": kind, "name": name, "rows": len(records)},
                content=content, headers={"Content-Type": "text/csv"},
            )  # fmt: skip
            self._files.append(answer.headers["Location"])

    async def _post(self, path: str, media: str, content: bytes) -> None:
        answer = await self.call(
            "connectors", "POST", path, 202, content=content, headers={"Content-Type": media}
        )
        assert answer.json()["quarantined"] == [], answer.text

    async def settled(self, facts: int) -> None:
        """Wait until every file was read and this many facts have arrived in calc-engine.

        Watermarks, which connectors adds of its own, are not counted.
        """
        for location in dict.fromkeys(self._files):
            await self._file_read(location)
        async with asyncio.timeout(PATIENCE_SECONDS), self.database() as connection:
            found = await self._arrived(connection)
            while found < facts:
                await asyncio.sleep(0.1)
                found = await self._arrived(connection)
        assert found == facts

    async def _arrived(self, connection: "asyncpg.Connection[Any]") -> int:
        query = "select count(*) from fact where tenant_id = $1 and kind <> 'watermark'"
        return int(await connection.fetchval(query, self.id))

    async def _file_read(self, location: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = (await self.call("connectors", "GET", location, 200)).json()
                if found["state"] != "waiting":
                    break
                await asyncio.sleep(0.1)
        assert (found["state"], found["quarantined"]) == ("done", 0), found

    async def run(self) -> dict[str, Any]:
        """Calculate the month, and return the completed run."""
        if not self._opened:
            await self.call("calc-engine", "POST", "/v1/periods", 201, json={"month": MONTH})
            self._opened = True
        return await self.ended((await self.start_run()).headers["Location"])

    async def start_run(self) -> httpx.Response:
        """Ask for a run of the open month."""
        return await self.call("calc-engine", "POST", "/v1/runs", 202, json={"period": MONTH})

    async def ended(self, location: str) -> dict[str, Any]:
        """Wait for a run or a replay, and return it."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found: dict[str, Any] = (
                    await self.call("calc-engine", "GET", location, 200)
                ).json()
                if found["status"] in {"completed", "failed"}:
                    break
                await asyncio.sleep(0.1)
        assert found["status"] == "completed", found
        return found

    async def outcome(self, run: Mapping[str, Any]) -> Outcome:
        """Read what is stored of a run."""
        run_id = UUID(run["id"])
        async with self.database() as connection:
            result = await connection.fetchrow(
                "select nodes_address, lines_address, result_digest from run_result"
                " where tenant_id = $1 and run_id = $2", self.id, run_id,
            )  # fmt: skip
            exceptions = await connection.fetch(
                "select number, code, message, what_to_do, payee_id, order_id, month, blocks"
                " from run_exception where tenant_id = $1 and run_id = $2 order by number",
                self.id, run_id,
            )  # fmt: skip
            cells = await connection.fetch(
                "select payee_id, measure, month, node_id, value, target, ratio, percent"
                " from run_cell where tenant_id = $1 and run_id = $2 order by 1, 2, 3, 4",
                self.id, run_id,
            )  # fmt: skip
            statements = await connection.fetch(_STATEMENTS, self.id)
            lines = await connection.fetch(_LINES, self.id)
            facts = await connection.fetch(_FACTS, self.id)
            conflicts = await connection.fetchval(
                "select count(*) from fact_conflict where tenant_id = $1", self.id
            )
        nodes = self.platform.stored(result["nodes_address"])
        return Outcome(
            result_digest=result["result_digest"],
            statements=[dict(row) for row in statements],
            lines=[dict(row) for row in lines],
            unpaid=[
                row
                for row in _rows(self.platform.stored(result["lines_address"]))
                if row["statement_id"] is None
            ],
            lineage=hashlib.sha256(nodes).hexdigest(),
            nodes=_rows(nodes),
            exceptions=[dict(row) for row in exceptions],
            cells=[dict(row) for row in cells],
            facts=[tuple(row) for row in facts],
            conflicts=conflicts,
        )

    async def segments(self, run: Mapping[str, Any]) -> list[list[tuple[str, str, str]]]:
        """Return the facts of each segment that a run's manifest names."""
        answer = await self.call("calc-engine", "GET", f"/v1/runs/{run['id']}/manifest", 200)
        found = []
        for segment in answer.json()["manifest"]["segments"]:
            content = self.platform.stored(segment["address"])
            assert hashlib.sha256(content).hexdigest() == segment["sha256"]
            found.append([(row["kind"], row["key"], row["version"]) for row in _rows(content)])
        return found

    async def batches_landed(self) -> int:
        """Return how many files of facts calc-engine has loaded."""
        query = "select count(*) from inbox where tenant_id = $1 and type like '%fact_batch%'"
        async with self.database() as connection:
            return int(await connection.fetchval(query, self.id))

    async def channels(self) -> set[str]:
        """Return the channels by which messages have come to connectors."""
        async with self.database(service="connectors") as connection:
            found = await connection.fetch(
                "select distinct channel from inbound_message where tenant_id = $1", self.id
            )
        return {row["channel"] for row in found}

    async def leaves(self, line: Row) -> list[Row]:
        """Return where the explanation of a statement line ends."""
        query = {"period": line["period"], "payee_id": str(line["payee_id"])}
        path = "/v1/statements"
        found = await self.call("calc-engine", "GET", path, 200, params=query)
        [statement] = found.json()["items"]
        path = f"/v1/statements/{statement['id']}/lines/{line['line_id']}/explain"
        tree = (await self.call("calc-engine", "GET", path, 200)).json()["tree"]
        return [step for step in _steps(tree) if step["source"]]

    @asynccontextmanager
    async def database(
        self, service: str = "calc-engine"
    ) -> AsyncIterator["asyncpg.Connection[Any]"]:
        """Open a service's database as the application does, for this tenant."""
        connection = await asyncpg.connect(self.platform.dsn(service))
        try:
            await connection.execute("select set_config('app.tenant', $1, false)", str(self.id))
            yield connection
        finally:
            await connection.close()

    async def live(self, example: Example) -> Outcome:
        """Live through an example to its end."""
        await self.set_up()
        events = master_data(self.id)
        *parts, last = example.drawn(len(events))
        for part in parts:
            await self.send(part, senders=example.senders)
            if example.payee_last:
                await self.settled(example.facts(len(events)) - 1)
            self.on_the_way.append(await self.outcome(await self.run()))
        await self.send(last, senders=example.senders)
        await self.settled(example.facts(len(events)))
        return await self.outcome(await self.run())


def _steps(tree: Row) -> Iterator[Row]:
    yield tree
    for child in tree["children"]:
        yield from _steps(child)


def _rows(content: bytes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(content)).to_pylist()
    return rows
