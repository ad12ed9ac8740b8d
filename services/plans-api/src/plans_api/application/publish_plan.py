"""Publish a plan version: from then on it is what payees are paid by."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from uuid import UUID

import orjson

from plans_api.application.act import Act
from plans_api.application.ports import PlansWork
from plans_api.domain.plan import (
    OrdersClaimedTwice,
    Plan,
    PlanVersion,
    Revision,
    transition,
)
from plans_api.domain.plan_document import check_revision, examine_revision
from premia_common.contracts.plans import PlanPublished
from premia_plan.checked import CheckedPlan
from premia_plan.overlapping import claimed_twice


async def publish_plan(
    work: PlansWork,
    *,
    plan_id: UUID,
    number: int,
    expected: int,
    accepted_warnings: Collection[str],
    act: Act,
) -> PlanVersion:
    """Return the published version; its whole canonical document goes on the topic.

    It is checked once more and its examples are run, so that nothing is published that the
    present engine would calculate otherwise than its author wrote down.

    Raises:
        PlanNotFound: if there is no such plan.
        PlanVersionNotFound: if the plan has no such version.
        RecordChanged: if `expected` is not its current version.
        PlanNotInStatus: if it is not in review.
        ApproverIsMaker: if the caller wrote a revision of it, or submitted it.
        PlanWindowOverlaps: if another published version is valid on one of its days.
        OrdersClaimedTwice: if another published plan of the principal claims the same orders.
        PlanNotAcceptable: if it has an error, no example, or one that fails.
        PlanWarningsNotAccepted: if it has a warning whose name is not among those accepted.
    """
    plan = await work.plans.get(plan_id, locked=True)
    versions = await work.plans.versions(plan_id)
    in_review = await work.plans.version(plan_id, number)
    in_review.must_be(expected)
    others = tuple(version for version in versions if version.number != number)
    published = in_review.publish(by=act.by, at=act.at, others=others)
    revision = await work.plans.revision(plan_id, number, in_review.revision)
    report = await asyncio.to_thread(examine_revision, revision)
    await _claim_orders(work, plan, report.publishable())
    accepted = report.accept(accepted_warnings)
    step = transition(in_review, published, by=act.by, at=act.at, accepted_warnings=accepted)
    await work.plans.save_version(published, step)
    work.outbox.add(
        PlanPublished(
            **act.header(),
            version=number,
            plan_id=plan_id,
            plan_name=plan.name,
            principal_id=plan.principal_id,
            content_hash=revision.content_hash,
            document=orjson.loads(revision.canonical),
            published_at=act.at,
        )
    )
    return published


async def _claim_orders(work: PlansWork, plan: Plan, checked: CheckedPlan) -> None:
    """See that no other plan of the principal pays the same payees for the same orders.

    Of two plans that are published at once, the second waits here and sees the first.

    Raises:
        OrdersClaimedTwice: if one does and neither says how it stands beside the other.
    """
    await work.plans.lock_publishing(plan.principal_id)
    for version in await work.plans.published_beside(plan):
        window = version.earning_window
        if window is None:
            continue
        revision = await work.plans.revision(version.plan_id, version.number, version.revision)
        other = await asyncio.to_thread(_checked, revision)
        if version.retired_from is not None:
            other = replace(other, valid_to=version.retired_from)
        claimed = claimed_twice(checked, other)
        if claimed is not None:
            raise OrdersClaimedTwice(
                claimed.other_plan,
                version.number,
                own_credit=claimed.credit,
                other_credit=claimed.other_credit,
            )


@lru_cache(maxsize=256)
def _checked(revision: Revision) -> CheckedPlan:
    """Return a stored document as a plan; checking takes processor time, documents never change."""
    return check_revision(revision).checked()
