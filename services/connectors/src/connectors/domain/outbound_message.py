"""A Salesforce Outbound Message: an envelope with up to a hundred notifications."""

from dataclasses import dataclass

from connectors.domain.reading import Record

MOST_NOTIFICATIONS = 100


class MalformedEnvelope(ValueError):
    """Raised when a SOAP body is not an Outbound Message; nothing of it is stored."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One record in an envelope, with the values it had when the envelope was sent."""

    part: str
    notification_id: str | None
    record: Record


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """An envelope as it may be stored: its session id is blacked out."""

    organization_id: str | None
    notifications: tuple[Notification, ...]
    content: bytes
