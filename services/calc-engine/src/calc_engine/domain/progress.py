"""How far a job is, as those who wait for it are told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Stage:
    """What a job does now; of a stage with parts, how many are done."""

    name: str
    percent: int
    """Of the whole job."""
    done: int = 0
    parts: int = 0
    """Zero where a stage has no parts that could be counted."""


Say: TypeAlias = Callable[[Stage], None]
"""Told each stage as it begins."""


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that was told of a run; `number` grows by one with each."""

    number: int
    at: datetime
    status: str
    stage: Stage
