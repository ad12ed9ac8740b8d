"""A versioned record of master data: content that is replaced whole, never overwritten."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeAlias, TypeVar
from uuid import UUID

Key: TypeAlias = tuple[str | UUID | date, ...]


class Content(Protocol):
    """What a record says; `key` is the natural key, the same in all its versions."""

    @property
    def key(self) -> Key:
        """What tells records of a kind apart, for good."""
        ...


C = TypeVar("C", bound=Content)


class RecordNotFound(Exception):
    """Raised when the tenant has no such record, or the caller may not see it."""

    def __init__(self, kind: str, wanted: UUID | str) -> None:
        self.kind = kind
        super().__init__(f"There is no {kind} {wanted}.  Check the id; the list shows what exists.")


class RecordExists(Exception):
    """Raised when a new record has the natural key of another with other content."""

    def __init__(self, kind: str, record_id: UUID, version: int) -> None:
        self.record_id = record_id
        super().__init__(
            f"There is a {kind} with this key and other content: {record_id}, version {version}.  "
            f'Change it by PUT with If-Match: "{version}".'
        )


class KeyRepeated(Exception):
    """Raised when two items of a batch have the same natural key and other content."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"An item before this one has the same key and other content for the {kind}, and was "
            "refused.  Send each key once in a batch."
        )


class RecordChanged(Exception):
    """Raised when another version than the one named is current."""

    def __init__(self, what: str, current: int) -> None:
        self.current = current
        super().__init__(
            f"The current version of this {what} is {current}.  Read it again, "
            f'then repeat the change with If-Match: "{current}".'
        )


class KeyIsFixed(Exception):
    """Raised when a change would give a record another natural key."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"The key of a {kind} never changes.  Leave it as it is, or create another {kind}."
        )


class ReferenceUnknown(Exception):
    """Raised when content names something that the tenant does not have."""

    def __init__(self, kind: str, wanted: UUID | str, *, field: str) -> None:
        self.field = field
        super().__init__(f"{field}: there is no {kind} {wanted}.  Create it first.")


@dataclass(frozen=True, slots=True)
class Record(Generic[C]):
    """One version of a record and who made it."""

    id: UUID
    version: int
    made_by: UUID
    made_at: datetime
    content: C

    def revised(
        self, content: C, *, kind: str, expected: int, by: UUID, at: datetime
    ) -> "Record[C]":
        """Return the next version, or this one if the content is the same.

        Content that is there already is no conflict, whatever version was expected: a change
        whose answer was lost may be sent again.

        Raises:
            RecordChanged: if `expected` is not the current version.
            KeyIsFixed: if the natural key would change.
        """
        if content == self.content:
            return self
        if expected != self.version:
            raise RecordChanged(kind, self.version)
        if content.key != self.content.key:
            raise KeyIsFixed(kind)
        return Record(self.id, self.version + 1, by, at, content)
