"""What is answered about who is in."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from plans_api.application.enrolment import Overlap
from plans_api.domain.participation import Ground, Participation
from plans_api.domain.payee import Payee
from plans_api.domain.record import Record
from premia_common.contracts.fields import Label


class ParticipationReasonOut(BaseModel):
    """A reason for which a payee takes part, or does not."""

    code: Ground
    is_for: bool
    message: Label


class ParticipationOut(BaseModel):
    """Where a payee stands towards a plan version; `values` are what its condition asks."""

    payee_id: UUID
    payee_code: str
    payee_name: str
    takes_part: bool
    assignment_id: UUID | None
    reasons: list[ParticipationReasonOut]
    values: dict[str, str | None] = Field(examples=[{"payee.kind": "agency"}])

    @classmethod
    def of(cls, item: Participation) -> Self:
        """Write where a payee stands."""
        return cls(
            payee_id=item.payee.id,
            payee_code=item.payee.content.code,
            payee_name=item.payee.content.name,
            takes_part=item.takes_part,
            assignment_id=item.assignment_id,
            reasons=[
                ParticipationReasonOut(
                    code=reason.ground,
                    is_for=reason.ground.is_for,
                    message=Label(it=reason.it, en=reason.en),
                )
                for reason in item.reasons
            ],
            values=dict(item.values),
        )


class ParticipationPageOut(BaseModel):
    """A page of payees and where they stand."""

    items: list[ParticipationOut]
    next_cursor: str | None


class PayeeWithoutPlanOut(BaseModel):
    """A payee who takes part in no plan."""

    payee_id: UUID
    payee_code: str
    payee_name: str

    @classmethod
    def of(cls, payee: Record[Payee]) -> Self:
        """Write a payee."""
        return cls(payee_id=payee.id, payee_code=payee.content.code, payee_name=payee.content.name)


class PayeeWithoutPlanPageOut(BaseModel):
    """A page of payees in no plan."""

    items: list[PayeeWithoutPlanOut]
    next_cursor: str | None


class PlanClaimOut(BaseModel):
    """A plan that claims orders of a payee; `covers` is its condition, null for every order."""

    plan_id: UUID
    plan_name: str
    version: int
    covers: str | None


class PlanOverlapOut(BaseModel):
    """A payee in several plans; `shares_every_order` if two of them claim every order."""

    payee_id: UUID
    payee_code: str
    payee_name: str
    shares_every_order: bool
    plans: list[PlanClaimOut]

    @classmethod
    def of(cls, overlap: Overlap) -> Self:
        """Write an overlap."""
        return cls(
            payee_id=overlap.payee.id,
            payee_code=overlap.payee.content.code,
            payee_name=overlap.payee.content.name,
            shares_every_order=overlap.shares_every_order,
            plans=[
                PlanClaimOut(
                    plan_id=claim.plan.id,
                    plan_name=claim.plan.name,
                    version=claim.version,
                    covers=claim.covers,
                )
                for claim in overlap.claims
            ],
        )


class PlanOverlapPageOut(BaseModel):
    """A page of payees in several plans."""

    items: list[PlanOverlapOut]
    next_cursor: str | None
