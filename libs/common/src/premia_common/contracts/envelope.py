"""The envelope: CloudEvents 1.0, structured JSON."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict

ENVELOPE_FIELDS = frozenset(
    {"event_id", "occurred_at", "tenant_id", "correlation_id", "causation_id"}
)


class UnreadableEvent(ValueError):
    """Raised when bytes from the topic are not an event of the expected type."""


@dataclass(frozen=True, slots=True)
class FactKey:
    """What makes two deliveries the same fact: kind, key of the thing, version of it."""

    kind: str
    key: str
    version: str


class Event(BaseModel):
    """A fact in the past tense, complete enough that its readers need not call back.

    Fields are only ever added, with a default; anything else is a new type `…v2`.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    """`premia.<aggregate>.<fact>.v1`; also the subject on the topic."""
    publisher: ClassVar[str]
    """The one service that may publish it."""
    nature: ClassVar[Literal["fact", "snapshot", "notice"]]
    """A fact is stored whatever its order; of a snapshot's versions only the newest is applied."""

    event_id: UUID
    occurred_at: datetime
    tenant_id: UUID
    correlation_id: UUID
    causation_id: UUID | None = None

    @property
    @abstractmethod
    def subject(self) -> str:
        """The id of the thing it is about."""

    @classmethod
    def read(cls, envelope: "Envelope") -> Self:
        """Return the event inside an envelope.

        Raises:
            UnreadableEvent: if it is of another type, or its data does not fit the contract.
        """
        if envelope.type != cls.type:
            raise UnreadableEvent(f"expected {cls.type}, got {envelope.type}")
        if envelope.data is None:
            raise UnreadableEvent(f"event {envelope.id} carries an address; resolve its data first")
        attributes = {
            "event_id": envelope.id,
            "occurred_at": envelope.time,
            "tenant_id": envelope.tenantid,
            "correlation_id": envelope.correlationid,
            "causation_id": envelope.causationid,
        }
        try:
            return cls.model_validate({**envelope.data, **attributes})
        except ValueError as error:
            raise UnreadableEvent(
                f"event {envelope.id} does not fit {cls.type}: {error}"
            ) from error


class FactEvent(Event):
    """An event that calc-engine keeps as a fact."""

    @property
    @abstractmethod
    def fact_key(self) -> FactKey:
        """The natural key: a second delivery with the same key changes nothing."""

    @property
    def fact_known_at(self) -> datetime:
        """When the owner committed the fact; never re-stamped by a reader."""
        return self.occurred_at


class Envelope(BaseModel):
    """One message on the topic, with its attributes as CloudEvents names them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    tenantid: UUID
    correlationid: UUID
    causationid: UUID | None = None
    traceparent: str | None = None
    sequence: int | None = None
    """Gapless number among everything this source published."""
    typesequence: int | None = None
    """Gapless number among this source's events of this type: its readers detect a gap."""
    dataref: str | None = None
    """Address of the data in the handover folder, when it is too large for a message."""
    datadigest: str | None = None
    data: dict[str, Any] | None = None

    @classmethod
    def wrap(cls, event: Event, *, traceparent: str | None = None) -> Self:
        """Put an event into its envelope, not yet numbered."""
        body = event.model_dump(mode="json", exclude=set(ENVELOPE_FIELDS))
        return cls(
            id=event.event_id,
            source=f"/premia/{event.publisher}",
            type=event.type,
            subject=event.subject,
            time=event.occurred_at,
            tenantid=event.tenant_id,
            correlationid=event.correlation_id,
            causationid=event.causation_id,
            traceparent=traceparent,
            data=body,
        )

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a message.

        Raises:
            UnreadableEvent: if it is not a CloudEvents 1.0 envelope of ours.
        """
        try:
            return cls.model_validate_json(content)
        except ValueError as error:
            raise UnreadableEvent(f"not an event envelope: {error}") from error

    def to_bytes(self) -> bytes:
        """Write the message; attributes without a value are left out."""
        return orjson.dumps(self.model_dump(mode="json", exclude_none=True))
