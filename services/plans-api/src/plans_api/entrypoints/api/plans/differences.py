"""What changed between two versions of a plan."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, JsonValue

from plans_api.application.compare_versions import compare_versions
from plans_api.entrypoints.api.caller import view_of
from premia_common.contracts.fields import Label
from premia_plan.differences import Change
from premia_runtime.auth import Caller
from premia_runtime.dependencies import RuntimeOf, require
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/plans", tags=["plans"])


class PlanChangeOut(BaseModel):
    """A change: where, from what to what, and in words."""

    kind: Literal["added", "removed", "changed", "reordered"]
    pointer: str = Field(
        description="JSON pointer into the later document, or the earlier one if it was removed.",
        examples=["/components/accelerator/steps/2/cap"],
    )
    direction: Literal["rises", "falls"] | None
    before: JsonValue = Field(examples=["2 500 EUR"])
    after: JsonValue = Field(examples=["3 000 EUR"])
    keys: dict[str, str] | None = Field(
        description="For which keys a rate changes.", examples=[{"category": "gas"}]
    )
    valid_from: date | None = Field(description="First day of a rate's change; null: the plan's.")
    valid_to: date | None = Field(description="End day, excluded; null: the plan's.")
    sentence: Label

    @classmethod
    def of(cls, change: Change) -> Self:
        """Write a change."""
        return cls(
            kind=change.kind,
            pointer=change.path,
            direction=change.direction,
            before=change.before,
            after=change.after,
            keys=dict(change.keys) if change.keys is not None else None,
            valid_from=change.valid_from,
            valid_to=change.valid_to,
            sentence=Label(it=change.sentence.it, en=change.sentence.en),
        )


class PlanDiffOut(BaseModel):
    """Everything that changed from one version to another."""

    plan_id: UUID
    from_version: int
    to_version: int
    changes: list[PlanChangeOut]


@dataclass(frozen=True, slots=True)
class Versions:
    """Which two versions are compared."""

    plan_id: UUID
    earlier: Annotated[int, Query(alias="from", ge=1, le=1_000_000, examples=[1])]
    later: Annotated[int, Query(alias="to", ge=1, le=1_000_000, examples=[2])]


@router.get(
    "/{plan_id}/diff",
    operation_id="compare_plan_versions",
    summary="Say in words what changed between two versions",
    responses=documented(404),
)
async def compare(
    versions: Annotated[Versions, Depends(Versions)],
    runtime: RuntimeOf,
    caller: Annotated[Caller, require("plans:read")],
) -> PlanDiffOut:
    """Compare two versions' documents; rates are compared for the days on which they count."""
    async with runtime.open_work(caller.tenant_id) as work:
        pair = await compare_versions(
            work,
            view_of(caller),
            plan_id=versions.plan_id,
            earlier=versions.earlier,
            later=versions.later,
        )
    changes = await asyncio.to_thread(pair.changes)
    return PlanDiffOut(
        plan_id=versions.plan_id,
        from_version=versions.earlier,
        to_version=versions.later,
        changes=[PlanChangeOut.of(change) for change in changes],
    )
