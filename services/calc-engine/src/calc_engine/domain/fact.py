"""A fact as it was received, and which version of a thing is the current one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

Body: TypeAlias = Mapping[str, Any]
"""The JSON of an event, as its contract says; read field by field in `records`."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One version of one thing that somebody else owns.

    `known_at` is when the owner committed it.  `digest` is the SHA-256 of the canonical body.
    """

    kind: str
    key: str
    version: str
    known_at: datetime
    event_id: UUID
    digest: str
    body: Body


def version_order(version: str) -> tuple[str, ...]:
    """Return what versions of one thing are compared by.

    A source's version and the version of the mapping that read it are joined by a slash; each
    is compared on its own, so that a longer source version is not cut by the slash.

    >>> version_order("2026-01-01T00:00:00.5Z/000001") > version_order("2026-01-01T00:00:00/000001")
    True
    """
    return tuple(version.split("/"))


def current(facts: Iterable[Fact]) -> dict[str, dict[str, Fact]]:
    """Return the highest version of each thing, by kind and key, whatever order they come in.

    Two facts of one version cannot both be stored, so the highest is one.
    """
    found: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        things = found.setdefault(fact.kind, {})
        known = things.get(fact.key)
        if known is None or version_order(fact.version) > version_order(known.version):
            things[fact.key] = fact
    return found


def known_until(facts: Iterable[Fact], instant: datetime | None) -> Iterable[Fact]:
    """Return the facts known at an instant; all of them when it is None."""
    return facts if instant is None else (fact for fact in facts if fact.known_at <= instant)
