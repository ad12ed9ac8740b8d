"""What is answered about plans."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

import orjson
from pydantic import BaseModel, Field, JsonValue

from plans_api.application.copy_version import PlanCopy
from plans_api.application.create_plan import PlanDraft
from plans_api.application.ports import Participant
from plans_api.domain.acceptance import Acceptance
from plans_api.domain.plan import Plan, PlanStatus, PlanVersion, Revision, Transition
from plans_api.domain.plan_document import PlanReport
from plans_api.entrypoints.api.plans.bodies import SHORT_PLAN
from premia_plan.examples import ExampleResult
from premia_plan.finding import Finding
from premia_plan.linting import warning_name


class PlanVersionOut(BaseModel):
    """A version of a plan; `version` is what If-Match names."""

    plan_id: UUID
    number: int
    status: PlanStatus
    version: int
    revision: int
    content_hash: str
    made_at: datetime
    makers: list[UUID]
    submitted_by: UUID | None
    published_by: UUID | None
    published_at: datetime | None
    valid_from: date | None
    valid_to: date | None
    retired_from: date | None

    @classmethod
    def of(cls, version: PlanVersion) -> Self:
        """Write a version."""
        return cls(
            plan_id=version.plan_id,
            number=version.number,
            status=version.status,
            version=version.version,
            revision=version.revision,
            content_hash=version.content_hash,
            made_at=version.made_at,
            makers=sorted(version.makers),
            submitted_by=version.submitted_by,
            published_by=version.published_by,
            published_at=version.published_at,
            valid_from=version.window.start if version.window else None,
            valid_to=version.window.end if version.window else None,
            retired_from=version.retired_from,
        )


class PlanSummaryOut(BaseModel):
    """A plan in a list."""

    id: UUID
    name: str
    principal_id: UUID
    latest: int

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Write a plan."""
        return cls(id=plan.id, name=plan.name, principal_id=plan.principal_id, latest=plan.latest)


class PlanPageOut(BaseModel):
    """A page of plans."""

    items: list[PlanSummaryOut]
    next_cursor: str | None


class PlanOut(BaseModel):
    """A plan with its versions, the oldest first."""

    id: UUID
    name: str
    principal_id: UUID
    versions: list[PlanVersionOut]

    @classmethod
    def of(cls, plan: Plan, versions: Sequence[PlanVersion]) -> Self:
        """Write a plan and the versions that the caller may see."""
        return cls(
            id=plan.id,
            name=plan.name,
            principal_id=plan.principal_id,
            versions=[PlanVersionOut.of(version) for version in versions],
        )


class PlanDraftOut(BaseModel):
    """A plan and the version that holds the document as sent."""

    id: UUID
    name: str
    principal_id: UUID
    outcome: Literal["created", "unchanged"]
    version: PlanVersionOut

    @classmethod
    def of(cls, draft: PlanDraft) -> Self:
        """Write a draft."""
        return cls(
            id=draft.plan.id,
            name=draft.plan.name,
            principal_id=draft.plan.principal_id,
            outcome=draft.outcome,
            version=PlanVersionOut.of(draft.version),
        )


class DateLeftAloneOut(BaseModel):
    """A date inside a longer text, such as a formula, that a copy did not move."""

    pointer: str
    text: str


class PlanCopyOut(PlanDraftOut):
    """The copy, and the dates in it that a person has to look at."""

    dates_left_alone: list[DateLeftAloneOut]

    @classmethod
    def of_copy(cls, copy: PlanCopy) -> Self:
        """Write a copy."""
        left = [DateLeftAloneOut(pointer=item.path, text=item.text) for item in copy.left_alone]
        return cls(**dict(PlanDraftOut.of(copy.draft)), dates_left_alone=left)


class PlanDocumentOut(BaseModel):
    """A version's document: as it was written, and in the canonical form that is hashed."""

    plan_id: UUID
    number: int
    revision: int
    content_hash: str = Field(examples=["0" * 64])
    text: str = Field(examples=[SHORT_PLAN])
    document: dict[str, JsonValue] = Field(examples=[{"plan": "agency-energy-2026", "language": 1}])

    @classmethod
    def of(cls, revision: Revision) -> Self:
        """Write a document."""
        return cls(
            plan_id=revision.plan_id,
            number=revision.number,
            revision=revision.revision,
            content_hash=revision.content_hash,
            text=revision.text,
            document=orjson.loads(revision.canonical),
        )


