"""A topic for tests that carry events by hand: nothing leaves, nothing arrives by itself."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from premia_runtime.bus import BusUnavailable, Delivery, Outgoing, Subscription


class QuietBus:
    """A topic that takes nothing and brings nothing: what is announced stays in the outbox."""

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """Refuse.

        Raises:
            BusUnavailable: always.
        """
        raise BusUnavailable(f"{len(messages)} messages are not taken in this test")

    async def identity(self) -> str:
        """Refuse.

        Raises:
            BusUnavailable: always.
        """
        raise BusUnavailable("there is no topic in this test")

    def subscribe(self, consumer: str, subjects: Sequence[str]) -> Subscription:  # noqa: ARG002 - the port's
        """Return a place to which nothing comes."""
        return _Nothing()

    async def check(self) -> None:
        """Say that all is well."""

    async def close(self) -> None:
        """Leave."""


class _Nothing:
    async def batches(self, size: int) -> AsyncIterator[Sequence[Delivery]]:  # noqa: ARG002 - the port's
        await asyncio.Event().wait()
        yield []


@dataclass
class Delivered:
    """A delivery that remembers how it was answered."""

    body: bytes
    answers: list[str] = field(default_factory=list)

    async def done(self) -> None:
        """Remember that it was taken."""
        self.answers.append("done")

    async def again(self, delay_seconds: float) -> None:
        """Remember that it was given back."""
        self.answers.append(f"again after {delay_seconds}")
