"""What the use cases need from the outside."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from connectors.application.catalogue_attributes import Attributes
from connectors.application.feed_port import Feed
from connectors.application.preparation import PreparedFact, RefusedRecord
from connectors.application.publication import Provenance
from connectors.domain.field_mapping import OrderMapping
from connectors.domain.message import (
    FileTotals,
    Message,
    MessageState,
    PartOutcome,
    RecordForm,
)
from connectors.domain.reading import Record
from connectors.domain.source import Source
from premia_common.contracts.envelope import Event


class Outbox(Protocol):
    """Takes the events that this transaction announces."""

    def add(self, event: Event) -> None:
        """Announce an event if, and only if, the transaction commits."""
        ...


class Sources(Protocol):
    """The tenant's sources and their mappings."""

    async def add(self, source: Source, *, token_hash: str, by: UUID) -> None:
        """Keep a new source.

        Raises:
            SourceExists: if the tenant has one of this code.
        """
        ...

    async def replace_token(self, source_id: UUID, token_hash: str) -> None:
        """Let a source be called by another path token, and no more by the one before."""
        ...

    async def get(self, code: str) -> Source:
        """Return a source.

        Raises:
            SourceNotFound: if the tenant has none of this code.
        """
        ...

    async def by_id(self, source_id: UUID) -> Source:
        """Return a source by its id."""
        ...

    async def by_token(self, token_hash: str) -> Source:
        """Return the source that a path token belongs to.

        Raises:
            SourceNotFound: if there is none.
        """
        ...

    async def every(self) -> Sequence[Source]:
        """Return all sources, by code."""
        ...

    async def add_mapping(
        self, source_id: UUID, version: int, document: dict[str, Any], *, by: UUID, at: datetime
    ) -> None:
        """Keep a mapping version and make it the one in use."""
        ...

    async def mapping(self, source: Source) -> OrderMapping | None:
        """Return the mapping in use; None for a source without orders."""
        ...

    async def lock_for_facts(self, source_id: UUID) -> None:
        """Hold off watermarks of this source until the transaction ends."""
        ...

    async def lock_for_watermark(self, source_id: UUID) -> None:
        """Wait until no transaction is recording facts of this source, and hold off new ones."""
        ...

    async def note_drift(
        self, source_id: UUID, fields: Collection[str], *, message_id: UUID, at: datetime
    ) -> None:
        """Remember unmapped fields, once each."""
        ...


class Messages(Protocol):
    """Messages as received, and their records."""

    async def add(self, message: Message) -> bool:
        """Keep a message; say whether it is new.

        Raises:
            DeliveryKeyReused: if its delivery key came before with other bytes.
        """
        ...

    async def add_parts(self, message: Message, parts: Sequence[tuple[str, str]]) -> None:
        """Keep the records' places and dedupe keys; a key known already is left out."""
        ...

    async def get(self, message_id: UUID) -> Message:
        """Return a message.

        Raises:
            MessageNotFound: if the tenant has none of this id.
        """
        ...

    async def parts(self, message_id: UUID) -> Sequence[PartOutcome]:
        """Return the records kept of a message, in order."""
        ...

    async def settle_parts(self, message_id: UUID, outcomes: Sequence[PartOutcome]) -> None:
        """Write down what became of records."""
        ...

    async def settle(self, message_id: UUID, state: MessageState) -> None:
        """Write down where a message stands."""
        ...

    async def received_between(
        self, source_id: UUID, start: datetime, end: datetime
    ) -> Sequence[UUID]:
        """Return the messages of a source received in a half-open span of time."""
        ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of prepared facts: which are new, stale or in conflict, by their part."""

    accepted: list[PreparedFact]
    stale: frozenset[str]
    conflicting: list[PreparedFact]
    duplicates: list[str]


@dataclass(frozen=True, slots=True)
class Watermark:
    """Everything a source knew up to an instant is published."""

    known_up_to: datetime
    count: int
    amount: Decimal


class Facts(Protocol):
    """Every version of every foreign record, insert-only; and the newest of each order."""

    async def record(
        self, source_id: UUID, facts: Sequence[PreparedFact], origin: Provenance
    ) -> Recorded:
        """Record versions not recorded before; apply orders that are newer than what is known."""
        ...

    async def totals(self, source_id: UUID) -> tuple[int, Decimal]:
        """Return how many facts a source told, and the sum of its orders' current amounts."""
        ...

    async def latest_watermark(self, source_id: UUID) -> Watermark | None:
        """Return the latest watermark of a source."""
        ...

    async def add_watermark(self, source_id: UUID, mark: Watermark, *, at: datetime) -> None:
        """Keep a watermark."""
        ...


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A record that could not be read, kept until it can."""

    id: UUID
    source_id: UUID
    message_id: UUID
    part: str
    form: RecordForm
    code: str
    detail: str
    field: str | None
    value: str | None
    status: str
    attempts: int
    first_at: datetime
    last_at: datetime
    record: Record


class Quarantine(Protocol):
    """Records that could not be read."""

    async def put(
        self, message: Message, refused: Sequence[RefusedRecord], *, at: datetime
    ) -> None:
        """Keep refused records; one refused again counts the attempt."""
        ...

    async def get(self, entry_id: UUID) -> QuarantineEntry:
        """Return an entry, locked until the transaction ends.

        Raises:
            QuarantineEntryNotFound: if the tenant has none of this id.
        """
        ...

    async def refuse_again(self, entry_id: UUID, refused: RefusedRecord, *, at: datetime) -> None:
        """Write down why an entry's record is still refused."""
        ...

    async def release(
        self, message_id: UUID, parts: Collection[str], *, by: UUID | None, at: datetime
    ) -> None:
        """Close the open entries of these records."""
        ...


