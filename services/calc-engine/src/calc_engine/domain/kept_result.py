"""What a run leaves for the next one of its period to go on from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from calc_engine.domain.baseline import read_account
from calc_engine.domain.flat_rows import FlatRows, TextRow
from calc_engine.domain.outcome import Outcome
from calc_engine.domain.payment_accounts import AccountMove, Settled
from calc_engine.domain.proposal import Proposal, StatementKey, statement_id_of
from calc_engine.domain.stated_in import StatedIn
from calc_engine.domain.statement_line import ResultLine, StatementLine
from premia_common.canonical import canonical_json
from premia_common.money import Money
from premia_common.periods import Month
from premia_plan.results import Attainment, Cell, Exception_


@dataclass(frozen=True, slots=True)
class _CellRow:
    plan: str
    payee_id: str
    measure: str
    month: str
    value: str
    target: str | None
    ratio: str | None
    percent: str | None
    node_id: UUID


LINES = FlatRows(ResultLine)
STATED = FlatRows(StatementLine)
CELLS = FlatRows(_CellRow)
COLUMNS: Mapping[str, Sequence[str]] = {
    "kept_lines": LINES.columns,
    "kept_stated": STATED.columns,
    "kept_cells": CELLS.columns,
}
"""The columns of each table that is kept."""


@dataclass(frozen=True, slots=True)
class KeptResult:
    """All of a result but its nodes, with what each plan gave of it."""

    lines: Sequence[ResultLine]
    measured: Sequence[tuple[str, Cell]]
    told: Sequence[tuple[str, Exception_]]
    proposals: Sequence[Proposal]
    order_amounts: Mapping[str, Decimal]
    weighed: Mapping[str, Money]
    balances: Mapping[StatementKey, Decimal]
    """What ledgers carried before the period."""
    outgrown: Mapping[str, str]
    """Which plans were calculated again by the exact engine, and why."""

    @classmethod
    def of(cls, outcome: Outcome, balances: Mapping[StatementKey, Decimal]) -> Self:
        """Return what is kept of a result."""
        return cls(
            outcome.lines,
            outcome.measured,
            outcome.told,
            outcome.proposals,
            outcome.order_amounts,
            outcome.weighed,
            balances,
            outcome.outgrown,
        )

    def tables(self) -> Mapping[str, list[TextRow]]:
        """Return the long parts as rows, by the name of their table."""
        return {
            "kept_lines": LINES.written(self.lines),
            "kept_stated": STATED.written(
                line for proposal in self.proposals for line in proposal.lines
            ),
            "kept_cells": CELLS.written(_cell_row(*item) for item in self.measured),
        }

    def rest(self) -> bytes:
        """Return the short parts as canonical JSON."""
        return canonical_json(
            {
                "told": [[plan, *_exception(found)] for plan, found in self.told],
                "proposals": [_proposal(item) for item in self.proposals],
                "order_amounts": {
                    source: format(amount, "f") for source, amount in self.order_amounts.items()
                },
                "weighed": {
                    order: [format(money.amount, "f"), money.currency]
                    for order, money in self.weighed.items()
                },
                "balances": [
                    [*key, format(self.balances[key], "f")] for key in sorted(self.balances)
                ],
                "outgrown": dict(self.outgrown),
            }
        )

    @classmethod
    def read(
        cls,
        tenant_id: UUID,
        period: Month,
        tables: Mapping[str, Sequence[TextRow]],
        rest: Mapping[str, Any],
    ) -> Self:
        """Return what was kept of a period's result."""
        stated: dict[StatementKey, list[StatementLine]] = {}
        for line in STATED.read(tables["kept_stated"]):
            stated.setdefault((line.payee_id, line.principal_id, line.currency), []).append(line)
        return cls(
            LINES.read(tables["kept_lines"]),
            [_cell(row) for row in CELLS.read(tables["kept_cells"])],
            [(row[0], Exception_(*row[1:])) for row in rest["told"]],
            [_read_proposal(tenant_id, period, row, stated) for row in rest["proposals"]],
            {source: Decimal(amount) for source, amount in rest["order_amounts"].items()},
            {order: Money(*amount) for order, amount in rest["weighed"].items()},
            {(row[0], row[1], row[2]): Decimal(row[3]) for row in rest["balances"]},
            rest["outgrown"],
        )


def _cell_row(plan: str, cell: Cell) -> _CellRow:
    reached = cell.attainment
    return _CellRow(
        plan,
        cell.payee_id,
        cell.measure,
        cell.month,
        cell.value,
        cell.target,
        reached.ratio if reached else None,
        reached.percent if reached else None,
        cell.node_id,
    )


def _cell(row: _CellRow) -> tuple[str, Cell]:
    reached = None
    if row.ratio is not None and row.percent is not None:
        reached = Attainment(row.ratio, row.percent)
    return row.plan, Cell(
        row.payee_id, row.measure, row.month, row.value, row.target, reached, row.node_id
    )


def _exception(found: Exception_) -> tuple[object, ...]:
    return (
        found.code,
        found.message,
        found.what_to_do,
        found.payee_id,
        found.order_id,
        found.month,
        found.blocks,
    )


def _proposal(item: Proposal) -> list[object]:
    settled = item.settled
    return [
        item.payee_id,
        item.principal_id,
        item.currency,
        format(item.brought_forward.amount, "f"),
        format(item.held.amount, "f"),
        None
        if settled is None
        else [
            format(settled.paid, "f"),
            format(settled.carried, "f"),
            format(settled.brought_forward, "f"),
            [_account(account) for account in settled.accounts],
        ],
        *(() if item.stated is None else (item.stated.content(),)),
    ]


def _account(item: AccountMove) -> list[object]:
    return [*item.content(), str(item.node_id) if item.node_id else None]


def _read_proposal(
    tenant_id: UUID,
    period: Month,
    row: Sequence[Any],
    stated: Mapping[StatementKey, Iterable[StatementLine]],
) -> Proposal:
    key = (row[0], row[1], row[2])
    return Proposal(
        statement_id_of(tenant_id, key, period),
        key[0],
        key[1],
        period,
        key[2],
        tuple(stated.get(key, ())),
        Money(row[3], key[2]),
        Money(row[4], key[2]),
        None if row[5] is None else _read_settled(row[5]),
        StatedIn.read(row[6]) if len(row) > 6 else None,
    )


def _read_settled(row: Sequence[Any]) -> Settled:
    accounts = tuple(read_account(item, UUID(item[9]) if item[9] else None) for item in row[3])
    return Settled(Decimal(row[0]), Decimal(row[1]), Decimal(row[2]), accounts)
