"""Tasks that run as long as a service does, and how they are ended."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence

from premia_runtime.logging import get_logger, shown

ASKED_AGAIN_SECONDS = 8.0
"""Longer than what a task may need to end properly, well below the time a process is given."""

Background = Callable[[], Awaitable[None]]

_log = get_logger(__name__)


def start_all(
    tasks: Mapping[str, Background], failures: MutableMapping[str, str]
) -> list["asyncio.Task[None]"]:
    """Start the tasks; each that fails is started again, and is in `failures` until then."""
    return [
        asyncio.create_task(_supervise(name, task, failures), name=name)
        for name, task in tasks.items()
    ]


async def _supervise(name: str, task: Background, failures: MutableMapping[str, str]) -> None:
    while True:
        try:
            await task()
        except Exception as error:  # noqa: BLE001 - it is started again and shown in /readyz
            failures[name] = type(error).__name__
            _log.warning("background task starts again", step=name, **shown(error))
            await asyncio.sleep(1)
            failures.pop(name, None)
        else:
            return


async def end_all(
    tasks: Sequence["asyncio.Task[None]"], *, asked_again: float = ASKED_AGAIN_SECONDS
) -> None:
    """Cancel the tasks and return when all have ended.

    A cancellation can be lost: on Python 3.11 `asyncio.wait_for` answers instead of raising when
    what it waits for is done in the same turn of the loop.  So who goes on is asked again.
    """
    going_on = set(tasks)
    while going_on:
        for task in going_on:
            task.cancel()
        _, going_on = await asyncio.wait(going_on, timeout=asked_again)
        for task in going_on:
            _log.warning("background task is asked again to end", step=task.get_name())


async def within(seconds: float, what: str, step: Awaitable[None]) -> None:
    """Await a step of stopping, but no longer than `seconds`: a peer that is gone must not hold it.

    Whatever it raises is told and not raised, so that the steps after it are taken.
    """
    try:
        async with asyncio.timeout(seconds):
            await step
    except Exception as error:  # noqa: BLE001 - the process ends anyhow
        _log.warning("stopping goes on without", step=what, **shown(error))
