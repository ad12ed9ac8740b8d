"""The life of one entry of the invoice feed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from connectors.domain.feed import (
    Delivery,
    FeedStatus,
    LeaseNotHeld,
    PostedTwice,
    SapDocument,
)

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
READY = Delivery(
    invoice_id=UUID(int=1),
    change_seq=1,
    number="PF-1",
    company_code="1000",
    content_hash="ab" * 32,
)
DOCUMENT = SapDocument("5100000001", "2026", "1000", date(2026, 3, 10))


def leased(delivery: Delivery = READY, *, at: datetime = NOW) -> Delivery:
    return delivery.lease(to="SAP", lease_id=UUID(int=7), now=at, seconds=900)


def test_an_invoice_is_free_until_leased_and_again_when_the_lease_ran_out() -> None:
    assert READY.is_free(NOW)
    assert not leased().is_free(NOW + timedelta(seconds=899))
    assert leased().is_free(NOW + timedelta(seconds=900))


def test_only_a_lease_that_ran_out_makes_the_next_one_suspicious() -> None:
    refused = leased().reject(lease_id=UUID(int=7), retryable=True)

    assert leased().maybe_posted is False
    assert leased(leased(), at=NOW + timedelta(hours=1)).maybe_posted is True
    assert leased(refused).maybe_posted is False


def test_a_posted_invoice_is_never_free_again() -> None:
    posted = leased().acknowledge(DOCUMENT, content_hash=READY.content_hash, under_known_lease=True)

    assert posted.status is FeedStatus.POSTED
    assert not posted.is_free(NOW + timedelta(days=365))


def test_the_same_document_again_changes_nothing_and_another_is_a_second_posting() -> None:
    posted = leased().acknowledge(DOCUMENT, content_hash=READY.content_hash, under_known_lease=True)

    same = posted.acknowledge(DOCUMENT, content_hash="anything", under_known_lease=False)

    assert same is posted
    with pytest.raises(PostedTwice, match="reverse one of the two in SAP"):
        posted.acknowledge(
            replace(DOCUMENT, number="5100000002"),
            content_hash=READY.content_hash,
            under_known_lease=True,
        )


def test_an_invoice_that_was_never_given_out_cannot_be_answered() -> None:
    with pytest.raises(LeaseNotHeld):
        READY.acknowledge(DOCUMENT, content_hash=READY.content_hash, under_known_lease=False)
    with pytest.raises(LeaseNotHeld):
        READY.reject(lease_id=UUID(int=7), retryable=True)


def test_an_answer_to_an_invoice_that_needs_a_person_is_still_taken() -> None:
    tired = leased()
    for _ in range(5):
        tired = leased(tired, at=NOW + timedelta(days=1))

    posted = tired.acknowledge(DOCUMENT, content_hash=READY.content_hash, under_known_lease=True)

    assert tired.status is FeedStatus.NEEDS_HUMAN
    assert posted.status is FeedStatus.POSTED
