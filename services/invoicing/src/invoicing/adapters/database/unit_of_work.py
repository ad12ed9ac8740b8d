"""One tenant's transaction with the repositories that work in it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.adapters.database.document_repository import DatabaseDocumentRepository
from invoicing.adapters.database.fiscal_profile_repository import DatabaseFiscalProfileRepository
from invoicing.adapters.database.number_repository import DatabaseNumberRepository
from invoicing.adapters.database.party_repository import DatabasePartyRepository
from invoicing.adapters.database.posting_rule_repository import DatabasePostingRuleRepository
from invoicing.adapters.database.queries import DatabaseQueries
from invoicing.adapters.database.statement_repository import (
    DatabaseStatementRepository,
    DatabaseTaxAnswerRepository,
)
from premia_runtime.work import Outbox, Work


class DatabaseWork(Work):
    """Everything a use case of this service works with."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID, outbox: Outbox) -> None:
        super().__init__(connection, tenant_id, outbox)
        self.parties = DatabasePartyRepository(connection, tenant_id)
        self.statements = DatabaseStatementRepository(connection, tenant_id)
        self.answers = DatabaseTaxAnswerRepository(connection, tenant_id)
        self.profiles = DatabaseFiscalProfileRepository(connection, tenant_id)
        self.documents = DatabaseDocumentRepository(connection, tenant_id)
        self.numbers = DatabaseNumberRepository(connection, tenant_id)
        self.posting_rules = DatabasePostingRuleRepository(connection, tenant_id)
        self.queries = DatabaseQueries(connection, tenant_id)
