"""What every service's migrations need: row level security, grants, and the runtime's tables."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import MetaData

from premia_runtime.database import new_metadata
from premia_runtime.plumbing import plumbing_tables

TENANT = "(select nullif(current_setting('app.tenant', true), '')::uuid)"


def _statements(op: Any, *statements: str) -> None:
    for statement in statements:
        op.execute(statement)


def protect(
    op: Any,
    table: str,
    *,
    service: str,
    grants: str = "select, insert",
    update_columns: Iterable[str] = (),
) -> None:
    """Keep tenants apart in a table and say what the service's role may do with it.

    Row level security is enabled and forced; without a tenant set, no row is visible and none
    is accepted.  The role may insert and select; it may update only the columns named.

    Args:
        op: alembic's operations.
        table: a table with a `tenant_id uuid` column.
        service: the database's name, which its roles start with: plans, calc, …
        grants: what the role may do to whole rows.
        update_columns: columns of a head row that change with a transition.
    """
    app = f"{service}_app"
    _statements(
        op,
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy tenant on {table} to {app} using (tenant_id = {TENANT}) "
        f"with check (tenant_id = {TENANT})",
        f"grant {grants} on {table} to {app}",
    )
    columns = ", ".join(update_columns)
    if columns:
        op.execute(f"grant update ({columns}) on {table} to {app}")


def system_may(
    op: Any,
    table: str,
    *,
    service: str,
    grants: str = "select",
    update_columns: Iterable[str] = (),
) -> None:
    """Let the service's system role see every tenant's rows of a plumbing or job table."""
    role = f"{service}_system"
    _statements(
        op,
        f"create policy system on {table} to {role} using (true) with check (true)",
        f"grant {grants} on {table} to {role}",
    )
    columns = ", ".join(update_columns)
    if columns:
        op.execute(f"grant update ({columns}) on {table} to {role}")


def create_plumbing(op: Any, *, service: str) -> None:
    """Create the runtime's tables in a service's database."""
    metadata: MetaData = new_metadata()
    plumbing_tables(metadata)
    metadata.create_all(op.get_bind())
    protect(op, "outbox", service=service)
    system_may(
        op,
        "outbox",
        service=service,
        update_columns=("sequence", "typesequence", "sent_at", "times"),
    )
    protect(op, "inbox", service=service)
    system_may(op, "inbox", service=service)
    protect(
        op,
        "dead_letter",
        service=service,
        update_columns=("error", "attempts", "last_at", "state", "resolved_at", "resolved_by"),
    )
    system_may(op, "dead_letter", service=service)
    protect(op, "idempotency_key", service=service)
    _statements(
        op,
        "create index ix_outbox_unsent on outbox (id) where sent_at is null",
        "create index ix_outbox_type on outbox (type, typesequence)",
        f"grant select, insert, update on outbox_number, outbox_stream to {service}_system",
    )
