"""The Parquet schema of a batch of facts, versioned like an event.

A row is the event that a single delivery would have been: same key, same body.
"""

from typing import Final

FACTS_V1: Final = "premia.facts.v1"

COLUMNS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    FACTS_V1: (
        ("event_id", "string"),
        ("type", "string"),
        ("kind", "string"),
        ("key", "string"),
        ("version", "string"),
        ("known_at", "timestamp[us, tz=UTC]"),
        ("body", "string"),
        ("digest", "string"),
    ),
}
"""Columns and Arrow types by contract.

`body` is the canonical JSON of the event's data, `digest` its SHA-256.
"""
