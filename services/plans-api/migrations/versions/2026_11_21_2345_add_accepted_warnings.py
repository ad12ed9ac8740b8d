"""Let the publication of a plan say which warnings were accepted.

Compatible with the previous release: it neither reads nor writes the column.
Locks: `plan_transition`, for the catalogue change only; no rewrite.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the column; older steps accepted none."""
    op.add_column(
        "plan_transition", sa.Column("accepted_warnings", ARRAY(sa.Text()), nullable=True)
    )
