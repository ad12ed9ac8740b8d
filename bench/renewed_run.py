"""A run after one late order: going on from the period's last run, against calculating everything.

A real PostgreSQL of the test fixtures holds every order, and the worker of the service runs.  Timed
is a job from its beginning to its end: sealing, calculating, lineage, files, statements, report.
"""

import asyncio
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from bench.data import prepared
from bench.late_order import PERIOD, RUN, TENANT, late_body, load, say, settings_in
from bench.recorded import KNOWN, PRINCIPAL, late_fact, recorded
from calc_engine.adapters.database.unit_of_work import CalcWork
from calc_engine.application.ports import FactRow
from calc_engine.application.start_run import start_run
from calc_engine.domain.run import RunKind, RunResult
from calc_engine.entrypoints.worker import Worker
from calc_engine.main import create_worker, open_calc_runtime
from premia_common.canonical import digest
from premia_common.identifiers import derive_id
from premia_runtime.ids import TimeOrderedIds
from premia_runtime.runtime import Runtime

LATE = 2
"""Late orders, each followed by a run of either kind; the least counts."""
NAMED = re.compile(r'"(payee_id|principal_id)":"([^"]+)"')


class RunsNotEqual(Exception):
    """Raised when a renewed run is not what calculating everything gives."""


async def main(orders: int) -> None:
    """Run all orders; let one come late and run again, both ways; print the seconds."""
    data = prepared(orders)
    with tempfile.TemporaryDirectory() as folder:
        settings, owner = settings_in(Path(folder))
        runtime = open_calc_runtime(settings)
        await load(list(with_ids(recorded(data))), owner)
        async with runtime.open_work(TENANT) as work:
            await work.periods.open(PERIOD, by=RUN, at=KNOWN)
        worker = create_worker(settings, runtime)
        first, _ = await _run(runtime, worker, everything=True)
        taken: dict[str, list[float]] = {"renewed": [], "whole": []}
        for number in range(LATE):
            late = late_fact(f"L{number}", late_body(number + 1, Random(number), data.payees))  # noqa: S311 - drawn data
            async with runtime.open_work(TENANT) as work:
                await work.facts.add([late])
            results = []
            for name, everything in (("renewed", False), ("whole", True)):
                seconds, result = await _run(runtime, worker, everything=everything)
                taken[name].append(seconds)
                results.append(result)
            if results[0].base_run_id is None:
                raise RunsNotEqual(f"not renewed: {results[0].everything_because}")
            if results[0].result_digest != results[1].result_digest:
                raise RunsNotEqual("the digests differ")
        say(f"{orders:,} orders: first run {first:.2f} s, then {taken}")
        await runtime.database.close()
        await runtime.system_database.close()
    found = {name: round(min(seconds), 3) for name, seconds in taken.items()}
    sys.stdout.write(json.dumps({**found, "orders": orders}) + "\n")


async def _run(
    runtime: Runtime[CalcWork], worker: Worker, *, everything: bool
) -> tuple[float, RunResult]:
    ids = TimeOrderedIds()
    async with runtime.open_work(TENANT) as work:
        run = await start_run(
            work,
            kind=RunKind.PERIOD,
            period=PERIOD,
            as_known_at=None,
            wait_seconds=0,
            everything=everything,
            by=RUN,
            now=KNOWN,
            ids=ids,
            correlation_id=ids.new(),
        )
    started = time.perf_counter()
    await worker.work_once()
    seconds = time.perf_counter() - started
    async with runtime.open_work(TENANT) as work:
        ended = await work.runs.get(run.run_id)
    if ended.failure is not None:
        raise RunsNotEqual(ended.failure)
    return seconds, ended.completed()


def with_ids(rows: Iterable[FactRow]) -> Iterator[FactRow]:
    """Give facts with ids where the data has names: statements are kept by id."""
    for row in rows:
        body = NAMED.sub(_as_id, row.body)
        kept = row.kind in {"payee", "principal"} and row.key != ""
        key = str(derive_id(row.kind, row.key)) if kept else row.key
        yield replace(row, key=key, body=body, digest=digest(body.encode()))


def _as_id(found: re.Match[str]) -> str:
    what, name = found.groups()
    kind = "principal" if name == PRINCIPAL else "payee"
    return f'"{what}":"{derive_id(kind, name)}"'


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
