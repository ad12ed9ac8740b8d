"""Plans: named agreements of a principal, whose versions two people publish."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from plans_api.domain.record import RecordChanged
from plans_api.domain.window import Window


class PlanStatus(StrEnum):
    """Where a plan version is in its life."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class PlanNotInStatus(Exception):
    """Raised when a plan version is not in the status that a step needs."""

    def __init__(self, number: int, status: PlanStatus, *, step: str, needs: PlanStatus) -> None:
        self.status = status
        super().__init__(
            f"Version {number} of the plan is {status.value}; only one that is {needs.value} "
            f"can be {step}.  {_WHAT_TO_DO[status]}"
        )


class ApproverIsMaker(Exception):
    """Raised when somebody publishes a plan version that they wrote or submitted."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"You wrote or submitted version {number} of this plan.  "
            "Ask a second person to publish it."
        )


class PlanWindowOverlaps(Exception):
    """Raised when two published versions of a plan would be valid on the same day."""

    def __init__(self, other: int, window: Window) -> None:
        super().__init__(
            f"Version {other} of this plan is published and valid on days of {window}.  "
            f"Retire it from the first of these days, or correct valid in this version."
        )


class OrdersClaimedTwice(Exception):
    """Raised when a plan that is published would pay for orders that another one pays for too."""

    def __init__(self, other: str, version: int, *, own_credit: str, other_credit: str) -> None:
        self.other = other
        self.errors = [
            {
                "pointer": f"/credits/{own_credit}",
                "message": f"Plan {other}, version {version}, credits the same payees for the "
                f"same orders by its credit {other_credit}.",
            }
        ]
        super().__init__(
            f"Plan {other}, version {version}, claims the same orders.  Tell the two apart by "
            "`covers`, `participants` or `valid`, write `beside: {"
            f"{other}: adds to"
            "}` if both shall pay, or make it a campaign of that plan if it replaces what that "
            "pays or the better shall count."
        )


class DraftExists(Exception):
    """Raised when a plan that has an unpublished version is given another."""

    def __init__(self, number: int, status: PlanStatus) -> None:
        super().__init__(
            f"Version {number} of this plan is {status.value}.  "
            "Change or publish it before another version is begun."
        )


class PlanNameDiffers(Exception):
    """Raised when a document names another plan than the one it is a version of."""

    def __init__(self, expected: str, given: str) -> None:
        super().__init__(
            f"This is plan {expected}, the document says {given}.  "
            f"Write `plan: {expected}`, or create another plan."
        )


class RetirementNotPossible(Exception):
    """Raised when a plan version would be retired from a day on which it is not valid."""

    def __init__(self, retired_from: date, window: Window) -> None:
        super().__init__(
            f"The version is valid {window}; it cannot be retired from {retired_from}.  "
            "Name one of its days."
        )


_WHAT_TO_DO = {
    PlanStatus.DRAFT: "Submit it for review first.",
    PlanStatus.IN_REVIEW: "Publish or reject it first.",
    PlanStatus.PUBLISHED: "It never changes again: begin the next version, or retire this one.",
    PlanStatus.RETIRED: "A retired version stays as it is: begin the next version.",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A named agreement; `latest` is the number of its newest version."""

    id: UUID
    name: str
    principal_id: UUID
    latest: int
    retirements: int = 0

    def must_be_named(self, name: str) -> None:
        """Check the name that a document gives.

        Raises:
            PlanNameDiffers: if it is another plan's.
        """
        if name != self.name:
            raise PlanNameDiffers(self.name, name)


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A version of a plan: its current revision, who had a hand in it, and how far it came.

    `version` grows by one with each change and is what a client names in If-Match.  `window` is
    known from the first submission on; `retired_from` cuts it short.
    """

    plan_id: UUID
    number: int
    status: PlanStatus
    version: int
    revision: int
    content_hash: str
    made_at: datetime
    makers: frozenset[UUID]
    submitted_by: UUID | None = None
    published_by: UUID | None = None
    published_at: datetime | None = None
    window: Window | None = None
    retired_from: date | None = None

    @property
    def earning_window(self) -> Window | None:
        """The days whose orders it governs; None if there are none."""
        if self.window is None or self.retired_from is None:
            return self.window
        if self.retired_from <= self.window.start:
            return None
        return Window(self.window.start, self.retired_from)

    def must_be(self, version: int) -> None:
        """Check the version that a client believes to be current.

        Raises:
            RecordChanged: if it is not.
        """
        if version != self.version:
            raise RecordChanged("plan version", self.version)

    def revise(self, *, content_hash: str, by: UUID) -> "PlanVersion":
        """Return the draft with a further revision of its document.

        Raises:
            PlanNotInStatus: if it is no draft.
        """
        self._need(PlanStatus.DRAFT, "changed")
        return replace(
            self,
            version=self.version + 1,
            revision=self.revision + 1,
            content_hash=content_hash,
            makers=self.makers | {by},
        )

    def submit(self, *, by: UUID, window: Window) -> "PlanVersion":
        """Return the version in review; its document was checked and is valid in `window`.

        Raises:
            PlanNotInStatus: if it is no draft.
        """
        self._need(PlanStatus.DRAFT, "submitted")
        return replace(
            self,
            version=self.version + 1,
            status=PlanStatus.IN_REVIEW,
            submitted_by=by,
            window=window,
        )

    def reject(self) -> "PlanVersion":
        """Return the version as a draft again.

        Raises:
            PlanNotInStatus: if it is not in review.
        """
        self._need(PlanStatus.IN_REVIEW, "rejected")
        return replace(
            self, version=self.version + 1, status=PlanStatus.DRAFT, submitted_by=None, window=None
        )

    def must_be_publishable(self, *, by: UUID) -> None:
        """Check that this person may publish this version now.

        Raises:
            PlanNotInStatus: if it is not in review.
            ApproverIsMaker: if the person wrote a revision of it, or submitted it.
        """
        self._need(PlanStatus.IN_REVIEW, "published")
        if by == self.submitted_by or by in self.makers:
            raise ApproverIsMaker(self.number)

    def publish(
        self, *, by: UUID, at: datetime, others: tuple["PlanVersion", ...]
    ) -> "PlanVersion":
        """Return the published version; `others` are the plan's other versions.

        Raises:
            PlanNotInStatus: if it is not in review.
            ApproverIsMaker: if the person wrote a revision of it, or submitted it.
            PlanWindowOverlaps: if another published version is valid on one of its days.
        """
        self.must_be_publishable(by=by)
        for other in others:
            self._must_not_meet(other)
        return replace(
            self,
            version=self.version + 1,
            status=PlanStatus.PUBLISHED,
            published_by=by,
            published_at=at,
        )

    def retire(self, *, retired_from: date) -> "PlanVersion":
        """Return the version retired: it governs no order of that day or a later one.

        Raises:
            PlanNotInStatus: if it is not published.
            RetirementNotPossible: if it is not valid on that day.
        """
        self._need(PlanStatus.PUBLISHED, "retired")
        if self.window is not None and retired_from not in self.window:
            raise RetirementNotPossible(retired_from, self.window)
        return replace(
            self, version=self.version + 1, status=PlanStatus.RETIRED, retired_from=retired_from
        )

    def _need(self, status: PlanStatus, step: str) -> None:
        if self.status is not status:
            raise PlanNotInStatus(self.number, self.status, step=step, needs=status)

    def _must_not_meet(self, other: "PlanVersion") -> None:
        if other.status not in {PlanStatus.PUBLISHED, PlanStatus.RETIRED}:
            return
        mine, theirs = self.earning_window, other.earning_window
        both = mine.meets(theirs) if mine and theirs else None
        if both:
            raise PlanWindowOverlaps(other.number, both)


@dataclass(frozen=True, slots=True)
class Revision:
    """One document of a plan version, as written and in its canonical form."""

    plan_id: UUID
    number: int
    revision: int
    text: str
    canonical: bytes
    content_hash: str
    made_by: UUID
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Transition:
    """A step in the life of a plan version: who, when, from where to where, why.

    `sequence` is the version of the plan version after it; `accepted_warnings` are the names of
    what the linter warned of and whoever published it accepted.
    """

    plan_id: UUID
    number: int
    sequence: int
    before: PlanStatus | None
    after: PlanStatus
    revision: int
    by: UUID
    at: datetime
    reason: str | None
    submitted_by: UUID | None
    window: Window | None
    retired_from: date | None
    accepted_warnings: tuple[str, ...] = ()


class PlanNotFound(Exception):
    """Raised when the tenant has no such plan, or the caller may not see it."""

    def __init__(self, wanted: UUID | str) -> None:
        super().__init__(f"There is no plan {wanted}.  Check the id; the list shows what exists.")


class PlanVersionNotFound(Exception):
    """Raised when a plan has no version of a number, or the caller may not see it."""

    def __init__(self, plan_id: UUID, number: int) -> None:
        super().__init__(f"Plan {plan_id} has no version {number}.  The plan lists its versions.")


class PlanExists(Exception):
    """Raised when a new plan has the name of another with another document or principal."""

    def __init__(self, plan: Plan) -> None:
        self.plan_id = plan.id
        super().__init__(
            f"There is a plan {plan.name} with another document or principal: {plan.id}.  "
            f"Change its draft by PUT /v1/plans/{plan.id}/versions/{plan.latest} with If-Match, or "
            f"begin its next version by POST /v1/plans/{plan.id}/versions."
        )


def transition(
    before: PlanVersion | None,
    after: PlanVersion,
    *,
    by: UUID,
    at: datetime,
    reason: str | None = None,
    accepted_warnings: tuple[str, ...] = (),
) -> Transition:
    """Return the step between two states of a version; `before` is None for a new one."""
    return Transition(
        plan_id=after.plan_id,
        number=after.number,
        sequence=after.version,
        before=before.status if before else None,
        after=after.status,
        revision=after.revision,
        by=by,
        at=at,
        reason=reason,
        submitted_by=after.submitted_by,
        window=after.window,
        retired_from=after.retired_from,
        accepted_warnings=accepted_warnings,
    )
