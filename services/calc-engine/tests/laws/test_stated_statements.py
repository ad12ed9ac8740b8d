"""What must hold of statements in a payee's own currency, whatever lands and whoever approves."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc_engine.domain.baseline import Baseline
from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.ledger import Account, balances
from calc_engine.domain.pay_statements import pay_statements
from calc_engine.domain.plan_terms import PlanTerms, TermsByPayee
from calc_engine.domain.proposal import Proposal, propose
from calc_engine.domain.stated_in import shown
from calc_engine.domain.statement_currency import state_proposals
from premia_common.money import Money
from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.paying import OF_CAPS
from premia_plan.relations import ExchangeRateRow, PayeeRow
from premia_plan.results import Node

from .paid_books import (
    GO_LIVE,
    KEY,
    PAYEE,
    PLAIN,
    SOURCE,
    TENANT,
    TERMS,
    WORLDS,
    Books,
    World,
    lasting,
    terms_for,
)

STATED = PLAIN.replace(
    "currency: EUR\n",
    "currency: EUR\nattributes: {payee: {currency: text}}\n"
    "currencies: {statement: {in: payee.currency, rate: period average}}\n",
)
CURRENCIES = st.tuples(*[st.sampled_from(("CHF", "JPY", "EUR"))] * 2)
RATES: Mapping[str, Sequence[str]] = {
    "CHF": ("0.91", "0.97", "1.13", "0.885", "1", "1.0404"),
    "JPY": ("160.5", "171.25", "149.9", "163", "158.75", "166"),
}


@cache
def terms_of(text: str, first: str, then: str, left: int | None) -> PlanTerms:
    """A plan whose payee has one currency until March and another from April on."""
    change = date(2026, 4, 1)
    payees = (
        PayeeRow(PAYEE, None, change, {"kind": "agency", "currency": first}),
        PayeeRow(PAYEE, change, None, {"kind": "agency", "currency": then}),
    )
    rates = tuple(
        ExchangeRateRow(
            "period average", "EUR", name, f"2026-{number:02d}", None, Decimal(rate), SOURCE
        )
        for name, published in RATES.items()
        for number, rate in enumerate(published, start=1)
    )
    return terms_for(payees, f"{STATED}payment: {text}\n", left, rates)


def baseline(books: Books) -> Baseline:
    """Return what the ledger and the last statement say, as the database reads them."""
    plain, stated = Decimal(0), dict[str, Decimal]()
    for (account, name, currency), amount in balances(books.entries).items():
        if account is Account.CARRIED and name:
            stated[currency] = amount.amount
        elif account is Account.CARRIED:
            plain = amount.amount
    return Baseline(
        (),
        {KEY: plain},
        {},
        (),
        {KEY: books.closed} if books.closed else {},
        books.payments,
        {KEY: {name: amount for name, amount in stated.items() if amount}},
    )


def proposed(
    world: World, books: Books, month: int, own: PlanTerms
) -> tuple[Proposal, Mapping[UUID, Node]] | None:
    period, before = Month(2026, month), baseline(books)
    landed = world.lines(books.stated, month)
    terms = TermsByPayee([own], period)
    paid = pay_statements(
        landed,
        terms,
        world.rows(month),
        closed=ClosedBefore(before.closed.items(), GO_LIVE),
        posted=before.payments,
        carried=before.carried,
        period=period,
        go_live=GO_LIVE,
    )
    found = state_proposals(
        propose(
            TENANT,
            period,
            [*landed, *paid.lines],
            balances=before.carried,
            held={},
            settled=paid.settled,
        ),
        terms,
        before,
        paid.nodes,
        known=(),
        period=period,
        go_live=GO_LIVE,
    )
    assert not found.exceptions
    leaves = (
        Node(line.node_id, PAYEE, "leaf", f"{line.amount:f}", "money", "given", {}, SOURCE, ())
        for line in landed
    )
    nodes = {node.node_id: node for node in (*leaves, *paid.nodes, *found.nodes)}
    return (found.proposals[0], nodes) if found.proposals else None


@pytest.mark.parametrize("text", TERMS)
@settings(max_examples=25, deadline=None)
@given(world=WORLDS, named=CURRENCIES)
def test_a_ledger_of_several_currencies_adds_up_in_each(
    text: str, world: World, named: tuple[str, str]
) -> None:
    own, books = terms_of(text, *named, world.left), Books([])
    last = len(world.landed)

    for month in range(1, last + 1):
        found = proposed(world, books, month, own)
        if found is None or not (world.approved[month - 1] or month == last):
            continue
        proposal, nodes = found
        again = proposed(world, books, month, own)
        assert again is not None
        assert again[0].digest == proposal.digest
        books.approve(proposal)
        said = shown(proposal)
        assert said.currency == named[month > 3]
        due = said.total + said.brought_forward
        assert due == said.payable - said.receivable + said.carried_forward + _kept(proposal)
        assert max(due.amount, Decimal(0)) == said.payable.amount
        for line in proposal.lines:
            assert Decimal(nodes[line.shown_node_id].value) == line.shown
            assert check_tree(nodes[line.shown_node_id], nodes) == ()
        _check_ledger(books, proposal)


def _kept(proposal: Proposal) -> Money:
    """Return what lines say of a pay that is too small: it is carried, and not among the rest."""
    kept = (line.shown for line in proposal.lines if line.what == "carried_out")
    return Money(sum(kept, Decimal(0)), shown(proposal).currency)


def _check_ledger(books: Books, proposal: Proposal) -> None:
    sums = balances(books.entries)
    by_currency: dict[str, Decimal] = {}
    for (_, _, currency), amount in sums.items():
        by_currency[currency] = by_currency.get(currency, Decimal(0)) + amount.amount
    assert set(by_currency.values()) <= {Decimal(0)}
    said = shown(proposal)
    carried = {
        currency: amount.amount
        for (account, _, currency), amount in sums.items()
        if account is Account.CARRIED and amount
    }
    expected = {said.currency: said.carried_forward.amount} if said.carried_forward else {}
    assert carried == expected
    for item in lasting(proposal.accounts):
        if item.account not in {"carried", *OF_CAPS}:
            account = Account(item.account)
            sign = -1 if account in {Account.DRAW, Account.LOAN} else 1
            stands = sums.get((account, item.name, "EUR"), Money.zero("EUR")).amount
            assert stands == sign * item.after
