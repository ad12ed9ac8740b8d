"""A kind of master data: where it is kept, what it must satisfy, how it is announced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from plans_api.application.act import EventHeader
from plans_api.application.ports import PlansWork, Records
from plans_api.domain.record import Content, Key, Record
from premia_common.contracts.envelope import Event
from premia_common.identifiers import derive_id

C = TypeVar("C", bound=Content)


@dataclass(frozen=True, slots=True)
class Proposal(Generic[C]):
    """New content for a record, existing or not."""

    id: UUID
    content: C


class Kind(Protocol[C]):
    """One kind of record, such as payees or mandates."""

    @property
    def name(self) -> str:
        """The kind's name in messages and ids."""
        ...

    def records(self, work: PlansWork) -> Records[C]:
        """Return the repository of this kind."""
        ...

    async def refusals(
        self, work: PlansWork, proposals: Sequence[Proposal[C]]
    ) -> Mapping[UUID, Exception]:
        """Return why proposals cannot be taken beside what is stored and beside each other."""
        ...

    def event(self, record: Record[C], header: EventHeader) -> Event | None:
        """Return the snapshot that announces a record; None if nobody else needs to know."""
        ...


def record_id(tenant_id: UUID, kind: str, key: Key) -> UUID:
    """Return the id of the record with a natural key: the same wherever it is computed."""
    return derive_id(str(tenant_id), kind, *(str(part) for part in key))
