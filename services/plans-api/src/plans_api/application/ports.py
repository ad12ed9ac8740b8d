"""What the use cases need from outside, in the words of the domain."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from plans_api.domain.acceptance import Acceptance
from plans_api.domain.assignment import Assignment
from plans_api.domain.catalogue.indicator import Indicator
from plans_api.domain.catalogue.state_model import StateModel, UnmappedStatus
from plans_api.domain.catalogue.variable import SeenAttribute, Variable
from plans_api.domain.mandate import Mandate
from plans_api.domain.payee import Payee
from plans_api.domain.plan import Plan, PlanStatus, PlanVersion, Revision, Transition
from plans_api.domain.position import Position
from plans_api.domain.principal import Principal
from plans_api.domain.record import Content, Record
from plans_api.domain.target import Target
from plans_api.domain.tree import Place
from premia_common.contracts.envelope import Event

C = TypeVar("C", bound=Content)


class Outbox(Protocol):
    """Takes the events that this transaction announces."""

    def add(self, event: Event) -> None:
        """Announce an event if, and only if, the transaction commits."""
        ...


class Records(Protocol[C]):
    """The versioned records of one kind, of one tenant."""

    async def lock(self) -> None:
        """Let no other transaction change records of this kind until this one ends."""
        ...

    async def by_ids(self, ids: Collection[UUID]) -> Mapping[UUID, Record[C]]:
        """Return the current version of those that exist."""
        ...

    async def get(self, record_id: UUID) -> Record[C]:
        """Return the current version.

        Raises:
            RecordNotFound: if there is none.
        """
        ...

    async def history(self, record_id: UUID) -> Sequence[Record[C]]:
        """Return all versions, the oldest first.

        Raises:
            RecordNotFound: if there is none.
        """
        ...

    async def page(
        self, *, after: UUID | None, limit: int, matching: Mapping[str, object]
    ) -> Sequence[Record[C]]:
        """Return current versions by id, those after an id, whose columns have these values."""
        ...

    async def save(self, records: Sequence[Record[C]]) -> None:
        """Keep new versions and make them current."""
        ...


class PayeeRecords(Records[Payee], Protocol):
    """Payees, also by the codes of other systems."""

    async def with_codes(self, codes: Collection[tuple[str, str]]) -> Mapping[UUID, Record[Payee]]:
        """Return the payees that have one of these (system, code) on any day."""
        ...


class MandateRecords(Records[Mandate], Protocol):
    """Mandates, also by their two parties."""

    async def of_pairs(
        self, pairs: Collection[tuple[UUID, UUID]]
    ) -> Mapping[UUID, Record[Mandate]]:
        """Return the mandates between these principals and payees."""
        ...


class PositionRecords(Records[Position], Protocol):
    """Positions, also by hierarchy."""

    async def of_hierarchies(self, names: Collection[str]) -> Mapping[UUID, Record[Position]]:
        """Return all positions of these hierarchies."""
        ...


class PlaceRecords(Records[Place], Protocol):
    """Territories or product categories."""

    async def parents(self) -> Mapping[str, str | None]:
        """Return every place's parent, None for a root."""
        ...


