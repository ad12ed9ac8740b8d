"""What each payee stands at between runs, and which facts speak of whom.

Compatible with the previous release, which reads none of it: facts that it stores are referred to
by the trigger.  Those that are there already are referred to by the next migration, in batches.
Locks: `fact`, for the catalogue change when the trigger is made; it waits for open writers.
"""

import sqlalchemy as sa
from alembic import op

from premia_runtime.migrations import protect, system_may

revision = "0012_standings"
down_revision = "0011_payment_accounts"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(19, 3)

REFERENCES = """
create function fact_references(kind text, body jsonb) returns setof text
language plpgsql immutable parallel safe as $$
declare
    named jsonb;
begin
    for named in values (body -> 'seller'), (body -> 'partner'), (body -> 'payee') loop
        if jsonb_typeof(named) = 'object' then
            return next 'payee:' || (named ->> 'system') || '/' || (named ->> 'code');
        end if;
    end loop;
    if kind = 'order' then
        return next 'order:' || (body ->> 'source') || '/' || (body ->> 'order_number');
        return next 'order:' || (body ->> 'source') || '/' || (body ->> 'record_id');
        if jsonb_typeof(body -> 'payees') = 'object' then
            return query select 'payee:' || (value ->> 'system') || '/' || (value ->> 'code')
                         from jsonb_each(body -> 'payees') where jsonb_typeof(value) = 'object';
        end if;
        return;
    end if;
    if jsonb_typeof(body -> 'order') = 'object' then
        named := body -> 'order';
        return next 'order:' || (named ->> 'system') || '/' || (named ->> 'code');
    end if;
    if body ? 'payee_id' then
        return next 'payee-id:' || (body ->> 'payee_id');
    end if;
    if kind = 'payee' and jsonb_typeof(body -> 'external_ids') = 'array' then
        return query select 'payee:' || (value ->> 'system') || '/' || (value ->> 'code')
                     from jsonb_array_elements(body -> 'external_ids');
    elsif kind = 'position' then
        if jsonb_typeof(body -> 'holdings') = 'array' then
            return query select 'payee-id:' || (value ->> 'payee_id')
                         from jsonb_array_elements(body -> 'holdings');
        end if;
        if jsonb_typeof(body -> 'reporting_lines') = 'array' then
            return query select 'position:' || (value ->> 'reports_to')
                         from jsonb_array_elements(body -> 'reporting_lines');
        end if;
    end if;
end
$$
"""
# Each version of a fact has its own references, so that two transactions never wait for each
# other here that did not already wait for the same fact.
NOTE = """
create function note_fact_references() returns trigger language plpgsql as $$
begin
    insert into fact_reference (tenant_id, reference, kind, key, version)
    select distinct stored.tenant_id, named.reference, stored.kind, stored.key, stored.version
    from stored cross join lateral fact_references(stored.kind, stored.body::jsonb)
         as named (reference)
    on conflict do nothing;
    return null;
end
$$
"""
TRIGGER = """
create trigger fact_references after insert on fact
referencing new table as stored for each statement execute function note_fact_references()
"""


def upgrade() -> None:
    """Create the tables, and refer to every fact that is stored from now on."""
    op.create_table(
        "fact_reference",
        *(
            sa.Column(name, sa.Uuid() if name == "tenant_id" else sa.Text(), nullable=False)
            for name in ("tenant_id", "reference", "kind", "key", "version")
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "reference", "kind", "key", "version", name=op.f("pk_fact_reference")
        ),
    )
    for statement in (REFERENCES, NOTE, TRIGGER):
        op.execute(statement)
    protect(op, "fact_reference", service="calc")
    for table in ("fact", "fact_reference"):
        # For the next migration, which takes them away.
        op.execute(f"create policy filling on {table} to current_user using (true)")
    _create_standings()
    op.execute("create policy system on fact for select to calc_system using (true)")
    op.execute("grant select (tenant_id, xid) on fact to calc_system")


def _create_standings() -> None:
    op.create_table(
        "standing",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("go_live", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("system_identifier", sa.Text(), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("waits_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "period", name=op.f("pk_standing")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["run.tenant_id", "run.run_id"],
            name=op.f("fk_standing_tenant_id_run"),
        ),
    )
    op.create_table(
        "standing_line",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("origin_line_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Text(), nullable=False),
        sa.Column("principal_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("competence", sa.Text(), nullable=False),
        sa.Column("original_period", sa.Text(), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("credit_id", sa.Text(), nullable=True),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("node_id", sa.Uuid(), nullable=False),
        sa.Column("nodes_address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "period", "line_id", name=op.f("pk_standing_line")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "period"],
            ["standing.tenant_id", "standing.period"],
            name=op.f("fk_standing_line_tenant_id_standing"),
        ),
    )
    op.create_index("ix_standing_line_payee", "standing_line", ["tenant_id", "period", "payee_id"])
    op.create_index("ix_standing_line_order", "standing_line", ["tenant_id", "period", "order_id"])
    op.create_table(
        "standing_exception",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("exception_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("what_to_do", sa.Text(), nullable=False),
        sa.Column("payee_id", sa.Text(), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("month", sa.Text(), nullable=True),
        sa.Column("blocks", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "period", "exception_id", name=op.f("pk_standing_exception")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "period"],
            ["standing.tenant_id", "standing.period"],
            name=op.f("fk_standing_exception_tenant_id_standing"),
        ),
    )
    for column in ("payee_id", "order_id"):
        op.create_index(
            f"ix_standing_exception_{column.removesuffix('_id')}",
            "standing_exception",
            ["tenant_id", "period", column],
        )
    head = ("run_id", "go_live", "snapshot", "system_identifier", "renewed_at", "changes")
    protect(op, "standing", service="calc", update_columns=(*head, "waits_because"))
    system_may(op, "standing", service="calc")
    for table in ("standing_line", "standing_exception"):
        protect(op, table, service="calc", grants="select, insert, delete")
