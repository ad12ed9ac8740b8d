"""From the lines of a plan to what is paid, month after month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from uuid import UUID

from premia_common.money import minor_digits
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.paying.by_release import MonthsOf
from premia_plan.paying.membership import Membership
from premia_plan.paying.originals import Originals
from premia_plan.paying.payee_months import PayeeMonths
from premia_plan.paying.results import Pay
from premia_plan.paying.rows import PaymentRows, Whose
from premia_plan.paying.standing import NOBODY, Standings
from premia_plan.period import month_of, months_of, next_period, span
from premia_plan.reference.book import Book
from premia_plan.relations import Relations
from premia_plan.results import PAID, Line, Node

LinesByMonth = Mapping[str, Sequence[Line]]


def pay(
    plan: CheckedPlan,
    relations: Relations,
    lines: Iterable[Line],
    *,
    until: Month,
    since: Month | None = None,
    standings: Standings = NOBODY,
    not_before: Month | None = None,
    stated: Month | None = None,
    released_in: MonthsOf | None = None,
) -> Pay:
    """Return what is due to every payee, per principal, up to a month, and why.

    Months are worked out one after the other from the first in which anything moves, so `lines`
    must be all that landed after the months that `standings` stand for; which engine made them
    does not matter, nor their order. They may be of several plans of the same payees: the terms
    of payment are those of `plan`, and a reserve of named components covers the lines of that
    name.

    Args:
        plan: whose terms of payment hold.
        relations: payees, assignments, adjustments, loans, leaves, opening balances.
        lines: what landed; those held or not paid are passed over.
        until: the last month that is paid.
        since: the first month whose lines and balances are wanted; all if None.
        standings: where payees stood after the last month that was paid; theirs go on from there.
        not_before: the first month that is worked out for anybody; any if None.
        stated: the month of a statement, which tells a small pay that it goes on carrying though
            nothing else moves; without it such a month has neither lines nor a balance.
        released_in: finds the months in which what a line is of was released, so that a payee's cap
            gives back what it took of that; without it `lines` tell, as far as they go back.
    """
    lines = list(lines)
    book = Book(plan.name, minor_digits(plan.currency))
    membership = Membership(plan, relations)
    rows = PaymentRows(plan, relations, membership, str(until), book)
    landed = _by_payee(lines, str(until))
    released_in = Originals(lines).find if released_in is None else released_in
    found: list[PayeeMonths] = []
    for whose in sorted({*landed, *rows.whose, *_drawing(plan, membership), *standings}):
        own, standing = landed.get(whose, {}), standings.get(whose)
        months = PayeeMonths(
            plan,
            membership,
            rows,
            whose=whose,
            landed=own,
            book=book,
            released_in=released_in,
            standing=standing,
            stated=None if stated is None else str(stated),
        )
        first = (
            next_period(standing.after, 1)
            if standing is not None
            else max(_first_month(plan, membership, rows, whose, own), str(not_before or ""))
        )
        for month in months_of(span(first, str(until))) if first <= str(until) else ():
            months.pay(month)
        found.append(months)
    return _result(found, book, "" if since is None else str(since))


def _result(found: Sequence[PayeeMonths], book: Book, since: str) -> Pay:
    lines = [line for months in found for line in months.lines if line.month >= since]
    balances = [item for months in found for item in months.balances if item.month >= since]
    roots = [
        *(line.node_id for line in lines),
        *(item.node_id for item in balances),
        *(account.node_id for item in balances for account in item.accounts.values()),
    ]
    return Pay(
        lines=tuple(sorted(lines, key=attrgetter("line_id.int"))),
        balances=tuple(sorted(balances, key=attrgetter("payee_id", "principal", "month"))),
        nodes=tuple(sorted(_below(roots, book), key=attrgetter("node_id.int"))),
        exceptions=tuple(
            sorted(
                book.exceptions,
                key=lambda item: (item.code, item.payee_id or "", item.month or "", item.message),
            )
        ),
        standings={
            months.whose: months.standing for months in found if months.standing is not None
        },
    )


def _below(roots: Sequence[UUID], book: Book) -> Iterable[Node]:
    """Return the nodes written here that some rest on; those of the plan's lines are elsewhere."""
    waiting, found = [*roots], dict[UUID, Node]()
    while waiting:
        node = book.nodes.get(waiting.pop())
        if node is not None and node.node_id not in found:
            found[node.node_id] = node
            waiting.extend(node.children)
    return found.values()


def _by_payee(lines: Iterable[Line], until: str) -> dict[Whose, dict[str, list[Line]]]:
    """Return the lines that landed, by payee and principal, then by month."""
    landed: dict[Whose, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in sorted(lines, key=attrgetter("line_id.int")):
        if line.what not in PAID or line.payee_id is None or line.month is None:
            continue
        if line.month <= until:
            landed[line.payee_id, line.principal][line.month].append(line)
    return landed


def _drawing(plan: CheckedPlan, membership: Membership) -> set[Whose]:
    """Return who may have a draw: the members of the plan, each under whom it is paid."""
    if not plan.payment.draws:
        return set()
    own = months_of(span(month_of(plan.valid_from), month_of(plan.valid_to - timedelta(days=1))))
    return {(who, membership.principal(who, month)) for who in membership.members for month in own}


def _first_month(
    plan: CheckedPlan, membership: Membership, rows: PaymentRows, whose: Whose, landed: LinesByMonth
) -> str:
    months = [*landed, *rows.months(whose)]
    joined = membership.first_month(whose[0])
    if plan.payment.draws and joined is not None:
        months.append(max(joined, month_of(plan.valid_from)))
    return min(months, default="9999-12")
