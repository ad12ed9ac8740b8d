"""New identifiers, as a port."""

import os
import threading
from typing import Protocol
from uuid import UUID

from premia_runtime.clock import Clock, SystemClock


class Ids(Protocol):
    """Draws identifiers; the only source of random ids there is."""

    def new(self) -> UUID:
        """Return an identifier never returned before."""
        ...


class TimeOrderedIds:
    """Version 7 UUIDs (RFC 9562): they sort by the millisecond they were drawn in."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._last = 0

    def new(self) -> UUID:
        """Return a new identifier, greater than every one drawn before by this object."""
        milliseconds = int(self._clock.now().timestamp() * 1000)
        random = int.from_bytes(os.urandom(10), "big")
        value = (milliseconds << 80) | (random & ((1 << 80) - 1))
        value = (value & ~(0xF << 76)) | (0x7 << 76)
        value = (value & ~(0x3 << 62)) | (0x2 << 62)
        with self._lock:
            value = max(value, self._last + 1)
            self._last = value
        return UUID(int=value)


class SequentialIds:
    """1, 2, 3, … as UUIDs: for tests."""

    def __init__(self) -> None:
        self._last = 0

    def new(self) -> UUID:
        """Return the next number as a UUID."""
        self._last += 1
        return UUID(int=self._last)
