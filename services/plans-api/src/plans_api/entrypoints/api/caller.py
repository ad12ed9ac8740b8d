"""From a request to what the application understands."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from plans_api.application.act import Act
from plans_api.application.view_plans import View
from premia_common.access import DataScope
from premia_runtime.auth import Caller
from premia_runtime.dependencies import CorrelationId, CurrentCaller, NewIds, Now


def view_of(caller: Caller) -> View:
    """Return what of the plans a caller may see."""
    return View(caller.scope is DataScope.ALL, caller.payee_id)


def _act(caller: CurrentCaller, now: Now, ids: NewIds, correlation_id: CorrelationId) -> Act:
    return Act(caller.tenant_id, caller.user_id, now, ids, correlation_id)


TheAct = Annotated[Act, Depends(_act)]
"""Who acts, when, under which correlation."""


def uuid_after(after: list[object] | None) -> UUID | None:
    """Return the id that a cursor of a list by id holds."""
    return UUID(str(after[0])) if after else None
