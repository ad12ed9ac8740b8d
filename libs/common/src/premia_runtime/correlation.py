"""The ids that tie together what one request or event caused, across services."""

from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Trace:
    """Where the work at hand came from."""

    correlation_id: UUID
    causation_id: UUID | None = None
    traceparent: str | None = None


current_trace: ContextVar[Trace | None] = ContextVar("current_trace", default=None)
"""The trace of the request or event being worked on."""
