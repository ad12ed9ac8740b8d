"""Positions as a kind of master data."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from plans_api.application.act import EventHeader
from plans_api.application.kind import Proposal, record_id
from plans_api.application.kinds.dated_attributes import attributes_out
from plans_api.application.ports import PlansWork, PositionRecords
from plans_api.domain.position import (
    HierarchyHasCycle,
    Position,
    SuperiorUnknown,
    must_be_acyclic,
)
from plans_api.domain.record import Record, ReferenceUnknown
from premia_common.contracts import plans as contracts


class Positions:
    """Nobody reports to somebody below them, on any day."""

    name = "position"

    def records(self, work: PlansWork) -> PositionRecords:
        """Return the positions."""
        return work.positions

    async def refusals(
        self, work: PlansWork, proposals: Sequence[Proposal[Position]]
    ) -> Mapping[UUID, Exception]:
        """Refuse those in a cycle, and those that name unknown positions or payees."""
        refused = await self._unknown_payees(work, proposals)
        hierarchies: dict[str, dict[str, Position]] = {}
        names = {item.content.hierarchy for item in proposals}
        for record in (await work.positions.of_hierarchies(names)).values():
            position = record.content
            hierarchies.setdefault(position.hierarchy, {})[position.code] = position
        left = [item for item in proposals if item.id not in refused]
        for item in left:
            hierarchies.setdefault(item.content.hierarchy, {})[item.content.code] = item.content
        # Refusing one may leave another without its superior: again until nothing changes.
        while True:
            newly: dict[UUID, Exception] = {}
            for item in left:
                try:
                    must_be_acyclic(item.content, hierarchies[item.content.hierarchy])
                except (HierarchyHasCycle, SuperiorUnknown) as error:
                    newly[item.id] = error
            if not newly:
                return refused
            refused |= newly
            for item in left:
                if item.id in newly:
                    del hierarchies[item.content.hierarchy][item.content.code]
            left = [item for item in left if item.id not in newly]

    async def _unknown_payees(
        self, work: PlansWork, proposals: Sequence[Proposal[Position]]
    ) -> dict[UUID, Exception]:
        wanted = {holding.payee_id for item in proposals for holding in item.content.holdings}
        known = await work.payees.by_ids(wanted)
        refused: dict[UUID, Exception] = {}
        for item in proposals:
            for index, holding in enumerate(item.content.holdings):
                if holding.payee_id not in known:
                    field = f"holdings/{index}/payee_id"
                    refused[item.id] = ReferenceUnknown("payee", holding.payee_id, field=field)
                    break
        return refused

    def event(self, record: Record[Position], header: EventHeader) -> contracts.PositionChanged:
        """Announce a position with its whole history."""
        position = record.content
        return contracts.PositionChanged(
            **header,
            version=record.version,
            position_id=record.id,
            code=position.code,
            hierarchy=position.hierarchy,
            holdings=tuple(
                contracts.Holding(
                    payee_id=holding.payee_id,
                    valid_from=holding.window.start,
                    valid_to=holding.window.end,
                )
                for holding in position.holdings
            ),
            reporting_lines=tuple(
                contracts.ReportingLine(
                    reports_to=record_id(
                        header["tenant_id"], self.name, (position.hierarchy, line.reports_to)
                    ),
                    valid_from=line.window.start,
                    valid_to=line.window.end,
                )
                for line in position.reporting_lines
            ),
            dated_attributes=attributes_out(position.dated_attributes),
        )
