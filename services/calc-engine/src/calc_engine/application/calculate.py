"""Turn facts into a result: pure, so that a replay of the same files gives the same digest."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from calc_engine.application.ports import Calculator
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.fact import Fact
from calc_engine.domain.lineage import apart, node_rows
from calc_engine.domain.outcome import Outcome, digest_of
from calc_engine.domain.plan_relations import relations_for, shared_rows
from calc_engine.domain.proposal import StatementKey, propose
from calc_engine.domain.published_plan import PublishedPlan
from calc_engine.domain.records import Records
from calc_engine.domain.restatement import lines_of_period
from calc_engine.domain.statement_line import ResultLine
from premia_common.canonical import canonical_json
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import PlanDocument
from premia_plan.results import Calculation, Cell, Exception_, Line, Node

Say = Callable[[str, int], None]

PLAN_NOT_ACCEPTED = "plan_not_accepted"
"""The engine's reason for holding pay until the payee accepts the plan."""


class PlanNotUsable(Exception):
    """Raised when a published plan does not pass this engine's checker."""

    def __init__(self, plan: PublishedPlan, why: str) -> None:
        super().__init__(
            f"plan {plan.name} version {plan.version} was published and cannot be calculated: "
            f"{why}. Publish a corrected version and retire this one."
        )


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
    calculator: Calculator,
    *,
    say: Say,
) -> Outcome:
    """Return the result of all published plans, and the statements it proposes.

    Args:
        facts: sealed facts, already cut to what was known.
        baseline: what was posted before.
        scope: tenant, period and go-live.
        calculator: the engine.
        say: told the phase and the percentage done.

    Raises:
        PlanNotUsable: if a published plan cannot be calculated.
    """
    records = Records.of(facts)
    say("arranging facts", 25)
    shared = shared_rows(records)
    lines: list[ResultLine] = []
    nodes: list[Node] = []
    exceptions: list[Exception_] = list(shared.exceptions)
    cells: list[Cell] = []
    versions = Counter(plan.name for plan in records.plans)
    for number, plan in enumerate(records.plans):
        say(f"calculating {plan.name}", 30 + 40 * number // len(records.plans))
        checked = checked_plan(plan)
        relations = relations_for(plan, records, shared, checked.order_attributes)
        found: Calculation = calculator.calculate(
            checked, relations, since=scope.go_live, until=scope.period
        )
        if versions[plan.name] > 1:
            found = apart(found, plan.content_hash)
        lines.extend(_result_line(line, plan) for line in found.lines)
        nodes.extend(found.nodes)
        exceptions.extend(found.exceptions)
        cells.extend(found.cells)
    say("comparing with what was posted", 70)
    stated, differences = lines_of_period(
        lines,
        baseline.posted,
        period=scope.period,
        go_live=scope.go_live,
        approved=baseline.approved,
        order_sources={order.order_id: order.source for order in shared.orders},
    )
    proposals = propose(
        scope.tenant_id,
        scope.period,
        stated,
        balances=baseline.balances,
        held=_held(lines),
        known={*baseline.known, *_unaccepted(lines)},
    )
    nodes.extend(differences)
    paid = (line.node_id for proposal in proposals for line in proposal.lines)
    rows = node_rows(nodes, paid)
    lines.sort(key=lambda line: (line.payee_id or "", line.line_id.int))
    unique = sorted(set(exceptions), key=_exception_order)
    cells.sort(key=lambda cell: (cell.payee_id, cell.measure, cell.month, cell.node_id.int))
    return Outcome(
        plans=tuple(plan.content_hash for plan in records.plans),
        lines=tuple(lines),
        nodes=rows,
        exceptions=tuple(unique),
        cells=tuple(cells),
        proposals=proposals,
        order_amounts=_order_amounts(records),
        digest=digest_of(lines, rows, unique, cells, proposals),
    )


def checked_plan(plan: PublishedPlan) -> CheckedPlan:
    """Return the typed plan of a published document.

    Raises:
        PlanNotUsable: if it has errors, which publishing should have refused.
    """
    document = PlanDocument.from_canonical(canonical_json(plan.effective_document()))
    check = check_plan(document)
    if check.plan is None:
        errors = [str(item) for item in check.findings if item.severity == "error"]
        raise PlanNotUsable(plan, "; ".join(errors[:3]))
    return check.plan


def _exception_order(item: Exception_) -> tuple[str, str, str, str, str]:
    return (item.code, item.message, item.payee_id or "", item.order_id or "", item.month or "")


def _result_line(line: Line, plan: PublishedPlan) -> ResultLine:
    return ResultLine(
        line.line_id,
        line.payee_id,
        line.principal,
        plan.name,
        plan.currency,
        line.component,
        line.kind,
        line.what,
        line.month,
        line.competence,
        line.amount,
        line.order_id,
        line.credit_id,
        line.share,
        line.reason,
        line.reason_code,
        line.node_id,
    )


def _held(lines: Iterable[ResultLine]) -> Mapping[StatementKey, Decimal]:
    held: dict[StatementKey, Decimal] = {}
    for line in lines:
        if line.what == "held" and line.payee_id is not None:
            key = (line.payee_id, line.principal_id, line.currency)
            held[key] = held.get(key, Decimal(0)) + line.amount
    return held


def _unaccepted(lines: Iterable[ResultLine]) -> set[StatementKey]:
    """Return whose pay waits for the plan's acceptance: a statement shows it, though it is held."""
    return {
        (line.payee_id, line.principal_id, line.currency)
        for line in lines
        if line.reason_code == PLAN_NOT_ACCEPTED and line.payee_id is not None
    }


def _order_amounts(records: Records) -> Mapping[str, Decimal]:
    amounts: dict[str, Decimal] = {}
    for fact in records.of_kind("order"):
        source = fact.body["source"]
        amount = Decimal(fact.body["amount"]["amount"])
        amounts[source] = amounts.get(source, Decimal(0)) + amount
    return amounts
