"""Opening balances that are another since a statement counted them: the difference counts later."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.payment_accounts import (
    OPENED,
    ZERO,
    AccountMove,
    ClosedAccounts,
    PostedPayment,
)
from calc_engine.domain.proposal import StatementKey
from premia_common.periods import Month
from premia_plan.relations import OpeningRow, SourceRef
from premia_plan.relations.opening import OpeningKind
from premia_plan.results import Exception_

OPENING_OF: Mapping[str, OpeningKind] = {"draw": "draw", "reserve": "reserve", "carried": "balance"}
"""Which opening balance each account has; the others have none."""


def changed_openings(
    openings: Iterable[tuple[StatementKey, OpeningRow]],
    posted: Collection[PostedPayment],
    closed: ClosedBefore,
) -> tuple[tuple[tuple[StatementKey, OpeningRow], ...], tuple[Exception_, ...]]:
    """Return the differences that count in the first open month, each with what is told of it.

    Args:
        openings: the balances of draws, reserves and debts as they stand now.
        posted: with what accounts were opened by approved statements; an account of which that is
            not known stays as it is.
        closed: where payees stood after their last approved statement.
    """
    opened = {
        (item.payee_id, item.principal_id, item.currency, item.name): item.amount
        for item in posted
        if item.what == OPENED
    }
    own: dict[StatementKey, list[OpeningRow]] = {}
    for key, row in openings:
        own.setdefault(key, []).append(row)
    rows, told = [], []
    for key in sorted(closed.keys):
        last = closed.find(key)
        for account in last.accounts if last is not None else ():
            before = opened.get((*key, opened_name(account.account, account.name)))
            if last is None or before is None or not account.openings:
                continue
            now = _counted(own.get(key, ()), account)
            difference = sum((row.amount for row in now), ZERO) - before
            if difference:
                row = _in_all(key[0], account, now, before, last)
                row = replace(row, period=last.after, changed_in=closed.first_open(key))
                rows.append((key, replace(row, amount=difference)))
                told.append(_told(row, before, difference))
    return tuple(rows), tuple(told)


def opened_name(account: str, name: str) -> str:
    """Return under which name the statements' openings of an account are summed.

    >>> opened_name("draw", "newcomer"), opened_name("carried", "")
    ('draw newcomer', 'carried')
    """
    return f"{account} {name}".strip()


def _counted(rows: Iterable[OpeningRow], account: AccountMove) -> Sequence[OpeningRow]:
    """Return the balances as they are now that statements counted."""
    named = (OPENING_OF.get(account.account), account.name)
    return [
        row for row in rows if (row.kind, row.name) == named and row.counted_as in account.openings
    ]


def _in_all(
    payee_id: str,
    account: AccountMove,
    now: Sequence[OpeningRow],
    before: Decimal,
    last: ClosedAccounts,
) -> OpeningRow:
    """Return the balances as one, as they are now; nothing where all were withdrawn."""
    if not now:
        label = f"withdrawn since the statement of {last.after}"
        source = SourceRef("statement", str(last.statement_id), None, label)
        on = Month.parse(last.after).period.end
        kind = OPENING_OF[account.account]
        return OpeningRow(kind, payee_id, account.name, last.after, ZERO, on, source)
    latest = max(now, key=lambda row: (row.on, row.source.id))
    amount = sum((row.amount for row in now), ZERO)
    label = f"{latest.source.label}, {amount} in all, {before} counted before"
    return replace(latest, amount=amount, source=replace(latest.source, label=label))


def _told(row: OpeningRow, before: Decimal, difference: Decimal) -> Exception_:
    named = f"{row.kind} {row.name}".strip()
    return Exception_(
        "opening_changed",
        f"The {named} was opened with {before} and is {row.amount} now: {difference} of it counts "
        f"in {row.changed_in}, after the statements that are approved",
        "Nothing, if that is right; else load the opening balance again as it was",
        row.payee_id,
        None,
        row.changed_in,
        blocks=False,
    )
