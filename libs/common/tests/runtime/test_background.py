"""Tasks beside the requests end when the service does, whatever happens in them."""

import asyncio

from premia_runtime.background import end_all, start_all, within


async def _forever() -> None:
    await asyncio.Event().wait()


async def test_a_task_that_lost_its_cancellation_is_asked_again() -> None:
    lost: list[str] = []

    async def deaf_once() -> None:
        while True:
            try:
                await _forever()
            except asyncio.CancelledError:
                if lost:
                    raise
                lost.append("the first")

    tasks = start_all({"deaf": deaf_once, "other": _forever}, {})
    await asyncio.sleep(0)

    await asyncio.wait_for(end_all(tasks, asked_again=0.01), timeout=5)

    assert lost == ["the first"]
    assert all(task.cancelled() for task in tasks)


async def test_a_task_that_answers_as_it_is_cancelled_ends_all_the_same() -> None:
    """What `wait_for` of Python 3.11 does when its answer and the cancellation come together."""
    ready = asyncio.Event()

    async def reads() -> None:
        while True:
            await asyncio.wait_for(ready.wait(), timeout=60)
            await asyncio.sleep(0.001)

    tasks = start_all({"reads": reads}, {})
    await asyncio.sleep(0)
    ready.set()

    await asyncio.wait_for(end_all(tasks, asked_again=0.01), timeout=5)

    assert tasks[0].cancelled()


async def test_a_task_that_fails_is_started_again_and_shown_until_then() -> None:
    failures: dict[str, str] = {}
    started: list[int] = []

    async def fails_once() -> None:
        started.append(len(started))
        if len(started) == 1:
            raise OSError("away")

    (task,) = start_all({"relay": fails_once}, failures)
    await asyncio.sleep(0.01)
    assert failures == {"relay": "OSError"}

    await asyncio.wait_for(task, timeout=10)

    assert failures == {}
    assert started == [0, 1]


async def test_a_step_that_hangs_or_fails_does_not_hold_up_the_others() -> None:
    async def fails() -> None:
        raise OSError("away")

    await asyncio.wait_for(within(0.01, "topic", _forever()), timeout=5)
    await within(1, "database", fails())
