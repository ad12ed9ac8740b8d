"""Following, cancelling and resuming runs."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from calc_engine.adapters.database.job_queue import PostgresJobs
from calc_engine.application.jobs import LEASE
from calc_engine.engine.reference_calculator import ReferenceCalculator
from calc_engine.entrypoints.own_thread import in_own_thread
from calc_engine.main import create_worker
from premia_plan.results import Calculation

from ..conftest import NOW, Office  # noqa: TID252
from ..samples import above_target, agency_plan_text, master_data  # noqa: TID252


def events_in(text: str) -> list[dict[str, Any]]:
    """Return the events of a stream: id, event and the parsed data."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        if "data" in fields:
            found.append({**fields, "data": json.loads(fields["data"])})
    return found


async def follow(office: Office, run_id: str, last: str | None = None) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {office.analyst.token}"}
    if last is not None:
        headers["Last-Event-ID"] = last
    answer = await office.service.client.get(f"/v1/runs/{run_id}/events", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    return events_in(answer.text)


async def told(office: Office, path: str, stage: str) -> dict[str, Any]:
    """Return the progress as soon as it is told; the calculation does not wait for that."""
    progress: dict[str, Any] = {}
    async with asyncio.timeout(10):
        while progress.get("stage") != stage:
            await asyncio.sleep(0.05)
            progress = (await office.analyst.get(path)).json()["progress"]
    return progress


async def test_a_run_is_followed_from_its_first_stage_to_its_end(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    started = await office.analyst.post("/v1/runs", {"period": "2026-03"})

    events, _ = await asyncio.gather(follow(office, started.json()["id"]), office.work())

    assert [event["data"]["progress"]["stage"] for event in events] == [
        "queued",
        "waiting for sources",
        "sealing facts",
        "reading segments",
        "arranging facts",
        "calculating agency-energy-2026",
        "comparing with what was posted",
        "storing",
        "completed",
    ]
    assert [event["id"] for event in events] == [str(number) for number in range(1, 10)]
    assert [event["event"] for event in events] == ["progress"] * 8 + ["ended"]
    assert events[5]["data"]["progress"] == {
        "stage": "calculating agency-energy-2026",
        "done": 0,
        "of": 1,
    }


async def test_a_follower_that_lost_its_connection_goes_on_where_it_was(office: Office) -> None:
    await office.open("2026-03")
    run = await office.run("2026-03")
    every = await follow(office, run["id"])

    rest = await follow(office, run["id"], last=every[2]["id"])

    assert rest == every[3:]
    assert rest[-1]["event"] == "ended"


async def test_a_stream_refuses_an_event_id_that_is_no_number(office: Office) -> None:
    await office.open("2026-03")
    run = await office.run("2026-03")

    answer = await office.service.client.get(
        f"/v1/runs/{run['id']}/events",
        headers={"Authorization": f"Bearer {office.analyst.token}", "Last-Event-ID": "four"},
    )

    assert answer.status_code == 400
    assert "Last-Event-ID is the number of an event" in answer.json()["detail"]


async def test_a_queued_run_that_is_cancelled_is_never_calculated(office: Office) -> None:
    await office.open("2026-03")
    started = await office.analyst.post("/v1/runs", {"period": "2026-03"})
    path = started.headers["Location"]

    cancelled = await office.analyst.post(f"{path}/cancel")
    again = await office.analyst.post(f"{path}/cancel")
    next_one = await office.analyst.post("/v1/runs", {"period": "2026-03"})
    await office.work()

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert again.json()["status"] == "cancelled"
    assert (await office.analyst.get(path)).json()["attempts"] == 0
    assert (await office.analyst.get(next_one.headers["Location"])).json()["status"] == "completed"


async def test_a_completed_run_is_not_cancelled(office: Office) -> None:
    await office.open("2026-03")
    run = await office.run("2026-03")

    answer = await office.analyst.post(f"/v1/runs/{run['id']}/cancel")

    assert (answer.status_code, answer.json()["code"]) == (409, "run-not-cancellable")


class EndlessCalculator(ReferenceCalculator):
    """Says that it has begun, and never ends by itself."""

    def __init__(self, begun: Callable[[], None]) -> None:
        self._begun = begun
        self.was_stopped = False

    def calculate(self, *_: Any, **__: Any) -> Calculation:
        self._begun()
        try:
            while True:
                pass
        finally:
            self.was_stopped = True


async def test_a_calculation_at_work_is_stopped_within_five_seconds_of_a_cancel(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    begun, loop = asyncio.Event(), asyncio.get_running_loop()
    endless = EndlessCalculator(lambda: loop.call_soon_threadsafe(begun.set) and None)
    service = office.service
    worker = create_worker(service.settings, service.runtime, engines=endless)
    started = await office.analyst.post("/v1/runs", {"period": "2026-03"})
    working = asyncio.create_task(worker.work_once())
    await begun.wait()

    cancelled = await office.analyst.post(f"{started.headers['Location']}/cancel")
    await asyncio.wait_for(working, timeout=5)

    assert cancelled.json()["status"] == "cancelled"
    assert endless.was_stopped
    assert await office.statements("2026-03") == []
    events = await follow(office, started.json()["id"])
    assert events[-1]["data"]["status"] == "cancelled"


async def test_a_back_test_at_work_is_stopped_within_five_seconds_of_a_cancel(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    begun, loop = asyncio.Event(), asyncio.get_running_loop()
    endless = EndlessCalculator(lambda: loop.call_soon_threadsafe(begun.set) and None)
    service = office.service
    worker = create_worker(service.settings, service.runtime, engines=endless)
    question = {"from": "2026-01", "to": "2026-03", "document": agency_plan_text()}
    started = await office.analyst.post("/v1/back-tests", question)
    working = asyncio.create_task(worker.work_once())
    await begun.wait()
    path = started.headers["Location"]
    progress = await told(office, path, "as it is: calculating agency-energy-2026")

    cancelled = await office.analyst.post(f"{path}/cancel")
    await asyncio.wait_for(working, timeout=5)

    assert (progress["done"], progress["of"]) == (0, 1)
    assert cancelled.json()["status"] == "cancelled"
    assert endless.was_stopped
    assert (await office.analyst.get(path)).json()["result"] is None


async def test_of_two_runs_asked_for_at_once_one_is_refused(office: Office) -> None:
    await office.open("2026-03")

    answers = await asyncio.gather(
        *(office.analyst.post("/v1/runs", {"period": "2026-03"}) for _ in range(4))
    )

    await office.work()
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]


async def test_a_run_whose_worker_died_is_calculated_again_and_says_so(office: Office) -> None:
    await office.open("2026-03")
    started = await office.analyst.post("/v1/runs", {"period": "2026-03"})
    worker = create_worker(office.service.settings, office.service.runtime)
    queue = PostgresJobs(office.service.runtime.system_database)
    dead = await queue.claim(NOW)
    assert dead is not None
    async with office.service.runtime.open_work(office.tenant) as work:
        await work.runs.attempt(dead.run_id, at=NOW)

    assert not await queue.claim(NOW)
    assert LEASE.total_seconds() < 10
    await worker.work_once()

    run = (await office.analyst.get(started.headers["Location"])).json()
    stages = [event["data"]["progress"]["stage"] for event in await follow(office, run["id"])]
    assert (run["status"], run["attempts"]) == ("completed", 2)
    assert stages.count("waiting for sources") == 2


async def test_work_that_fails_in_its_own_thread_fails_for_its_caller() -> None:
    def broken() -> None:
        raise ValueError("not a number")

    with pytest.raises(ValueError, match="not a number"):
        await in_own_thread(broken)
