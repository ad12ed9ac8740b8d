"""One late order, end to end: stored, and the standing of all it reaches renewed and committed.

A real PostgreSQL of the test fixtures holds every order.  What is timed is one order after the
other: storing the fact commits, then finding it, reading what it may reach, calculating, writing
lineage and draft lines commits.  The topic and HTTP are not in it.
"""

import asyncio
import gc
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import insert, select

from bench.data import Data, prepared
from bench.recorded import KNOWN, late_fact, order_body, recorded
from calc_engine.adapters.database import tables
from calc_engine.adapters.database.unit_of_work import CalcWork, OpenCalcWork
from calc_engine.adapters.files.run_files import ParquetRunFiles
from calc_engine.application.calculate_plans import calculate_plans
from calc_engine.application.ports import FactRow
from calc_engine.application.renew_standings import renew_standings
from calc_engine.domain.fact import Fact
from calc_engine.domain.records import Records
from calc_engine.domain.restatement import lines_of_period
from calc_engine.domain.standing import StandingLine, held_lines, stated_line
from calc_engine.engine.choice import EngineChoice
from calc_engine.engine.duck import Room
from calc_engine.main import open_calc_runtime
from calc_engine.settings import Settings
from premia_common.identifiers import derive_id
from premia_common.periods import Month
from premia_runtime.ids import TimeOrderedIds
from premia_runtime.runtime import Runtime
from premia_runtime.testing.databases import ServiceDatabases

PERIOD = Month(2027, 2)
TENANT = derive_id("bench", "tenant")
RUN = derive_id("bench", "run")
LATE, WARM = 500, 20
AT_ONCE = 20_000
COMPARED_UP_TO = 100_000
"""With more orders, the month's lines of the sellers of `SAMPLED` late orders are compared."""

SAMPLED = 50
OWN = frozenset({"base", "accelerator"})
"""The components that rest on their payee's orders alone, so that these few can be calculated."""

_CODE = re.compile(r'"code":"(P\d+)"')


class LateOrderLost(Exception):
    """Raised when late orders changed nothing of what they must."""

    def __init__(self, lost: Sequence[str]) -> None:
        super().__init__(
            f"{len(lost)} late orders have lines by themselves and changed none of them, such as "
            f"{', '.join(lost[:3])}; what was timed is not their renewal"
        )


class StandingsNotEqual(Exception):
    """Raised when renewed standings are not what calculating everything gives."""

    def __init__(self, renewed: int, full: int, different: int) -> None:
        super().__init__(
            f"{renewed} lines are renewed, {full} calculated whole, and {different} differ"
        )


async def main(orders: int) -> None:
    """Load the orders, start the period's standing, let late orders arrive; print what it took."""
    data = prepared(orders)
    with tempfile.TemporaryDirectory() as folder:
        settings, owner = settings_in(Path(folder))
        runtime = open_calc_runtime(settings)
        rows = list(recorded(data))
        started = time.perf_counter()
        await load(rows, owner)
        say(f"{len(rows):,} facts loaded in {time.perf_counter() - started:.0f} s")
        await _start(runtime, rows, owner)
        del rows  # a service that renews standings holds no facts
        gc.collect()
        taken, late, changed = await _late_orders(runtime, data.payees)
        _check_changed(data, late, changed)
        every = [row for row in recorded(data) if row.kind != "order" or orders <= COMPARED_UP_TO]
        if orders <= COMPARED_UP_TO:
            await _compare(runtime, [*every, *late], payees=None)
        else:
            some = _sellers(late[:SAMPLED])
            theirs = [row for row in recorded(data) if row.kind == "order" and _named(row) & some]
            await _compare(runtime, [*every, *theirs, *late], payees=some)
        await runtime.database.close()
        await runtime.system_database.close()
    taken.sort()
    found = {f"p{at}": round(_part(taken, at), 2) for at in (50, 90, 99)}
    sys.stdout.write(json.dumps({**found, "most": round(taken[-1], 2), "orders": orders}) + "\n")


