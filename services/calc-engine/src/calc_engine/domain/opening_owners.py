"""Who owes an opening balance whose row names no principal.

What a statement counted stays with its principal, whoever else the payee takes part for by now.
One that never counted is owed by whom the payee took part for when it stood, among those whose
plan has the draw or reserve that it is of.  Where that is more than one, a person has to say: a
balance on the wrong statement is money that one principal pays for another.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from calc_engine.domain.changed_openings import OPENING_OF, opened_name
from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.payment_accounts import OPENED, UNNAMED, ZERO, PostedPayment
from calc_engine.domain.plan_terms import Member, TermsByPayee
from calc_engine.domain.proposal import StatementKey
from premia_plan.period import last_month
from premia_plan.relations import OpeningRow

Opening: TypeAlias = tuple[StatementKey, OpeningRow]
_ACCOUNT_OF = {kind: account for account, kind in OPENING_OF.items()}


class OpeningOwners:
    """Finds the principals that may owe an opening balance; there should be one."""

    def __init__(
        self,
        terms: TermsByPayee,
        closed: ClosedBefore,
        posted: Iterable[PostedPayment],
        named: Iterable[Opening],
    ) -> None:
        """Take who takes part for whom, what statements counted, and the rows that name theirs."""
        self._terms = terms
        self._closed = closed
        self._taken_in: dict[tuple[StatementKey, str], Decimal] = {}
        self._keys: dict[tuple[str, str], set[StatementKey]] = defaultdict(set)
        for item in posted:
            key = (item.payee_id, item.principal_id, item.currency)
            if item.what in {OPENED, "already_paid"}:
                amount = item.amount if item.what == OPENED else -item.amount
                name = f"{item.what} {item.name}"
                self._taken_in[key, name] = self._taken_in.get((key, name), ZERO) + amount
                self._keys[key[0], key[2]].add(key)
        for key, row in named:
            if (key, _taken_as(row)) in self._taken_in and self._is_known(key, row):
                self._taken_in[key, _taken_as(row)] -= row.amount

    def find(self, row: OpeningRow, currency: str) -> Sequence[str]:
        """Return the ids of the principals, in one order; none if nobody could owe it."""
        for key in sorted(self._keys.get((row.payee_id, currency), ())):
            # What rows that name their principal account for is not of one that names none.
            if self._is_known(key, row) and self._taken_in.get((key, _taken_as(row))):
                return (key[1],)
        return _who_had_it(self._terms.members(row.payee_id, currency), row)

    def _is_known(self, key: StatementKey, row: OpeningRow) -> bool:
        """Say whether approved statements of a key may have taken a balance in."""
        last = self._closed.find(key)
        if last is None:
            return False
        if row.kind == "paid":
            return last_month(row.period) <= last.after
        account = last.find(_ACCOUNT_OF[row.kind], row.name)
        return account is not None and row.counted_as in account.openings


def _taken_as(row: OpeningRow) -> str:
    if row.kind == "paid":
        return f"already_paid {row.name or UNNAMED}"
    return f"{OPENED} {opened_name(_ACCOUNT_OF[row.kind], row.name)}"


def _who_had_it(members: Mapping[str, Sequence[Member]], row: OpeningRow) -> Sequence[str]:
    """Return for whom the payee took part on the day; else from the next day on."""
    having = {
        principal: own
        for principal, own in members.items()
        if any(_has_place_for(row, member) for member in own)
    }
    days = {
        principal: [days for member in own if (days := member.days) is not None]
        for principal, own in (having or members).items()
    }
    on = [who for who, own in days.items() if any(item.covers(row.on) for item in own)]
    if on:
        return sorted(on)
    later = {
        who: min(starts)
        for who, own in days.items()
        if (starts := [item.start for item in own if item.start and item.start > row.on])
    }
    next_day = min(later.values(), default=None)
    return sorted(who for who in days if later.get(who) == next_day)


def _has_place_for(row: OpeningRow, member: Member) -> bool:
    """Say whether a plan has the draw or the reserve that a balance is of."""
    payment = member.terms.checked.payment
    match row.kind:
        case "draw":
            return row.name in payment.draws
        case "reserve":
            return row.name in payment.reserves
        case _:
            return True
