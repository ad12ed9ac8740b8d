"""The unit of work: one tenant's transaction with every repository on it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from plans_api.adapters.database import catalogue_shelves as catalogue
from plans_api.adapters.database import shelves
from plans_api.adapters.database.acceptance_repository import (
    AcceptanceRepository,
    ParticipantQuery,
)
from plans_api.adapters.database.plan_repository import PlanRepository
from plans_api.adapters.database.record_repositories import (
    AssignmentRepository,
    MandateRepository,
    PayeeRepository,
    PlaceRepository,
    PositionRepository,
)
from plans_api.adapters.database.sightings import SightingRepository
from plans_api.adapters.database.versioned_records import VersionedRecords
from plans_api.domain.catalogue.indicator import Indicator
from plans_api.domain.catalogue.state_model import StateModel
from plans_api.domain.catalogue.variable import Variable
from plans_api.domain.principal import Principal
from plans_api.domain.target import Target
from premia_runtime.work import Outbox, Work


class DatabaseWork(Work):
    """One tenant's open transaction on the `plans` database."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID, outbox: Outbox) -> None:
        super().__init__(connection, tenant_id, outbox)
        self.principals = VersionedRecords[Principal](connection, tenant_id, shelves.PRINCIPALS)
        self.payees = PayeeRepository(connection, tenant_id, shelves.PAYEES)
        self.mandates = MandateRepository(connection, tenant_id, shelves.MANDATES)
        self.positions = PositionRepository(connection, tenant_id, shelves.POSITIONS)
        self.territories = PlaceRepository(connection, tenant_id, shelves.TERRITORIES)
        self.product_categories = PlaceRepository(connection, tenant_id, shelves.PRODUCT_CATEGORIES)
        self.targets = VersionedRecords[Target](connection, tenant_id, shelves.TARGETS)
        self.assignments = AssignmentRepository(connection, tenant_id, shelves.ASSIGNMENTS)
        self.variables = VersionedRecords[Variable](connection, tenant_id, catalogue.VARIABLES)
        self.kpis = VersionedRecords[Indicator](connection, tenant_id, catalogue.KPIS)
        self.slas = VersionedRecords[Indicator](connection, tenant_id, catalogue.SLAS)
        self.state_models = VersionedRecords[StateModel](
            connection, tenant_id, catalogue.STATE_MODELS
        )
        self.sightings = SightingRepository(connection, tenant_id)
        self.plans = PlanRepository(connection, tenant_id)
        self.acceptances = AcceptanceRepository(connection, tenant_id)
        self.participants = ParticipantQuery(connection, tenant_id)
