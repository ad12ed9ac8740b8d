"""What a person must look at: whom it touches, how much may hang on it, and how it is repaired."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from calc_engine.domain.stake import Stake, money_or_none
from calc_engine.domain.statement_line import ResultLine
from premia_common.identifiers import derive_id
from premia_common.money import Money
from premia_plan.reference.subject import told
from premia_plan.results import Cell, Exception_

ZERO = Decimal(0)
_COUNT = re.compile(r"^[0-9]+ ")
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


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


def stakes(
    exceptions: Iterable[Exception_],
    lines: Iterable[ResultLine],
    orders: Mapping[str, Money],
    cells: Iterable[Cell],
    known: Mapping[Exception_, Stake],
) -> tuple[Stake, ...]:
    """Return what hangs on each exception, in their order.

    Args:
        exceptions: what was found.
        lines: every line of the calculation.
        orders: the amounts of the orders that exceptions name.
        cells: every figure.
        known: what hangs on those of which it is known already.
    """
    found = _Found.of(lines, cells)
    return tuple(known.get(item) or _stake(item, found, orders) for item in exceptions)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was calculated, by what exceptions may name."""

    of_order: Mapping[tuple[str, str], Sequence[ResultLine]]
    """What was not paid of each order, by the code that says why."""
    of_month: Mapping[tuple[str, str], Sequence[ResultLine]]
    """All lines of a payee's month."""
    unpaid: Mapping[tuple[str, str], Sequence[ResultLine]]
    """What was not paid to payees in each month, by the code that says why."""
    measured: Mapping[tuple[str, str], Decimal]
    """The largest figure of a subject's month."""
    told: Mapping[tuple[str, str], Decimal]
    """The same by the words that messages have for the subject."""

    @classmethod
    def of(cls, lines: Iterable[ResultLine], cells: Iterable[Cell]) -> "_Found":
        """Go through everything once: there may be as many exceptions as there are lines."""
        of_order = defaultdict[tuple[str, str], list[ResultLine]](list)
        of_month = defaultdict[tuple[str, str], list[ResultLine]](list)
        unpaid = defaultdict[tuple[str, str], list[ResultLine]](list)
        for line in lines:
            code = line.reason_code or ""
            if line.what == "not_paid" and line.order_id is not None:
                of_order[line.order_id, code].append(line)
            if line.payee_id is not None:
                of_month[line.payee_id, line.competence].append(line)
                if line.what == "not_paid":
                    unpaid[line.competence, code].append(line)
        measured: dict[tuple[str, str], Decimal] = {}
        for cell in cells:
            key = (cell.payee_id, cell.month)
            measured[key] = max(_whole(cell.value), measured.get(key, ZERO))
        words = {(told(name).en, month): value for (name, month), value in measured.items()}
        return cls(of_order, of_month, unpaid, measured, words)


def _stake(item: Exception_, found: _Found, orders: Mapping[str, Money]) -> Stake:
    if item.order_id is not None:
        unpaid = found.of_order.get((item.order_id, item.code), ())
        return _of_order(item, unpaid, orders.get(item.order_id))
    if item.payee_id is None:
        return _of_subject(item, found)
    return _of_month(item, item.payee_id, found)


def _of_order(item: Exception_, lines: Sequence[ResultLine], order: Money | None) -> Stake:
    mine = [line for line in lines if item.payee_id in {None, line.payee_id}]
    named = {line.payee_id or "" for line in mine} | {item.payee_id or ""}
    payees = tuple(sorted(named - {""}))
    amount = sum((line.amount for line in mine), ZERO)
    if amount:
        return Stake(payees, 1, money_or_none(amount, mine[0].currency), "unpaid_lines")
    if order is None:
        return Stake(payees, 1, None, None)
    return Stake(payees, 1, order, "order_amount")


def _of_month(item: Exception_, payee_id: str, found: _Found) -> Stake:
    key = (payee_id, item.month or "")
    month = found.of_month.get(key, ())
    orders = len({line.order_id for line in month if line.order_id is not None})
    unpaid = (line.amount for line in month if line.reason_code == item.code)
    amount, value = sum(unpaid, ZERO), found.measured.get(key, ZERO)
    if amount:
        return Stake((payee_id,), orders, money_or_none(amount, month[0].currency), "unpaid_lines")
    if not value or not month:
        return Stake((payee_id,), orders, None, None)
    return Stake((payee_id,), orders, money_or_none(value, month[0].currency), "measured")


def _of_subject(item: Exception_, found: _Found) -> Stake:
    """Return what hangs on what nobody in particular misses, such as a territory.

    It touches whoever was not paid for this in the month; of what was measured it is that of the
    subject with which the message begins.
    """
    unpaid = found.unpaid.get((item.month or "", item.code), ())
    payees = tuple(sorted({line.payee_id for line in unpaid if line.payee_id is not None}))
    value = max(_told_in(item, found.told), default=ZERO) if unpaid else ZERO
    if not value or not unpaid:
        return Stake(payees, 0, None, None)
    return Stake(payees, 0, money_or_none(value, unpaid[0].currency), "measured")


def _told_in(item: Exception_, values: Mapping[tuple[str, str], Decimal]) -> Iterator[Decimal]:
    """Give the figures of subjects that end at some comma of a message."""
    for comma in re.finditer(", ", item.message):
        value = values.get((item.message[: comma.start()], item.month or ""))
        if value is not None:
            yield value


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
