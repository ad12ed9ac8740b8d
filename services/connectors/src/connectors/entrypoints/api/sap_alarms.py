"""Second postings that SAP told of."""

from typing import Annotated

from fastapi import APIRouter

from connectors.entrypoints.api.source_schemas import AlarmOut, AlarmsOut
from premia_runtime.auth import Caller
from premia_runtime.dependencies import RuntimeOf, require
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/sap/alarms", tags=["sap"])


@router.get(
    "", operation_id="list_sap_alarms", summary="List double postings", responses=documented()
)
async def list_alarms(
    runtime: RuntimeOf, caller: Annotated[Caller, require("sources:read")]
) -> AlarmsOut:
    """List invoices for which SAP named two accounting documents, newest first, at most 500."""
    async with runtime.open_work(caller.tenant_id) as work:
        rows = await work.queries.alarms()
    items = [
        AlarmOut.model_validate({name: row[name] for name in AlarmOut.model_fields}) for row in rows
    ]
    return AlarmsOut(items=items, next_cursor=None)
