"""Find the names that a formula of a plan may use."""

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from plans_api.application.ports import PlansWork
from plans_api.application.resolve_uses import resolved_document
from plans_api.application.view_plans import View
from plans_api.domain.formula_check import scopes_of_document
from plans_api.domain.plan_document import read_document
from premia_plan.document import PlanDocument
from premia_plan.language import Names


async def names_of_version(
    work: PlansWork, view: View, plan_id: UUID, number: int
) -> Mapping[str, Names]:
    """Return the names of each scope of a stored version of a plan.

    Raises:
        PlanNotFound: if the plan is not in view.
        PlanVersionNotFound: if the version is not in view.
    """
    _, version = await view.version(work, plan_id, number)
    revision = await work.plans.revision(plan_id, number, version.revision)
    return await asyncio.to_thread(scopes_of_document, revision.canonical)


_DOCUMENTS_KEPT = 16


@lru_cache(maxsize=_DOCUMENTS_KEPT)
def _document(text: str) -> PlanDocument:
    """Read a document once, while its writer tries one formula after the other."""
    return read_document(text)


async def names_of_text(work: PlansWork, text: str) -> Mapping[str, Names]:
    """Return the names of each scope of a document that is not stored.

    Raises:
        PlanNotAcceptable: if the text cannot be read as far as a draft needs.
    """
    document = await asyncio.to_thread(_document, text)
    resolved = await resolved_document(work, document)
    return await asyncio.to_thread(scopes_of_document, resolved.canonical())
