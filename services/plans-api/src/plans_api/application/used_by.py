"""Which plan versions build on a thing of the catalogue, and what a change of it would do."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from plans_api.application.ports import PlansWork
from plans_api.application.resolve_uses import catalogue_of
from plans_api.domain.catalogue.inputs import uses_in
from plans_api.domain.catalogue.uses import (
    Catalogue,
    Pin,
    Used,
    UsedKind,
    UsesNotResolvable,
    pins_of,
    resolve_uses,
)
from plans_api.domain.catalogue.variable import Variable
from plans_api.domain.plan import Plan, PlanStatus, PlanVersion, Revision
from plans_api.domain.plan_document import PlanReport, examine_document
from premia_plan.document import PlanDocument, parse_plan

_PLANS_AT_ONCE = 200
Outcome = Literal["unaffected", "fits", "examples_fail", "no_longer_checks"]


@dataclass(frozen=True, slots=True)
class PlanUse:
    """A plan version that uses something; `pinned` is the version it uses, None without a pin."""

    plan: Plan
    version: PlanVersion
    revision: Revision
    pinned: int | None


@dataclass(frozen=True, slots=True)
class Impact:
    """What would become of a plan version if it took the changed thing."""

    use: PlanUse
    outcome: Outcome
    report: PlanReport | None


async def plans_using(work: PlansWork, kind: UsedKind, name: str) -> Sequence[PlanUse]:
    """Return the plan versions that use a thing, by plan and version, retired ones too.

    A name counts whether it is pinned, declared, loaded or only named in a formula.
    """
    found = []
    after = None
    while plans := await work.plans.page(
        after=after, limit=_PLANS_AT_ONCE, among=None, name=None, status=None
    ):
        for plan in plans:
            for version in await work.plans.versions(plan.id):
                revision = await work.plans.revision(plan.id, version.number, version.revision)
                used = (await asyncio.to_thread(_uses, revision))[kind]
                for alias in _aliases(kind, name):
                    if alias in used:
                        found.append(PlanUse(plan, version, revision, used[alias]))
                        break
        after = plans[-1].id
    return found


async def impact_of(work: PlansWork, kind: UsedKind, name: str, changed: Used) -> Sequence[Impact]:
    """Return what a change would do to each plan version in work or in force that uses it.

    A published version never changes by itself: the answer says what happens once the plan takes
    the changed thing.
    """
    impacts = []
    for use in await plans_using(work, kind, name):
        if use.version.status is PlanStatus.RETIRED:
            continue
        document = parse_plan(use.revision.text)
        catalogue = await catalogue_of(work, _pins(document))
        impacts.append(await asyncio.to_thread(_impact, use, document, catalogue, changed))
    return impacts


def _aliases(kind: UsedKind, name: str) -> tuple[str, ...]:
    """Return how plans may write a name: of an order's variable `order.` may be left out."""
    short = name.removeprefix("order.")
    return (name, short) if kind == "variables" and short != name else (name,)


@lru_cache(maxsize=512)
def _uses(revision: Revision) -> Mapping[UsedKind, Mapping[str, int | None]]:
    resolved = PlanDocument.from_canonical(revision.canonical)
    return uses_in(parse_plan(revision.text), resolved)


def _pins(document: PlanDocument) -> tuple[Pin, ...]:
    try:
        return pins_of(document)
    except UsesNotResolvable:
        return ()


def _impact(use: PlanUse, document: PlanDocument, catalogue: Catalogue, changed: Used) -> Impact:
    if use.pinned is None:
        resolved = _redeclared(PlanDocument.from_canonical(use.revision.canonical), changed)
        if resolved is None:
            return Impact(use, "unaffected", None)
        return _judged(use, examine_document(resolved))
    taken = {
        pin: changed if type(used) is type(changed) and used.key == changed.key else used
        for pin, used in catalogue.items()
    }
    try:
        return _judged(use, examine_document(resolve_uses(document, taken)))
    except UsesNotResolvable as error:
        return Impact(use, "no_longer_checks", PlanReport(error.findings, (), None))


def _redeclared(document: PlanDocument, changed: Used) -> PlanDocument | None:
    """Return a document with a variable declared otherwise; None if it does not declare it."""
    declared = document.content.get("attributes")
    if not isinstance(changed, Variable) or not isinstance(declared, dict):
        return None
    own = declared.get(changed.carrier)
    if not isinstance(own, dict) or own.get(changed.name) in (None, changed.declaration):
        return None
    attributes = {**declared, changed.carrier: {**own, changed.name: changed.declaration}}
    return PlanDocument({**document.content, "attributes": attributes})


def _judged(use: PlanUse, report: PlanReport) -> Impact:
    if report.plan is None or report.errors:
        return Impact(use, "no_longer_checks", report)
    return Impact(use, "examples_fail" if report.failed else "fits", report)
