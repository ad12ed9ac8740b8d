"""Who is in: payees, their assignments and the plans in force, put together for a day."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from plans_api.application.ports import PlansWork
from plans_api.domain.assignment import Assignment
from plans_api.domain.participation import Participation, PlanInForce
from plans_api.domain.payee import Payee
from plans_api.domain.plan import Plan, PlanVersion, Revision
from plans_api.domain.plan_document import check_revision
from plans_api.domain.record import Record
from premia_plan.checked import CheckedPlan


@dataclass(frozen=True, slots=True)
class PayeePage:
    """Some payees, by id, and whether there are more."""

    payees: Sequence[Record[Payee]]
    next_after: UUID | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A plan that a payee takes part in; `covers` is its condition on orders, None for all."""

    plan: Plan
    version: int
    covers: str | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """A payee who takes part in several plans on the same day."""

    payee: Record[Payee]
    claims: tuple[Claim, ...]

    @property
    def shares_every_order(self) -> bool:
        """Say whether each order of the payee is certainly claimed more than once."""
        return sum(claim.covers is None for claim in self.claims) > 1


async def participations(
    work: PlansWork, version: PlanVersion, *, on: date, after: UUID | None, limit: int
) -> tuple[Sequence[Participation], UUID | None]:
    """Return where each payee of a page stands towards a plan version, and the next page.

    Raises:
        PlanNotAcceptable: if the version's document has an error.
    """
    revision = await work.plans.revision(version.plan_id, version.number, version.revision)
    plan = PlanInForce(version, await asyncio.to_thread(_checked, revision))
    page = await _payees(work, after=after, limit=limit)
    assigned = await _assignments(work, [payee.id for payee in page.payees])
    found = [plan.participation(payee, assigned[payee.id], on) for payee in page.payees]
    return found, page.next_after


async def payees_without_plan(
    work: PlansWork, *, on: date, after: UUID | None, limit: int
) -> tuple[Sequence[Record[Payee]], UUID | None]:
    """Return the payees of a page who are valid on a day and take part in no plan in force."""
    page = await _payees(work, after=after, limit=limit)
    claims = await _claims(work, page.payees, on)
    without = [
        payee for payee in page.payees if on in payee.content.window and not claims[payee.id]
    ]
    return without, page.next_after


async def overlapping_plans(
    work: PlansWork, *, on: date, after: UUID | None, limit: int
) -> tuple[Sequence[Overlap], UUID | None]:
    """Return the payees of a page who take part in more than one plan in force on a day."""
    ids = await work.assignments.with_several_plans(on, after=after, limit=limit + 1)
    shown = ids[:limit]
    payees = await work.payees.by_ids(shown)
    claims = await _claims(work, list(payees.values()), on)
    overlaps = [
        Overlap(payees[payee_id], tuple(claims[payee_id]))
        for payee_id in shown
        if len(claims[payee_id]) > 1
    ]
    return overlaps, shown[-1] if len(ids) > limit else None


async def _payees(work: PlansWork, *, after: UUID | None, limit: int) -> PayeePage:
    found = await work.payees.page(after=after, limit=limit + 1, matching={})
    shown = found[:limit]
    return PayeePage(shown, shown[-1].id if len(found) > limit else None)


async def _assignments(
    work: PlansWork, payees: Collection[UUID]
) -> Mapping[UUID, list[Record[Assignment]]]:
    grouped: defaultdict[UUID, list[Record[Assignment]]] = defaultdict(list)
    for record in (await work.assignments.of_payees(payees)).values():
        grouped[record.content.payee_id].append(record)
    return grouped


async def _claims(
    work: PlansWork, payees: Sequence[Record[Payee]], on: date
) -> Mapping[UUID, list[Claim]]:
    assigned = await _assignments(work, [payee.id for payee in payees])
    wanted = {item.content.plan_id for items in assigned.values() for item in items}
    names = await work.plans.by_ids(wanted)
    claims: defaultdict[UUID, list[Claim]] = defaultdict(list)
    for version in await work.plans.in_force(wanted, on):
        revision = await work.plans.revision(version.plan_id, version.number, version.revision)
        checked = await asyncio.to_thread(_checked, revision)
        plan = PlanInForce(version, checked)
        covers = checked.covers.text if checked.covers else None
        claim = Claim(names[version.plan_id], version.number, covers)
        for payee in payees:
            if plan.participation(payee, assigned[payee.id], on).takes_part:
                claims[payee.id].append(claim)
    return claims


@lru_cache(maxsize=64)
def _checked(revision: Revision) -> CheckedPlan:
    """Return a stored document as a plan; checking takes processor time, documents never change."""
    return check_revision(revision).checked()