def settings_in(folder: Path) -> tuple[Settings, str]:
    """Start a PostgreSQL in a folder; return the service's settings and its owner's address."""
    database = ServiceDatabases(folder, "bench")["calc-engine"]
    settings = Settings(
        environment="test",
        database_url=database.app,
        system_database_url=database.system,
        nats_url="nats://127.0.0.1:1",
        issuer_url="http://issuer.bench",
        jwks_url="http://issuer.bench/jwks.json",
        audience="bench",
        store_dir=folder / "store",
        public_base_url="http://calc.bench",
        cursor_secret=str(TENANT),
    )
    return settings, database.owner


async def load(rows: Sequence[FactRow], owner: str) -> None:
    """Store facts by COPY, as the owner of the tables."""
    connection = await asyncpg.connect(owner.replace("postgresql+asyncpg", "postgresql"))
    columns = ["tenant_id", "kind", "key", "version", "known_at", "event_id", "body", "digest"]
    try:
        for table in ("fact", "fact_reference"):
            await connection.execute(f"alter table {table} no force row level security")
        for start in range(0, len(rows), AT_ONCE):
            await connection.copy_records_to_table(
                "fact",
                columns=columns,
                records=[
                    (
                        TENANT,
                        row.kind,
                        row.key,
                        row.version,
                        row.known_at,
                        row.event_id,
                        row.body,
                        row.digest,
                    )
                    for row in rows[start : start + AT_ONCE]
                ],
            )
        for table in ("fact", "fact_reference"):
            await connection.execute(f"alter table {table} force row level security")
        await connection.execute("analyze")
    finally:
        await connection.close()


async def _start(runtime: Runtime[CalcWork], rows: Sequence[FactRow], owner: str) -> None:
    """Start the standing of the last month from a calculation of everything."""
    started = time.perf_counter()
    lines = _whole(rows if len(rows) < 2 * COMPARED_UP_TO else _of_the_month(rows))
    async with runtime.open_work(TENANT) as work:
        await work.periods.open(PERIOD, by=RUN, at=KNOWN)
        await work.connection.execute(
            insert(tables.run).values(
                tenant_id=TENANT,
                run_id=RUN,
                kind="period",
                period=str(PERIOD),
                wait_seconds=0,
                requested_by=RUN,
                requested_at=KNOWN,
                correlation_id=RUN,
            )
        )
        run = _AsRun()
        seen = await work.facts.snapshot()
        await work.standings.start(run, PERIOD, seen, lines, (), at=KNOWN)  # type: ignore[arg-type]
    connection = await asyncpg.connect(owner.replace("postgresql+asyncpg", "postgresql"))
    await connection.execute("analyze")
    await connection.close()
    say(f"{len(lines):,} lines of {PERIOD} stand after {time.perf_counter() - started:.0f} s")


class _AsRun:
    """What a standing keeps of the run it goes on from."""

    run_id, period = RUN, PERIOD


def _whole(rows: Iterable[FactRow]) -> list[StandingLine]:
    """Calculate everything, and return the lines of the last month and what is held."""
    records = Records.of(_facts(rows))
    engines = EngineChoice(room=Room(2, 4_096, None))
    found = calculate_plans(records, engines, since=PERIOD, until=PERIOD, say=lambda _: None)
    stated, _ = lines_of_period(
        found.lines, (), period=PERIOD, go_live=PERIOD, approved={}, order_sources={}
    )
    return [*(stated_line(line, "") for line in stated), *held_lines(found.lines, "")]


def _of_the_month(rows: Iterable[FactRow]) -> Iterable[FactRow]:
    """Leave out the orders that tell of no day in the last month: they hold all memory there is.

    What an earlier month counts again is then not as it should be, and what is held is missing.
    """
    return (row for row in rows if row.kind != "order" or f'"{PERIOD}-' in row.body)


def _facts(rows: Iterable[FactRow]) -> Iterable[Fact]:
    for row in rows:
        names = (row.kind, row.key, row.version, row.known_at, row.event_id, row.digest)
        yield Fact(*names, orjson.loads(row.body))


