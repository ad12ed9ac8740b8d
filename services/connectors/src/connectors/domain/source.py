"""A source: one foreign system that tells the platform things."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class SourceKind(StrEnum):
    """What a source is."""

    SALESFORCE = "salesforce"
    BILLING = "billing"


class SourceNotValid(ValueError):
    """Raised when a source cannot be set up as asked."""


@dataclass(frozen=True, slots=True)
class Source:
    """A foreign system of a tenant."""

    id: UUID
    code: str
    kind: SourceKind
    org_id: str | None
    """Salesforce's organisation id; messages of another are refused."""
    time_zone: str
    mapping_version: int
    created_at: datetime

    def __post_init__(self) -> None:
        if self.kind is SourceKind.SALESFORCE and len(self.org_id or "") not in (15, 18):
            raise SourceNotValid(
                "a Salesforce source needs its organisation id of 15 or 18 characters"
            )
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise SourceNotValid(
                f"{self.time_zone!r} is not a time zone; write it like Europe/Rome"
            ) from None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the source's instants become days."""
        return ZoneInfo(self.time_zone)

    def is_organisation(self, org_id: str | None) -> bool:
        """Say whether a message comes from the expected organisation.

        The first 15 characters count, upper and lower case apart; the last three are a checksum.
        """
        if self.org_id is None or org_id is None or len(org_id) not in (15, 18):
            return False
        return org_id[:15] == self.org_id[:15]
