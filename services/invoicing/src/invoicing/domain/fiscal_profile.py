"""A payee's fiscal profile: dated, revised, and valid only once a second person approved it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from invoicing.domain.fiscal_identity import (
    Language,
    LegalForm,
    MandateKind,
    Role,
    TaxRegimeCode,
)
from invoicing.domain.four_eyes import ApproverIsMaker
from premia_common.identifiers import derive_id


class ProfileStatus(StrEnum):
    """Where the newest revision of a profile stands."""

    DRAFT = "draft"
    APPROVED = "approved"


class FiscalProfileNotFound(Exception):
    """Raised when the tenant has no such fiscal profile."""


class FiscalProfileExists(Exception):
    """Raised when a payee has another profile from the same day."""

    def __init__(self, profile_id: UUID, valid_from: date) -> None:
        self.profile_id = profile_id
        super().__init__(
            f"Fiscal profile {profile_id} from {valid_from} exists with other content.  "
            "Revise it with PUT and If-Match, or choose another first day."
        )


class FiscalProfileChanged(Exception):
    """Raised when a profile is not in the version the caller has seen."""

    def __init__(self, profile_id: UUID, version: int) -> None:
        self.version = version
        super().__init__(
            f"Fiscal profile {profile_id} is in version {version}.  Read it again, then decide."
        )


class FiscalProfileDatesReversed(ValueError):
    """Raised when a profile would end before it begins."""

    def __init__(self, valid_from: date, valid_to: date) -> None:
        super().__init__(
            f"valid_to {valid_to} must be after valid_from {valid_from}.  Choose a later day."
        )


class NoProfileOnDate(Exception):
    """Raised when a payee has no approved fiscal profile for a document's day."""

    def __init__(self, payee_id: UUID, day: date) -> None:
        super().__init__(
            f"No approved fiscal profile of payee {payee_id} is valid on {day}.  Record one and "
            "have a second person approve it."
        )


class FiscalProfileAlreadyApproved(Exception):
    """Raised when the newest revision of a profile is approved already."""

    def __init__(self, profile_id: UUID) -> None:
        super().__init__(f"Fiscal profile {profile_id} is approved; there is nothing to approve.")


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where invoices of the payee come from."""

    street: str
    postal_code: str
    city: str
    province: str
    country: str


@dataclass(frozen=True, slots=True)
class FiscalContent:
    """What a revision of a profile says.  It is personal data and is never logged."""

    role: Role
    legal_form: LegalForm
    residence: str
    tax_regime: TaxRegimeCode
    mandate_kind: MandateKind
    legal_name: str
    vat_number: str
    tax_code: str
    employees_declared: bool
    iban: str | None
    language: Language
    supplier_number: str
    address: PostalAddress
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class FiscalProfile:
    """A payee's profile from a day on, in its newest revision.

    `approved_revision` stays in force while a newer revision waits for its approval.
    """

    id: UUID
    payee_id: UUID
    valid_from: date
    revision: int
    content: FiscalContent
    status: ProfileStatus
    version: int
    made_by: UUID
    made_at: datetime
    approved_revision: int | None
    approved_by: UUID | None

    @classmethod
    def draft(
        cls,
        tenant_id: UUID,
        payee_id: UUID,
        valid_from: date,
        content: FiscalContent,
        *,
        by: UUID,
        at: datetime,
    ) -> "FiscalProfile":
        """Return the first revision; its id follows from tenant, payee and first day."""
        _check_dates(valid_from, content.valid_to)
        profile_id = derive_id(
            "fiscal-profile", str(tenant_id), str(payee_id), valid_from.isoformat()
        )
        return cls(
            profile_id, payee_id, valid_from, 1, content, ProfileStatus.DRAFT, 1, by, at, None, None
        )

    def revise(
        self, content: FiscalContent, *, version: int, by: UUID, at: datetime
    ) -> "FiscalProfile":
        """Return the profile with a new draft revision.

        Raises:
            FiscalProfileChanged: if it is not in the version the caller names.
            FiscalProfileDatesReversed: if it would end before it begins.
        """
        self._expect(version)
        _check_dates(self.valid_from, content.valid_to)
        return replace(
            self,
            revision=self.revision + 1,
            content=content,
            status=ProfileStatus.DRAFT,
            version=self.version + 1,
            made_by=by,
            made_at=at,
            approved_by=None,
        )

    def approve(self, *, version: int, by: UUID) -> "FiscalProfile":
        """Return the profile with its newest revision in force.

        Raises:
            FiscalProfileChanged: if it is not in the version the caller names.
            FiscalProfileAlreadyApproved: if nothing waits for approval.
            ApproverIsMaker: if the approver wrote the revision.
        """
        self._expect(version)
        if self.status is ProfileStatus.APPROVED:
            raise FiscalProfileAlreadyApproved(self.id)
        if by == self.made_by:
            raise ApproverIsMaker(f"fiscal profile {self.id}", by)
        return replace(
            self,
            status=ProfileStatus.APPROVED,
            version=self.version + 1,
            approved_revision=self.revision,
            approved_by=by,
        )

    def _expect(self, version: int) -> None:
        if version != self.version:
            raise FiscalProfileChanged(self.id, self.version)


@dataclass(frozen=True, slots=True)
class ApprovedProfile:
    """A revision that two people made and approved, as tax rules read it."""

    profile_id: UUID
    revision: int
    payee_id: UUID
    valid_from: date
    content: FiscalContent

    def covers(self, day: date) -> bool:
        """Say whether the profile says anything about a day."""
        end = self.content.valid_to
        return self.valid_from <= day and (end is None or day < end)


def profile_on(profiles: Iterable[ApprovedProfile], day: date) -> ApprovedProfile | None:
    """Return the approved profile that holds on a day: the latest that began by then.

    A later profile takes over on its first day, so two never hold at once.
    """
    begun = [profile for profile in profiles if profile.valid_from <= day]
    if not begun:
        return None
    latest = max(begun, key=lambda profile: profile.valid_from)
    return latest if latest.covers(day) else None


def _check_dates(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to <= valid_from:
        raise FiscalProfileDatesReversed(valid_from, valid_to)
