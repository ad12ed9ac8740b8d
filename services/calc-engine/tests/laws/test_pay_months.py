"""Months that are only asked about are paid as runs pay them, one approved after the other."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc_engine.domain.baseline import Baseline
from calc_engine.domain.pay_months import Before, pay_months
from calc_engine.domain.statement_line import ResultLine
from premia_common.periods import Month

from .paid_books import (
    GO_LIVE,
    KEY,
    TERMS,
    WORLDS,
    Books,
    World,
    calculated,
    line_of,
    terms_of,
)


def landed(world: World, since: int) -> list[ResultLine]:
    found = []
    for number, cents in enumerate(world.landed, start=1):
        line = line_of(number, cents, number)
        if cents and number >= since:
            found.append(
                ResultLine(
                    line.line_id, line.payee_id, line.principal_id, line.plan, line.currency,
                    line.component, line.kind, line.what, line.competence, line.competence,
                    line.amount, line.order_id, line.credit_id, line.share, None, None, line.node_id,
                )
            )  # fmt: skip
    return found


@pytest.mark.parametrize("text", TERMS)
@settings(max_examples=15, deadline=None)
@given(world=WORLDS, first=st.integers(1, 6))
def test_asked_about_or_run_a_month_pays_the_same(text: str, world: World, first: int) -> None:
    world = replace(world, paid=())
    own, books = terms_of(text, world.left), Books([])
    last, due = len(world.landed), {}
    first = min(first, last)
    before = Before(Baseline((), {}, {}, ()), GO_LIVE)
    for month in range(1, last + 1):
        if month == first:
            closed = {KEY: books.closed} if books.closed else {}
            carried = {KEY: books.carried} if books.carried else {}
            before = Before(Baseline((), carried, {}, (), closed, books.payments), GO_LIVE)
        proposal = calculated(world, books, month, own)
        if proposal is not None:
            books.approve(proposal)
            due[month] = proposal.payable.amount - proposal.receivable.amount

    lines = landed(world, first)
    asked = pay_months(
        lines,
        [own],
        lambda _: world.rows(last),
        before,
        since=Month(2026, first),
        until=Month(2026, last),
    )

    paid = dict.fromkeys(range(first, last + 1), Decimal(0))
    for line in (*lines, *asked.lines):
        paid[Month.parse(line.month or "").number] += line.amount
    assert paid == {month: due.get(month, Decimal(0)) for month in paid}
