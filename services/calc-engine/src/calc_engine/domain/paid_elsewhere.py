"""What was paid elsewhere: taken once from the pay of its month, or from that of the next open one.

An amount that becomes known, is corrected or withdrawn after its month was paid here counts in the
first month that is not paid yet: with the difference from what statements took before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.payment_accounts import UNNAMED, ZERO, ClosedAccounts, PostedPayment
from calc_engine.domain.proposal import StatementKey
from premia_common.periods import Month
from premia_plan.period import last_month, next_period
from premia_plan.relations import OpeningRow, SourceRef
from premia_plan.results import Exception_

Opening: TypeAlias = tuple[StatementKey, OpeningRow]
_Named: TypeAlias = tuple[StatementKey, str]
"""Whose statement, and the component of the line that takes it."""


def paid_elsewhere(
    openings: Iterable[Opening],
    posted: Collection[PostedPayment],
    closed: ClosedBefore,
    go_live: Month,
) -> tuple[tuple[Opening, ...], tuple[Exception_, ...]]:
    """Return the amounts by the month they are taken from, and what is told of the others.

    Args:
        openings: what was paid, as it stands now.
        posted: what approved statements took of it.
        closed: where payees stood after their last approved statement.
        go_live: the first period; what earlier months pay is nobody's concern here.
    """
    told: list[Exception_] = []
    months: dict[_Named, dict[str, list[OpeningRow]]] = defaultdict(lambda: defaultdict(list))
    for key, row in openings:
        month = last_month(row.period)
        if month < str(go_live):
            told.append(_before_go_live(row, go_live))
            continue
        months[key, row.name or UNNAMED][max(month, closed.first_open(key))].append(row)
    taken = _taken(posted)
    rows: list[Opening] = []
    for named in sorted({*months, *taken}):
        key, name = named
        own, before = months.get(named, {}), taken.get(named, ZERO)
        first = closed.first_open(key)
        for month in sorted({*own, *([first] if before else ())}):
            counting, taken_before = own.get(month, []), before if month == first else ZERO
            if counting:
                row = _taken_in(month, counting, taken_before)
            else:
                row = _given_back(closed.find(key), key, name, taken_before)
            if row.amount:
                rows.append((key, row))
    return tuple(rows), tuple(told)


def _taken(posted: Iterable[PostedPayment]) -> Mapping[_Named, Decimal]:
    """Return what statements took already."""
    found: dict[_Named, Decimal] = {}
    for item in posted:
        if item.what == "already_paid":
            named = ((item.payee_id, item.principal_id, item.currency), item.name)
            found[named] = found.get(named, ZERO) - item.amount
    return {named: amount for named, amount in found.items() if amount}


def _taken_in(month: str, rows: Sequence[OpeningRow], before: Decimal) -> OpeningRow:
    """Return what is taken in a month: all rows that count in it, less what was taken before."""
    last = max(rows, key=lambda row: (row.on, row.source.id))
    if len(rows) == 1 and not before:
        return last if last_month(last.period) == month else replace(last, period=month)
    amount = sum((row.amount for row in rows), ZERO)
    label = f"{last.source.label}, {amount} in all"
    if before:
        label = f"{label}, {before} taken before"
    source = replace(last.source, label=label)
    return replace(last, period=month, amount=amount - before, source=source)


def _given_back(
    last: ClosedAccounts | None, key: StatementKey, name: str, before: Decimal
) -> OpeningRow:
    """Return what gives back all that was taken, because it was withdrawn since."""
    if last is None:
        raise LookupError(f"{before} was taken from {key}, which has no approved statement")
    label = f"withdrawn since the statement of {last.after}"
    source = SourceRef("statement", str(last.statement_id), None, label)
    month = next_period(last.after)
    on = Month.parse(month).period.start
    return OpeningRow("paid", key[0], name, month, -before, on, source)


def _before_go_live(row: OpeningRow, go_live: Month) -> Exception_:
    return Exception_(
        "opening_before_go_live",
        f"{row.amount} of {row.name or 'pay'} was paid for {row.period}, before {go_live}: it "
        "changes nothing, because earlier months are paid elsewhere",
        f"Withdraw it, or load it for {go_live} or later if it was paid for that",
        row.payee_id,
        None,
        row.period,
        blocks=False,
    )
