"""The run that the next one of its period goes on from, if it can."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from calc_engine.application.file_ports import RunFiles
from calc_engine.application.gather_facts import MOST_CHANGES
from calc_engine.application.ports import CalcWork
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.fact import Fact
from calc_engine.domain.kept_result import COLUMNS, KeptResult
from calc_engine.domain.lineage import NodeRow
from calc_engine.domain.outcome import PAYING, SHARED
from calc_engine.domain.run import Manifest, Run, Segment
from premia_common.periods import Month


class CannotGoOn(Exception):
    """Raised when a run must calculate everything; says why."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a run reads at the instant of its sealing, lines of approved statements left out."""

    segments: Sequence[Segment]
    go_live: Month
    approved: str
    """The digest of which statements of earlier periods are approved."""
    baseline: Baseline
    """Balances, and the statements of the period."""


@dataclass(frozen=True, slots=True)
class BaseResult:
    """A completed run with what it kept, and the facts that came since."""

    run_id: UUID
    manifest: Manifest
    manifest_digest: str
    kept: KeptResult
    nodes: Sequence[NodeRow]
    new: Sequence[Fact]


async def base_of(
    work: CalcWork, run: Run, sealed: Sealed, files: RunFiles, *, code: str
) -> BaseResult:
    """Return the latest run of the period with the facts that it did not know.

    Args:
        work: reads the runs.
        run: the run that would go on.
        sealed: what it reads.
        files: reads what the latest run kept.
        code: the digest of the code that would go on.

    Raises:
        CannotGoOn: if there is none, or what it read is not what this run reads.
        FileDamaged: if a file is not what its digest says.
    """
    found = await work.runs.latest_of(run.period)
    if found is None:
        raise CannotGoOn("it is the first run of the period")
    result = found.completed()
    manifest = Manifest.read(
        await files.read_json(work.tenant_id, result.manifest_address, result.manifest_digest)
    )
    if manifest.code != code:
        raise CannotGoOn("other code gave the last run's result")
    new = _segments_since(manifest, sealed)
    if sum(segment.rows for segment in new) > MOST_CHANGES:
        raise CannotGoOn(f"more than {MOST_CHANGES:,} facts arrived")
    facts = await files.read_segments(work.tenant_id, new)
    kept = await _kept(work.tenant_id, run.period, manifest, files)
    _check_told(kept, facts)
    nodes = await files.read_rows(work.tenant_id, *manifest.kept["nodes"], NodeRow._fields)
    return BaseResult(
        found.run_id,
        manifest,
        result.manifest_digest,
        kept,
        [NodeRow(*cast("tuple[str, ...]", row)) for row in nodes],
        facts,
    )


def _segments_since(manifest: Manifest, sealed: Sealed) -> Sequence[Segment]:
    if "rest" not in manifest.kept:
        raise CannotGoOn("the last run is of an earlier release")
    if manifest.go_live != sealed.go_live:
        raise CannotGoOn("the first period is another")
    if manifest.approved != sealed.approved:
        raise CannotGoOn("other statements of earlier periods are approved")
    known = len(manifest.segments)
    if tuple(sealed.segments[:known]) != manifest.segments:
        raise CannotGoOn("facts were sealed anew")
    return tuple(sealed.segments[known:])


async def _kept(tenant_id: UUID, period: Month, manifest: Manifest, files: RunFiles) -> KeptResult:
    tables = {
        name: await files.read_rows(tenant_id, *manifest.kept[name], columns)
        for name, columns in COLUMNS.items()
    }
    rest = await files.read_json(tenant_id, *manifest.kept["rest"])
    return KeptResult.read(tenant_id, period, tables, rest)


def _check_told(kept: KeptResult, new: Sequence[Fact]) -> None:
    """Refuse where it cannot be seen whether something told before is still to be told."""
    for plan, found in kept.told:
        if plan not in {SHARED, PAYING} and found.order_id is None and found.month is None:
            raise CannotGoOn(f"{plan} tells what is nobody's own: {found.code}")
        if (
            plan == PAYING
            and found.payee_id is None
            and any(fact.kind in {"payee", "loan", "adjustment"} for fact in new)
        ):
            raise CannotGoOn(f"a name may be known now: {found.code}")
