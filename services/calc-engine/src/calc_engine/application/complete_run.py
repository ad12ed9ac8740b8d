"""The last step of a run: what differs from the current revisions becomes a new draft."""

from datetime import datetime
from typing import Literal, TypeAlias, TypedDict, cast
from uuid import UUID

from calc_engine.application.ports import CalcWork, StoredFile
from calc_engine.application.prepare_run import Prepared
from calc_engine.application.start_standing import start_standing
from calc_engine.domain.accrual import held_amounts
from calc_engine.domain.outcome import Outcome
from calc_engine.domain.proposal import Proposal
from calc_engine.domain.run import Manifest, Run, RunCancelled, RunKind, RunResult, RunStatus
from calc_engine.domain.stated_in import Shown, shown
from calc_engine.domain.statement import Statement, StatementStatus
from calc_engine.domain.total import Total
from calc_engine.domain.validation import (
    Thresholds,
    UnusualStatement,
    ValidationReport,
    control_totals,
    group_exceptions,
    unusual_statements,
)
from premia_common.contracts.fields import FileAddress, MoneyOut
from premia_common.contracts.statements import (
    ComponentTotal,
    Movement,
    RunCompleted,
    StatementCalculated,
)
from premia_common.identifiers import derive_id
from premia_common.money import Money

_Noticed: TypeAlias = tuple[UnusualStatement, ...]
Kind = Literal["commission", "bonus", "advance", "recovery", "refund"]


async def complete_run(
    work: CalcWork,
    *,
    prepared: Prepared,
    outcome: Outcome,
    manifest: Manifest,
    manifest_file: StoredFile,
    nodes: StoredFile,
    lines: StoredFile,
    now: datetime,
    thresholds: Thresholds,
) -> RunResult:
    """Store the result, the report and the new revisions, and announce them.

    An approved statement is never touched, and one whose digest is unchanged keeps its revision.
    An inquiry makes no statements.

    Raises:
        RunCancelled: if somebody cancelled the run meanwhile; nothing is stored.
    """
    run = await work.runs.begin(prepared.run.run_id)
    if run.status is RunStatus.CANCELLED:
        raise RunCancelled(run.run_id)
    if run.status.has_ended:
        return run.completed()
    proposals = () if run.kind is RunKind.INQUIRY else outcome.proposals
    existing = {item.statement_id: item for item in await work.statements.of_period(run.period)}
    changed = [
        (proposal, existing.get(proposal.statement_id))
        for proposal in proposals
        if _is_changed(proposal, existing.get(proposal.statement_id))
    ]
    made = await work.statements.revise(changed, run=run, lines=lines, at=now)
    standing = {
        proposal.statement_id: made[proposal.statement_id]
        if proposal.statement_id in made
        else existing[proposal.statement_id].revision
        for proposal in proposals
    }
    last = await work.statements.last_payables(run.period)
    report = _report(prepared, outcome, unusual_statements(outcome.proposals, last, thresholds))
    result = RunResult(
        manifest_address=manifest_file.address,
        manifest_digest=manifest.digest,
        result_digest=outcome.digest,
        nodes_address=nodes.address,
        lines_address=lines.address,
        lines_sha256=lines.sha256,
        counts=_counts(prepared, outcome, statements=len(proposals), revisions=len(changed)),
        base_run_id=None if manifest.base is None else manifest.base.run_id,
        everything_because=prepared.everything_because,
    )
    await work.runs.complete(run, result, report, outcome, standing, at=now)
    await work.accruals.keep_held(run.run_id, held_amounts(outcome.lines))
    if run.kind is RunKind.PERIOD:
        await start_standing(work, run, prepared=prepared, outcome=outcome, nodes=nodes, at=now)
    for proposal, _ in changed:
        work.outbox.add(
            _calculated(
                work.tenant_id,
                proposal,
                made[proposal.statement_id],
                run=run,
                lines=lines,
                now=now,
            )
        )
    work.outbox.add(_completed(work.tenant_id, run, result, now=now))
    return result


