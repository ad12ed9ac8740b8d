"""Steps: what was done, what it gave, and what is wrong when it cannot be verified."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class NotVerified(Exception):
    """Raised when a step's result is not what it must be."""


class StepFailed(Exception):
    """Raised when a step could not be done or verified: which one, its log, what to do."""

    def __init__(self, title: str, reason: str, log: Path | None) -> None:
        self.title = title
        self.reason = reason
        self.log = log
        where = f"\n  log: {log}" if log else ""
        super().__init__(
            f"step {title!r} failed: {reason}{where}\n"
            "  what to do: read the end of that log, mend the cause, and run the command again; "
            "it starts from an empty state"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step gave: its figures in words, and where to look at it."""

    figures: str
    address: str | None = None


class Reporter(Protocol):
    """Told of each step as it goes."""

    def begins(self, title: str) -> None:
        """Tell that a step begins."""

    def progress(self, text: str) -> None:
        """Tell how far the running step is."""

    def ended(self, title: str, outcome: Outcome, seconds: float) -> None:
        """Tell what a step gave."""


@dataclass
class Silent:
    """Reports to nobody, and keeps the outcomes."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def begins(self, title: str) -> None:
        """Say nothing."""

    def progress(self, text: str) -> None:
        """Say nothing."""

    def ended(self, title: str, outcome: Outcome, seconds: float) -> None:  # noqa: ARG002
        """Keep the outcome."""
        self.outcomes[title] = outcome


@dataclass(frozen=True, slots=True)
class Step:
    """One named thing to do; `log` is the process whose log tells more when it fails."""

    title: str
    run: Callable[[], Awaitable[Outcome]]
    log: str


async def run_step(step: Step, reporter: Reporter, log_path: Callable[[str], Path]) -> Outcome:
    """Run a step and report it.

    Raises:
        StepFailed: if it could not be done, or not be verified.
    """
    reporter.begins(step.title)
    begun = time.monotonic()
    try:
        outcome = await step.run()
    except Exception as error:
        raise StepFailed(step.title, str(error) or repr(error), log_path(step.log)) from error
    reporter.ended(step.title, outcome, time.monotonic() - begun)
    return outcome


def verify(holds: bool, otherwise: str) -> None:
    """Do nothing if a condition holds.

    Raises:
        NotVerified: with what is wrong, if it does not.
    """
    if not holds:
        raise NotVerified(otherwise)