class AssignmentRecords(Records[Assignment], Protocol):
    """Assignments, also by what they tie together."""

    async def of_mandates(self, mandates: Collection[UUID]) -> Mapping[UUID, Record[Assignment]]:
        """Return the assignments of these mandates."""
        ...

    async def plans_of(self, payee_id: UUID) -> frozenset[UUID]:
        """Return the plans that the payee was ever assigned to."""
        ...

    async def of_payees(self, payees: Collection[UUID]) -> Mapping[UUID, Record[Assignment]]:
        """Return the assignments of these payees' mandates, of any day."""
        ...

    async def with_several_plans(
        self, on: date, *, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        """Return the payees, by id, who are assigned to more than one plan on a day."""
        ...


@dataclass(frozen=True, slots=True)
class Participant:
    """Who is assigned to a plan on a day."""

    assignment_id: UUID
    mandate_id: UUID
    principal_id: UUID
    payee_id: UUID
    payee_code: str
    payee_name: str


class Plans(Protocol):
    """Plans, their versions and documents, of one tenant."""

    async def lock_name(self, name: str) -> None:
        """Let no other transaction create a plan of this name until this one ends."""
        ...

    async def lock_publishing(self, principal_id: UUID) -> None:
        """Let no other transaction publish a plan of this principal until this one ends."""
        ...

    async def find(self, plan_id: UUID, *, locked: bool = False) -> Plan | None:
        """Return a plan, or None; locked until the transaction ends if asked."""
        ...

    async def get(self, plan_id: UUID, *, locked: bool = False) -> Plan:
        """Return a plan; locked until the transaction ends if asked.

        Raises:
            PlanNotFound: if there is none.
        """
        ...

    async def by_ids(self, ids: Collection[UUID]) -> Mapping[UUID, Plan]:
        """Return those that exist."""
        ...

    async def published_among(self, ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those that have a published version."""
        ...

    async def in_force(self, ids: Collection[UUID], on: date) -> Sequence[PlanVersion]:
        """Return the versions of these plans that govern orders of a day."""
        ...

    async def published_beside(self, plan: Plan) -> Sequence[PlanVersion]:
        """Return what was ever published of the other plans of a plan's principal."""
        ...

    async def version(self, plan_id: UUID, number: int) -> PlanVersion:
        """Return a version.

        Raises:
            PlanVersionNotFound: if there is none.
        """
        ...

    async def versions(self, plan_id: UUID) -> Sequence[PlanVersion]:
        """Return a plan's versions, the oldest first."""
        ...

    async def revision(self, plan_id: UUID, number: int, revision: int) -> Revision:
        """Return the document of a version."""
        ...

    async def transitions(self, plan_id: UUID, number: int) -> Sequence[Transition]:
        """Return the steps a version took, the oldest first."""
        ...

    async def page(
        self,
        *,
        after: UUID | None,
        limit: int,
        among: Collection[UUID] | None,
        name: str | None,
        status: PlanStatus | None,
    ) -> Sequence[Plan]:
        """Return plans by id; only some of them if `among` is given."""
        ...

    async def add(self, plan: Plan) -> None:
        """Keep a new plan."""
        ...

    async def save(self, plan: Plan) -> None:
        """Keep the plan's counters."""
        ...

    async def add_revision(self, revision: Revision) -> None:
        """Keep a document."""
        ...

    async def add_version(self, version: PlanVersion, transition: Transition) -> None:
        """Keep a new version."""
        ...

    async def save_version(self, version: PlanVersion, transition: Transition | None) -> None:
        """Keep a version's new state and the step that led to it."""
        ...


class Acceptances(Protocol):
    """Who accepted which plan version."""

    async def find(self, plan_id: UUID, number: int, payee_id: UUID) -> Acceptance | None:
        """Return what a payee accepted, or None."""
        ...

    async def page(
        self, plan_id: UUID, number: int, *, after: UUID | None, limit: int
    ) -> Sequence[Acceptance]:
        """Return the acceptances of a version by payee."""
        ...

    async def add(self, acceptance: Acceptance) -> None:
        """Keep an acceptance."""
        ...


class Participants(Protocol):
    """Who takes part in a plan."""

    async def page(
        self, plan_id: UUID, *, on: date, after: UUID | None, limit: int
    ) -> Sequence[Participant]:
        """Return who is assigned to a plan on a day, by assignment."""
        ...


class Sightings(Protocol):
    """What sources sent; of an attribute only the newest version is kept."""

    async def keep_attribute(self, seen: SeenAttribute) -> bool:
        """Keep what a source says now; False if something newer is known."""
        ...

    async def attributes(self, names: Collection[str] | None = None) -> Sequence[SeenAttribute]:
        """Return what sources say, by source and name; only of some names if they are given."""
        ...

    async def keep_status(self, status: UnmappedStatus) -> None:
        """Keep a status that no mapping knows; known already, nothing changes."""
        ...

    async def statuses(self) -> Sequence[UnmappedStatus]:
        """Return the statuses that no mapping knew, by source."""
        ...


class PlansWork(Protocol):
    """One transaction.  Leaving it cleanly commits; an error rolls back."""

    @property
    def tenant_id(self) -> UUID:
        """Whose transaction it is."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What it announces."""
        ...

    @property
    def principals(self) -> Records[Principal]:
        """The principals."""
        ...

    @property
    def payees(self) -> PayeeRecords:
        """The payees."""
        ...

    @property
    def mandates(self) -> MandateRecords:
        """The mandates."""
        ...

    @property
    def positions(self) -> PositionRecords:
        """The positions."""
        ...

    @property
    def territories(self) -> PlaceRecords:
        """The territories."""
        ...

    @property
    def product_categories(self) -> PlaceRecords:
        """The product categories."""
        ...

    @property
    def targets(self) -> Records[Target]:
        """The targets."""
        ...

    @property
    def assignments(self) -> AssignmentRecords:
        """The assignments."""
        ...

    @property
    def variables(self) -> Records[Variable]:
        """The variables of the catalogue."""
        ...

    @property
    def kpis(self) -> Records[Indicator]:
        """The KPIs of the catalogue."""
        ...

    @property
    def slas(self) -> Records[Indicator]:
        """The SLAs of the catalogue."""
        ...

    @property
    def state_models(self) -> Records[StateModel]:
        """The state models of the catalogue."""
        ...

    @property
    def sightings(self) -> Sightings:
        """What sources sent."""
        ...

    @property
    def plans(self) -> Plans:
        """The plans."""
        ...

    @property
    def acceptances(self) -> Acceptances:
        """The acceptances."""
        ...

    @property
    def participants(self) -> Participants:
        """Who takes part in plans."""
        ...
