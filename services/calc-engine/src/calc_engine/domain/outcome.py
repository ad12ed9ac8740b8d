"""What a run gives: lines, lineage, exceptions, cells and proposed statements; and its digest."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from calc_engine.domain.lineage import NodeRow
from calc_engine.domain.proposal import Proposal
from calc_engine.domain.statement_line import ResultLine
from premia_plan.results import Cell, Exception_


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole result of a run, in one order whatever the order of its input."""

    plans: tuple[str, ...]
    """Content hashes of the published documents that were calculated."""
    lines: tuple[ResultLine, ...]
    nodes: list[NodeRow]
    exceptions: tuple[Exception_, ...]
    cells: tuple[Cell, ...]
    proposals: tuple[Proposal, ...]
    order_amounts: Mapping[str, Decimal]
    """Sum of the current orders' amounts by source, for the control totals."""
    digest: str


FIELD = "\x1f"
"""Stands between two texts of a row; no text of a node holds this control character."""


def digest_of(
    lines: Iterable[ResultLine],
    nodes: Iterable[NodeRow],
    exceptions: Iterable[Exception_],
    cells: Iterable[Cell],
    proposals: Iterable[Proposal],
) -> str:
    """Return the SHA-256 of a result's content; every part must come sorted."""
    hasher = hashlib.sha256()
    for part, rows in (
        ("lines", (_line(line) for line in lines)),
        ("nodes", (FIELD.join(row) for row in nodes)),
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
        str(line.line_id),
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
        str(line.node_id),
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
        str(cell.node_id),
    )
