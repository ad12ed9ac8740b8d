"""What must hold of statements in a payee's own currency, whatever lands and whoever approves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc_engine.domain.baseline import Baseline
from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.ledger import Account, StatedFigures, balances, posting_of
from calc_engine.domain.pay_statements import pay_statements
from calc_engine.domain.payment_accounts import ClosedAccounts
from calc_engine.domain.plan_terms import PlanTerms, TermsByPayee
from calc_engine.domain.proposal import Proposal, propose
from calc_engine.domain.published_plan import PublishedPlan
from calc_engine.domain.stated_in import shown
from calc_engine.domain.statement_currency import state_proposals
from premia_common.money import Money
from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.explain import check_tree
from premia_plan.relations import AssignmentRow, ExchangeRateRow, PayeeRow, Relations
from premia_plan.results import Node

from .test_paid_statements import (
    GO_LIVE,
    KEY,
    PAYEE,
    PLAIN,
    PRINCIPAL,
    SOURCE,
    TENANT,
    TERMS,
    WORLDS,
    Books,
    World,
    _lasting,
    _line,
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
    check = check_plan(
        parse_plan(
            f"{STATED}payment: {text}\nexamples:\n  - name: none\n"
            "    given: {payees: [{id: N1, kind: agency}]}\n    expect: {}\n"
        )
    )
    assert check.plan is not None, [str(item) for item in check.findings]
    until = None if left is None else date(2026, left, 15)
    change = date(2026, 4, 1)
    relations = Relations(
        payees=(
            PayeeRow(PAYEE, None, change, {"kind": "agency", "currency": first}),
            PayeeRow(PAYEE, change, None, {"kind": "agency", "currency": then}),
        ),
        assignments=(AssignmentRow("A", "A", PRINCIPAL, PAYEE, None, until),),
        exchange_rates=tuple(
            ExchangeRateRow(
                "period average", "EUR", name, f"2026-{number:02d}", None, Decimal(rate), SOURCE
            )
            for name, rates in RATES.items()
            for number, rate in enumerate(rates, start=1)
        ),
    )
    plan = PublishedPlan("P", "newcomer", 1, PRINCIPAL, "0" * 64, {"currency": "EUR"}, None)
    return PlanTerms.of(plan, check.plan, relations)


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
    landed = [
        _line(number, world.landed[number - 1], month)
        for number in range(books.stated + 1, month + 1)
        if world.landed[number - 1]
    ]
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


def approve(books: Books, proposal: Proposal) -> None:
    """Post an approved statement, and remember it as the last one."""
    own = [item.amount.amount for item in proposal.totals if item.movement == "carried_out"]
    books.entries += posting_of(
        StatedFigures(
            total=proposal.total,
            brought_forward=proposal.brought_forward,
            payable=proposal.payable,
            carried_forward=proposal.carried_forward,
            held_before=Money.zero("EUR"),
            held_now=Money.zero("EUR"),
            receivable=proposal.receivable,
            kept=Money(sum(own, Decimal(0)), "EUR"),
            accounts=proposal.accounts,
            stated=proposal.stated,
        ),
        statement_id=proposal.statement_id,
        revision=1,
        payee_id=UUID(PAYEE),
        principal_id=UUID(PRINCIPAL),
        period=str(proposal.period),
        at=datetime(2026, 1, 1, tzinfo=UTC),
    ).entries
    books.stated = proposal.period.number
    stated_in = None if proposal.stated is None else proposal.stated.currency
    books.closed = ClosedAccounts(
        str(proposal.period), proposal.statement_id, _lasting(proposal.accounts), stated_in
    )
    remember = Books([])
    remember.approve(replace(proposal, stated=None))
    books.payments += remember.payments


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
        approve(books, proposal)
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
    for item in _lasting(proposal.accounts):
        if item.account not in {"carried", "capped"}:
            account = Account(item.account)
            sign = -1 if account in {Account.DRAW, Account.LOAN} else 1
            stands = sums.get((account, item.name, "EUR"), Money.zero("EUR")).amount
            assert stands == sign * item.after
