"""Recording, revising and approving fiscal profiles."""

from datetime import date
from typing import Literal
from uuid import UUID

from invoicing.application.answer_statement import answer_blocked_statements
from invoicing.application.ports import InvoicingWork, Occasion, TaxData
from invoicing.application.prepare_pro_forma import prepare_waiting_statements
from invoicing.domain.fiscal_profile import (
    FiscalContent,
    FiscalProfile,
    FiscalProfileExists,
    FiscalProfileNotFound,
)

Outcome = Literal["created", "unchanged"]


async def record_fiscal_profile(
    work: InvoicingWork,
    *,
    payee_id: UUID,
    valid_from: date,
    content: FiscalContent,
    by: UUID,
    occasion: Occasion,
) -> tuple[FiscalProfile, Outcome]:
    """Record a payee's profile from a day on; the same profile again changes nothing.

    Raises:
        FiscalProfileExists: if the payee has another profile from that day.
    """
    draft = FiscalProfile.draft(
        work.tenant_id, payee_id, valid_from, content, by=by, at=occasion.now
    )
    existing = await work.profiles.find(draft.id)
    if existing is None:
        await work.profiles.add(draft)
        return draft, "created"
    if existing.content != content:
        raise FiscalProfileExists(existing.id, valid_from)
    return existing, "unchanged"


async def revise_fiscal_profile(
    work: InvoicingWork,
    *,
    profile_id: UUID,
    version: int,
    content: FiscalContent,
    by: UUID,
    occasion: Occasion,
) -> FiscalProfile:
    """Give a profile a new draft revision; the approved one stays in force meanwhile.

    Raises:
        FiscalProfileNotFound: if the tenant has no such profile.
        FiscalProfileChanged: if it is not in this version.
        FiscalProfileDatesReversed: if it would end before it begins.
    """
    profile = await _get(work, profile_id)
    revised = profile.revise(content, version=version, by=by, at=occasion.now)
    await work.profiles.revise(revised)
    return revised


async def approve_fiscal_profile(
    work: InvoicingWork,
    *,
    profile_id: UUID,
    version: int,
    by: UUID,
    data: TaxData,
    occasion: Occasion,
) -> FiscalProfile:
    """Put a profile's newest revision in force and take up what waited for it.

    Blocked statement revisions of the payee are answered again, and approved statements
    without a document get their pro-forma, in the same transaction.

    Raises:
        FiscalProfileNotFound: if the tenant has no such profile.
        FiscalProfileChanged: if it is not in this version.
        FiscalProfileAlreadyApproved: if nothing waits for approval.
        ApproverIsMaker: if the approver wrote the revision.
    """
    profile = await _get(work, profile_id)
    approved = profile.approve(version=version, by=by)
    await work.profiles.approve(approved, occasion.now)
    await answer_blocked_statements(work, approved.payee_id, data=data, occasion=occasion)
    await prepare_waiting_statements(work, payee_id=approved.payee_id, data=data, occasion=occasion)
    return approved


async def _get(work: InvoicingWork, profile_id: UUID) -> FiscalProfile:
    profile = await work.profiles.find(profile_id)
    if profile is None:
        raise FiscalProfileNotFound(f"There is no fiscal profile {profile_id}.  Check the id.")
    return profile
