"""What approved statements of earlier periods already paid, line by line."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.statement_rows import account_of
from calc_engine.domain.payment_accounts import (
    PAYMENT_LINES,
    AccountMove,
    ClosedAccounts,
    PostedPayment,
)
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.statement import StatementStatus
from calc_engine.domain.statement_line import PostedLine
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
    return tuple(
        PostedLine(
            row.origin_line_id,
            row.statement_id,
            row.period,
            str(row.payee_id),
            str(row.principal_id),
            row.plan,
            row.component,
            row.kind,
            row.competence,
            row.currency,
            Money(row.amount, row.currency).amount,
            row.order_id,
            row.credit_id,
            row.share,
        )
        for row in found
    )


async def posted_payments(
    connection: AsyncConnection, tenant_id: UUID, period: Month
) -> tuple[PostedPayment, ...]:
    """Return which adjustments and loans approved statements of periods before one paid."""
    found = await connection.execute(
        select(_head.payee_id, _head.principal_id, _head.currency, _line.what, _line.component)
        .join(
            tables.statement_head,
            (_head.tenant_id == _line.tenant_id)
            & (_head.statement_id == _line.statement_id)
            & (_head.revision == _line.revision),
        )
        .where(_line.tenant_id == tenant_id, _head.period < str(period))
        .where(_head.status == StatementStatus.APPROVED.value)
        .where(_line.what.in_(("adjustment", "loan")))
        .order_by(_line.line_id)
    )
    return tuple(
        PostedPayment(str(payee), str(principal), currency, what, name)
        for payee, principal, currency, what, name in found
    )


async def carried_balances(
    connection: AsyncConnection, tenant_id: UUID, period: Month, payee_id: UUID | None = None
) -> Mapping[StatementKey, Decimal]:
    """Return what each ledger, or each of one payee, carried after the periods before one."""
    key = (_entry.payee_id, _entry.principal_id, _entry.currency)
    whose = () if payee_id is None else (_entry.payee_id == payee_id,)
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
    return {
        (str(payee), str(principal), currency): Money(amount, currency).amount
        for payee, principal, currency, amount in found
        if amount
    }


async def closed_accounts(
    connection: AsyncConnection, tenant_id: UUID, period: Month
) -> Mapping[StatementKey, ClosedAccounts]:
    """Return each payee's last approved statement before a period, and where accounts stood."""
    whose = (_head.payee_id, _head.principal_id, _head.currency)
    last = (
        select(*whose, _head.period, _head.statement_id, _head.revision)
        .ext(distinct_on(*whose))
        .where(_head.tenant_id == tenant_id, _head.period < str(period))
        .where(_head.status == StatementStatus.APPROVED.value)
        .order_by(*whose, _head.period.desc())
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
    names: dict[StatementKey, tuple[str, UUID]] = {}
    accounts: dict[StatementKey, list[AccountMove]] = {}
    for row in found:
        key = (str(row.payee_id), str(row.principal_id), row.currency)
        names[key] = (row.period, row[4])
        own = accounts.setdefault(key, [])
        if row.account is not None and row.account not in {"opening", "forgiven"}:
            own.append(account_of(row, row.currency))
    return {key: ClosedAccounts(*names[key], tuple(accounts[key])) for key in names}
