"""Assignments as a kind of master data."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from plans_api.application.act import EventHeader
from plans_api.application.kind import Proposal
from plans_api.application.ports import AssignmentRecords, PlansWork
from plans_api.domain.assignment import (
    Assignment,
    AssignmentOutsideMandate,
    AssignmentOverlaps,
    PlanNotPublished,
    PlanOfAnotherPrincipal,
)
from plans_api.domain.occupancy import Occupancy
from plans_api.domain.record import Record
from premia_common.contracts.plans import AssignmentChanged


class Assignments:
    """A mandate is under a plan at most once on a day, within its own days."""

    name = "assignment"

    def records(self, work: PlansWork) -> AssignmentRecords:
        """Return the assignments."""
        return work.assignments

    async def refusals(
        self, work: PlansWork, proposals: Sequence[Proposal[Assignment]]
    ) -> Mapping[UUID, Exception]:
        """Refuse those that do not fit their plan or mandate, and those that overlap."""
        mandates = await work.mandates.by_ids({item.content.mandate_id for item in proposals})
        plan_ids = {item.content.plan_id for item in proposals}
        plans = await work.plans.by_ids(plan_ids)
        published = await work.plans.published_among(plan_ids)
        taken = Occupancy[tuple[UUID, UUID]]()
        proposed = {item.id for item in proposals}
        for record in (await work.assignments.of_mandates(mandates)).values():
            if record.id not in proposed:
                taken.occupy(record.content.pair, record.content.window, record.id)
        refused: dict[UUID, Exception] = {}
        for item in proposals:
            assignment = item.content
            if assignment.plan_id not in published:
                refused[item.id] = PlanNotPublished(assignment.plan_id)
                continue
            try:
                assignment.must_fit(
                    mandates[assignment.mandate_id].content,
                    plan_principal=plans[assignment.plan_id].principal_id,
                )
                assignment.claim_days(item.id, taken)
            except (PlanOfAnotherPrincipal, AssignmentOutsideMandate, AssignmentOverlaps) as error:
                refused[item.id] = error
        return refused

    def event(self, record: Record[Assignment], header: EventHeader) -> AssignmentChanged:
        """Announce an assignment."""
        assignment = record.content
        return AssignmentChanged(
            **header,
            version=record.version,
            assignment_id=record.id,
            plan_id=assignment.plan_id,
            plan_name=assignment.plan_name,
            mandate_id=assignment.mandate_id,
            principal_id=assignment.principal_id,
            payee_id=assignment.payee_id,
            valid_from=assignment.window.start,
            valid_to=assignment.window.end,
        )
