"""What a run gives: lines, lineage, exceptions, cells and proposed statements; and its digest."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from calc_engine.domain.lineage import NodeRow
from calc_engine.domain.proposal import Proposal
from calc_engine.domain.stake import Stake
from calc_engine.domain.statement_line import ResultLine
from premia_common.money import Money
from premia_plan.results import Cell, Exception_

SHARED, PAYING, UNASSIGNED = "", ":paying", ":unassigned"
"""Tell what concerns all plans, what terms of payment meet, and what no plan takes; no plan has
such a name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole result of a run, in one order whatever the order of its input."""

    plans: tuple[str, ...]
    """Content hashes of the published documents that were calculated."""
    engines: Mapping[str, str]
    """Who calculated each of them; in no digest, since every engine gives the same."""
    outgrown: Mapping[str, str]
    """Which were calculated again by the exact engine, and why; in no digest either."""
    lines: tuple[ResultLine, ...]
    nodes: list[NodeRow]
    """What the statements' lines rest on."""
    exceptions: tuple[Exception_, ...]
    told: tuple[tuple[str, Exception_], ...]
    """The same exceptions with who tells them: plans by name, or one of the words above."""
    stakes: tuple[Stake, ...]
    """What hangs on each exception, in their order; follows from the rest, so in no digest."""
    cells: tuple[Cell, ...]
    measured: tuple[tuple[str, Cell], ...]
    """The same cells with the plans that count them."""
    proposals: tuple[Proposal, ...]
    order_amounts: Mapping[str, Decimal]
    """Sum of the current orders' amounts by source, for the control totals."""
    weighed: Mapping[str, Money]
    """The amounts of the orders that exceptions name."""
    digest: str


FIELD, RECORD = "\x1f", "\x1e"
"""Stand between the texts of a row and between rows; no text of a node holds them."""
NODES_AT_ONCE = 5_000
"""So many nodes are hashed with one call: few calls, and little memory."""


def digest_of(
    lines: Iterable[ResultLine],
    nodes: Iterable[NodeRow],
    exceptions: Iterable[Exception_],
    cells: Iterable[Cell],
    proposals: Iterable[Proposal],
) -> str:
    """Return the SHA-256 of a result's content; every part must come sorted."""
    hasher = hashlib.sha256(b"nodes")
    waiting = iter(nodes)
    while some := list(islice(waiting, NODES_AT_ONCE)):
        hasher.update(RECORD.join([FIELD.join(row) for row in some]).encode())
        hasher.update(RECORD.encode())
    for part, rows in (
        ("lines", (_line(line) for line in lines)),
        ("exceptions", (_exception(item) for item in exceptions)),
        ("cells", (_cell(cell) for cell in cells)),
        ("statements", (item.digest for item in proposals)),
    ):
        hasher.update(part.encode())
        for row in rows:
            hasher.update(repr(row).encode())
    return hasher.hexdigest()


def _line(line: ResultLine) -> tuple[object, ...]:
    return (
        line.line_id.int,
        line.payee_id,
        line.principal_id,
        line.plan,
        line.currency,
        line.component,
        line.kind,
        line.what,
        line.month,
        line.competence,
        format(line.amount, "f"),
        line.order_id,
        line.credit_id,
        line.share,
        line.reason,
        line.node_id.int,
    )


def _exception(item: Exception_) -> tuple[object, ...]:
    return (
        item.code,
        item.message,
        item.what_to_do,
        item.payee_id,
        item.order_id,
        item.month,
        item.blocks,
    )


def _cell(cell: Cell) -> tuple[object, ...]:
    attainment = cell.attainment
    return (
        cell.payee_id,
        cell.measure,
        cell.month,
        cell.value,
        cell.target,
        (attainment.ratio, attainment.percent) if attainment else None,
        cell.node_id.int,
    )
