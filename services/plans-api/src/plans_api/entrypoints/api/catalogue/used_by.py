"""Who uses a thing of the catalogue, and what a change of it would do: for each kind the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Generic, Literal, Self, TypeVar
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from plans_api.application.ports import PlansWork
from plans_api.application.used_by import Impact, PlanUse, impact_of, plans_using
from plans_api.domain.catalogue.uses import Used, UsedKind
from plans_api.domain.plan import PlanStatus
from plans_api.domain.record import Content
from plans_api.entrypoints.api.plans.answers import FindingOut
from plans_api.entrypoints.api.records.record_router import I, Shape
from premia_runtime.auth import Caller
from premia_runtime.dependencies import RuntimeOf, require
from premia_runtime.problems import documented

C = TypeVar("C", bound=Content)
Reader = Annotated[Caller, require("plans:read")]


class PlanUseOut(BaseModel):
    """A plan version that uses it; `pinned_version` is null if the plan names it without a pin."""

    plan_id: UUID
    plan_name: str
    number: int
    status: PlanStatus
    pinned_version: int | None

    @classmethod
    def of(cls, use: PlanUse) -> Self:
        """Write a use."""
        return cls(
            plan_id=use.plan.id,
            plan_name=use.plan.name,
            number=use.version.number,
            status=use.version.status,
            pinned_version=use.pinned,
        )


class PlanUsePageOut(BaseModel):
    """The plan versions that use it, by plan and version."""

    items: list[PlanUseOut]
    next_cursor: str | None


class ImpactOut(PlanUseOut):
    """What would become of a plan version that took the change.

    `unaffected`: the plan says it itself. `fits`: no error, all examples pay the same.
    """

    outcome: Literal["unaffected", "fits", "examples_fail", "no_longer_checks"]
    errors: list[FindingOut]
    failed_examples: list[str]

    @classmethod
    def of_impact(cls, impact: Impact) -> Self:
        """Write an impact."""
        report = impact.report
        return cls(
            **dict(PlanUseOut.of(impact.use)),
            outcome=impact.outcome,
            errors=[FindingOut.of(item) for item in report.errors] if report else [],
            failed_examples=[result.name for result in report.failed] if report else [],
        )


class ImpactPageOut(BaseModel):
    """What a change would do, by plan and version."""

    items: list[ImpactOut]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Entry(Generic[C, I]):
    """A kind of the catalogue: its shape over HTTP, and how plans name one of it."""

    shape: Shape[C, I]
    kind: UsedKind
    name: Callable[[C], str]
    used: Callable[[I], Used]


def add_use_routes(router: APIRouter, entry: Entry[C, I]) -> None:
    """Add the routes that say who uses a record, and what a change of it would do."""
    shape = entry.shape
    one = shape.one.replace("_", " ")

    async def name_of(work: PlansWork, record_id: UUID) -> str:
        return entry.name((await shape.kind.records(work).get(record_id)).content)

    async def uses(record_id: UUID, runtime: RuntimeOf, caller: Reader) -> PlanUsePageOut:
        async with runtime.open_work(caller.tenant_id) as work:
            found = await plans_using(work, entry.kind, await name_of(work, record_id))
        return PlanUsePageOut(items=[PlanUseOut.of(use) for use in found], next_cursor=None)

    async def impact(record_id: UUID, body: I, runtime: RuntimeOf, caller: Reader) -> ImpactPageOut:
        async with runtime.open_work(caller.tenant_id) as work:
            name = await name_of(work, record_id)
            found = await impact_of(work, entry.kind, name, entry.used(body))
        return ImpactPageOut(items=[ImpactOut.of_impact(item) for item in found], next_cursor=None)

    impact.__annotations__["body"] = shape.body
    router.add_api_route(
        "/{record_id}/uses",
        uses,
        operation_id=f"list_{shape.one}_uses",
        summary=f"List the plan versions that use a {one}",
        description="Whether it is pinned, declared, loaded or named in a formula.",
        response_model=PlanUsePageOut,
        responses=documented(404),
    )
    router.add_api_route(
        "/{record_id}/impact",
        impact,
        methods=["POST"],
        operation_id=f"preview_{shape.one}_change",
        summary=f"Say what a change of a {one} would do to plans",
        description="Checks each draft and published version that uses it as if it took the "
        "content sent, and runs its examples; nothing is stored.",
        response_model=ImpactPageOut,
        responses=documented(404),
    )
