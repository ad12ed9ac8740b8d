"""Keeping one part of the platform running."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from premia_runtime.local.child import Child

_LOOK_SECONDS = 0.05
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0
_SETTLED_SECONDS = 10.0


class Part(Protocol):
    """Something that runs as one process."""

    name: str
    log_path: Path

    @property
    def child(self) -> Child | None:
        """The process, None before the first start."""

    async def start(self) -> None:
        """Start, and return when it is ready; StartFailed if it does not become so."""

    async def stop(self) -> None:
        """Stop in good order."""

    async def is_ready(self) -> bool:
        """Tell whether it is ready now."""

    def kill(self) -> None:
        """Kill as a crash would."""


class Watched:
    """A part that is started again whenever it dies unasked, after a pause that grows to 5 s."""

    def __init__(
        self, part: Part, *, started: Callable[[Part], None], say: Callable[[str], None]
    ) -> None:
        self.part = part
        self.restarts = 0
        self._started = started
        self._say = say
        self._wanted = False
        self._lock = asyncio.Lock()
        self._watcher: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the part and watch it from now on; nothing happens if it runs.

        Raises:
            StartFailed: if it does not become ready; it is not tried again then.
        """
        async with self._lock:
            if self._wanted and self._is_alive():
                return
            await self._start_part()
            self._wanted = True
        if self._watcher is None:
            self._watcher = asyncio.create_task(self._watch(), name=f"watch {self.part.name}")

    async def stop(self) -> None:
        """Stop the part and leave it stopped."""
        self._wanted = False
        async with self._lock:
            await self.part.stop()

    async def kill(self) -> None:
        """Kill the part and return when it is dead; the watcher starts it again."""
        child = self.part.child
        self.part.kill()
        if child is not None:
            await child.wait(10)

    async def close(self) -> None:
        """Stop the part and watch it no more."""
        self._wanted = False
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
            self._watcher = None
        await self.stop()

    async def is_ready(self) -> bool:
        """Tell whether the part runs and is ready."""
        return self._is_alive() and not self._lock.locked() and await self.part.is_ready()

    def _is_alive(self) -> bool:
        return self.part.child is not None and self.part.child.exit_code is None

    async def _start_part(self) -> None:
        starting = asyncio.create_task(self.part.start())
        try:
            # Recorded while it is still starting, so that a kill of this process leaves no orphan.
            while not starting.done() and not self._is_alive():
                await asyncio.wait([starting], timeout=_LOOK_SECONDS)
            self._started(self.part)
            await starting
        finally:
            starting.cancel()

    def _how(self) -> str:
        code = self.part.child.exit_code if self.part.child else None
        return "" if code is None else f" (exit code {code})"

    async def _watch(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        last_start = time.monotonic()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if not self._wanted or self._is_alive():
                continue
            if time.monotonic() - last_start > _SETTLED_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            async with self._lock:
                if not self._wanted or self._is_alive():
                    continue
                self.restarts += 1
                last_start = time.monotonic()
                self._say(
                    f"{self.part.name} died{self._how()} and is started again ({self.restarts})"
                )
                try:
                    await self._start_part()
                except Exception as error:  # noqa: BLE001 - it is said, and tried again
                    self._say(str(error))
