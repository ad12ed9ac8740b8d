"""The columns that lines of statements and of standings share."""

from sqlalchemy import Column, Integer, Text, Uuid

from calc_engine.adapters.database.metadata import MONEY


def line_columns() -> list[Column[object]]:
    """Return new columns of what a line pays for; whose it is, the table itself says."""
    return [
        Column("plan", Text, nullable=False),
        Column("component", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("what", Text, nullable=False),
        Column("competence", Text, nullable=False),
        Column("original_period", Text),
        Column("corrects", Uuid),
        Column("amount", MONEY, nullable=False),
        Column("order_id", Text),
        Column("credit_id", Text),
        Column("share", Integer),
        Column("reason", Text),
        Column("node_id", Uuid, nullable=False),
        Column("rates", Text),
    ]
