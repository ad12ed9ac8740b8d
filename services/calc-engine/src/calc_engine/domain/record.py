"""Rows that people load: what of a load was kept, and what must be repaired."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from calc_engine.domain.fact import FactName
from calc_engine.domain.proposed_load import ProposedLoad


class RejectedOutcome(Enum):
    """What became of a row that could not be used."""

    REPAIRED = "repaired"
    KNOWN = "known"
    """As it should have been it says what is known already: nothing changed."""
    DISCARDED = "discarded"


class RejectedNotFound(LookupError):
    """Raised when no row of this id was rejected."""

    def __init__(self, rejected_id: UUID) -> None:
        super().__init__(f"There is no rejected row {rejected_id}.")


class RejectedSettled(Exception):
    """Raised when a rejected row was repaired or discarded already."""

    def __init__(self, rejected_id: UUID, outcome: RejectedOutcome) -> None:
        what = "was known" if outcome is RejectedOutcome.KNOWN else f"was {outcome.value}"
        super().__init__(f"Row {rejected_id} {what} already; load it as a new row.")


class VersionTaken(Exception):
    """Raised when a repaired row has the version of a fact that says something else."""

    def __init__(self, name: FactName) -> None:
        super().__init__(
            f"{name.kind} {name.key} is known in version {name.version} with another content, "
            "which stays. Have the source send a later version, or discard this row."
        )


class RowsRefused(ValueError):
    """Raised when a repaired row still does not fit its table."""

    def __init__(self, problems: "tuple[Problem, ...]") -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is the matter with one field of a row; `field` is empty if it is the row as a whole."""

    field: str
    value: str
    message: str

    def __str__(self) -> str:
        place = f"{self.field} {self.value!r}: " if self.field else ""
        return f"{place}{self.message}"


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was left out, as it came, and why; it waits until somebody settles it."""

    rejected_id: UUID
    kind: str
    number: int
    """Its place in the load, from 1."""
    row: Mapping[str, Any]
    problems: tuple[Problem, ...]
    source: str
    loaded_by: UUID | None
    """None where it came in a file of another service."""
    loaded_at: datetime
    outcome: RejectedOutcome | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a load."""

    recorded: int
    unchanged: int
    rejected: tuple[RejectedRow, ...]
    proposed: ProposedLoad | None = None
    """Rows that wait for a second person."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A settled row, and the load in which it waits for a second person, if its table needs one."""

    row: RejectedRow
    load: ProposedLoad | None
