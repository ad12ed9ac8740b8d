"""Add a ready metric or rule of the library to a draft."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.ports import PlansWork
from plans_api.application.revise_plan import revise_plan
from plans_api.domain.plan import PlanVersion
from plans_api.domain.plan_document import examine_revision
from premia_plan.finding import Finding
from premia_plan.library import metric


@dataclass(frozen=True, slots=True)
class MetricChoice:
    """A metric, what it is called in the plan, and values of its parameters."""

    metric: str
    name: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MetricAdded:
    """The draft with the metric, and what the checker says to it now."""

    version: PlanVersion
    findings: tuple[Finding, ...]


async def add_metric(
    work: PlansWork, *, plan_id: UUID, number: int, expected: int, choice: MetricChoice, act: Act
) -> MetricAdded:
    """Return the draft with a metric added at the end of the sections it touches.

    Raises:
        MetricNotFound: if the library has no such metric.
        ParameterNotAcceptable: for a value outside its range or an unknown parameter.
        EntryTaken: if the plan has another entry of the name.
        TextNotRewritable: if the document is written in a way that takes no entries.
        PlanNotFound: if there is no such plan.
        PlanVersionNotFound: if the plan has no such version.
        RecordChanged: if `expected` is not the current version of the draft.
        PlanNotInStatus: if it is no draft.
    """
    current = await work.plans.version(plan_id, number)
    revision = await work.plans.revision(plan_id, number, current.revision)
    text = await asyncio.to_thread(
        metric(choice.metric).added_to, revision.text, name=choice.name, given=choice.parameters
    )
    version = await revise_plan(
        work, plan_id=plan_id, number=number, expected=expected, text=text, act=act
    )
    made = await work.plans.revision(plan_id, number, version.revision)
    report = await asyncio.to_thread(examine_revision, made)
    return MetricAdded(version, tuple(report.findings))
