"""Go on from a period's last run: calculate what the facts since then reach, and keep the rest."""

import asyncio
import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from calc_engine.application.base_run import BaseResult, CannotGoOn, Sealed, base_of
from calc_engine.application.calculate_plans import PlanNotUsable
from calc_engine.application.calculate_scope import (
    ReachesEverything,
    ScopedResult,
    calculate_scope,
)
from calc_engine.application.capped_keys import capped_keys
from calc_engine.application.file_ports import FileDamaged, RunFiles
from calc_engine.application.gather_facts import FactsInReach, ReachesTooFar
from calc_engine.application.join_result import Joining
from calc_engine.application.not_calculable import NotCalculable
from calc_engine.application.pay_payees import pay_payees
from calc_engine.application.ports import CalcWork, Engines
from calc_engine.domain.fact import Fact
from calc_engine.domain.outcome import Outcome
from calc_engine.domain.restatement import lines_of_period
from calc_engine.domain.run import BaseRun, FileName, Run, RunKind
from calc_engine.domain.statement_line import StatementLine
from premia_common.periods import Month
from premia_plan.results import Node

_log = logging.getLogger(__name__)

_EVERYTHING = (ReachesEverything, ReachesTooFar, PlanNotUsable, NotCalculable, FileDamaged)
_UNFORESEEN = (LookupError, ValueError, ArithmeticError)
PAID_BY_NAME = frozenset({"loan", "adjustment"})


@dataclass(frozen=True, slots=True)
class Renewed:
    """A result that goes on from another run's, and what its manifest says of that."""

    outcome: Outcome
    base: BaseRun
    posted_in: FileName
    """The baseline that names the posted lines, which are the same ones."""


async def renew_run(
    work: CalcWork, run: Run, sealed: Sealed, *, files: RunFiles, engines: Engines
) -> Renewed:
    """Return what calculating everything would give, digest included.

    Facts are read as the transaction sees them, which is as they were sealed.

    Raises:
        CannotGoOn: if the run must calculate everything, also where a file of the base is lost,
            and where going on fails in a way that calculating everything may not.
    """
    if run.kind is RunKind.INQUIRY:
        raise CannotGoOn("an inquiry stands by itself")
    if run.everything:
        raise CannotGoOn("it was asked for")
    try:
        base = await base_of(work, run, sealed, files, code=engines.code)
        if not set(base.manifest.engines.values()) <= set(engines.installed):
            raise CannotGoOn("an engine of another version calculated the last run")
        await _check_names(work, base.new)
        facts, part = await _part(work, base, run.period, sealed.go_live, engines)
        stated, differences = await _stated(work, part, run.period, sealed.go_live)
        joining = Joining(base, part, stated, differences, sealed.baseline)
        payees = joining.payees | await _paid_by_name(work, base.new)
        own = joining.stated_of(payees)
        paid = await pay_payees(work, own, payees=payees, period=run.period, go_live=sealed.go_live)
        outcome = await asyncio.to_thread(
            joining.outcome, work.tenant_id, run.period, payees, paid, facts
        )
    except _EVERYTHING as error:
        raise CannotGoOn(str(error)[:1000]) from error
    except _UNFORESEEN as error:
        _log.error("run %s is not renewed", run.run_id, exc_info=error)
        raise CannotGoOn(f"going on failed: {_place_of(error)}") from error
    replaced = tuple(keys.content() for keys in part.keys)
    first = (base.manifest.baseline_address, base.manifest.baseline_sha256)
    return Renewed(
        outcome,
        BaseRun(base.run_id, base.manifest_digest, replaced),
        base.manifest.posted_in or first,
    )


async def _part(
    work: CalcWork, base: BaseResult, period: Month, go_live: Month, engines: Engines
) -> tuple[Sequence[Fact], ScopedResult]:
    """Return the facts around the new ones, and what these reach."""
    arrived = frozenset((fact.kind, fact.key) for fact in base.new)
    reach = FactsInReach(work.references)
    await reach.gather(arrived)
    part = await asyncio.to_thread(
        calculate_scope, reach.facts, arrived, engines, since=go_live, until=period
    )
    if part.shared:
        raise CannotGoOn(f"something is told that is nobody's own: {part.shared[0].code}")
    if part.plans != base.manifest.plans:
        raise CannotGoOn("the plans are others")
    return reach.facts, part


async def _stated(
    work: CalcWork, part: ScopedResult, period: Month, go_live: Month
) -> tuple[Sequence[StatementLine], Sequence[Node]]:
    """Return the statement lines of what is new, and what explains the differences."""
    return lines_of_period(
        part.lines,
        await work.standings.posted(period, part.keys),
        period=period,
        go_live=go_live,
        approved=await work.standings.approved(period, part.payees),
        order_sources=part.order_sources,
        has_rates=part.has_rates,
        capped=await capped_keys(work, part.payees),
    )


async def _check_names(work: CalcWork, new: Sequence[Fact]) -> None:
    """Refuse where others' rows may name somebody else by now, or wait no more."""
    if any(fact.kind == "proposed_load" for fact in new):
        raise CannotGoOn("rows wait for a second person, or were decided")
    codes: dict[str, set[str]] = {}
    arrived = {fact.key for fact in new if fact.kind == "payee"}
    for fact in await work.references.of_keys("payee", sorted(arrived)) if arrived else ():
        codes.setdefault(fact.key, set()).add(fact.body["code"])
    if any(len(each) > 1 for each in codes.values()):
        raise CannotGoOn("a payee has another code than before")


async def _paid_by_name(work: CalcWork, new: Sequence[Fact]) -> frozenset[str]:
    """Return whom new loans and adjustments pay, and new payees: older rows may name these."""
    named = {fact.body["payee"] for fact in new if fact.kind in PAID_BY_NAME}
    known = {fact.key for fact in await work.references.of_keys("payee", sorted(named))}
    if named - known:
        raise CannotGoOn("a new loan or adjustment names its payee by code")
    return frozenset(named.union(fact.key for fact in new if fact.kind == "payee"))


def _place_of(error: BaseException) -> str:
    """Return an error's type and where it was raised, without its text, which may name people."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}"
