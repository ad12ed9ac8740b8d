"""What the tables of calc-engine share: one metadata, and the types of columns."""

from sqlalchemy import DateTime, Numeric
from sqlalchemy.types import UserDefinedType

from premia_runtime.database import new_metadata
from premia_runtime.plumbing import plumbing_tables

metadata = new_metadata()
plumbing = plumbing_tables(metadata)

INSTANT = DateTime(timezone=True)
MONEY = Numeric(19, 3)
"""Wide enough for every currency; what is read is brought to its minor unit by `Money`."""


class TransactionId(UserDefinedType[str]):
    """PostgreSQL's xid8: the transaction that wrote a row, never reused."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the type's name."""
        return "xid8"
