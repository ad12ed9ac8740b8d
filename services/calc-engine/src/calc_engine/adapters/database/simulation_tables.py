"""The tables of simulations: the question never changes, its state does."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from calc_engine.adapters.database.metadata import INSTANT, metadata

simulation = Table(
    "simulation",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("simulation_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("question", JSONB, nullable=False),
    Column("requested_by", Uuid, nullable=False),
    Column("requested_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Index("ix_simulation_expires", "tenant_id", "expires_at"),
)
simulation_head = Table(
    "simulation_head",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("simulation_id", Uuid, primary_key=True),
    Column("status", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("progress_percent", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failure", Text),
    Column("answer_address", Text),
    Column("answer_sha256", Text),
    Column("nodes_before", Text),
    Column("nodes_after", Text),
    ForeignKeyConstraint(
        ["tenant_id", "simulation_id"], ["simulation.tenant_id", "simulation.simulation_id"]
    ),
)
