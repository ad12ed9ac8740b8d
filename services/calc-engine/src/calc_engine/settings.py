"""What calc-engine must be told."""

from decimal import Decimal
from pathlib import Path
from typing import Self
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

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
    spark_connect_url: str | None = Field(default=None, pattern="^sc://", repr=False)
    """The Spark Connect server that works the largest runs out, such as `sc://sail:50051`; without
    one all runs are calculated on this machine."""
    spark_exchange_dir: Path | None = None
    """The folder, seen by this process and by that server's workers under the same path, through
    which they hand each other what they read and wrote."""
    spark_from_orders: int = Field(default=10_000_000, ge=1)
    """From so many orders on a run is worked out by that server."""
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

    @model_validator(mode="after")
    def _cluster_has_a_folder(self) -> Self:
        if self.spark_connect_url is not None and self.spark_exchange_dir is None:
            raise ValueError(
                "PREMIA_SPARK_CONNECT_URL needs PREMIA_SPARK_EXCHANGE_DIR: a folder that this "
                "process and the workers of that server share"
            )
        return self
