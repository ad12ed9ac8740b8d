"""Moves committed events from the outbox to the topic, in order, each with a gapless number."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from premia_runtime.bus import Bus, BusUnavailable, Outgoing
from premia_runtime.database import Database
from premia_runtime.faults import fault_point
from premia_runtime.logging import get_logger, shown
from premia_runtime.plumbing import RUNTIME

BATCH = 500
POLL_SECONDS = 1.0
LEADER_LOCK = 7_305_190_417_002
NUMBERING_LOCK = 7_305_190_417_003
EVERYTHING = ""

_log = get_logger(__name__)


class OutboxRelay:
    """One leader per database publishes; the others wait for its place.

    Order: number the committed rows, publish them, mark them sent after the topic's
    acknowledgement.  A crash between any two steps publishes a row again under the same id.
    When the topic turns out to be a new one, every kept row is sent again.
    """

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Relay until cancelled; outages are waited out."""
        while True:
            try:
                async with self._leadership() as place:
                    await self._relay_as_leader(place)
            except BusUnavailable as error:
                _log.info("outbox waits for the topic", **shown(error))
            except Exception as error:  # noqa: BLE001 - an outage must not end the relay
                _log.warning("outbox relay starts again", **shown(error))
            await asyncio.sleep(POLL_SECONDS / 2)

    @contextlib.asynccontextmanager
    async def _leadership(self) -> AsyncIterator[AsyncConnection]:
        """Hold the leader's lock on the connection given, which also listens for new rows."""
        async with self._database.engine.connect() as connection:
            autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
            raw = await autocommit.get_raw_connection()
            driver = raw.driver_connection
            assert driver is not None  # noqa: S101 - a live pool connection has its driver's
            while not await autocommit.scalar(  # noqa: ASYNC110 - the lock has no signal
                text("select pg_try_advisory_lock(:lock)"), {"lock": LEADER_LOCK}
            ):
                await asyncio.sleep(POLL_SECONDS)
            await driver.add_listener("outbox", self._notified)
            try:
                yield autocommit
            finally:
                with contextlib.suppress(Exception):
                    await driver.remove_listener("outbox", self._notified)
                    await autocommit.execute(
                        text("select pg_advisory_unlock(:lock)"), {"lock": LEADER_LOCK}
                    )

    def _notified(self, *_: object) -> None:
        self._wake.set()

    async def _relay_as_leader(self, place: AsyncConnection) -> None:
        await self.resend_if_new_topic()
        idle_polls = 0
        while True:
            self._wake.clear()
            # The lock ends with its connection: without this, a leader whose connection was
            # cut would go on beside the next one, and hear of no new row.
            await place.execute(text("select 1"))
            if await self.relay_once():
                idle_polls = 0
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
            idle_polls += 1
            if idle_polls % 2 == 0:
                await self.resend_if_new_topic()

    async def resend_if_new_topic(self) -> None:
        """Mark every kept row unsent when the topic is not the one they were sent to."""
        identity = await self._bus.identity()
        table = RUNTIME.outbox_stream
        async with self._database.system() as connection:
            known = await connection.scalar(select(table.c.created).where(table.c.id == 1))
            if known == identity:
                return
            await connection.execute(
                insert(table)
                .values(id=1, created=identity)
                .on_conflict_do_update(index_elements=["id"], set_={"created": identity})
            )
            if known is not None:
                _log.warning("the topic is a new one: every kept event is sent again")
                await connection.execute(
                    update(RUNTIME.outbox)
                    .where(RUNTIME.outbox.c.sent_at.is_not(None))
                    .values(sent_at=None)
                )

    async def relay_once(self) -> int:
        """Publish one batch; return how many rows it held."""
        async with self._database.system() as connection:
            await self._number(connection)
        async with self._database.system() as connection:
            outbox = RUNTIME.outbox.c
            found = await connection.execute(
                select(
                    outbox.id, outbox.event_id, outbox.type, outbox.body,
                    outbox.sequence, outbox.typesequence, outbox.times,
                )
                .where(outbox.sent_at.is_(None), outbox.sequence.is_not(None))
                .order_by(outbox.sequence)
                .limit(BATCH)
            )  # fmt: skip
            rows = found.all()
        if not rows:
            return 0
        await self._bus.publish([_message(row) for row in rows])
        fault_point("outbox.published.before_mark")
        async with self._database.system() as connection:
            await connection.execute(
                update(RUNTIME.outbox)
                .where(RUNTIME.outbox.c.id.in_([row.id for row in rows]))
                .values(sent_at=text("clock_timestamp()"))
            )
        return len(rows)

    async def _number(self, connection: AsyncConnection) -> None:
        """Give each new row the next number of all, and of its type: in order of its id.

        One transaction at a time: a leader that lost its place a moment ago may still be here.
        """
        await connection.execute(
            text("select pg_advisory_xact_lock(:lock)"), {"lock": NUMBERING_LOCK}
        )
        outbox = RUNTIME.outbox
        found = await connection.execute(
            select(outbox.c.id, outbox.c.type)
            .where(outbox.c.sequence.is_(None), outbox.c.sent_at.is_(None))
            .order_by(outbox.c.id)
            .limit(BATCH)
        )
        rows = found.all()
        if not rows:
            return
        last = await self._take_numbers(connection, rows)
        numbered = []
        for row in rows:
            last[EVERYTHING] += 1
            last[row.type] += 1
            numbered.append((row.id, last[EVERYTHING], last[row.type]))
        await connection.execute(
            text(
                "update outbox set sequence = n.sequence, typesequence = n.typesequence "
                "from unnest(cast(:ids as bigint[]), cast(:seq as bigint[]), "
                "cast(:types as bigint[])) as n(id, sequence, typesequence) where outbox.id = n.id"
            ),
            {
                "ids": [row[0] for row in numbered],
                "seq": [row[1] for row in numbered],
                "types": [row[2] for row in numbered],
            },
        )

    async def _take_numbers(
        self, connection: AsyncConnection, rows: Sequence[Row[Any, Any]]
    ) -> dict[str, int]:
        """Reserve the numbers; return the last one used before, by type."""
        needed = Counter(row.type for row in rows)
        needed[EVERYTHING] = len(rows)
        table = RUNTIME.outbox_number
        last = {}
        for kind, count in sorted(needed.items()):
            statement = insert(table).values(type=kind, last=count)
            taken = await connection.scalar(
                statement.on_conflict_do_update(
                    index_elements=["type"], set_={"last": table.c.last + count}
                ).returning(table.c.last)
            )
            last[kind] = int(taken or count) - count
        return last

    async def republish(self, *, from_sequence: int, tenant_id: UUID | None = None) -> int:
        """Mark rows from a number on unsent, so that they are sent again with the same ids.

        They are sent under message ids of their own, since the topic would take them for repeats.
        """
        outbox = RUNTIME.outbox.c
        chosen = update(RUNTIME.outbox).where(
            outbox.sequence >= from_sequence, outbox.sent_at.is_not(None)
        )
        if tenant_id is not None:
            chosen = chosen.where(outbox.tenant_id == tenant_id)
        async with self._database.system() as connection:
            marked = await connection.execute(chosen.values(sent_at=None, times=outbox.times + 1))
            await connection.execute(text("select pg_notify('outbox', '')"))
        return marked.rowcount


def _message(row: Row[Any, Any, Any, Any, Any, Any, Any]) -> Outgoing:
    envelope = orjson.loads(row.body)
    envelope["sequence"] = row.sequence
    envelope["typesequence"] = row.typesequence
    message_id = f"{row.event_id}/{row.times}" if row.times else str(row.event_id)
    return Outgoing(subject=row.type, message_id=message_id, body=orjson.dumps(envelope))
