"""What a statement of a period holds: lines that land in it, and differences to earlier ones.

An approved statement never changes.  For each line of the calculation the amount due by now is
compared with what approved statements paid of it; what differs is a line of the open period.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.rate_basis import RateBases, RateBasis, stated_before
from calc_engine.domain.statement_line import PostedLine, ResultLine, StatementLine
from premia_common.identifiers import derive_id
from premia_common.periods import Month
from premia_plan.relations import SourceRef
from premia_plan.results import PAID, Node

ApprovedStatements = Mapping[tuple[str, str, str, str], UUID]
"""The approved statement of a payee, principal, period and currency."""

ZERO = Decimal(0)


def restatement_node_id(origin_line_id: UUID, period: Month) -> UUID:
    """Return the id of the node that explains a difference."""
    return derive_id("restatement-node", str(origin_line_id), str(period))


def lines_of_period(
    results: Iterable[ResultLine],
    posted: Iterable[PostedLine],
    *,
    period: Month,
    go_live: Month,
    approved: ApprovedStatements,
    order_sources: Mapping[str, SourceRef],
    has_rates: bool = False,
    restated: Collection[StatementKey] | None = None,
    capped: Collection[StatementKey] = (),
) -> tuple[tuple[StatementLine, ...], tuple[Node, ...]]:
    """Return the statement lines of a period, and the nodes that explain the differences.

    A line that lands in the period and of which nothing was paid is taken as it is.  A line that
    landed in an earlier month, or of which something was paid, gives its difference, which names
    the original period.  What landed before go-live was paid elsewhere and gives nothing.

    Args:
        results: all lines of the calculation.
        posted: all lines of approved statements of earlier periods.
        period: the open period.
        go_live: the tenant's first period.
        approved: which approved statement to name as corrected.
        order_sources: where each order's current version came from, to explain what is gone.
        has_rates: whether a plan names a currency for statements. Lines then say by what rates
            they are stated, and one of which only the rate may be another is among them.
        restated: whose statements a plan names a currency for; without it, perhaps everybody's.
        capped: whose pay a cap of the payee's agreement may cut; their lines say by what months'
            rates they would be stated, for the cap gives back what it took of those months.
    """
    paid: dict[UUID, list[PostedLine]] = {}
    for line in posted:
        paid.setdefault(line.origin_line_id, []).append(line)
    lines: list[StatementLine] = []
    nodes: list[Node] = []
    results = list(results)
    bases = RateBases(results, None if has_rates else capped)
    for result in results:
        if result.what not in PAID or result.month is None or result.payee_id is None:
            continue
        if not str(go_live) <= result.month <= str(period):
            continue
        before = paid.pop(result.line_id, [])
        if result.month == str(period) and not before:
            lines.append(_ordinary(result, result.payee_id, bases))
            continue
        difference = result.amount - sum((line.amount for line in before), ZERO)
        if difference or (has_rates and _may_be_restated(before, restated)):
            late = _late(result, before, difference, period=period, approved=approved)
            lines.append(replace(late, rates=bases.of(result, before)))
            if before:
                paid_of = [(line.statement_id, line.period, line.amount) for line in before]
                nodes.extend(difference_nodes(late, result.node_id, paid_of, period))
    for origin, before in paid.items():
        difference = -sum((line.amount for line in before), ZERO)
        if difference or (has_rates and any(line.stated for line in before)):
            due_now = _no_longer_due(origin, before[0], order_sources, period)
            gone = _gone(before, difference, period)
            if has_rates:
                basis = RateBasis.whole(gone.original_period or "", ZERO, due_now.node_id)
                gone = replace(gone, rates=replace(basis, before=stated_before(before)).text())
            lines.append(gone)
            nodes.append(due_now)
            paid_of = [(line.statement_id, line.period, line.amount) for line in before]
            nodes.extend(difference_nodes(gone, due_now.node_id, paid_of, period))
    return tuple(sorted(lines, key=line_order)), tuple(nodes)


def _may_be_restated(before: list[PostedLine], keys: Collection[StatementKey] | None) -> bool:
    """Say whether the rate of what was paid may be another one."""
    return any(
        keys is None or line.stated or (line.payee_id, line.principal_id, line.currency) in keys
        for line in before
    )


def line_order(line: StatementLine) -> tuple[str, str, str, str, str]:
    """Return where a line stands among the lines of a period."""
    return (line.payee_id, line.principal_id, line.plan, line.component, str(line.line_id))


def _ordinary(result: ResultLine, payee_id: str, bases: RateBases) -> StatementLine:
    return StatementLine(
        line_id=result.line_id,
        origin_line_id=result.line_id,
        payee_id=payee_id,
        principal_id=result.principal_id,
        plan=result.plan,
        component=result.component,
        kind=result.kind,
        what=result.what,  # type: ignore[arg-type]  # checked to be one of PAID
        competence=result.competence,
        original_period=None,
        corrects=None,
        amount=result.amount,
        currency=result.currency,
        order_id=result.order_id,
        credit_id=result.credit_id,
        share=result.share,
        reason=result.reason,
        node_id=result.node_id,
        rates=bases.of(result),
    )


def _late(
    result: ResultLine,
    before: list[PostedLine],
    difference: Decimal,
    *,
    period: Month,
    approved: ApprovedStatements,
) -> StatementLine:
    original = min((line.period for line in before), default=str(result.month))
    payee_id = result.payee_id or ""
    key = (payee_id, result.principal_id, original, result.currency)
    return StatementLine(
        line_id=derive_id("restatement", str(result.line_id), str(period)),
        origin_line_id=result.line_id,
        payee_id=payee_id,
        principal_id=result.principal_id,
        plan=result.plan,
        component=result.component,
        kind=result.kind,
        what="restatement",
        competence=result.competence,
        original_period=original,
        corrects=approved.get(key),
        amount=difference,
        currency=result.currency,
        order_id=result.order_id,
        credit_id=result.credit_id,
        share=result.share,
        reason=result.reason or f"known after {original} was closed",
        node_id=restatement_node_id(result.line_id, period) if before else result.node_id,
    )


def _gone(before: list[PostedLine], difference: Decimal, period: Month) -> StatementLine:
    first = min(before, key=lambda line: (line.period, str(line.statement_id)))
    return StatementLine(
        line_id=derive_id("restatement", str(first.origin_line_id), str(period)),
        origin_line_id=first.origin_line_id,
        payee_id=first.payee_id,
        principal_id=first.principal_id,
        plan=first.plan,
        component=first.component,
        kind=first.kind,
        what="restatement",
        competence=first.competence,
        original_period=first.period,
        corrects=first.statement_id,
        amount=difference,
        currency=first.currency,
        order_id=first.order_id,
        credit_id=first.credit_id,
        share=first.share,
        reason="no longer due: the facts behind it have changed",
        node_id=restatement_node_id(first.origin_line_id, period),
    )


def _no_longer_due(
    origin: UUID, before: PostedLine, order_sources: Mapping[str, SourceRef], period: Month
) -> Node:
    """Make the leaf that says nothing is due now, and which version of the order says so."""
    source = order_sources.get(before.order_id or "")
    return Node(
        derive_id("no-longer-due", str(origin), str(period)),
        before.payee_id,
        "no_longer_due",
        "0.00",
        "money",
        "given",
        {"order_id": before.order_id or "", "component": before.component},
        source or SourceRef("statement", str(before.statement_id), None, "no order"),
        (),
    )


def difference_nodes(
    line: StatementLine,
    due_now: UUID,
    before: Iterable[tuple[UUID, str, Decimal]],
    period: Month,
    *,
    stem: str = "",
) -> Iterator[Node]:
    """Make the node of a difference: what is due now, less each amount that was paid of it.

    Args:
        line: the difference, as its statement shows it.
        due_now: the node of what is due now.
        before: statement, period and amount of what was paid.
        period: the open period.
        stem: tells the nodes of amounts in another currency from those in the plan's.
    """
    children = [due_now]
    origin = str(line.origin_line_id)
    for statement_id, paid_in, amount in before:
        leaf = derive_id(f"{stem}posted-node", origin, str(statement_id))
        children.append(leaf)
        yield Node(
            leaf,
            line.payee_id,
            "posted_line",
            format(-amount, "f"),
            "money",
            "given",
            {"period": paid_in, "statement_id": str(statement_id)},
            SourceRef("statement", str(statement_id), None, f"statement of {paid_in}"),
            (),
        )
    yield Node(
        derive_id(f"{stem}restatement-node", origin, str(period)),
        line.payee_id,
        "restatement",
        format(line.shown, "f"),
        "money",
        "sum",
        {"origin_line_id": origin, "period": str(period)},
        None,
        tuple(children),
    )
