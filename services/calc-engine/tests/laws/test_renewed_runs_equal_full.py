"""A run that goes on from another gives what calculating everything gives, to the byte."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, cast
from uuid import UUID

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from calc_engine.adapters.files.run_files import ParquetRunFiles
from calc_engine.application.base_run import CannotGoOn, Sealed
from calc_engine.application.calculate import Scope, calculate_outcome
from calc_engine.application.keep_result import keep_result
from calc_engine.application.ports import CalcWork, FactRow
from calc_engine.application.record_facts import fact_row
from calc_engine.application.renew_run import renew_run
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.outcome import Outcome
from calc_engine.domain.payment_accounts import PAYMENT_LINES, ClosedAccounts
from calc_engine.domain.progress import Stage
from calc_engine.domain.run import (
    BaseRun,
    Manifest,
    Run,
    RunKind,
    RunResult,
    RunStatus,
    Segment,
)
from calc_engine.domain.statement_line import PostedLine
from calc_engine.engine.choice import EngineChoice
from premia_common.contracts.envelope import FactEvent
from premia_common.periods import Month
from premia_runtime.store import FolderStore

from ..conftest import NEW, NOW  # noqa: TID252
from ..generated.plans import documents  # noqa: TID252
from ..generated.recorded import arriving, batches, master, published  # noqa: TID252
from ..memory_work import MemoryWork, fact_of_row  # noqa: TID252

EXAMPLES = 12
TENANT = UUID(int=77)
GO_LIVE, PERIOD = Month(2026, 2), Month(2026, 3)
TERMS: list[dict[str, Any]] = [
    {"negative_balance": "carried"},
    {"negative_balance": "carried", "minimum": "30 EUR"},
    {"draws": {"d": {"preset": "recoverable guarantee", "level": "70 EUR"}}},
]
ENGINES = EngineChoice()


@given(
    document=documents(),
    terms=st.sampled_from(TERMS),
    seed=st.integers(0, 2**32 - 1),
    approved=st.booleans(),
    versions=st.booleans(),
)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_run_renewed_after_each_batch_is_the_run_of_all_facts(
    document: dict[str, Any], terms: dict[str, Any], seed: int, approved: bool, versions: bool
) -> None:
    random = Random(seed)
    if document["currency"] == "EUR":
        document["payment"] = terms
    ends = ["2026-02-15", "2027-01-01"] if versions else ["2027-01-01"]
    starts = ["2026-01-01", *ends[:-1]]
    plan, *others = [
        published(TENANT, {**document, "valid": {**document["valid"], "from": start, "to": end}})
        for start, end in zip(starts, ends, strict=True)
    ]
    more = [each.model_copy(update={"version": 2}) for each in others]
    first, *later = batches(arriving(TENANT, plan, random), random, 4)
    with tempfile.TemporaryDirectory() as folder:
        runs = _Runs(ParquetRunFiles(FolderStore(Path(folder))))
        asyncio.run(runs.all([*master(TENANT, plan), *more, *first], later, approved))


class _Runs:
    """Runs of one tenant, one going on from the other."""

    def __init__(self, files: ParquetRunFiles) -> None:
        self._files = files
        self._segments: list[Segment] = []
        self._work = MemoryWork(TENANT, Baseline((), {}, {}, ()))

    async def all(
        self, first: list[FactEvent], later: list[list[FactEvent]], approved: bool
    ) -> None:
        """Renew after each batch, and compare with calculating everything."""
        await self._arrive(first)
        if approved:
            self._work.baseline = _approved(self._whole(GO_LIVE))
        whole = self._whole(PERIOD)
        event(f"{len(whole.plans)} plan versions")
        await self._keep(whole, None)
        for batch in later:
            await self._arrive(batch)
            self._work.baseline = replace(self._work.baseline, known=_keys(whole))
            whole = self._whole(PERIOD)
            baseline = replace(self._work.baseline, posted=(), approved={}, closed={}, payments=())
            sealed = Sealed(tuple(self._segments), GO_LIVE, "approved", baseline)
            work = cast("CalcWork", self._work)
            try:
                found = await renew_run(
                    work, _run(None), sealed, files=self._files, engines=ENGINES
                )
            except CannotGoOn as error:
                if str(error).startswith("going on failed"):
                    raise
                event(str(error)[:40])
                await self._keep(whole, None)
                continue
            event("renewed")
            same(found.outcome, whole)
            await self._keep(found.outcome, found.base)

    def _whole(self, period: Month) -> Outcome:
        scope = Scope(TENANT, period, GO_LIVE)
        return calculate_outcome(
            self._work.facts_, self._work.baseline, scope, ENGINES, say=lambda _: None
        )

    async def _arrive(self, events: list[FactEvent]) -> None:
        rows: dict[tuple[str, str, str], FactRow] = {}
        known = {(fact.kind, fact.key, fact.version) for fact in self._work.facts_}
        for row in map(fact_row, events):
            if (row.kind, row.key, row.version) not in known:
                rows.setdefault((row.kind, row.key, row.version), row)
        if rows:
            self._segments.append(await self._files.put_segment(TENANT, list(rows.values())))
            self._work.facts_ += [fact_of_row(row) for row in rows.values()]

    async def _keep(self, outcome: Outcome, base: BaseRun | None) -> None:
        """Store a run as the worker does."""
        run_id = NEW.new()
        nodes = await self._files.put_nodes(TENANT, run_id, outcome.nodes)
        kept = await keep_result(self._files, TENANT, run_id, outcome, self._work.baseline)
        manifest = Manifest(
            run_id=run_id,
            period=PERIOD,
            go_live=GO_LIVE,
            engines=outcome.engines,
            as_known_at=None,
            segments=tuple(self._segments),
            baseline_address="",
            baseline_sha256="",
            plans=outcome.plans,
            waited_for=(),
            not_waited_for=(),
            result_digest=outcome.digest,
            approved="approved",
            base=base,
            kept={**kept, "nodes": (nodes.address, nodes.sha256)},
            code=ENGINES.code,
        )
        stored = await self._files.put_json(TENANT, run_id, "manifest", manifest.to_bytes())
        result = RunResult(stored.address, manifest.digest, outcome.digest, "", "", "", {})
        self._work.last = replace(_run(result), run_id=run_id)


def same(renewed: Outcome, whole: Outcome) -> None:
    """Fail with the part that differs, if one does."""
    assert renewed.lines == whole.lines
    assert renewed.exceptions == whole.exceptions
    assert renewed.told == whole.told
    assert renewed.cells == whole.cells
    assert renewed.proposals == whole.proposals
    assert renewed.nodes == whole.nodes
    assert renewed.stakes == whole.stakes
    assert renewed.order_amounts == whole.order_amounts
    assert renewed.digest == whole.digest


def _keys(outcome: Outcome) -> tuple[tuple[str, str, str], ...]:
    return tuple((item.payee_id, item.principal_id, item.currency) for item in outcome.proposals)


def _approved(outcome: Outcome) -> Baseline:
    """Return what a next period goes on from when every statement was approved."""
    posted, closed, balances, approved = [], {}, {}, {}
    for item in outcome.proposals:
        key = (item.payee_id, item.principal_id, item.currency)
        month = str(item.period)
        approved[item.payee_id, item.principal_id, month, item.currency] = item.statement_id
        kept = tuple(each for each in item.accounts if each.account not in {"opening", "forgiven"})
        closed[key] = ClosedAccounts(month, item.statement_id, kept)
        if item.carried_forward:
            balances[key] = item.carried_forward.amount
        posted += [
            PostedLine(
                line.origin_line_id,
                item.statement_id,
                month,
                line.payee_id,
                line.principal_id,
                line.plan,
                line.component,
                line.kind,
                line.competence,
                line.currency,
                line.amount,
                line.order_id,
                line.credit_id,
                line.share,
            )
            for line in item.lines
            if line.what not in PAYMENT_LINES
        ]
    return Baseline(tuple(posted), balances, approved, (), closed)


def _run(result: RunResult | None) -> Run:
    return Run(
        run_id=NEW.new(),
        kind=RunKind.PERIOD,
        period=PERIOD,
        as_known_at=None,
        wait_seconds=0,
        everything=False,
        requested_by=NEW.new(),
        requested_at=NOW,
        correlation_id=NEW.new(),
        status=RunStatus.COMPLETED if result else RunStatus.RUNNING,
        version=1,
        stage=Stage("", 0),
        attempts=0,
        failure=None,
        result=result,
    )
