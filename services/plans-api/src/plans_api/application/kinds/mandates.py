"""Mandates as a kind of master data."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from plans_api.application.act import EventHeader
from plans_api.application.kind import Proposal
from plans_api.application.ports import MandateRecords, PlansWork
from plans_api.domain.mandate import Mandate, MandateInUse, MandateOverlaps
from plans_api.domain.occupancy import Occupancy
from plans_api.domain.record import Record, ReferenceUnknown
from premia_common.contracts.fields import MoneyOut
from premia_common.contracts.plans import MandateChanged, PayeeCap


class Mandates:
    """A principal and a payee have at most one mandate on a day."""

    name = "mandate"

    def records(self, work: PlansWork) -> MandateRecords:
        """Return the mandates."""
        return work.mandates

    async def refusals(
        self, work: PlansWork, proposals: Sequence[Proposal[Mandate]]
    ) -> Mapping[UUID, Exception]:
        """Refuse those of unknown parties, those that overlap, those that desert an assignment."""
        # Assignments are checked against mandates, so neither changes while the other does.
        await work.assignments.lock()
        principals = await work.principals.by_ids({i.content.principal_id for i in proposals})
        payees = await work.payees.by_ids({item.content.payee_id for item in proposals})
        assignments = await work.assignments.of_mandates({item.id for item in proposals})
        taken = Occupancy[tuple[UUID, UUID]]()
        proposed = {item.id for item in proposals}
        for record in (await work.mandates.of_pairs({i.content.pair for i in proposals})).values():
            if record.id not in proposed:
                taken.occupy(record.content.pair, record.content.window, record.id)
        refused: dict[UUID, Exception] = {}
        for item in proposals:
            mandate = item.content
            if mandate.principal_id not in principals:
                wanted = mandate.principal_id
                refused[item.id] = ReferenceUnknown("principal", wanted, field="principal_id")
            elif mandate.payee_id not in payees:
                wanted = mandate.payee_id
                refused[item.id] = ReferenceUnknown("payee", wanted, field="payee_id")
            else:
                try:
                    mandate.claim_days(item.id, taken)
                except MandateOverlaps as error:
                    refused[item.id] = error
        for assignment in assignments.values():
            mandate_id, window = assignment.content.mandate_id, assignment.content.window
            mandate = next(item.content for item in proposals if item.id == mandate_id)
            if not mandate.window.encloses(window):
                refused.setdefault(mandate_id, MandateInUse(assignment.id, window))
        return refused

    def event(self, record: Record[Mandate], header: EventHeader) -> MandateChanged:
        """Announce a mandate."""
        return MandateChanged(
            **header,
            version=record.version,
            mandate_id=record.id,
            principal_id=record.content.principal_id,
            payee_id=record.content.payee_id,
            valid_from=record.content.window.start,
            valid_to=record.content.window.end,
            payee_caps=tuple(
                PayeeCap(
                    amount=MoneyOut.of(cap.amount),
                    valid_from=cap.window.start,
                    valid_to=cap.window.end,
                    priority=cap.priority,
                )
                for cap in record.content.payee_caps
            ),
        )