async def _late_orders(
    runtime: Runtime[CalcWork], payees: int
) -> tuple[list[float], list[FactRow], set[str]]:
    """Let late orders arrive one by one; return the milliseconds that each took, and them.

    The last is what they are called whose renewal wrote lines of them.
    """
    random, taken, cpu, late = Random(7), [], [], []  # noqa: S311 - drawn data
    changed: set[str] = set()
    engines, files, ids = EngineChoice(), ParquetRunFiles(runtime.store), TimeOrderedIds()
    for number in range(WARM + LATE):
        fact = late_fact(f"L{number:06d}", late_body(number, random, payees))
        late.append(fact)
        started, worked = time.perf_counter(), time.process_time()
        async with runtime.open_work(TENANT) as work:
            await work.facts.add([fact])
        [renewed] = await renew_standings(
            tenant_id=TENANT,
            open_work=OpenCalcWork(runtime.open_work),
            files=files,
            engines=engines,
            ids=ids,
            now=KNOWN,
        )
        taken.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - worked) * 1000)
        lines = () if renewed.replacement is None else renewed.replacement.lines
        if any(line.order_id == fact.key for line in lines):
            changed.add(fact.key)
    own = sorted(cpu[WARM:])
    say(f"of it in this process: p50 {_part(own, 50):.1f} ms, p99 {_part(own, 99):.1f} ms of CPU")
    return taken[WARM:], late, changed


def _check_changed(data: Data, late: Sequence[FactRow], changed: set[str]) -> None:
    """Calculate the late orders without any other, and see that their renewals wrote their lines.

    Raises:
        LateOrderLost: if an order has lines then, and had none when it arrived.
    """
    master = (row for row in recorded(data) if row.kind != "order")
    must = {line.order_id for line in _whole([*master, *late]) if line.order_id is not None}
    if lost := sorted(must - changed):
        raise LateOrderLost(lost)
    say(f"{len(must)} of {len(late)} late orders must change something, and did")


def _named(row: FactRow) -> set[str]:
    """Return the payees that an order names."""
    return set(_CODE.findall(row.body))


def _sellers(orders: Iterable[FactRow]) -> set[str]:
    return {orjson.loads(row.body)["seller"]["code"] for row in orders}


def late_body(number: int, random: Random, payees: int) -> dict[str, Any]:
    """Return an order of this month or the month before, with a partner in every 25th."""
    signed = date(2027, 1, 4) + timedelta(days=random.randrange(40))
    partner = f"P{random.randrange(payees):06d}" if number % 25 == 0 else None
    return order_body(
        f"L{number:06d}",
        signed,
        seller=f"P{random.randrange(payees):06d}",
        partner=partner,
        category=random.choice(["gas", "power", "dual"]),
        territory=f"T{random.randrange(107):03d}",
        amount=f"{random.randrange(20_000, 300_000) / 100:.2f}",
        states=[("activated", date(2027, 2, 1) + timedelta(days=random.randrange(28)))],
    )


async def _compare(
    runtime: Runtime[CalcWork], rows: Sequence[FactRow], *, payees: set[str] | None
) -> None:
    """Calculate everything again and compare every line, or those of some payees and the month.

    Raises:
        StandingsNotEqual: if one is not the same.
    """
    full = {_content(line) for line in _whole(rows) if _is_compared(line, payees)}
    line = tables.standing_line.c
    async with runtime.open_work(TENANT) as work:
        found = await work.connection.execute(
            select(*(line[name] for name in StandingLine._fields)).where(line.tenant_id == TENANT)
        )
        stored = (StandingLine(*row) for row in found)
        renewed = {_content(each) for each in stored if _is_compared(each, payees)}
    if renewed != full or not full:
        raise StandingsNotEqual(len(renewed), len(full), len(renewed ^ full))
    whose = "" if payees is None else f" of {len(payees)} payees"
    say(f"{len(full):,} lines{whose} are what calculating everything gives")


def _is_compared(line: StandingLine, payees: set[str] | None) -> bool:
    if payees is None:
        return True
    is_own = line.payee_id in payees and line.component in OWN
    return is_own and line.competence == str(PERIOD)


def _content(line: StandingLine) -> tuple[object, ...]:
    known: UUID = UUID(str(line.line_id))
    return (known, line.payee_id, line.component, line.what, line.competence, f"{line.amount:.2f}")


def _part(taken: Sequence[float], percent: int) -> float:
    return taken[min(len(taken) * percent // 100, len(taken) - 1)]


def say(text: str) -> None:
    """Tell how far it is, beside the result."""
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
