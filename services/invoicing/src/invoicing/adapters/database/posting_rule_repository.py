"""Posting rules of principals, versions insert-only."""

from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.adapters.database import tables
from invoicing.domain.posting_rules import PostingRules, PostingRulesChanged

_rules = tables.posting_rules.c
_CONTENT = TypeAdapter(PostingRules)


class DatabasePostingRuleRepository:
    """The posting rules of one tenant's principals."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def of(self, principal_id: UUID) -> PostingRules | None:
        """Return a principal's rules in their newest version."""
        content = await self._connection.scalar(
            select(_rules.content)
            .where(_rules.tenant_id == self._tenant_id, _rules.principal_id == principal_id)
            .order_by(_rules.version.desc())
            .limit(1)
        )
        return None if content is None else _CONTENT.validate_python(content)

    async def add(self, principal_id: UUID, rules: PostingRules, by: UUID, at: datetime) -> None:
        """Keep a principal's next version.

        Raises:
            PostingRulesChanged: if another request kept this version meanwhile.
        """
        added = await self._connection.scalar(
            insert(tables.posting_rules)
            .values(
                tenant_id=self._tenant_id,
                principal_id=principal_id,
                version=rules.version,
                content=_CONTENT.dump_python(rules, mode="json"),
                made_by=by,
                made_at=at,
            )
            .on_conflict_do_nothing()
            .returning(_rules.version)
        )
        if added is None:
            raise PostingRulesChanged(rules.version)
