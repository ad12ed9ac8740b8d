"""Payees as a kind of master data."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from plans_api.application.act import EventHeader
from plans_api.application.kind import Proposal
from plans_api.application.kinds.dated_attributes import attributes_out
from plans_api.application.ports import PayeeRecords, PlansWork
from plans_api.domain.occupancy import Occupancy
from plans_api.domain.payee import ExternalIdTaken, Payee
from plans_api.domain.record import Record
from premia_common.contracts.fields import DatedExternalId
from premia_common.contracts.plans import PayeeChanged


class Payees:
    """No two payees have the same external code on the same day."""

    name = "payee"

    def records(self, work: PlansWork) -> PayeeRecords:
        """Return the payees."""
        return work.payees

    async def refusals(
        self, work: PlansWork, proposals: Sequence[Proposal[Payee]]
    ) -> Mapping[UUID, Exception]:
        """Refuse those whose external codes are taken."""
        codes = {external.name for item in proposals for external in item.content.external_ids}
        taken = Occupancy[tuple[str, str]]()
        for record in (await work.payees.with_codes(codes)).values():
            for external in record.content.external_ids:
                taken.occupy(external.name, external.window, record.id)
        refused: dict[UUID, Exception] = {}
        for item in proposals:
            try:
                item.content.claim_codes(item.id, taken)
            except ExternalIdTaken as error:
                refused[item.id] = error
        return refused

    def event(self, record: Record[Payee], header: EventHeader) -> PayeeChanged:
        """Announce a payee."""
        payee = record.content
        return PayeeChanged(
            **header,
            version=record.version,
            payee_id=record.id,
            code=payee.code,
            name=payee.name,
            kind=payee.kind,
            language=payee.language,
            attributes=dict(payee.attributes),
            external_ids=tuple(
                DatedExternalId(
                    system=external.system,
                    code=external.code,
                    valid_from=external.window.start,
                    valid_to=external.window.end,
                )
                for external in payee.external_ids
            ),
            valid_from=payee.window.start,
            valid_to=payee.window.end,
            dated_attributes=attributes_out(payee.dated_attributes),
        )
