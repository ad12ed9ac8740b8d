"""The parts of a result in the one order that its digest is made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from calc_engine.domain.exception_desk import stakes
from calc_engine.domain.lineage import NodeRow
from calc_engine.domain.outcome import UNASSIGNED, Outcome, digest_of
from calc_engine.domain.proposal import Proposal
from calc_engine.domain.statement_line import ResultLine
from calc_engine.domain.unassigned import unassigned
from premia_common.money import Money
from premia_plan.relations import OrderRow
from premia_plan.results import Cell, Exception_


@dataclass(frozen=True, slots=True)
class Parts:
    """What a result is put together from, in any order."""

    plans: tuple[str, ...]
    engines: Mapping[str, str]
    outgrown: Mapping[str, str]
    lines: Iterable[ResultLine]
    nodes: list[NodeRow]
    """Already sorted."""
    told: Iterable[tuple[str, Exception_]]
    """What plans, facts and payments tell; whom no plan takes is seen from the lines."""
    measured: Iterable[tuple[str, Cell]]
    proposals: tuple[Proposal, ...]
    """In the order of their keys."""
    order_amounts: Mapping[str, Decimal]
    weighed: Mapping[str, Money]
    """The amounts of all orders that exceptions name, at least."""


def arranged(parts: Parts) -> Outcome:
    """Return the outcome, the same whatever the order of its parts."""
    lines = sorted(parts.lines, key=lambda line: (line.payee_id or "", line.line_id.int))
    measured = sorted(parts.measured, key=_cell_order)
    cells = tuple(cell for _, cell in measured)
    missing = unassigned(lines)
    told = sorted(
        {*parts.told, *((UNASSIGNED, found) for found in missing)},
        key=lambda item: (*_exception_order(item[1]), item[0]),
    )
    unique = sorted({found for _, found in told}, key=_exception_order)
    named = {found.order_id for found in unique}
    return Outcome(
        plans=parts.plans,
        engines=parts.engines,
        outgrown=parts.outgrown,
        lines=tuple(lines),
        nodes=parts.nodes,
        exceptions=tuple(unique),
        told=tuple(told),
        stakes=stakes(unique, lines, parts.weighed, cells, missing),
        cells=cells,
        measured=tuple(measured),
        proposals=parts.proposals,
        order_amounts=parts.order_amounts,
        weighed={key: parts.weighed[key] for key in sorted(parts.weighed) if key in named},
        digest=digest_of(lines, parts.nodes, unique, cells, parts.proposals),
    )


def weighed_orders(
    orders: Iterable[OrderRow], told: Sequence[tuple[str, Exception_]]
) -> Mapping[str, Money]:
    """Return the amounts of the orders that exceptions name."""
    named = {found.order_id for _, found in told}
    return {
        order.order_id: Money.rounded(order.amount, order.currency)
        for order in orders
        if order.order_id in named
    }


def _cell_order(item: tuple[str, Cell]) -> tuple[str, str, str, int]:
    cell = item[1]
    return (cell.payee_id, cell.measure, cell.month, cell.node_id.int)


def _exception_order(item: Exception_) -> tuple[str, str, str, str, str]:
    return (item.code, item.message, item.payee_id or "", item.order_id or "", item.month or "")
