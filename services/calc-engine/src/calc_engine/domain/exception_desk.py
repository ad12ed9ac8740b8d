"""What a person must look at: whom it touches, how much may hang on it, and how it is repaired."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Literal, TypeAlias
from uuid import UUID

from calc_engine.domain.statement_line import ResultLine
from premia_common.identifiers import derive_id
from premia_common.money import Money
from premia_plan.reference.subject import told
from premia_plan.results import Cell, Exception_

ZERO = Decimal(0)
_COUNT = re.compile(r"^[0-9]+ ")
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
Estimate: TypeAlias = Literal["unpaid_lines", "order_amount", "measured"]
"""What an amount at stake is: lines not paid for this, the order's own, or what was measured."""


class ExceptionStatus(Enum):
    """Where an exception is."""

    OPEN = "open"
    """The latest run of its period found it."""
    SETTLED = "settled"
    """An earlier run found it, the latest one does not."""
    ACCEPTED = "accepted"
    """The latest run found it, and somebody took it on by name."""


class ExceptionNotFound(LookupError):
    """Raised when the latest run of a period found no such exception."""

    def __init__(self, exception_id: UUID) -> None:
        super().__init__(
            f"The latest run of the period has no exception {exception_id}; it may be settled."
        )


def exception_id_of(tenant_id: UUID, item: Exception_) -> UUID:
    """Return the id of an exception: the same in every run that finds it.

    A message that counts what it found begins with the number, which is no part of the id.
    """
    words = _COUNT.sub("", item.message)
    subject = (item.payee_id or "", item.order_id or "", item.month or "")
    return derive_id("exception", str(tenant_id), item.code, *subject, words)


@dataclass(frozen=True, slots=True)
class Stake:
    """Whom an exception touches, and an estimate of what hangs on it.

    `amount` is an upper bound to look at, not what would be paid; `estimate` says what it is.
    """

    payees: tuple[str, ...]
    orders: int
    amount: Money | None
    estimate: Estimate | None


def stakes(
    exceptions: Iterable[Exception_],
    lines: Iterable[ResultLine],
    orders: Mapping[str, Money],
    cells: Iterable[Cell],
) -> tuple[Stake, ...]:
    """Return what hangs on each exception, in their order.

    Args:
        exceptions: what was found.
        lines: every line of the calculation.
        orders: the amounts of the orders that exceptions name.
        cells: every figure.
    """
    unpaid: dict[tuple[str, str], list[ResultLine]] = {}
    of_month: dict[tuple[str, str], list[ResultLine]] = {}
    for line in lines:
        if line.what == "not_paid" and line.order_id is not None:
            unpaid.setdefault((line.order_id, line.reason_code or ""), []).append(line)
        if line.payee_id is not None:
            of_month.setdefault((line.payee_id, line.competence), []).append(line)
    measured: dict[tuple[str, str], Decimal] = {}
    for cell in cells:
        key = (cell.payee_id, cell.month)
        measured[key] = max(_whole(cell.value), measured.get(key, ZERO))
    return tuple(
        _of_order(item, unpaid.get((item.order_id, item.code), ()), orders.get(item.order_id))
        if item.order_id is not None
        else _of_month(item, of_month, measured)
        for item in exceptions
    )


def _of_order(item: Exception_, lines: Sequence[ResultLine], order: Money | None) -> Stake:
    mine = [line for line in lines if item.payee_id in {None, line.payee_id}]
    named = {line.payee_id or "" for line in mine} | {item.payee_id or ""}
    payees = tuple(sorted(named - {""}))
    amount = sum((line.amount for line in mine), ZERO)
    if amount:
        return Stake(payees, 1, Money.rounded(amount, mine[0].currency), "unpaid_lines")
    if order is None:
        return Stake(payees, 1, None, None)
    return Stake(payees, 1, order, "order_amount")


def _of_month(
    item: Exception_,
    lines: Mapping[tuple[str, str], Sequence[ResultLine]],
    measured: Mapping[tuple[str, str], Decimal],
) -> Stake:
    if item.payee_id is None:
        return _of_subject(item, lines, measured)
    key = (item.payee_id, item.month or "")
    month = lines.get(key, ())
    orders = len({line.order_id for line in month if line.order_id is not None})
    unpaid = (line.amount for line in month if line.reason_code == item.code)
    amount, value = sum(unpaid, ZERO), measured.get(key, ZERO)
    if amount:
        return Stake(
            (item.payee_id,), orders, Money.rounded(amount, month[0].currency), "unpaid_lines"
        )
    if not value or not month:
        return Stake((item.payee_id,), orders, None, None)
    return Stake((item.payee_id,), orders, Money.rounded(value, month[0].currency), "measured")


def _of_subject(
    item: Exception_,
    lines: Mapping[tuple[str, str], Sequence[ResultLine]],
    measured: Mapping[tuple[str, str], Decimal],
) -> Stake:
    """Return what hangs on what nobody in particular misses, such as a territory.

    It touches whoever was not paid for this in the month; of what was measured it is that of the
    subject with which the message begins.
    """
    unpaid = [
        line
        for (_, month), found in lines.items()
        for line in found
        if month == item.month and line.what == "not_paid" and line.reason_code == item.code
    ]
    payees = tuple(sorted({line.payee_id for line in unpaid if line.payee_id is not None}))
    values = [
        value
        for (subject, month), value in measured.items()
        if month == item.month and item.message.startswith(f"{told(subject).en}, ")
    ]
    value = max(values, default=ZERO)
    if not value or not unpaid:
        return Stake(payees, 0, None, None)
    return Stake(payees, 0, Money.rounded(value, unpaid[0].currency), "measured")


def _whole(value: str) -> Decimal:
    """Read a cell's value; one that no decimal ends is written as a fraction."""
    number, _, divisor = value.partition("/")
    return Decimal(number) / Decimal(divisor) if divisor else Decimal(number)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who took an exception on, and why."""

    by: UUID
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DeskItem:
    """An exception as the desk shows it; `number` is its place in the run."""

    number: int
    exception_id: UUID
    run_id: UUID | None
    code: str
    message: str
    what_to_do: str
    payee_id: str | None
    order_id: str | None
    month: str | None
    blocks: bool
    stake: Stake
    status: ExceptionStatus
    acceptance: Acceptance | None = None
    payee_code: str | None = None
    """How people know the payee."""


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """All exceptions of one cause, with what they touch together."""

    code: str
    status: ExceptionStatus
    blocks: bool
    count: int
    payees: int
    orders: int
    amounts: tuple[Money, ...]
    """The estimates added up by currency; one order may be in several exceptions."""
    example: str
    what_to_do: str


def ids_in(text: str) -> frozenset[str]:
    """Return the ids that a message holds.

    >>> sorted(ids_in("c9e2e6d3-89ff-89e3-9d83-cb45d649c10e has no target"))
    ['c9e2e6d3-89ff-89e3-9d83-cb45d649c10e']
    """
    return frozenset(_ID.findall(text))


def with_codes(text: str, codes: Mapping[str, str]) -> str:
    """Return a message in which payees are called as people know them.

    >>> with_codes("c9e2e6d3-89ff-89e3-9d83-cb45d649c10e has no target",
    ...            {"c9e2e6d3-89ff-89e3-9d83-cb45d649c10e": "AG-1"})
    'AG-1 has no target'
    """
    return _ID.sub(lambda found: codes.get(found.group(), found.group()), text)
