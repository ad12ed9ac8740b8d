"""The shared topic, as a port."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol


class BusUnavailable(Exception):
    """Raised when the topic does not take or give messages now."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish."""

    subject: str
    message_id: str
    """Messages with the same id within the topic's window are kept once."""
    body: bytes


class Delivery(Protocol):
    """A message that was handed to this consumer and waits for its answer."""

    @property
    def body(self) -> bytes:
        """The envelope's bytes."""
        ...

    async def done(self) -> None:
        """Say that it was worked on, or kept as a dead letter, and must not come again."""
        ...

    async def again(self, delay_seconds: float) -> None:
        """Ask for it again after a while."""
        ...


class Subscription(Protocol):
    """One consumer's durable place in the topic."""

    def batches(self, size: int) -> AsyncIterator[Sequence[Delivery]]:
        """Yield what has come, up to `size` at a time; an empty batch when nothing came."""
        ...


class Bus(Protocol):
    """Publishes to the topic and reads from it.  Never the record of anything."""

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish in order; return when the topic has acknowledged all.

        Raises:
            BusUnavailable: if it did not acknowledge all; publishing all again is safe.
        """
        ...

    async def identity(self) -> str:
        """Return what tells this topic from one that was wiped and made anew.

        Raises:
            BusUnavailable: if the topic does not answer.
        """
        ...

    def subscribe(self, consumer: str, subjects: Sequence[str]) -> Subscription:
        """Return the durable place of a consumer that reads these subjects from the start."""
        ...

    async def check(self) -> None:
        """Ask for a sign of life.

        Raises:
            BusUnavailable: if there is none.
        """
        ...

    async def close(self) -> None:
        """Leave."""
        ...
