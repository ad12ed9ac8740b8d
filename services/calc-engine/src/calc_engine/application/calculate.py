"""Turn facts into a result: pure, so that a replay of the same files gives the same digest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from calc_engine.application.calculate_plans import (
    PlanNotUsable,
    PlanResults,
    calculate_plans,
    order_amounts,
)
from calc_engine.application.ports import Engines
from calc_engine.domain.arranged_outcome import Parts, arranged, weighed_orders
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.fact import Fact
from calc_engine.domain.lineage import node_rows
from calc_engine.domain.outcome import PAYING, SHARED, Outcome
from calc_engine.domain.pay_statements import pay_statements
from calc_engine.domain.payment_rows import payment_rows
from calc_engine.domain.plan_terms import TermsByPayee
from calc_engine.domain.progress import Say, Stage
from calc_engine.domain.proposal import Proposal, StatementKey, propose
from calc_engine.domain.records import Records
from calc_engine.domain.restatement import lines_of_period
from calc_engine.domain.statement_currency import state_proposals
from calc_engine.domain.statement_line import ResultLine
from premia_common.periods import Month
from premia_plan.results import Exception_, Node

__all__ = ["PlanNotUsable", "Scope", "calculate_outcome"]

PLAN_NOT_ACCEPTED = "plan_not_accepted"
"""The engine's reason for holding pay until the payee accepts the plan."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a calculation is for."""

    tenant_id: UUID
    period: Month
    go_live: Month


def calculate_outcome(
    facts: Iterable[Fact],
    baseline: Baseline,
    scope: Scope,
    engines: Engines,
    *,
    say: Say,
    recorded: Mapping[str, str] | None = None,
) -> Outcome:
    """Return the result of all published plans, and the statements it proposes.

    Args:
        facts: sealed facts, already cut to what was known.
        baseline: what was posted before.
        scope: tenant, period and go-live.
        engines: chooses who calculates.
        say: told each stage as it begins.
        recorded: which engine calculated each plan before, by content hash, to use it again.

    Raises:
        PlanNotUsable: if a published plan cannot be calculated.
    """
    records = Records.of(facts)
    found = calculate_plans(
        records, engines, since=scope.go_live, until=scope.period, say=say, recorded=recorded
    )
    say(Stage("comparing with what was posted", 70))
    proposals, written, told = _state(records, found, baseline, scope)
    roots = (node_id for item in proposals for node_id in item.roots)
    told = [*found.told, *((SHARED, item) for item in found.shared.exceptions), *told]
    return arranged(
        Parts(
            plans=tuple(plan.content_hash for plan in records.plans),
            engines=found.engines,
            outgrown=found.outgrown,
            lines=found.lines,
            nodes=node_rows([*found.nodes, *written], roots),
            told=told,
            measured=found.measured,
            proposals=proposals,
            order_amounts=order_amounts(records),
            weighed=weighed_orders(found.shared.orders, told),
        )
    )


def _state(
    records: Records, found: PlanResults, baseline: Baseline, scope: Scope
) -> tuple[tuple[Proposal, ...], tuple[Node, ...], list[tuple[str, Exception_]]]:
    """Return the proposed statements, and the nodes that stating and paying them wrote.

    With them, what a person must look at before they are paid.
    """
    terms = TermsByPayee(found.terms, scope.period)
    closed = ClosedBefore(baseline.closed.items(), scope.go_live)
    rows = payment_rows(records, terms, closed=closed, posted=baseline.payments)
    stated, differences = lines_of_period(
        found.lines,
        baseline.posted,
        period=scope.period,
        go_live=scope.go_live,
        approved=baseline.approved,
        order_sources={order.order_id: order.source for order in found.shared.orders},
        has_rates=any(item.states_currency for item in found.terms),
        restated=terms.naming,
        capped=frozenset(key for key, _ in rows.caps),
    )
    paid = pay_statements(
        stated,
        terms,
        rows,
        closed=closed,
        posted=baseline.payments,
        carried=baseline.carried,
        period=scope.period,
        go_live=scope.go_live,
    )
    known = {*baseline.known, *unaccepted(found.lines)}
    proposals = propose(
        scope.tenant_id,
        scope.period,
        [*stated, *paid.lines],
        balances=baseline.carried,
        held=held_by_key(found.lines),
        known=known,
        settled=paid.settled,
    )
    said = state_proposals(
        proposals,
        terms,
        baseline,
        paid.nodes,
        known=known,
        period=scope.period,
        go_live=scope.go_live,
    )
    told = (*paid.exceptions, *said.exceptions)
    nodes = (*differences, *paid.nodes, *said.nodes)
    return said.proposals, nodes, [(PAYING, item) for item in told]


def held_by_key(lines: Iterable[ResultLine]) -> Mapping[StatementKey, Decimal]:
    """Return what is earned and held, by the statement that shows it."""
    held: dict[StatementKey, Decimal] = {}
    for line in lines:
        if line.what == "held" and line.payee_id is not None:
            key = (line.payee_id, line.principal_id, line.currency)
            held[key] = held.get(key, Decimal(0)) + line.amount
    return held


def unaccepted(lines: Iterable[ResultLine]) -> set[StatementKey]:
    """Return whose pay waits for the plan's acceptance: a statement shows it, though it is held."""
    return {
        (line.payee_id, line.principal_id, line.currency)
        for line in lines
        if line.reason_code == PLAN_NOT_ACCEPTED and line.payee_id is not None
    }
