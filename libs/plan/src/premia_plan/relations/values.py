"""What rows are made of: attributes and where a fact came from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Attribute: TypeAlias = str | Decimal | date | bool


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where a fact came from: a source message with its digest, or an event."""

    kind: str
    id: str
    sha256: str | None = None
    label: str = ""
