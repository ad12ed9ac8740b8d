"""One tenant's transaction with the service's repositories."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.adapters.database.attribute_repository import AttributeRepository
from connectors.adapters.database.fact_repository import FactRepository
from connectors.adapters.database.feed_repository import FeedRepository
from connectors.adapters.database.file_repository import FileRepository
from connectors.adapters.database.message_repository import MessageRepository
from connectors.adapters.database.quarantine_repository import QuarantineRepository
from connectors.adapters.database.queries import Queries
from connectors.adapters.database.source_repository import SourceRepository
from connectors.adapters.database.task_repository import TaskRepository
from premia_runtime.work import Outbox, Work


class DatabaseWork(Work):
    """Leaving it cleanly commits; an error rolls back."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID, outbox: Outbox) -> None:
        super().__init__(connection, tenant_id, outbox)
        self.sources = SourceRepository(connection, tenant_id)
        self.attributes = AttributeRepository(connection, tenant_id)
        self.messages = MessageRepository(connection, tenant_id)
        self.facts = FactRepository(connection, tenant_id)
        self.quarantine = QuarantineRepository(connection, tenant_id)
        self.files = FileRepository(connection, tenant_id)
        self.tasks = TaskRepository(connection, tenant_id)
        self.feed = FeedRepository(connection, tenant_id)
        self.queries = Queries(connection, tenant_id)
