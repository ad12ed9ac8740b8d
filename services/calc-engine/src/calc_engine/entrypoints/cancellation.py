"""Work that stops when somebody cancels what it is for."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

R = TypeVar("R")

LOOK_SECONDS = 0.5
"""How often a worker looks whether its job was cancelled."""


class Cancelled(Exception):
    """Raised when the work was stopped before its end."""


async def unless_cancelled(
    work: Coroutine[Any, Any, R], is_cancelled: Callable[[], Awaitable[bool]]
) -> R:
    """Return what the work returns, or stop it soon after somebody cancelled it.

    Raises:
        Cancelled: if it was stopped.
    """
    working = asyncio.create_task(work)
    watching = asyncio.create_task(_watch(is_cancelled))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Cancelled("somebody cancelled it")
        return await working
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _watch(is_cancelled: Callable[[], Awaitable[bool]]) -> None:
    cancelled = False
    while not cancelled:
        await asyncio.sleep(LOOK_SECONDS)
        with contextlib.suppress(Exception):  # an outage passes; the work goes on meanwhile
            cancelled = await is_cancelled()
