"""Take new master data: one record, or up to a batch of them with a result each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.kind import Kind, Proposal, record_id
from plans_api.application.ports import PlansWork
from plans_api.domain.record import Content, KeyRepeated, Record, RecordExists
from premia_common.contracts.envelope import Event

C = TypeVar("C", bound=Content)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[C]):
    """A record that is now as asked: it was created, or was so already."""

    outcome: Literal["created", "unchanged"]
    record: Record[C]


async def record_content(work: PlansWork, *, kind: Kind[C], content: C, act: Act) -> Recorded[C]:
    """Create a record and announce it; the same content again changes nothing.

    Raises:
        RecordExists: if the natural key belongs to a record with other content.
        Exception: the kind's own refusals.
    """
    (result,) = await record_contents(work, kind=kind, contents=[content], act=act)
    if isinstance(result, Exception):
        raise result
    return result


async def record_contents(
    work: PlansWork, *, kind: Kind[C], contents: Sequence[C | Exception], act: Act
) -> tuple[Recorded[C] | Exception, ...]:
    """Create records and announce them; return a result for each, a refusal where one cannot be.

    A refused one changes nothing and stands in nobody's way; what was refused before it came here
    keeps its place.  Records of a batch may refer to each other in any order.
    """
    records = kind.records(work)
    await records.lock()
    asked = [
        content
        if isinstance(content, Exception)
        else Proposal(record_id(work.tenant_id, kind.name, content.key), content)
        for content in contents
    ]
    readable = [item for item in asked if not isinstance(item, Exception)]
    existing = await records.by_ids({item.id for item in readable})
    proposals: dict[UUID, Proposal[C]] = {}
    for item in readable:
        if item.id not in existing:
            proposals.setdefault(item.id, item)
    refused = await kind.refusals(work, tuple(proposals.values())) if proposals else {}
    created = {
        item.id: Record(item.id, 1, act.by, act.at, item.content)
        for item in proposals.values()
        if item.id not in refused
    }
    await records.save(tuple(created.values()))
    for record in created.values():
        announce(work, kind.event(record, act.header()))
    return tuple(
        _results(
            kind.name,
            asked,
            proposals=proposals,
            existing=existing,
            created=created,
            refused=refused,
        )
    )


def announce(work: PlansWork, event: Event | None) -> None:
    """Announce a record, if its kind is announced at all."""
    if event is not None:
        work.outbox.add(event)


def _results(
    kind: str,
    asked: Sequence[Proposal[C] | Exception],
    *,
    proposals: Mapping[UUID, Proposal[C]],
    existing: Mapping[UUID, Record[C]],
    created: Mapping[UUID, Record[C]],
    refused: Mapping[UUID, Exception],
) -> Iterator[Recorded[C] | Exception]:
    told: set[UUID] = set()
    for item in asked:
        if isinstance(item, Exception):
            yield item
            continue
        current = created.get(item.id) or existing.get(item.id)
        if current is None:
            same = proposals[item.id].content == item.content
            yield refused[item.id] if same else KeyRepeated(kind)
        elif current.content != item.content:
            yield RecordExists(kind, current.id, current.version)
        else:
            is_new = item.id in created and item.id not in told
            told.add(item.id)
            yield Recorded("created" if is_new else "unchanged", current)
