"""Who owes an opening balance whose row names no principal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.opening_owners import Opening, OpeningOwners
from calc_engine.domain.payment_accounts import AccountMove, ClosedAccounts, PostedPayment
from calc_engine.domain.plan_terms import TermsByPayee
from premia_common.periods import Month
from premia_plan.relations import AssignmentRow, OpeningRow, Relations
from premia_plan.results import SourceRef

from ..laws.paid_books import terms_of  # noqa: TID252

WITH_DRAW = "{draws: {newcomer: {preset: recoverable guarantee, level: 1200 EUR}}}"
WITHOUT = "{negative_balance: forgiven}"
DRAW = OpeningRow(
    "draw",
    "A1",
    "newcomer",
    "2026-01",
    Decimal(300),
    date(2026, 1, 31),
    SourceRef("opening", "1", None, "payroll"),
)
BONUS = replace(DRAW, kind="paid", name="bonus", period="2026-02", on=date(2026, 2, 10))
GO_LIVE = Month(2026, 2)
P2 = ("A1", "P2", "EUR")


def owners(
    *taking_part: tuple[str, str, str],
    row: OpeningRow = DRAW,
    posted: tuple[PostedPayment, ...] = (),
    named: tuple[Opening, ...] = (),
) -> list[str]:
    """Return who may owe a balance to A1, who takes part for principals on terms from a day on.

    P2's statement of February took in a draw.
    """
    terms = []
    for principal, day, text in taking_part:
        own = terms_of(text, None)
        assigned = AssignmentRow(principal, "A1", principal, "A1", date.fromisoformat(day), None)
        terms.append(replace(own, relations=Relations(assignments=(assigned,))))
    draw = AccountMove("draw", "newcomer", *[Decimal(0)] * 4, openings=("2026-01",))
    closed = ClosedBefore([(P2, ClosedAccounts("2026-02", UUID(int=1), (draw,)))], GO_LIVE)
    found = OpeningOwners(TermsByPayee(terms, Month(2026, 5)), closed, posted, named)
    return [*found.find(row, "EUR")]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("2026-02-01", WITH_DRAW), ("2026-03-01", WITH_DRAW), ["P1"]),  # the next after the day
        (("2026-02-01", WITH_DRAW), ("2026-01-31", WITH_DRAW), ["P2"]),  # on the day
        (("2026-01-15", WITHOUT), ("2026-03-01", WITH_DRAW), ["P2"]),  # the one that has the draw
        (("2026-01-15", WITHOUT), ("2026-03-01", WITHOUT), ["P1"]),
        (("2026-02-01", WITH_DRAW), ("2026-02-01", WITH_DRAW), ["P1", "P2"]),
    ],
)
def test_a_balance_that_never_counted_is_of_whom_the_payee_took_part_for(
    first: tuple[str, str], second: tuple[str, str], expected: list[str]
) -> None:
    assert owners(("P1", *first), ("P2", *second)) == expected


def test_a_balance_that_counted_stays_where_it_did() -> None:
    now = ("P1", "2026-01-01", WITH_DRAW)
    opened = PostedPayment(*P2, "opened", "draw newcomer", Decimal(300))
    taken = PostedPayment(*P2, "already_paid", "bonus", Decimal(-80))

    assert owners(now, posted=(opened,)) == ["P2"]
    assert owners(now, row=BONUS, posted=(taken,)) == ["P2"]
    # One of a later month is not what was taken before, nor one that another row accounts for.
    assert owners(now, row=replace(BONUS, period="2026-03"), posted=(taken,)) == ["P1"]
    assert owners(now, posted=(opened,), named=((P2, DRAW),)) == ["P1"]


def test_a_balance_of_who_takes_part_nowhere_is_nobodys() -> None:
    assert owners() == []
