"""Who acts, when, and under which correlation: what every use case is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypedDict
from uuid import UUID


class Ids(Protocol):
    """Draws identifiers."""

    def new(self) -> UUID:
        """Return an identifier never returned before."""
        ...


class EventHeader(TypedDict):
    """The part that all events have in common."""

    event_id: UUID
    occurred_at: datetime
    tenant_id: UUID
    correlation_id: UUID


@dataclass(frozen=True, slots=True)
class Act:
    """One request's doing."""

    tenant_id: UUID
    by: UUID
    at: datetime
    ids: Ids
    correlation_id: UUID

    def header(self) -> EventHeader:
        """Return the header of a new event of this act."""
        return EventHeader(
            event_id=self.ids.new(),
            occurred_at=self.at,
            tenant_id=self.tenant_id,
            correlation_id=self.correlation_id,
        )
