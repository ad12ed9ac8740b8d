"""Let a mandate say the most that a payee is paid in a month.

Compatible with the previous release: it neither reads nor writes the column.
Locks: `mandate_version`, for the catalogue change only; no rewrite.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the column; older versions have none, which reads as no cap."""
    op.add_column("mandate_version", sa.Column("payee_caps", JSONB(), nullable=True))
