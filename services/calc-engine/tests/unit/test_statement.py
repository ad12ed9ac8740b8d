from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from calc_engine.domain.ledger import (
    Account,
    LedgerUnbalanced,
    StatedFigures,
    balances,
    posting_of,
)
from calc_engine.domain.statement import (
    AcceptedBlock,
    ApproverIsMaker,
    Statement,
    StatementChanged,
    StatementNotApprovable,
    StatementNotSubmittable,
    StatementStatus,
    TaxAnswer,
    TaxNotOk,
)
from premia_common.money import Money
from premia_common.periods import Month

MAKER, SUBMITTER, APPROVER = (UUID(int=number) for number in (1, 2, 3))
NOON = datetime(2026, 4, 2, 12, 0, tzinfo=UTC)
DIGEST = "d" * 64
OK = TaxAnswer(1, "ok", (), Money("10.00", "EUR"))


def euros(amount: str) -> Money:
    return Money(amount, "EUR")


DRAFT = Statement(
    statement_id=UUID(int=9),
    payee_id=UUID(int=10),
    principal_id=UUID(int=11),
    period=Month(2026, 3),
    currency="EUR",
    revision=1,
    digest=DIGEST,
    run_id=UUID(int=12),
    made_by=MAKER,
    made_at=NOON,
    status=StatementStatus.DRAFT,
    version=1,
    totals=(),
    brought_forward=euros("0.00"),
    held=euros("0.00"),
    payable=euros("10.00"),
    carried_forward=euros("0.00"),
    lines_address="a",
    lines_sha256=DIGEST,
    submitted_by=None,
    approved_by=None,
    approved_at=None,
    tax=OK,
    receivable=euros("0.00"),
)
IN_REVIEW = DRAFT.submit(by=SUBMITTER)


def approve(statement: Statement, by: UUID = APPROVER, **named: object) -> Statement:
    given: dict[str, object] = {"revision": 1, "digest": DIGEST, "accept_blocked": None, **named}
    return statement.approve(by=by, at=NOON, **given)  # type: ignore[arg-type]


def test_a_second_person_approves_what_is_in_review() -> None:
    approved = approve(IN_REVIEW)

    assert approved.status is StatementStatus.APPROVED
    assert (approved.approved_by, approved.approved_at) == (APPROVER, NOON)
    assert approved.version == 3


def test_a_draft_cannot_be_approved() -> None:
    with pytest.raises(StatementNotApprovable, match="Submit its run for review first"):
        approve(DRAFT)


@pytest.mark.parametrize("person", [MAKER, SUBMITTER])
def test_whoever_made_or_submitted_it_cannot_approve(person: UUID) -> None:
    with pytest.raises(ApproverIsMaker, match="another person"):
        approve(IN_REVIEW, by=person)


@pytest.mark.parametrize("named", [{"revision": 2}, {"digest": "e" * 64}])
def test_an_approval_of_something_else_is_refused(named: dict[str, object]) -> None:
    with pytest.raises(StatementChanged, match="read it again"):
        approve(IN_REVIEW, **named)


@pytest.mark.parametrize(
    "tax", [None, replace(OK, status="blocked"), replace(OK, revision=2)], ids=str
)
def test_tax_must_be_ok_for_this_revision(tax: TaxAnswer | None) -> None:
    with pytest.raises(TaxNotOk):
        approve(replace(IN_REVIEW, tax=tax))


def test_a_block_can_be_accepted_by_name() -> None:
    block = AcceptedBlock("no-profile", "on its way")

    approved = approve(replace(IN_REVIEW, tax=None), accept_blocked=block)

    assert approved.accepted_block == block


def test_only_a_draft_is_submitted() -> None:
    with pytest.raises(StatementNotSubmittable, match="only a draft"):
        IN_REVIEW.submit(by=SUBMITTER)


def test_a_posting_moves_payable_carried_and_held_and_adds_up_to_zero() -> None:
    posting = posting_of(
        StatedFigures(
            total=euros("100.00"),
            brought_forward=euros("-30.00"),
            payable=euros("70.00"),
            carried_forward=euros("0.00"),
            held_before=euros("50.00"),
            held_now=euros("20.00"),
        ),
        statement_id=UUID(int=9),
        revision=1,
        payee_id=UUID(int=10),
        principal_id=UUID(int=11),
        period="2026-03",
        at=NOON,
    )

    found = {account: amount.amount for (account, *_), amount in balances(posting.entries).items()}
    assert found == {
        Account.PAYABLE: Decimal("70.00"),
        Account.CARRIED: Decimal("30.00"),
        Account.HELD: Decimal("-30.00"),
        Account.EARNED: Decimal("-70.00"),
    }


def test_a_posting_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(LedgerUnbalanced):
        posting_of(
            StatedFigures(
                total=euros("100.00"),
                brought_forward=euros("0.00"),
                payable=euros("70.00"),
                carried_forward=euros("0.00"),
                held_before=euros("0.00"),
                held_now=euros("0.00"),
            ),
            statement_id=UUID(int=9),
            revision=1,
            payee_id=UUID(int=10),
            principal_id=UUID(int=11),
            period="2026-03",
            at=NOON,
        )
