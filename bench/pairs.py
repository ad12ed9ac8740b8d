"""Timing two pieces of work in turn, so that a machine whose speed drifts does not decide."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Ratio:
    """How much CPU one piece of work takes against its baseline, pair by pair."""

    name: str
    baseline: str
    units: int
    seconds: float
    lowest: float
    median: float
    highest: float

    def __str__(self) -> str:
        return (
            f"{self.name:<46} {self.median:6.2f} x  ({self.lowest:.2f} to {self.highest:.2f})  "
            f"against {self.baseline}; {self.units / self.seconds:,.0f} a CPU second"
        )


def _cpu_seconds(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def compare(
    name: str,
    work: Callable[[], object],
    *,
    baseline: str,
    against: Callable[[], object],
    units: int,
) -> Ratio:
    """Return the ratio of two pieces of work over several pairs, after one warm-up of each."""
    work()
    against()
    pairs = [(_cpu_seconds(work), _cpu_seconds(against)) for _ in range(ROUNDS)]
    ratios = [mine / other for mine, other in pairs]
    return Ratio(
        name,
        baseline,
        units,
        statistics.median(mine for mine, _ in pairs),
        min(ratios),
        statistics.median(ratios),
        max(ratios),
    )
