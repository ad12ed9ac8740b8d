"""The catalogue's kinds of record.  A published plan carries them inside: no event of their own."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from plans_api.application.act import EventHeader
from plans_api.application.kind import Proposal
from plans_api.application.ports import PlansWork, Records
from plans_api.domain.catalogue.indicator import Indicator
from plans_api.domain.catalogue.state_model import StateModel
from plans_api.domain.catalogue.variable import Variable
from plans_api.domain.record import Content, Record

C = TypeVar("C", bound=Content)


class _Unannounced(Generic[C]):
    """A kind whose contents stand for themselves and are told to nobody."""

    async def refusals(
        self,
        work: PlansWork,  # noqa: ARG002 - they depend on nothing stored
        proposals: Sequence[Proposal[C]],  # noqa: ARG002
    ) -> Mapping[UUID, Exception]:
        """Refuse none."""
        return {}

    def event(self, record: Record[C], header: EventHeader) -> None:
        """Announce nothing."""


class Variables(_Unannounced[Variable]):
    """Variables."""

    name = "variable"

    def records(self, work: PlansWork) -> Records[Variable]:
        """Return the variables."""
        return work.variables


class Kpis(_Unannounced[Indicator]):
    """KPIs."""

    name = "kpi"

    def records(self, work: PlansWork) -> Records[Indicator]:
        """Return the KPIs."""
        return work.kpis


class Slas(_Unannounced[Indicator]):
    """SLAs."""

    name = "sla"

    def records(self, work: PlansWork) -> Records[Indicator]:
        """Return the SLAs."""
        return work.slas


class StateModels(_Unannounced[StateModel]):
    """State models."""

    name = "state model"

    def records(self, work: PlansWork) -> Records[StateModel]:
        """Return the state models."""
        return work.state_models
