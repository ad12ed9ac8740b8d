"""A job is killed at named points and at random moments; its totals are those of a quiet one."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from jobs import fresh_tenant, totals_of

from premia_cli.demo.job import Job
from premia_cli.demo.main_job import run_job
from premia_doubles.sample.shape import RUN_MONTH
from premia_runtime.http import HttpClient
from premia_runtime.local.supervisor import Supervisor

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("platform")]

POINTS = [
    ("plan.published.before_commit", "plans published by two people"),
    ("outbox.published.before_mark", "master data"),
    ("calc-engine.consumer.committed.before_ack", "master data"),
    ("invoicing.consumer.committed.before_ack", "master data"),
    ("intake.committed.before_ack", "orders pushed"),
    ("intake.committed.before_ack", "files handed in"),
    ("run.sealed", f"run of {RUN_MONTH}"),
    ("run.stored.before_complete", f"run of {RUN_MONTH}"),
    ("statement.approval.before_commit", f"{RUN_MONTH} approved"),
    ("pro_forma.numbered.before_commit", f"pro-formas of {RUN_MONTH}"),
    ("feed.leased.before_answer", f"SAP books {RUN_MONTH}"),
    ("feed.acknowledged.before_commit", f"SAP books {RUN_MONTH}"),
]
VICTIMS = [
    "plans-api",
    "calc-engine",
    "calc-worker",
    "connectors",
    "invoicing",
    "postgres",
    "nats",
    "calc-engine",
]
LONGEST_WAIT_SECONDS = 4.0


@pytest.fixture(scope="session")
async def quiet(job: Job) -> dict[str, Any]:
    """Return the totals of a job that nothing disturbs."""
    return await totals_of(job)


def at_step(title: str, act: Callable[[], Awaitable[None]]) -> Callable[[str], Awaitable[None]]:
    async def before(beginning: str) -> None:
        if beginning == title:
            await act()

    return before


@pytest.mark.parametrize(("point", "step"), POINTS)
async def test_a_process_killed_at_a_named_point_loses_and_doubles_nothing(
    platform: Supervisor, http: HttpClient, quiet: dict[str, Any], point: str, step: str
) -> None:
    async def arm() -> None:
        platform.arm_fault(point)

    number = 1 + POINTS.index((point, step))
    restarts = sum(platform.restarts.values())

    job = await run_job(platform, http, tenant=fresh_tenant(number), before=at_step(step, arm))

    assert platform.fault_was_hit(point)
    logs = "".join(path.read_text() for path in platform.state_dir.glob("logs/*.log"))
    assert f'"event":"fault point hit","point":"{point}"' in logs
    assert sum(platform.restarts.values()) > restarts
    assert await totals_of(job) == quiet


@pytest.mark.parametrize("round_number", range(len(VICTIMS)))
async def test_a_process_killed_at_a_random_moment_loses_and_doubles_nothing(
    platform: Supervisor, http: HttpClient, quiet: dict[str, Any], round_number: int
) -> None:
    wait = random.Random(round_number).uniform(0.3, LONGEST_WAIT_SECONDS)
    victim = VICTIMS[round_number]

    async def kill() -> None:
        await asyncio.sleep(wait)
        await platform.kill(victim)

    killing = asyncio.create_task(kill())
    job = await run_job(platform, http, tenant=fresh_tenant(100 + round_number))
    await killing

    assert await totals_of(job) == quiet
    await platform.wait_ready()


async def test_a_topic_whose_store_is_lost_between_two_steps_is_filled_again(
    platform: Supervisor, http: HttpClient, quiet: dict[str, Any]
) -> None:
    job = await run_job(
        platform,
        http,
        tenant=fresh_tenant(200),
        before=at_step("watermarks", platform.wipe_nats),
    )

    assert await totals_of(job) == quiet
