"""Principals as a kind of master data."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from plans_api.application.act import EventHeader
from plans_api.application.kind import Proposal
from plans_api.application.ports import PlansWork, Records
from plans_api.domain.principal import Principal
from plans_api.domain.record import Record
from premia_common.contracts.plans import PrincipalChanged


class Principals:
    """A principal stands for itself."""

    name = "principal"

    def records(self, work: PlansWork) -> Records[Principal]:
        """Return the principals."""
        return work.principals

    async def refusals(
        self,
        work: PlansWork,  # noqa: ARG002
        proposals: Sequence[Proposal[Principal]],  # noqa: ARG002
    ) -> Mapping[UUID, Exception]:
        """Refuse none."""
        return {}

    def event(self, record: Record[Principal], header: EventHeader) -> PrincipalChanged:
        """Announce a principal."""
        principal = record.content
        return PrincipalChanged(
            **header,
            version=record.version,
            principal_id=record.id,
            code=principal.code,
            name=principal.name,
            country=principal.country,
            currency=principal.currency,
            vat_number=principal.vat_number,
        )
