from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from invoicing.domain.fiscal_identity import Language, LegalForm, MandateKind, Role, TaxRegimeCode
from invoicing.domain.fiscal_profile import (
    ApprovedProfile,
    FiscalContent,
    FiscalProfile,
    FiscalProfileAlreadyApproved,
    FiscalProfileChanged,
    PostalAddress,
    profile_on,
)
from invoicing.domain.four_eyes import ApproverIsMaker
from invoicing.domain.numbering import DocumentNumber, NumberTooLong
from invoicing.domain.pro_forma import (
    Document,
    DocumentChanged,
    DocumentStatus,
    StepNotPossible,
)
from invoicing.domain.statement import StatementDoesNotAddUp, StatementRevision
from premia_common.money import Money

NOW = datetime(2026, 4, 1, tzinfo=UTC)
MAKER, SECOND = UUID(int=1), UUID(int=2)
CONTENT = FiscalContent(
    Role.AGENT,
    LegalForm.INDIVIDUAL,
    "IT",
    TaxRegimeCode.ORDINARY,
    MandateKind.SINGLE_FIRM,
    "Agenzia Verdi",
    "00743110157",
    "00743110157",
    employees_declared=False,
    iban=None,
    language=Language.ITALIAN,
    supplier_number="100",
    address=PostalAddress("Via Roma 1", "00100", "Roma", "RM", "IT"),
    valid_to=None,
)
PREPARED = Document(
    UUID(int=10),
    UUID(int=11),
    UUID(int=12),
    UUID(int=13),
    1,
    "2026-03",
    DocumentStatus.PREPARED,
    1,
    None,
    None,
)


def draft():
    return FiscalProfile.draft(
        UUID(int=3), UUID(int=4), date(2026, 1, 1), CONTENT, by=MAKER, at=NOW
    )


def test_the_maker_of_a_profile_cannot_approve_it():
    with pytest.raises(ApproverIsMaker, match="second person"):
        draft().approve(version=1, by=MAKER)


def test_a_profile_is_approved_once():
    approved = draft().approve(version=1, by=SECOND)

    assert approved.approved_revision == 1
    with pytest.raises(FiscalProfileAlreadyApproved):
        approved.approve(version=2, by=SECOND)


def test_a_revision_waits_while_the_approved_one_stays_in_force():
    revised = (
        draft()
        .approve(version=1, by=SECOND)
        .revise(replace(CONTENT, employees_declared=True), version=2, by=SECOND, at=NOW)
    )

    assert (revised.revision, revised.approved_revision) == (2, 1)
    with pytest.raises(ApproverIsMaker):
        revised.approve(version=3, by=SECOND)
    assert revised.approve(version=3, by=MAKER).approved_revision == 2


def test_a_profile_seen_in_another_version_is_not_touched():
    with pytest.raises(FiscalProfileChanged, match="version 1"):
        draft().approve(version=2, by=SECOND)


def test_a_profile_ends_after_it_begins():
    ended = replace(CONTENT, valid_to=date(2026, 1, 1))

    with pytest.raises(ValueError, match="after valid_from"):
        FiscalProfile.draft(UUID(int=3), UUID(int=4), date(2026, 1, 1), ended, by=MAKER, at=NOW)


def test_a_later_profile_takes_over_and_an_end_leaves_a_gap():
    first = ApprovedProfile(UUID(int=1), 1, UUID(int=4), date(2025, 1, 1), CONTENT)
    ended = replace(CONTENT, valid_to=date(2026, 6, 1))
    second = ApprovedProfile(UUID(int=2), 1, UUID(int=4), date(2026, 1, 1), ended)

    assert profile_on([second, first], date(2025, 12, 31)) is first
    assert profile_on([first, second], date(2026, 1, 1)) is second
    assert profile_on([first, second], date(2026, 6, 1)) is None
    assert profile_on([first, second], date(2024, 12, 31)) is None


def sent():
    return PREPARED.number_it("PF-2026-000001", version=1, by=MAKER).send()


def test_a_document_goes_from_prepared_to_posted():
    posted = sent().accept(version=3).approve(version=4, by=SECOND).post()

    assert (posted.status, posted.version) == (DocumentStatus.POSTED, 6)


def test_the_sender_of_a_document_cannot_approve_it():
    with pytest.raises(ApproverIsMaker):
        sent().accept(version=3).approve(version=4, by=MAKER)


def test_a_disputed_document_can_still_be_accepted_but_not_approved():
    disputed = sent().dispute(version=3)

    with pytest.raises(StepNotPossible, match="needs it to be accepted"):
        disputed.approve(version=4, by=SECOND)
    assert disputed.accept(version=4).status is DocumentStatus.ACCEPTED


@pytest.mark.parametrize(
    "step",
    [
        PREPARED.send,
        lambda: PREPARED.accept(version=1),
        lambda: PREPARED.dispute(version=1),
        lambda: PREPARED.approve(version=1, by=SECOND),
        PREPARED.post,
        lambda: sent().number_it("PF-2026-000002", version=3, by=MAKER),
        lambda: sent().send(),
        lambda: sent().post(),
        lambda: sent().accept(version=3).accept(version=4),
    ],
)
def test_a_step_out_of_turn_is_refused(step):
    with pytest.raises(StepNotPossible):
        step()


def test_a_document_seen_in_another_version_is_not_touched():
    with pytest.raises(DocumentChanged, match="version 3"):
        sent().accept(version=2)


def test_a_number_fits_into_sixteen_characters():
    assert str(DocumentNumber("PF", 2026, 17)) == "PF-2026-000017"
    with pytest.raises(NumberTooLong, match="16"):
        DocumentNumber("PROFORMA", 2026, 1)


def test_a_statement_that_does_not_add_up_is_refused():
    with pytest.raises(StatementDoesNotAddUp, match=r"adds up to -1\.00"):
        StatementRevision(
            UUID(int=1),
            1,
            "0" * 64,
            UUID(int=2),
            UUID(int=3),
            "2026-03",
            "EUR",
            (),
            Money("-1.00", "EUR"),
            Money("1.00", "EUR"),
        )
