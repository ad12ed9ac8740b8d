"""A fact as it was received, and which version of a thing is the current one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from premia_common.canonical import canonical_json, digest

Body: TypeAlias = Mapping[str, Any]
"""The JSON of an event, as its contract says; read field by field in `records`."""


FORWARDED = frozenset({"order", "billing_signal", "measurement"})
"""Kinds that connectors read from other systems' messages; their bodies name the message."""

_HOW_IT_CAME = frozenset({"raw", "known_at"})

MOST_DIGESTS = 200_000
_CONTENT_DIGESTS: dict[str, str] = {}
"""The digest of what a fact says by that of its whole body: the same facts are read again."""


@dataclass(frozen=True, slots=True)
class FactName:
    """Which version of which thing.  The version of a forwarded kind holds one slash.

    >>> name = FactName("order", "salesforce/801", "2026-03-05T09:58:14Z/000001")
    >>> FactName.parse(str(name)) == name
    True
    >>> FactName.parse("target/0193/0000000002").key
    '0193'
    """

    kind: str
    key: str
    version: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}/{self.version}"

    @classmethod
    def parse(cls, text: str) -> "FactName":
        """Read a name that `str` wrote.

        Raises:
            ValueError: if it is none.
        """
        kind, _, rest = text.partition("/")
        key, *version = rest.rsplit("/", 2 if kind in FORWARDED else 1)
        if not key or not version:
            raise ValueError(f"{text!r} names no fact; write kind/key/version")
        return cls(kind, key, "/".join(version))


@dataclass(frozen=True, slots=True)
class RawMessage:
    """The source message that a fact was read from: SHA-256 of its bytes, and the part of it."""

    message_id: str
    sha256: str
    part: str | None


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

    @property
    def name(self) -> FactName:
        """Which version of which thing it is."""
        return FactName(self.kind, self.key, self.version)

    def content_digest(self) -> str:
        """Return the SHA-256 of what the fact says, however and whenever it was delivered.

        The same record comes in messages of any size and by any channel: which message was
        first, and when, is kept with the fact and is no part of what follows from it.
        """
        known = _CONTENT_DIGESTS.get(self.digest)
        if known is None:
            content = {name: value for name, value in self.body.items() if name not in _HOW_IT_CAME}
            known = digest(canonical_json(content))
            if len(_CONTENT_DIGESTS) >= MOST_DIGESTS:
                _CONTENT_DIGESTS.clear()
            _CONTENT_DIGESTS[self.digest] = known
        return known


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
