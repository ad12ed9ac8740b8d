"""What this service's routes ask for."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from invoicing.application.finish_sending import Sending
from invoicing.application.ports import Occasion, TaxData
from premia_common.access import DataScope
from premia_runtime.auth import Caller
from premia_runtime.dependencies import CorrelationId, NewIds, Now, require


@dataclass(frozen=True, slots=True)
class Ports:
    """What the routes need beside the runtime."""

    zone: ZoneInfo
    data: TaxData
    sending: Sending


def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.invoicing
    return ports


PortsOf = Annotated[Ports, Depends(_ports)]


def _occasion(ports: PortsOf, now: Now, ids: NewIds, correlation_id: CorrelationId) -> Occasion:
    today = now.astimezone(ports.zone).date()
    return Occasion(now, today, correlation_id, ids)


OccasionOf = Annotated[Occasion, Depends(_occasion)]


def visible_payee(caller: Caller) -> UUID | None:
    """Return the one payee whose things the caller may see, or None for all.

    A caller who may see only its own and is no payee sees those of nobody.
    """
    if caller.scope is DataScope.ALL:
        return None
    return caller.payee_id or UUID(int=0)


ProfileReader = Annotated[Caller, require("fiscal-profiles:read")]
ProfileWriter = Annotated[Caller, require("fiscal-profiles:write")]
ProfileApprover = Annotated[Caller, require("fiscal-profiles:approve")]
DocumentReader = Annotated[Caller, require("documents:read")]
DocumentSender = Annotated[Caller, require("documents:send")]
DocumentAcceptor = Annotated[Caller, require("documents:accept")]
InvoiceApprover = Annotated[Caller, require("invoices:approve")]
StatementReader = Annotated[Caller, require("statements:read")]
