"""What calc-engine must be told."""

from decimal import Decimal
from pathlib import Path
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from premia_runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """Settings of calc-engine; each field is the variable `PREMIA_<FIELD>`."""

    unusual_ratio: Decimal = Field(default=Decimal("0.5"), ge=0)
    """From what change against the last period a statement is reported as unusual."""
    unusual_amount: Decimal = Field(default=Decimal(100), ge=0)
    """The change must also be larger than this, in the statement's currency."""
    approvals_at_once: int = Field(default=4, ge=1, le=32)
    """How many transactions of one bulk approval run side by side."""
    sets_from_orders: int = Field(default=2_000, ge=1)
    """From so many orders on a plan is calculated by sets, below that order by order."""
    calculation_memory_mb: int = Field(default=2_048, ge=256)
    """Memory that one calculation by sets may take; what does not fit is spilled to disk."""
    calculation_threads: int = Field(default=2, ge=1, le=64)
    """How many threads one calculation by sets works with."""
    spill_dir: Path | None = None
    """Where calculations spill to, each in a folder of its own that goes with it; by default where
    the system keeps temporary files."""
    simulation_days: int = Field(default=7, ge=1, le=90)
    """How long the answer of a what-if question or a back-test is kept."""
    time_zone: str = "Europe/Rome"
    """Whose midnight ends a business day, where a day of knowledge is asked for."""

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name!r} is no time zone; write one like Europe/Rome")
        return name
