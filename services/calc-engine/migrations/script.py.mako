"""${message}.

Compatible with the previous release: say why.
Locks: name the tables and for how long.
Rehearsed: on how many rows, how long it took.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
