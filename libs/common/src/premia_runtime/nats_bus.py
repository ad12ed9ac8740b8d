"""The topic on NATS JetStream: one stream, one durable pull consumer per reader."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from premia_runtime.bus import BusUnavailable, Outgoing
from premia_runtime.logging import get_logger, shown

STREAM = "PREMIA"
ACK_WAIT_SECONDS = 10
"""How soon the topic hands out again what a reader took and died with."""
SIGN_OF_LIFE_SECONDS = 3
FETCH_SECONDS = 1.0
PUBLISH_SECONDS = 10.0
RETENTION_SECONDS = 35 * 24 * 3600
DUPLICATE_WINDOW_SECONDS = 120

_log = get_logger(__name__)


class NatsBus:
    """A connection to NATS that heals itself; every call says when it cannot."""

    def __init__(self, url: str, *, name: str, replicas: int = 1) -> None:
        self._url = url
        self._name = name
        self._replicas = replicas
        self._client: Client | None = None
        self._stream: JetStreamContext | None = None
        self._lock = asyncio.Lock()

    async def _context(self) -> JetStreamContext:
        async with self._lock:
            if self._client is not None and self._client.is_connected and self._stream is not None:
                return self._stream
            try:
                if self._client is None or self._client.is_closed:
                    self._client = await self._connect()
                if not self._client.is_connected:
                    raise BusUnavailable("the topic is not connected")
                stream = self._client.jetstream(timeout=PUBLISH_SECONDS)
                await self._ensure_stream(stream)
            except (NatsError, OSError, TimeoutError) as error:
                raise BusUnavailable(f"the topic does not answer: {error!r}") from error
            self._stream = stream
            return stream

    async def _connect(self) -> Client:
        async def forget(*_: object) -> None:
            self._stream = None

        async def quiet(error: Exception) -> None:
            _log.debug("topic connection", error_type=type(error).__name__)

        return await nats.connect(
            self._url,
            name=self._name,
            connect_timeout=2,
            allow_reconnect=True,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,
            disconnected_cb=forget,
            reconnected_cb=forget,
            error_cb=quiet,
        )

    async def _ensure_stream(self, stream: JetStreamContext) -> None:
        try:
            await stream.stream_info(STREAM)
        except NotFoundError:
            await stream.add_stream(
                StreamConfig(
                    name=STREAM,
                    subjects=["premia.>"],
                    retention=RetentionPolicy.LIMITS,
                    storage=StorageType.FILE,
                    discard=DiscardPolicy.NEW,
                    max_age=RETENTION_SECONDS,
                    duplicate_window=DUPLICATE_WINDOW_SECONDS,
                    num_replicas=self._replicas,
                )
            )

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish in order; return when the topic has acknowledged all."""
        stream = await self._context()
        sends = [
            stream.publish(
                message.subject,
                message.body,
                timeout=PUBLISH_SECONDS,
                stream=STREAM,
                headers={"Nats-Msg-Id": message.message_id},
            )
            for message in messages
        ]
        outcomes = await asyncio.gather(*sends, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                self._stream = None
                raise BusUnavailable(f"not acknowledged: {outcome!r}") from outcome

    async def identity(self) -> str:
        """Return when the stream was created."""
        stream = await self._context()
        try:
            answer = await stream._api_request(  # noqa: SLF001 - the typed answer lacks `created`
                f"$JS.API.STREAM.INFO.{STREAM}", timeout=PUBLISH_SECONDS
            )
        except (NatsError, OSError, TimeoutError) as error:
            self._stream = None
            raise BusUnavailable(f"the topic does not answer: {error!r}") from error
        return str(answer["created"])

    def subscribe(self, consumer: str, subjects: Sequence[str]) -> "NatsSubscription":
        """Return the durable place of a consumer."""
        return NatsSubscription(self, consumer, list(subjects))

    async def bind(self, consumer: str, subjects: list[str]) -> "JetStreamContext.PullSubscription":
        """Make sure that the durable consumer is there and bind to it."""
        stream = await self._context()
        try:
            await stream.add_consumer(
                STREAM,
                ConsumerConfig(
                    durable_name=consumer,
                    filter_subjects=subjects,
                    deliver_policy=DeliverPolicy.ALL,
                    ack_policy=AckPolicy.EXPLICIT,
                    ack_wait=ACK_WAIT_SECONDS,
                    max_ack_pending=5_000,
                    max_deliver=-1,
                ),
            )
            return await stream.pull_subscribe_bind(consumer, STREAM)
        except (NatsError, OSError, TimeoutError) as error:
            self._stream = None
            raise BusUnavailable(f"the topic gives no place to read: {error!r}") from error

    async def check(self) -> None:
        """Ask for a sign of life."""
        await self._context()

    async def close(self) -> None:
        """Leave."""
        if self._client is not None and not self._client.is_closed:
            await self._client.close()


class NatsDelivery:
    """A message from JetStream."""

    def __init__(self, message: Msg) -> None:
        self._message = message
        self._answered = False

    @property
    def body(self) -> bytes:
        """The envelope's bytes."""
        return self._message.data

    async def done(self) -> None:
        """Acknowledge it."""
        self._answered = True
        await self._message.ack()

    async def again(self, delay_seconds: float) -> None:
        """Ask for it again after a while."""
        self._answered = True
        await self._message.nak(delay=delay_seconds)

    async def is_in_work(self) -> None:
        """Let the topic know that somebody still works on it, unless it was answered."""
        if not self._answered:
            await self._message.in_progress()


class NatsSubscription:
    """Reads a durable consumer, and finds it again after the server was away or wiped."""

    def __init__(self, bus: NatsBus, consumer: str, subjects: list[str]) -> None:
        self._bus = bus
        self._consumer = consumer
        self._subjects = subjects

    async def batches(self, size: int) -> AsyncIterator[Sequence[NatsDelivery]]:
        """Yield what has come, up to `size` at a time; an empty batch when nothing came."""
        bound: JetStreamContext.PullSubscription | None = None
        idle = 0
        while True:
            try:
                if bound is None:
                    bound = await self._bus.bind(self._consumer, self._subjects)
                messages = await bound.fetch(size, timeout=FETCH_SECONDS)
                idle = 0
            except TimeoutError:
                idle += 1
                if idle % 3 == 0 and not await self._still_there(bound):
                    bound = None
                yield []
                continue
            except (BusUnavailable, NatsError, OSError) as error:
                _log.info("topic not readable", consumer=self._consumer, **shown(error))
                bound = None
                await asyncio.sleep(0.3)
                yield []
                continue
            deliveries = [NatsDelivery(message) for message in messages]
            alive = asyncio.create_task(_show_life(deliveries))
            try:
                yield deliveries
            finally:
                alive.cancel()

    async def _still_there(self, bound: "JetStreamContext.PullSubscription | None") -> bool:
        if bound is None:
            return False
        try:
            await bound.consumer_info()
        except (NatsError, OSError, TimeoutError):
            return False
        return True


async def _show_life(deliveries: Sequence[NatsDelivery]) -> None:
    """Keep the topic from handing out again what is being worked on."""
    while True:
        await asyncio.sleep(SIGN_OF_LIFE_SECONDS)
        for delivery in deliveries:
            with contextlib.suppress(NatsError, OSError):
                await delivery.is_in_work()
