"""Let payees and positions have dated, typed attributes.

Compatible with the previous release: it neither reads nor writes the columns.
Locks: `payee_version` and `position_version`, for the catalogue change only; no rewrite.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the columns; older versions have none, which reads as no attribute."""
    op.add_column("payee_version", sa.Column("dated_attributes", JSONB(), nullable=True))
    op.add_column("position_version", sa.Column("dated_attributes", JSONB(), nullable=True))