class PlanTransitionOut(BaseModel):
    """A step in the life of a version; `before` is null for its creation."""

    sequence: int
    before: PlanStatus | None
    after: PlanStatus
    revision: int
    by: UUID
    at: datetime
    reason: str | None
    accepted_warnings: list[str]

    @classmethod
    def of(cls, step: Transition) -> Self:
        """Write a step."""
        return cls(
            sequence=step.sequence,
            before=step.before,
            after=step.after,
            revision=step.revision,
            by=step.by,
            at=step.at,
            reason=step.reason,
            accepted_warnings=list(step.accepted_warnings),
        )


class PlanHistoryOut(BaseModel):
    """The steps of a version, the oldest first."""

    items: list[PlanTransitionOut]
    next_cursor: str | None


class InItalianOut(BaseModel):
    """A remark in Italian."""

    message: str
    hint: str
    counter_example: str | None


class FindingOut(BaseModel):
    """A remark on a document, and where; a warning is accepted by its name."""

    name: str
    severity: Literal["error", "warning"]
    code: str
    pointer: str
    line: int | None
    column: int | None
    message: str
    hint: str
    counter_example: str | None
    in_italian: InItalianOut = Field(description="The same in Italian.")

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Write a finding."""
        told = finding.in_italian
        return cls(
            name=warning_name(finding),
            severity=finding.severity,
            code=finding.code,
            pointer=finding.path,
            line=finding.line,
            column=finding.column,
            message=finding.message,
            hint=finding.hint,
            counter_example=finding.counter_example,
            in_italian=InItalianOut(
                message=told.message, hint=told.hint, counter_example=told.counter_example
            ),
        )


class ExampleDifferenceOut(BaseModel):
    """An amount that an example says and the calculation does not give, or the reverse."""

    payee: str
    month: str
    component: str
    expected: str
    got: str
    explanation: str


class ExampleResultOut(BaseModel):
    """How an example came out."""

    name: str
    passed: bool
    differences: list[ExampleDifferenceOut]
    exceptions: list[str]

    @classmethod
    def of(cls, result: ExampleResult) -> Self:
        """Write a result."""
        return cls(
            name=result.name,
            passed=result.passed,
            differences=[
                ExampleDifferenceOut(
                    payee=item.payee,
                    month=item.month,
                    component=item.component,
                    expected=format(item.expected, "f"),
                    got=format(item.got, "f"),
                    explanation=item.explanation,
                )
                for item in result.differences
            ],
            exceptions=list(result.exceptions),
        )


class PlanCheckOut(BaseModel):
    """Everything there is to say about a document; nothing of it was stored."""

    publishable: bool
    content_hash: str | None
    findings: list[FindingOut]
    examples: list[ExampleResultOut]

    @classmethod
    def of(cls, report: PlanReport) -> Self:
        """Write a report."""
        return cls(
            publishable=report.is_publishable,
            content_hash=report.plan.document.hash if report.plan else None,
            findings=[FindingOut.of(finding) for finding in report.findings],
            examples=[ExampleResultOut.of(result) for result in report.results],
        )


class AcceptanceOut(BaseModel):
    """Who accepted which document, and on which business day."""

    plan_id: UUID
    number: int
    content_hash: str
    payee_id: UUID
    accepted_on: date
    accepted_at: datetime

    @classmethod
    def of(cls, acceptance: Acceptance) -> Self:
        """Write an acceptance."""
        return cls(
            plan_id=acceptance.plan_id,
            number=acceptance.number,
            content_hash=acceptance.content_hash,
            payee_id=acceptance.payee_id,
            accepted_on=acceptance.accepted_on,
            accepted_at=acceptance.accepted_at,
        )


class AcceptancePageOut(BaseModel):
    """A page of acceptances."""

    items: list[AcceptanceOut]
    next_cursor: str | None


class ParticipantOut(BaseModel):
    """Who is assigned to a plan on a day."""

    assignment_id: UUID
    mandate_id: UUID
    principal_id: UUID
    payee_id: UUID
    payee_code: str
    payee_name: str

    @classmethod
    def of(cls, participant: Participant) -> Self:
        """Write a participant."""
        return cls(
            assignment_id=participant.assignment_id,
            mandate_id=participant.mandate_id,
            principal_id=participant.principal_id,
            payee_id=participant.payee_id,
            payee_code=participant.payee_code,
            payee_name=participant.payee_name,
        )


class ParticipantPageOut(BaseModel):
    """A page of participants."""

    items: list[ParticipantOut]
    next_cursor: str | None
