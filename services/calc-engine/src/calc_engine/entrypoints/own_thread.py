"""A long calculation beside the event loop, which ends when its caller is cancelled."""

import asyncio
import contextlib
import ctypes
import threading
from collections.abc import Callable
from typing import TypeVar

R = TypeVar("R")

STOPPED_WITHIN_SECONDS = 5.0


class Stopped(BaseException):
    """Raised inside the calculation when nobody waits for it any more.

    Like KeyboardInterrupt it is no Exception, so that no handler of errors takes it for one.
    """


async def in_own_thread(work: Callable[[], R]) -> R:
    """Return what `work` returns, computed in a thread of its own.

    The thread is not one of a pool, so that stopping it cannot hit anything else.  When the
    caller is cancelled, `Stopped` is raised in the thread at its next step in Python; a call
    into C ends first.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[R] = loop.create_future()

    def deliver(set_it: Callable[[], None]) -> None:
        def unless_gone() -> None:
            if not answer.done():
                set_it()

        # The loop may be closed by the time a stopped calculation ends: nobody waits then.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(unless_gone)

    def run() -> None:
        try:
            result = work()
        except Stopped:
            return
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller hears of it
            caught = error
            deliver(lambda: answer.set_exception(caught))
        else:
            deliver(lambda: answer.set_result(result))

    thread = threading.Thread(target=run, name="calculation", daemon=True)
    thread.start()
    try:
        return await answer
    except asyncio.CancelledError:
        _stop(thread)
        await asyncio.to_thread(thread.join, STOPPED_WITHIN_SECONDS)
        raise


def _stop(thread: threading.Thread) -> None:
    if thread.ident is not None and thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(Stopped)
        )
