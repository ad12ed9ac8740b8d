"""Keep a run's result for the next one to go on from, and read the baseline that both share."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from calc_engine.application.file_ports import RunFiles
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.kept_result import COLUMNS, KeptResult
from calc_engine.domain.outcome import Outcome
from calc_engine.domain.run import FileName, Manifest


async def keep_result(
    files: RunFiles, tenant_id: UUID, run_id: UUID, outcome: Outcome, baseline: Baseline
) -> Mapping[str, FileName]:
    """Store all of a result but its nodes, and return the files by name."""
    kept = KeptResult.of(outcome, baseline.balances)
    found: dict[str, FileName] = {}
    for name, rows in kept.tables().items():
        stored = await files.put_rows(tenant_id, run_id, name, COLUMNS[name], rows)
        found[name] = (stored.address, stored.sha256)
    rest = await files.put_json(tenant_id, run_id, "kept", kept.rest())
    return {**found, "rest": (rest.address, rest.sha256)}


async def read_baseline(files: RunFiles, tenant_id: UUID, manifest: Manifest) -> Baseline:
    """Return what was posted before a run.

    Raises:
        FileDamaged: if a file is not what its digest says.
    """
    own = Baseline.read(
        await files.read_json(tenant_id, manifest.baseline_address, manifest.baseline_sha256)
    )
    if manifest.posted_in is None:
        return own
    first = Baseline.read(await files.read_json(tenant_id, *manifest.posted_in))
    return replace(first, balances=own.balances, known=own.known)
