"""Orders as their sources told them, newest version each."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime

from connectors.application.queries import OrderFilter, Row
from connectors.entrypoints.api.schemas import (
    Code,
    OrderDetailOut,
    OrderOut,
    OrdersOut,
    StateOut,
)
from premia_common.contracts.fields import MoneyOut
from premia_common.money import Money
from premia_runtime.auth import Caller
from premia_runtime.dependencies import PageRequest, RuntimeOf, page_of, require
from premia_runtime.problems import NotFound, documented

router = APIRouter(prefix="/v1/orders", tags=["orders"])

Reader = Annotated[Caller, require("facts:read")]
_LIST = "orders"
State = Annotated[str, Query(pattern=r"^[a-z0-9_]{1,40}$")]


@router.get("", operation_id="list_orders", summary="List orders", responses=documented())
async def list_orders(
    *,
    runtime: RuntimeOf,
    caller: Reader,
    page: Annotated[PageRequest, page_of(_LIST)],
    source: Annotated[Code | None, Query()] = None,
    state: State | None = None,
    changed_since: Annotated[AwareDatetime | None, Query()] = None,
) -> OrdersOut:
    """List orders by the instant of their last change.

    A file is dated when its reading starts and seen when it ends: a reader that must miss none
    goes back to the source's last watermark.
    """
    wanted = OrderFilter(source, state, changed_since)
    async with runtime.open_work(caller.tenant_id) as work:
        rows = await work.queries.orders(wanted, after=page.after, limit=page.limit + 1)
    shown = rows[: page.limit]
    cursor = None
    if len(rows) > page.limit:
        last = shown[-1]
        cursor = runtime.cursors.write(
            _LIST, last["changed_at"].isoformat(), str(last["source_id"]), last["record_id"]
        )
    return OrdersOut(items=[_order_out(row) for row in shown], next_cursor=cursor)


@router.get(
    "/{source}/{record_id}",
    operation_id="get_order",
    summary="Show an order",
    responses=documented(404),
)
async def get_order(
    source: Annotated[Code, Path()],
    record_id: Annotated[str, Path(pattern=r"^[\x21-\x7e]{1,255}$")],
    runtime: RuntimeOf,
    caller: Reader,
) -> OrderDetailOut:
    """Show an order with every state it was seen in."""
    async with runtime.open_work(caller.tenant_id) as work:
        known = await work.sources.get(source)
        row = await work.queries.order(known.id, record_id)
        if row is None:
            raise NotFound(f"Source {source!r} told of no order {record_id!r}.")
        states = await work.queries.observations(known.id, record_id)
    return OrderDetailOut(
        order=_order_out(row),
        states=[
            StateOut(state=s["state"], on=s["effective_on"], observed_at=s["observed_at"])
            for s in states
        ],
    )


def _order_out(row: Row) -> OrderOut:
    same: dict[str, Any] = {
        name: row[name]
        for name in (
            "source", "record_id", "mapping_version", "order_number", "principal", "state",
            "signed_on", "deleted", "changed_at", "message_id", "part",
        )
    }  # fmt: skip
    amount = MoneyOut.of(Money(row["amount"], row["currency"]))
    return OrderOut(record_version=row["version"], amount=amount, **same)
