"""A message as it was received, and what became of its records."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from connectors.domain.reading import Record
from connectors.domain.refusal import Refusal


class Channel(StrEnum):
    """How a message came in; decides how its bytes are read into records."""

    OUTBOUND_MESSAGE = "outbound_message"
    JSON = "json"
    CLOUDEVENTS = "cloudevents"
    FILE = "file"
    REPAIR = "repair"


class RecordForm(StrEnum):
    """What the records of a message are; decides how each is mapped."""

    ORDER = "order"
    BILLING_EVENT = "billing_event"
    SIGNAL_ROW = "signal_row"
    MEASUREMENT_ROW = "measurement_row"


class MessageState(StrEnum):
    """Where a message stands."""

    RECEIVED = "received"
    INTERPRETED = "interpreted"
    REFUSED = "refused"
    """A file whose control totals or header are wrong: none of it counts."""
    FAILED = "failed"
    """Its interpretation failed again and again; operators must look."""


class PartState(StrEnum):
    """What became of one record of a message."""

    RECEIVED = "received"
    PUBLISHED = "published"
    STALE = "stale"
    """Published as well, but a newer version of the record was known already."""
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Message:
    """Bytes as received, with secrets blacked out, and their SHA-256."""

    id: UUID
    source_id: UUID
    channel: Channel
    form: RecordForm
    media_type: str
    sha256: str
    size: int
    records: int
    received_at: datetime
    state: MessageState = MessageState.RECEIVED
    delivery_key: str | None = None
    replay_of: UUID | None = None
    content: bytes | None = None
    address: str | None = None
    """Where a file lies; `content` is empty then."""


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """One record read from a message: its place in it, and its fields or why there are none."""

    part: str
    record: Record
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What became of one record."""

    part: str
    state: PartState
    code: str | None = None


@dataclass(frozen=True, slots=True)
class FileTotals:
    """What a file held and what became of it."""

    rows: int
    accepted: int
    stale: int
    duplicates: int
    quarantined: int
    amount: str
    """Sum of the amounts of all rows that could be read, duplicates included."""


class FileRefused(Exception):
    """Raised when a file as a whole cannot be taken; nothing of it counts."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")
