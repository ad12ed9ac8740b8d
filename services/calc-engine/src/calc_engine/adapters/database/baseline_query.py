"""What approved statements of earlier periods already paid, line by line."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.statement_rows import account_of
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.changed_openings import OPENING_OF, opened_name
from calc_engine.domain.payment_accounts import (
    OPENED,
    PAYMENT_LINES,
    AccountMove,
    ClosedAccounts,
    PostedPayment,
)
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.statement import StatementStatus
from calc_engine.domain.statement_line import PostedLine
from premia_common.canonical import canonical_json, digest
from premia_common.money import Money
from premia_common.periods import Month

_head = tables.statement_head.c
_line = tables.statement_line.c
_account = tables.statement_account.c
_entry = tables.ledger_entry.c
_posting = tables.ledger_posting.c


async def posted_lines(
    connection: AsyncConnection, tenant_id: UUID, period: Month
) -> tuple[PostedLine, ...]:
    """Return the lines of all approved statements of periods before one.

    What terms of payment added is not calculated again, so it is not among them.
    """
    found = await connection.execute(
        select(
            _line.origin_line_id,
            _line.statement_id,
            _head.period,
            _head.payee_id,
            _head.principal_id,
            _line.plan,
            _line.component,
            _line.kind,
            _line.competence,
            _head.currency,
            _line.amount,
            _line.order_id,
            _line.credit_id,
            _line.share,
            _line.stated,
            _head.stated_in,
        )
        .join(
            tables.statement_head,
            (_head.tenant_id == _line.tenant_id)
            & (_head.statement_id == _line.statement_id)
            & (_head.revision == _line.revision),
        )
        .where(_line.tenant_id == tenant_id, _head.period < str(period))
        .where(_head.status == StatementStatus.APPROVED.value)
        .where(_line.what.not_in(PAYMENT_LINES))
        .order_by(_line.origin_line_id, _head.period)
    )
    return tuple(posted_line(row) for row in found.mappings())


def posted_line(row: Mapping[Any, Any]) -> PostedLine:
    """Return a line of an approved statement."""
    return PostedLine(
        row["origin_line_id"],
        row["statement_id"],
        row["period"],
        str(row["payee_id"]),
        str(row["principal_id"]),
        row["plan"],
        row["component"],
        row["kind"],
        row["competence"],
        row["currency"],
        Money(row["amount"], row["currency"]).amount,
        row["order_id"],
        row["credit_id"],
        row["share"],
        None if row["stated"] is None else Money(row["stated"], row["stated_in"]).amount,
        row["stated_in"],
    )


async def posted_payments(
    connection: AsyncConnection,
    tenant_id: UUID,
    period: Month,
    payees: Collection[str] | None = None,
) -> tuple[PostedPayment, ...]:
    """Return which adjustments and loans approved statements of periods before one paid.

    With them, what those statements took because it was paid elsewhere, and what opening balances
    they brought into accounts.
    """
    whose = () if payees is None else (_head.payee_id.in_(sorted(payees)),)
    found = await connection.execute(
        select(
            _head.payee_id,
            _head.principal_id,
            _head.currency,
            _line.what,
            _line.component,
            _line.amount,
        )
        .join(
            tables.statement_head,
            (_head.tenant_id == _line.tenant_id)
            & (_head.statement_id == _line.statement_id)
            & (_head.revision == _line.revision),
        )
        .where(_line.tenant_id == tenant_id, _head.period < str(period))
        .where(_head.status == StatementStatus.APPROVED.value)
        .where(_line.what.in_(("adjustment", "loan", "already_paid")), *whose)
        .order_by(_line.line_id)
    )
    lines = tuple(
        PostedPayment(
            str(payee), str(principal), currency, what, name, Money(amount, currency).amount
        )
        for payee, principal, currency, what, name, amount in found
    )
    return (*lines, *await _opened(connection, tenant_id, period, payees))


async def _opened(
    connection: AsyncConnection,
    tenant_id: UUID,
    period: Month,
    payees: Collection[str] | None,
) -> Sequence[PostedPayment]:
    """Return what opening balances brought into each account that ever had one."""
    key = (_head.payee_id, _head.principal_id, _head.currency, _account.account, _account.name)
    whose = () if payees is None else (_head.payee_id.in_(sorted(payees)),)
    found = await connection.execute(
        select(*key, func.sum(_account.opened))
        .join(
            tables.statement_head,
            (_head.tenant_id == _account.tenant_id)
            & (_head.statement_id == _account.statement_id)
            & (_head.revision == _account.revision),
        )
        .where(_account.tenant_id == tenant_id, _head.period < str(period), *whose)
        .where(_head.status == StatementStatus.APPROVED.value)
        .where(_account.account.in_(sorted(OPENING_OF)))
        .group_by(*key)
        .having(func.max(func.jsonb_array_length(_account.openings)) > 0)
        .order_by(*key)
    )
    return [
        PostedPayment(
            str(payee),
            str(principal),
            currency,
            OPENED,
            opened_name(account, name),
            Money(amount, currency).amount,
        )
        for payee, principal, currency, account, name, amount in found
    ]


async def carried_balances(
    connection: AsyncConnection,
    tenant_id: UUID,
    period: Month,
    payees: Collection[str] | None = None,
) -> Mapping[StatementKey, Decimal]:
    """Return what each ledger, or each of some payees, carried after the periods before one."""
    return {
        (payee, principal, currency): amount
        for payee, principal, name, currency, amount in await _carried(
            connection, tenant_id, period, payees
        )
        if not name
    }


async def stated_balances(
    connection: AsyncConnection,
    tenant_id: UUID,
    period: Month,
    payees: Collection[str] | None = None,
) -> Mapping[StatementKey, Mapping[str, Decimal]]:
    """Return what ledgers carry of statements in currencies that plans name, by currency.

    Their entries have the name of the plan's currency.
    """
    found: dict[StatementKey, dict[str, Decimal]] = {}
    for payee, principal, name, currency, amount in await _carried(
        connection, tenant_id, period, payees
    ):
        if name:
            found.setdefault((payee, principal, name), {})[currency] = amount
    return found


async def _carried(
    connection: AsyncConnection,
    tenant_id: UUID,
    period: Month,
    payees: Collection[str] | None,
) -> Sequence[tuple[str, str, str, str, Decimal]]:
    key = (_entry.payee_id, _entry.principal_id, _entry.name, _entry.currency)
    whose = () if payees is None else (_entry.payee_id.in_(sorted(payees)),)
    found = await connection.execute(
        select(*key, func.sum(_entry.amount))
        .join(
            tables.ledger_posting,
            (_posting.tenant_id == _entry.tenant_id) & (_posting.posting_id == _entry.posting_id),
        )
        .where(_entry.tenant_id == tenant_id, _entry.account == "carried", *whose)
        .where(_posting.period < str(period))
        .group_by(*key)
    )
    return [
        (str(payee), str(principal), name, currency, Money(amount, currency).amount)
        for payee, principal, name, currency, amount in found
        if amount
    ]


async def closed_accounts(
    connection: AsyncConnection,
    tenant_id: UUID,
    period: Month,
    payees: Collection[str] | None = None,
) -> Mapping[StatementKey, ClosedAccounts]:
    """Return payees' last approved statement before a period, and where accounts stood."""
    key_of = (_head.payee_id, _head.principal_id, _head.currency)
    whose = () if payees is None else (_head.payee_id.in_(sorted(payees)),)
    last = (
        select(*key_of, _head.period, _head.statement_id, _head.revision, _head.stated_in)
        .ext(distinct_on(*key_of))
        .where(_head.tenant_id == tenant_id, _head.period < str(period), *whose)
        .where(_head.status == StatementStatus.APPROVED.value)
        .order_by(*key_of, _head.period.desc())
        .subquery()
    )
    found = await connection.execute(
        select(last, *_account)
        .outerjoin(
            tables.statement_account,
            (_account.tenant_id == tenant_id)
            & (_account.statement_id == last.c.statement_id)
            & (_account.revision == last.c.revision),
        )
        .order_by(last.c.statement_id, _account.number)
    )
    names: dict[StatementKey, tuple[str, UUID, str | None]] = {}
    accounts: dict[StatementKey, list[AccountMove]] = {}
    for row in found:
        key = (str(row.payee_id), str(row.principal_id), row.currency)
        names[key] = (row.period, row[4], row.stated_in)
        own = accounts.setdefault(key, [])
        if row.account is not None and row.account not in {"opening", "forgiven"}:
            own.append(account_of(row, row.currency))
    return {
        key: ClosedAccounts(after, statement_id, tuple(accounts[key]), stated_in)
        for key, (after, statement_id, stated_in) in names.items()
    }


async def open_baseline(connection: AsyncConnection, tenant_id: UUID, period: Month) -> Baseline:
    """Return what of a baseline changes within a period: balances, and its statements."""
    balances = await carried_balances(connection, tenant_id, period)
    heads = await connection.execute(
        select(_head.payee_id, _head.principal_id, _head.currency)
        .where(_head.tenant_id == tenant_id, _head.period == str(period))
        .order_by(_head.statement_id)
    )
    known = tuple((str(row[0]), str(row[1]), row[2]) for row in heads)
    return Baseline((), balances, {}, known)


async def approved_before(connection: AsyncConnection, tenant_id: UUID, period: Month) -> str:
    """Return the digest of which revisions of statements before a period are approved."""
    heads = await connection.execute(
        select(_head.statement_id, _head.revision)
        .where(_head.tenant_id == tenant_id, _head.period < str(period))
        .where(_head.status == StatementStatus.APPROVED.value)
        .order_by(_head.statement_id)
    )
    return digest(canonical_json([[str(row[0]), row[1]] for row in heads]))
