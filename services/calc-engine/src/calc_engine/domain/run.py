"""One calculation run: what was asked, how far it is, what its manifest says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Self, TypeAlias
from uuid import UUID

from calc_engine.domain.progress import Stage
from premia_common.canonical import canonical_json, digest
from premia_common.periods import Month


class RunNotFound(LookupError):
    """Raised when the tenant has no such run."""

    def __init__(self, run_id: UUID) -> None:
        super().__init__(f"There is no run {run_id}.")


class RunInProgress(Exception):
    """Raised when a period already has a run that did not end yet."""

    def __init__(self, period: Month, run_id: UUID) -> None:
        self.run_id = run_id
        super().__init__(
            f"Run {run_id} of {period} has not ended; wait for it, then start the next one."
        )


class RunNotComplete(Exception):
    """Raised when something needs the result of a run that has none."""

    def __init__(self, run_id: UUID, status: "RunStatus") -> None:
        super().__init__(f"Run {run_id} is {status.value}; only a completed run has a result.")


class RunNotLatest(Exception):
    """Raised when a run is submitted and a later one has replaced its result."""

    def __init__(self, run_id: UUID, latest: UUID | None) -> None:
        super().__init__(
            f"Run {run_id} is not the latest complete run of its period; submit {latest} instead."
        )


class RunNotCancellable(Exception):
    """Raised when a run is cancelled that has ended by itself."""

    def __init__(self, run_id: UUID, status: "RunStatus") -> None:
        super().__init__(
            f"Run {run_id} is {status.value}; only a queued or running one can be cancelled. "
            "Start another run to replace its result."
        )


class RunCancelled(Exception):
    """Raised when the result of a run arrives after somebody cancelled it; it is dropped."""

    def __init__(self, run_id: UUID) -> None:
        super().__init__(f"Run {run_id} was cancelled; its result is not kept.")


class RunOnlyLooks(Exception):
    """Raised when statements are asked of a run that only looks."""

    def __init__(self, run_id: UUID) -> None:
        super().__init__(
            f"Run {run_id} is an inquiry; it makes no statements. Start a run of kind period."
        )


class RunKind(Enum):
    """What a run is for."""

    PERIOD = "period"
    """Makes the statements of an open month; of a month one at a time."""
    INQUIRY = "inquiry"
    """Looks at any month, as known at an instant or as true by now; nothing of it is posted."""


class RunStatus(Enum):
    """How far a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def has_ended(self) -> bool:
        """Say whether nothing will change any more."""
        return self in {RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands."""

    run_id: UUID
    kind: RunKind
    period: Month
    as_known_at: datetime | None
    wait_seconds: int
    """How long the run may wait for facts that a source's watermark promises."""
    everything: bool
    """Whether to calculate everything, though the period's last run could be gone on from."""
    requested_by: UUID
    requested_at: datetime
    correlation_id: UUID
    status: RunStatus
    version: int
    stage: Stage
    attempts: int
    failure: str | None
    result: "RunResult | None"

    def completed(self) -> "RunResult":
        """Return the result.

        Raises:
            RunNotComplete: if the run has none.
        """
        if self.result is None:
            raise RunNotComplete(self.run_id, self.status)
        return self.result


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a completed run left behind: counts, digests and addresses of its files."""

    manifest_address: str
    manifest_digest: str
    result_digest: str
    nodes_address: str
    lines_address: str
    lines_sha256: str
    counts: Mapping[str, int]
    base_run_id: UUID | None = None
    """The run it went on from: only what facts since then reach was calculated."""
    everything_because: str | None = None
    """Why everything was calculated, where it did not go on from another run."""


@dataclass(frozen=True, slots=True)
class Segment:
    """An immutable file of sealed facts."""

    address: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a source promised by its last watermark, and what had arrived when the run sealed."""

    source: str
    known_up_to: datetime | None
    promised: int | None
    arrived: int
    amount_promised: str | None
    discarded: int = 0
    """Rows of its files that could not be used and that somebody left out for good."""

    @property
    def is_complete(self) -> bool:
        """Say whether everything that the source promised has arrived, or never will.

        >>> SourceState("billing", None, None, 12, None).is_complete
        False
        """
        return self.promised is not None and self.arrived + self.discarded >= self.promised


FileName: TypeAlias = tuple[str, str]
"""The address and the SHA-256 of a file."""


@dataclass(frozen=True, slots=True)
class BaseRun:
    """The run that another went on from, and the keys of what this one calculated anew."""

    run_id: UUID
    manifest_digest: str
    replaced: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a run read, by digest: with these files alone it can be run again.

    A run that went on from a `base` read that one's kept files too.  A replay does not: it
    calculates everything from the segments, and must come to the same digest.
    """

    run_id: UUID
    period: Month
    go_live: Month
    engines: Mapping[str, str]
    """Name and version of the engine that calculated each plan, by the plan's content hash."""
    as_known_at: datetime | None
    segments: tuple[Segment, ...]
    baseline_address: str
    baseline_sha256: str
    plans: tuple[str, ...]
    waited_for: tuple[SourceState, ...]
    not_waited_for: tuple[SourceState, ...]
    result_digest: str
    approved: str = ""
    """The digest of which statements of earlier periods were approved."""
    posted_in: FileName | None = None
    """The baseline that names their lines and accounts, where the run's own does not."""
    base: BaseRun | None = None
    kept: Mapping[str, FileName] = field(default_factory=dict)
    """What the run leaves for the next one to go on from, by name."""
    code: str = ""
    """The digest of the code that gave the result; a run of other code does not go on from it."""

    def to_bytes(self) -> bytes:
        """Return the canonical JSON of the manifest."""
        return canonical_json(
            {
                "run_id": self.run_id,
                "period": str(self.period),
                "go_live": str(self.go_live),
                "engines": dict(self.engines),
                "as_known_at": self.as_known_at,
                "segments": [
                    {"address": item.address, "sha256": item.sha256, "rows": item.rows}
                    for item in self.segments
                ],
                "baseline": {"address": self.baseline_address, "sha256": self.baseline_sha256},
                "plans": list(self.plans),
                "waited_for": [_source(state) for state in self.waited_for],
                "not_waited_for": [_source(state) for state in self.not_waited_for],
                "result_digest": self.result_digest,
                "approved": self.approved,
                "posted_in": self.posted_in,
                "base": None if self.base is None else _base(self.base),
                "kept": dict(self.kept),
                "code": self.code,
            }
        )

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON."""
        return digest(self.to_bytes())

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """Return the manifest from its parsed JSON."""
        known = content["as_known_at"]
        return cls(
            UUID(content["run_id"]),
            Month.parse(content["period"]),
            Month.parse(content["go_live"]),
            _engines(content),
            datetime.fromisoformat(known) if known else None,
            tuple(
                Segment(item["address"], item["sha256"], item["rows"])
                for item in content["segments"]
            ),
            content["baseline"]["address"],
            content["baseline"]["sha256"],
            tuple(content["plans"]),
            tuple(_read_source(state) for state in content["waited_for"]),
            tuple(_read_source(state) for state in content["not_waited_for"]),
            content["result_digest"],
            content.get("approved", ""),
            _file_name(content.get("posted_in")),
            _read_base(content.get("base")),
            {name: (item[0], item[1]) for name, item in content.get("kept", {}).items()},
            content.get("code", ""),
        )


def _base(base: BaseRun) -> dict[str, object]:
    return {
        "run_id": base.run_id,
        "manifest_digest": base.manifest_digest,
        "replaced": list(base.replaced),
    }


def _read_base(content: Mapping[str, Any] | None) -> BaseRun | None:
    if content is None:
        return None
    return BaseRun(UUID(content["run_id"]), content["manifest_digest"], tuple(content["replaced"]))


def _file_name(content: Sequence[str] | None) -> FileName | None:
    return None if content is None else (content[0], content[1])


def _engines(content: Mapping[str, Any]) -> Mapping[str, str]:
    """Return who calculated which plan; a manifest of the first release names one for all."""
    if "engine" in content:
        return dict.fromkeys(content["plans"], content["engine"])
    return dict(content["engines"])


def _source(state: SourceState) -> dict[str, object]:
    return {
        "source": state.source,
        "known_up_to": state.known_up_to,
        "promised": state.promised,
        "arrived": state.arrived,
        "amount_promised": state.amount_promised,
        "discarded": state.discarded,
    }


def _read_source(state: Mapping[str, Any]) -> SourceState:
    known = state["known_up_to"]
    return SourceState(
        state["source"],
        datetime.fromisoformat(known) if known else None,
        state["promised"],
        state["arrived"],
        state["amount_promised"],
        state.get("discarded", 0),
    )


@dataclass(frozen=True, slots=True)
class Replay:
    """A second calculation from a run's manifest alone."""

    replay_id: UUID
    run_id: UUID
    requested_by: UUID
    requested_at: datetime
    status: RunStatus
    failure: str | None
    result_digest: str | None
    expected_digest: str = field(default="")

    @property
    def is_same(self) -> bool | None:
        """Say whether it gave what the run gave; None while it has not ended."""
        return None if self.result_digest is None else self.result_digest == self.expected_digest
