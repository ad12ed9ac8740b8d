"""Targets as a kind of master data."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from plans_api.application.act import EventHeader
from plans_api.application.kind import Proposal
from plans_api.application.ports import PlansWork, Records
from plans_api.domain.record import Record, ReferenceUnknown
from plans_api.domain.target import Target
from premia_common.contracts.fields import MoneyOut
from premia_common.contracts.plans import TargetSet
from premia_common.contracts.plans import TargetValue as TargetValueOut


class Targets:
    """A target is a known payee's."""

    name = "target"

    def records(self, work: PlansWork) -> Records[Target]:
        """Return the targets."""
        return work.targets

    async def refusals(
        self, work: PlansWork, proposals: Sequence[Proposal[Target]]
    ) -> Mapping[UUID, Exception]:
        """Refuse those of unknown payees."""
        known = await work.payees.by_ids({item.content.payee_id for item in proposals})
        return {
            item.id: ReferenceUnknown("payee", item.content.payee_id, field="payee_id")
            for item in proposals
            if item.content.payee_id not in known
        }

    def event(self, record: Record[Target], header: EventHeader) -> TargetSet:
        """Announce a payee's targets under one name."""
        target = record.content
        return TargetSet(
            **header,
            version=record.version,
            target_id=record.id,
            payee_id=target.payee_id,
            name=target.name,
            values=tuple(
                TargetValueOut(
                    month=str(value.month),
                    amount=MoneyOut.of(value.amount),
                    valid_from=value.valid_from,
                )
                for value in target.values
            ),
        )
