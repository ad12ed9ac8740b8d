"""The result of a calculation as tables of text: every value exact, None where there is none."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from premia_plan.paying import Pay
from premia_plan.results import Calculation, Cell, Exception_, Line, Node
from premia_plan.stating import Stated

Texts: TypeAlias = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class OfflineResult:
    """What a plan earns, what of it is due and stated, with all nodes and exceptions of these."""

    calculation: Calculation
    pay: Pay
    stated: Stated
    nodes: tuple[Node, ...]
    exceptions: tuple[Exception_, ...]
    plan: str
    currency: str


@dataclass(frozen=True, slots=True)
class ResultTable:
    """One table of a result: its columns, what each says, and its rows in one order."""

    name: str
    about: str
    columns: tuple[tuple[str, str], ...]
    rows: Callable[["OfflineResult"], Iterator[Texts]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(name for name, _ in self.columns)


def _lines(result: OfflineResult) -> Iterator[Texts]:
    return (_line(line, result.plan, result.currency) for line in result.calculation.lines)


def _payments(result: OfflineResult) -> Iterator[Texts]:
    return (
        (
            str(line.line_id),
            line.payee_id,
            line.principal,
            line.month,
            line.what,
            line.name,
            format(line.amount, "f"),
            result.currency,
            line.reason,
            str(line.node_id),
        )
        for line in result.pay.lines
    )


def _statements(result: OfflineResult) -> Iterator[Texts]:
    return (
        (
            str(item.line_id),
            item.payee_id,
            item.principal,
            item.month,
            format(item.amount, "f"),
            item.currency,
            str(item.node_id),
        )
        for item in result.stated.amounts
    )


def _balances(result: OfflineResult) -> Iterator[Texts]:
    for item in result.pay.balances:
        whose = (item.payee_id, item.principal, item.month)
        earned, paid = format(item.earned, "f"), format(item.paid, "f")
        yield *whose, "earned", earned, result.currency, None
        yield *whose, "due", paid, result.currency, str(item.node_id)
        for name, account in sorted(item.accounts.items()):
            amount = format(account.amount, "f")
            yield *whose, name, amount, result.currency, str(account.node_id)


def _line(line: Line, plan: str, currency: str) -> Texts:
    return (
        str(line.line_id),
        line.payee_id,
        line.principal,
        plan,
        line.component,
        line.kind,
        line.what,
        line.month,
        line.competence,
        format(line.amount, "f"),
        currency,
        line.order_id,
        line.credit_id,
        None if line.share is None else str(line.share),
        line.reason,
        line.reason_code,
        str(line.node_id),
    )


def _nodes(result: OfflineResult) -> Iterator[Texts]:
    return (_node(node) for node in result.nodes)


def _node(node: Node) -> Texts:
    source = node.source
    return (
        str(node.node_id),
        node.payee_id,
        node.kind,
        node.value,
        node.unit,
        node.operation,
        json.dumps(
            node.detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=dict
        ),
        source.kind if source else None,
        source.id if source else None,
        source.sha256 if source else None,
        source.label if source else None,
        " ".join(map(str, node.children)),
    )


def _cells(result: OfflineResult) -> Iterator[Texts]:
    return (_cell(cell) for cell in result.calculation.cells)


def _cell(cell: Cell) -> Texts:
    reached = cell.attainment
    return (
        cell.payee_id,
        cell.measure,
        cell.month,
        cell.value,
        cell.target,
        reached.ratio if reached else None,
        reached.percent if reached else None,
        str(cell.node_id),
    )


def _exceptions(result: OfflineResult) -> Iterator[Texts]:
    return (_exception(item) for item in result.exceptions)


def _exception(item: Exception_) -> Texts:
    return (
        item.code,
        item.message,
        item.what_to_do,
        item.payee_id,
        item.order_id,
        item.month,
        "true" if item.blocks else "false",
    )


LINES = ResultTable(
    "lines",
    "Every amount, to the cent.",
    (
        ("line_id", "computed from plan, component, payee, order and share: the same in every run"),
        ("payee_id", "whose; empty where an order names a payee nobody knows"),
        ("principal", "who owes it"),
        ("plan", "the plan's name"),
        ("component", "the component of the plan"),
        ("kind", "commission or bonus"),
        (
            "what",
            "`release`, `reversal` and `void_release` are paid; `held` and `not_paid` are not",
        ),
        ("month", "the month it lands in; empty while it is held or not paid"),
        ("competence", "the month it was earned or measured in"),
        ("amount", "exact, in `currency`"),
        ("currency", "the plan's currency"),
        ("order_id", "the order it comes from"),
        ("credit_id", "the credit it comes from"),
        ("share", "which share of the release, from 0"),
        ("reason", "why it is held, not paid or taken back"),
        ("reason_code", "the reason's stable name"),
        ("node_id", "the node that explains it"),
    ),
    _lines,
)
NODES = ResultTable(
    "nodes",
    "How each amount came about, step by step.",
    (
        ("node_id", "the step's id"),
        ("payee_id", "whom it is about; empty if nobody in particular"),
        ("kind", "what it is, such as earning, credit or rate_row"),
        ("value", "exact: a decimal, a fraction `n/d`, a day or a word; 3 % is 0.03"),
        ("unit", "money, rate, count, date or text"),
        ("operation", "how it follows from its children; `given` is a leaf"),
        ("detail", "JSON: the clause of the plan, the formula, the rate row, the rounding"),
        ("source_kind", "of a leaf that was recorded: `table_row`"),
        ("source_id", "the table and the row's key"),
        ("source_sha256", "digest of what the row says"),
        ("source_label", "the same for people"),
        ("children", "ids of the nodes it follows from, in order, joined by blanks"),
    ),
    _nodes,
)
CELLS = ResultTable(
    "cells",
    "What each payee reached in each month.",
    (
        ("payee_id", "whose"),
        ("measure", "the measure"),
        ("month", "the month"),
        ("value", "what was reached"),
        ("target", "the target, where there is one"),
        ("attainment_ratio", "value by target, exact, as `n/d`"),
        ("attainment_percent", "the same for people"),
        ("node_id", "the node that explains it"),
    ),
    _cells,
)
EXCEPTIONS = ResultTable(
    "exceptions",
    "What a person must look at.",
    (
        ("code", "its stable name"),
        ("message", "what is the matter"),
        ("what_to_do", "what to do"),
        ("payee_id", "whom it concerns"),
        ("order_id", "which order"),
        ("month", "which month"),
        ("blocks", "whether it would keep a statement from approval"),
    ),
    _exceptions,
)
PAYMENTS = ResultTable(
    "payments",
    "What terms of payment do besides the lines: a month's lines and these are what is due.",
    (
        ("line_id", "computed from plan, payee, month and what it is: the same in every run"),
        ("payee_id", "whose"),
        ("principal", "who owes it"),
        ("month", "the month"),
        ("what", "draw, reserve_withheld, loan_recovery, adjustment, carried_in and others"),
        ("name", "the draw, reserve, loan or adjustment; empty for the balance"),
        ("amount", "with the sign it has in the pay"),
        ("currency", "the plan's currency"),
        ("reason", "of an adjustment"),
        ("node_id", "the node that explains it"),
    ),
    _payments,
)
BALANCES = ResultTable(
    "balances",
    "Where each payee stands at the end of each month in which anything moves.",
    (
        ("payee_id", "whose"),
        ("principal", "who owes"),
        ("month", "the month"),
        (
            "account",
            "`earned` landed, `due` is to be paid; else a draw, reserve or loan, or `carried`",
        ),
        ("amount", "owed of a draw or loan, held in a reserve; a carried debt is negative"),
        ("currency", "the plan's currency"),
        ("node_id", "the node that explains it; empty for what landed"),
    ),
    _balances,
)
STATEMENTS = ResultTable(
    "statements",
    "What statements in a payee's own currency have; empty where a plan names none.",
    (
        ("line_id", "the line of `lines` or `payments` that is stated"),
        ("payee_id", "whose"),
        ("principal", "who owes it"),
        ("month", "the month"),
        ("amount", "in the currency of the statement, to its own minor unit"),
        ("currency", "the currency of the statement"),
        ("node_id", "the node that explains it"),
    ),
    _statements,
)
RESULT_TABLES = (LINES, PAYMENTS, BALANCES, STATEMENTS, NODES, CELLS, EXCEPTIONS)
