"""Answer a what-if question: the same calculation twice, once with the facts as they would be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from calc_engine.application.calculate_plans import PlanResults, calculate_plans
from calc_engine.application.ports import Engines
from calc_engine.application.simulation_question import OrderFilter, Question
from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.comparison import Compared, compare
from calc_engine.domain.fact import Fact
from calc_engine.domain.lineage import NodeRow, node_rows
from calc_engine.domain.pay_months import Before, pay_months
from calc_engine.domain.payment_rows import payment_rows
from calc_engine.domain.progress import Say, Stage
from calc_engine.domain.records import Records
from calc_engine.domain.statement_line import ResultLine
from calc_engine.domain.what_if import WhatIfNotPossible, records_with
from premia_plan.relations import OrderRow
from premia_plan.results import Exception_

MOST_LINES = 10_000
"""So many compared lines an answer keeps; those that change come first."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """Both sides, line by line, and what explains them."""

    compared: tuple[Compared, ...]
    left_out: int
    """Lines beyond the most that an answer keeps."""
    orders: tuple[OrderRow, ...]
    """The picked orders as they are under the change; none where none were picked."""
    exceptions_before: tuple[Exception_, ...]
    exceptions_after: tuple[Exception_, ...]
    nodes_before: list[NodeRow]
    nodes_after: list[NodeRow]
    engines: frozenset[str]


def simulate(
    facts: Sequence[Fact], question: Question, before: Before, engines: Engines, *, say: Say
) -> Simulated:
    """Return what pay would be, beside what it is.

    Args:
        facts: the sealed facts.
        question: what is changed, and which lines are looked at.
        before: where pay stood before the first month; both sides go on from there.
        engines: chooses who calculates, as in runs.
        say: told each stage as it begins.

    Raises:
        WhatIfNotPossible: if the question changes or picks what is not there.
        PlanNotUsable: if a plan cannot be calculated, as published or as changed.
    """
    now, then = both_sides(facts, question, before, engines, say=say)
    orders = _picked(then, question.picked)
    wanted = {order.order_id for order in orders} if question.picked else None

    def looked_at(lines: Iterable[ResultLine]) -> list[ResultLine]:
        return [
            line
            for line in lines
            if not question.payees or line.payee_id in question.payees
            if wanted is None or line.order_id in wanted
        ]

    every = compare(looked_at(now.lines), looked_at(then.lines))
    first = sorted(every, key=lambda item: not item.is_changed)[:MOST_LINES]
    kept = sorted(first, key=lambda item: item.place)
    return Simulated(
        tuple(kept),
        len(every) - len(kept),
        orders,
        _exceptions(now, question, wanted),
        _exceptions(then, question, wanted),
        node_rows(now.nodes, (node for item in kept for node in item.before.nodes)),
        node_rows(then.nodes, (node for item in kept for node in item.after.nodes)),
        engines_of(now, then),
    )


def both_sides(
    facts: Sequence[Fact],
    question: Question,
    before: Before,
    engines: Engines,
    *,
    say: Say,
) -> tuple[PlanResults, PlanResults]:
    """Return what the plans give with the facts as they are, and as they would be.

    Terms of payment are applied, unless single orders are looked at: they pay months, not orders.
    """

    def half(offset: int, name: str) -> Say:
        return lambda stage: say(
            Stage(f"{name}: {stage.name}", offset + stage.percent // 2, stage.done, stage.parts)
        )

    changed = records_with(facts, question.changes)
    return (
        _side(Records.of(facts), question, before, engines, say=half(5, "as it is")),
        _side(changed, question, before, engines, say=half(45, "as it would be")),
    )


def _side(
    records: Records, question: Question, before: Before, engines: Engines, *, say: Say
) -> PlanResults:
    since, until = question.since, question.until
    found = calculate_plans(records, engines, since=since, until=until, say=say)
    if question.picked is None:
        closed = ClosedBefore(before.baseline.closed.items(), before.go_live)
        posted = before.baseline.payments
        rows = partial(payment_rows, records, closed=closed, posted=posted)
        paid = pay_months(found.lines, found.terms, rows, before, since=since, until=until)
        found.lines.extend(paid.lines)
        found.nodes.extend(paid.nodes)
        found.exceptions.extend(paid.exceptions)
    return found


def engines_of(before: PlanResults, after: PlanResults) -> frozenset[str]:
    """Return name and version of the engines that calculated two sides."""
    return frozenset(before.engines.values()) | frozenset(after.engines.values())


def _picked(results: PlanResults, wanted: OrderFilter | None) -> tuple[OrderRow, ...]:
    if wanted is None:
        return ()
    rows = {order.order_id: order for order in results.shared.orders}
    missing = [order_id for order_id in wanted.orders if order_id not in rows]
    if missing:
        raise WhatIfNotPossible(
            f"No plan could claim order {missing[0]}: it is unknown, its principal is, or it was "
            "signed when no plan was in force."
        )
    if wanted.orders:
        return tuple(rows[order_id] for order_id in wanted.orders)
    fitting = [row for _, row in sorted(rows.items()) if _fits(row, wanted)]
    return tuple(fitting[: wanted.limit])


def _fits(row: OrderRow, wanted: OrderFilter) -> bool:
    named = {ref.payee_id for ref in (row.seller, row.partner) if ref is not None}
    return (
        (wanted.territory is None or row.territory == wanted.territory)
        and (wanted.category is None or row.category == wanted.category)
        and (wanted.payee_id is None or wanted.payee_id in named)
    )


def _exceptions(
    results: PlanResults, question: Question, orders: set[str] | None
) -> tuple[Exception_, ...]:
    found = {
        item
        for item in results.exceptions
        if not question.payees or item.payee_id is None or item.payee_id in question.payees
        if orders is None or item.order_id is None or item.order_id in orders
    }
    return tuple(sorted(found, key=lambda item: (item.code, item.message)))
