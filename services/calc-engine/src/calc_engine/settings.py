"""What calc-engine must be told."""

from decimal import Decimal

from pydantic import Field

from premia_runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """Settings of calc-engine; each field is the variable `PREMIA_<FIELD>`."""

    unusual_ratio: Decimal = Field(default=Decimal("0.5"), ge=0)
    """From what change against the last period a statement is reported as unusual."""
    unusual_amount: Decimal = Field(default=Decimal(100), ge=0)
    """The change must also be larger than this, in the statement's currency."""
    approvals_at_once: int = Field(default=4, ge=1, le=32)
    """How many transactions of one bulk approval run side by side."""
