"""Who is in: participants and why, plans that overlap, payees in no plan."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from plans_api.application.enrolment import (
    overlapping_plans,
    participations,
    payees_without_plan,
)
from plans_api.application.view_plans import View
from plans_api.entrypoints.api.caller import uuid_after
from plans_api.entrypoints.api.fields import Day
from plans_api.entrypoints.api.plans.enrolment_answers import (
    ParticipationOut,
    ParticipationPageOut,
    PayeeWithoutPlanOut,
    PayeeWithoutPlanPageOut,
    PlanOverlapOut,
    PlanOverlapPageOut,
)
from plans_api.entrypoints.api.plans.paths import Number
from premia_runtime.auth import Caller
from premia_runtime.dependencies import PageRequest, RuntimeOf, page_of, require
from premia_runtime.problems import documented

router = APIRouter(tags=["plans"])
Reader = Annotated[Caller, require("master-data:read")]
OnDay = Annotated[Day, Query(description="The day.", examples=["2026-03-31"])]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose participants are asked for, on which day."""

    plan_id: UUID
    number: Number
    on: OnDay
    takes_part: Annotated[
        bool | None, Query(description="Only those who do, or do not; all if it is left out.")
    ] = None


@router.get(
    "/v1/plans/overlaps",
    operation_id="list_plan_overlaps",
    summary="List payees who take part in several plans on a day",
    responses=documented(),
)
async def list_overlaps(
    runtime: RuntimeOf,
    caller: Reader,
    page: Annotated[PageRequest, page_of("plan-overlaps")],
    on: OnDay,
) -> PlanOverlapPageOut:
    """List payees whose orders more than one published plan may claim, with what each covers."""
    async with runtime.open_work(caller.tenant_id) as work:
        found, last = await overlapping_plans(
            work, on=on, after=uuid_after(page.after), limit=page.limit
        )
    return PlanOverlapPageOut(
        items=[PlanOverlapOut.of(overlap) for overlap in found],
        next_cursor=runtime.cursors.write("plan-overlaps", last) if last else None,
    )


@router.get(
    "/v1/payees/without-plan",
    operation_id="list_payees_without_plan",
    summary="List payees who take part in no plan on a day",
    responses=documented(),
)
async def list_without_plan(
    runtime: RuntimeOf,
    caller: Reader,
    page: Annotated[PageRequest, page_of("payees-without-plan")],
    on: OnDay,
) -> PayeeWithoutPlanPageOut:
    """List valid payees whom no published plan pays; `limit` counts the payees looked at."""
    async with runtime.open_work(caller.tenant_id) as work:
        found, last = await payees_without_plan(
            work, on=on, after=uuid_after(page.after), limit=page.limit
        )
    return PayeeWithoutPlanPageOut(
        items=[PayeeWithoutPlanOut.of(payee) for payee in found],
        next_cursor=runtime.cursors.write("payees-without-plan", last) if last else None,
    )


@router.get(
    "/v1/plans/{plan_id}/versions/{number}/participants",
    operation_id="list_plan_version_participants",
    summary="List who takes part in a version on a day, and why",
    responses=documented(404),
)
async def list_participants(
    asked: Annotated[Asked, Depends(Asked)],
    runtime: RuntimeOf,
    caller: Reader,
    page: Annotated[PageRequest, page_of("plan-version-participants")],
) -> ParticipationPageOut:
    """Say of each payee whether this version, draft or not, would pay them, and why or why not.

    `limit` counts the payees looked at.
    """
    async with runtime.open_work(caller.tenant_id) as work:
        _, version = await View(everything=True).version(work, asked.plan_id, asked.number)
        found, last = await participations(
            work, version, on=asked.on, after=uuid_after(page.after), limit=page.limit
        )
    return ParticipationPageOut(
        items=[
            ParticipationOut.of(item)
            for item in found
            if asked.takes_part is None or item.takes_part is asked.takes_part
        ],
        next_cursor=runtime.cursors.write("plan-version-participants", last) if last else None,
    )