@dataclass(frozen=True, slots=True)
class FileJob:
    """A file that was handed in: what it was said to hold, and what became of it."""

    message: Message
    source: str
    name: str
    declared_rows: int | None
    declared_sum: Decimal | None
    totals: FileTotals | None
    problem: tuple[str, str] | None
    batch_address: str | None
    finished_at: datetime | None


class Files(Protocol):
    """Files that were handed in."""

    async def by_name(self, source_id: UUID, name: str) -> FileJob | None:
        """Return the file of a name, if there is one."""
        ...

    async def add(
        self,
        message: Message,
        *,
        name: str,
        declared_rows: int | None,
        declared_sum: Decimal | None,
    ) -> None:
        """Keep a file's description.

        Raises:
            FileNameTaken: if another file of this name was handed in at the same moment.
        """
        ...

    async def get(self, message_id: UUID) -> FileJob:
        """Return a file.

        Raises:
            FileNotFound: if the tenant has none of this id.
        """
        ...

    async def finish(
        self, message_id: UUID, totals: FileTotals, *, batch_address: str | None, at: datetime
    ) -> None:
        """Write down what became of a file."""
        ...

    async def refuse(self, message_id: UUID, code: str, detail: str, *, at: datetime) -> None:
        """Write down why a file was refused or given up."""
        ...


class Task(StrEnum):
    """What is still to be done about a message or a source."""

    INTERPRET = "interpret"
    REPLAY = "replay"
    WATERMARK = "watermark"


class Tasks(Protocol):
    """What was promised by an answer and is still to be done."""

    async def add(self, task: Task, subject_id: UUID, *, not_before: datetime) -> None:
        """Remember a task; the same one again changes nothing."""
        ...

    async def take(self, task: Task, subject_id: UUID, *, wait: bool) -> bool:
        """Take a task for this transaction and remove it; False if another has or did it.

        It stays to be done if the transaction does not commit.
        """
        ...

    async def postpone(
        self, task: Task, subject_id: UUID, *, error: str, not_before: datetime
    ) -> int:
        """Count a failed try; return how many there were."""
        ...

    async def give_up(self, task: Task, subject_id: UUID) -> None:
        """Remove a task that failed too often."""
        ...


class ConnectorsWork(Protocol):
    """One tenant's open transaction, as the use cases see it."""

    @property
    def tenant_id(self) -> UUID:
        """Whose transaction it is."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Events of this transaction."""
        ...

    @property
    def sources(self) -> Sources:
        """Sources and mappings."""
        ...

    @property
    def attributes(self) -> Attributes:
        """What is known of order attributes."""
        ...

    @property
    def messages(self) -> Messages:
        """Messages as received."""
        ...

    @property
    def facts(self) -> Facts:
        """Record versions."""
        ...

    @property
    def quarantine(self) -> Quarantine:
        """Records that could not be read."""
        ...

    @property
    def files(self) -> Files:
        """Files."""
        ...

    @property
    def tasks(self) -> Tasks:
        """What is still to be done."""
        ...

    @property
    def feed(self) -> Feed:
        """The invoice feed."""
        ...
