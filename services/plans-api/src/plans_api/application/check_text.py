"""Say everything there is to say about a document that is not stored."""

import asyncio
from collections.abc import Awaitable, Callable

from plans_api.domain.catalogue.uses import (
    Catalogue,
    Pin,
    UsesNotResolvable,
    pins_of,
    resolve_uses,
)
from plans_api.domain.plan_document import PlanReport, examine_document
from premia_plan.document import PlanUnreadable, parse_plan


async def check_text(
    text: str, look_up: Callable[[tuple[Pin, ...]], Awaitable[Catalogue]]
) -> PlanReport:
    """Read a document, write out what it uses, check it and, without an error, run its examples.

    `look_up` says what pins mean; it is asked only if there are any.
    """
    try:
        document = await asyncio.to_thread(parse_plan, text)
        pins = pins_of(document)
        catalogue = await look_up(pins) if pins else {}
        resolved = await asyncio.to_thread(resolve_uses, document, catalogue)
    except (PlanUnreadable, UsesNotResolvable) as error:
        return PlanReport(error.findings, (), None)
    return await asyncio.to_thread(examine_document, resolved)
