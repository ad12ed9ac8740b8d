from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from plans_api.domain.plan import (
    ApproverIsMaker,
    PlanNotInStatus,
    PlanStatus,
    PlanVersion,
    PlanWindowOverlaps,
    RetirementNotPossible,
)
from plans_api.domain.record import RecordChanged
from plans_api.domain.window import Window

PLAN = UUID(int=9)
MAKER, SECOND_MAKER, APPROVER = UUID(int=1), UUID(int=2), UUID(int=3)
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
YEAR = Window(date(2026, 1, 1), date(2027, 1, 1))

DRAFT = PlanVersion(
    plan_id=PLAN,
    number=1,
    status=PlanStatus.DRAFT,
    version=1,
    revision=1,
    content_hash="a",
    made_at=NOON,
    makers=frozenset({MAKER}),
)
IN_REVIEW = DRAFT.submit(by=MAKER, window=YEAR)
PUBLISHED = IN_REVIEW.publish(by=APPROVER, at=NOON, others=())


def test_a_second_person_publishes() -> None:
    assert PUBLISHED.status is PlanStatus.PUBLISHED
    assert (PUBLISHED.published_by, PUBLISHED.published_at) == (APPROVER, NOON)
    assert PUBLISHED.version == 3


@pytest.mark.parametrize("by", [MAKER, SECOND_MAKER])
def test_nobody_who_wrote_a_revision_publishes(by: UUID) -> None:
    revised = DRAFT.revise(content_hash="b", by=SECOND_MAKER).submit(by=UUID(int=7), window=YEAR)

    with pytest.raises(ApproverIsMaker):
        revised.publish(by=by, at=NOON, others=())


def test_a_rejected_version_forgets_its_submitter_but_not_its_makers() -> None:
    rejected = IN_REVIEW.reject()

    assert rejected.status is PlanStatus.DRAFT
    assert rejected.submitted_by is None
    assert rejected.makers == {MAKER}


@pytest.mark.parametrize("version", [IN_REVIEW, PUBLISHED])
def test_only_a_draft_takes_another_document(version: PlanVersion) -> None:
    with pytest.raises(PlanNotInStatus):
        version.revise(content_hash="b", by=MAKER)


def test_a_published_version_is_neither_published_nor_rejected_again() -> None:
    with pytest.raises(PlanNotInStatus):
        PUBLISHED.publish(by=APPROVER, at=NOON, others=())
    with pytest.raises(PlanNotInStatus):
        PUBLISHED.reject()


def test_a_version_that_is_valid_on_a_day_of_another_is_not_published() -> None:
    next_version = replace(IN_REVIEW, number=2, window=Window(date(2026, 12, 31)))

    with pytest.raises(PlanWindowOverlaps, match="2026-12-31 to 2027-01-01"):
        next_version.publish(by=APPROVER, at=NOON, others=(PUBLISHED,))


def test_a_retired_version_leaves_its_remaining_days_free() -> None:
    retired = PUBLISHED.retire(retired_from=date(2026, 7, 1))
    next_version = replace(IN_REVIEW, number=2, window=Window(date(2026, 7, 1)))

    published = next_version.publish(by=APPROVER, at=NOON, others=(retired,))

    assert published.status is PlanStatus.PUBLISHED
    assert retired.earning_window == Window(date(2026, 1, 1), date(2026, 7, 1))


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_version_is_retired_on_one_of_its_days(day: date) -> None:
    with pytest.raises(RetirementNotPossible):
        PUBLISHED.retire(retired_from=day)


def test_a_stale_version_is_refused_with_the_current_one() -> None:
    with pytest.raises(RecordChanged, match='If-Match: "3"'):
        PUBLISHED.must_be(2)