def _report(
    prepared: Prepared, outcome: Outcome, noticed: tuple[_Noticed, _Noticed]
) -> ValidationReport:
    zero, unusual = noticed
    return ValidationReport(
        run_id=prepared.run.run_id,
        period=prepared.run.period,
        statements=len(outcome.proposals),
        lines=_line_count(outcome),
        payable=_payable(outcome.proposals),
        exceptions=group_exceptions(outcome.exceptions),
        zero=zero,
        unusual=unusual,
        control_totals=control_totals(outcome.proposals, prepared.sources, outcome.order_amounts),
        sources_not_waited_for=tuple(state.source for state in prepared.not_waited_for),
        calculated_again=tuple(f"{plan}: {why}" for plan, why in sorted(outcome.outgrown.items())),
    )


def _line_count(outcome: Outcome) -> int:
    return sum(len(proposal.lines) for proposal in outcome.proposals)


def _counts(
    prepared: Prepared, outcome: Outcome, *, statements: int, revisions: int
) -> dict[str, int]:
    return {
        "facts": sum(segment.rows for segment in prepared.segments),
        "plans": len(outcome.plans),
        "result_lines": len(outcome.lines),
        "nodes": len(outcome.nodes),
        "statements": statements,
        "new_revisions": revisions,
        "statement_lines": _line_count(outcome),
        "exceptions": len(outcome.exceptions),
        "blocking_exceptions": sum(item.blocks for item in outcome.exceptions),
    }


def _completed(tenant_id: UUID, run: Run, result: RunResult, *, now: datetime) -> RunCompleted:
    return RunCompleted(
        event_id=derive_id("run.completed", str(run.run_id)),
        occurred_at=now,
        tenant_id=tenant_id,
        correlation_id=run.correlation_id,
        run_id=run.run_id,
        period=str(run.period),
        manifest_digest=result.manifest_digest,
        result_digest=result.result_digest,
        statements=result.counts["statements"],
        lines=result.counts["statement_lines"],
        exceptions=result.counts["exceptions"],
    )


def _is_changed(proposal: Proposal, statement: Statement | None) -> bool:
    if statement is None:
        return True
    if statement.status is StatementStatus.APPROVED:
        return False
    return statement.digest != proposal.digest


def _payable(proposals: tuple[Proposal, ...]) -> tuple[Money, ...]:
    sums: dict[str, Money] = {}
    for proposal in proposals:
        payable = shown(proposal).payable
        zero = Money.zero(payable.currency)
        sums[payable.currency] = sums.get(payable.currency, zero) + payable
    return tuple(sums[currency] for currency in sorted(sums))


def _calculated(
    tenant_id: UUID,
    proposal: Proposal,
    revision: int,
    *,
    run: Run,
    lines: StoredFile,
    now: datetime,
) -> StatementCalculated:
    return StatementCalculated(
        event_id=derive_id("statement.calculated", str(proposal.statement_id), str(revision)),
        occurred_at=now,
        tenant_id=tenant_id,
        correlation_id=run.correlation_id,
        causation_id=run.run_id,
        statement_id=proposal.statement_id,
        revision=revision,
        digest=proposal.digest,
        payee_id=UUID(proposal.payee_id),
        principal_id=UUID(proposal.principal_id),
        period=str(proposal.period),
        **figures_out(shown(proposal)),
        lines=FileAddress(address=lines.address, sha256=lines.sha256),
    )


class FiguresOut(TypedDict):
    """What a statement says, as events carry it."""

    currency: str
    totals: tuple[ComponentTotal, ...]
    brought_forward: MoneyOut
    payable: MoneyOut
    carried_forward: MoneyOut
    receivable: MoneyOut | None


def figures_out(said: Shown) -> FiguresOut:
    """Return what a statement says to its payee, in its own currency."""
    return {
        "currency": said.currency,
        "totals": _totals_out(said.totals),
        "brought_forward": MoneyOut.of(said.brought_forward),
        "payable": MoneyOut.of(said.payable),
        "carried_forward": MoneyOut.of(said.carried_forward),
        "receivable": MoneyOut.of(said.receivable) if said.receivable else None,
    }


def _totals_out(totals: tuple[Total, ...]) -> tuple[ComponentTotal, ...]:
    return tuple(
        ComponentTotal(
            plan=total.plan,
            component=total.component,
            kind=cast("Kind", total.kind),
            competence=total.competence,
            amount=MoneyOut.of(total.amount),
            corrects=total.corrects,
            movement=cast("Movement | None", total.movement),
        )
        for total in totals
    )
