"""Routes that start from one real order."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from calc_engine.application.make_example import MadeExample, make_example, order_facts
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.question_schemas import ORDER_ID
from calc_engine.entrypoints.api.run_schemas import NO_NUL, SHA256
from premia_runtime.auth import Caller
from premia_runtime.dependencies import OpenWorkOf, require
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/orders", tags=["orders"])


class PaidOut(BaseModel):
    """What one component pays one payee in a month, as the plan writes it."""

    payee: str = Field(description="By the code that people know.", examples=["A1"])
    month: str = Field(examples=["2026-03"])
    component: str = Field(examples=["base"])
    amount: str = Field(examples=["23.40 EUR"])


class ExampleOut(BaseModel):
    """A worked example that passes, to be pasted below `examples:` of the plan."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "plan": "agency-energy-2026",
                    "version": 1,
                    "content_hash": SHA256,
                    "name": "order R-O1 as it was paid",
                    "yaml": "  - name: order R-O1 as it was paid\n    given:\n",
                    "paid": [
                        {
                            "payee": "A1",
                            "month": "2026-03",
                            "component": "base",
                            "amount": "23.40 EUR",
                        }
                    ],
                    "orders": [ORDER_ID],
                    "in_part": [],
                }
            ]
        }
    )

    plan: str
    version: int
    content_hash: str
    """Of the published version whose pay it shows."""
    name: str
    yaml: str
    paid: list[PaidOut] = Field(description="What the orders pay, as the example expects it.")
    orders: list[str] = Field(description="The order, and those that its pay depends on.")
    in_part: list[str] = Field(
        description="Codes of payees who are given only as far as the order's pay rests on them, "
        "as by a rank: what the example pays them is not what they were paid.",
        examples=[["B1"]],
    )

    @classmethod
    def of(cls, made: MadeExample) -> "ExampleOut":
        """Show an example."""
        return cls(
            plan=made.plan,
            version=made.version,
            content_hash=made.content_hash,
            name=made.name,
            yaml=made.text,
            paid=[
                PaidOut(payee=payee, month=month, component=component, amount=amount)
                for (payee, month, component), amount in made.paid.items()
            ],
            orders=list(made.orders),
            in_part=list(made.in_part),
        )


@router.post(
    "/{order_id:path}/example",
    operation_id="make_order_example",
    summary="Write a real order as a worked example",
    responses=documented(404, 409),
)
async def make_order_example(
    *,
    order_id: Annotated[str, Path(max_length=300, pattern=NO_NUL, examples=[ORDER_ID])],
    plan: Annotated[
        str,
        Query(
            min_length=1,
            max_length=200,
            pattern=NO_NUL,
            description="Name of the published plan.",
            examples=["agency-energy-2026"],
        ),
    ],
    caller: Annotated[Caller, require("simulations:write")],
    open_work: OpenWorkOf,
    ports: CalcPorts,
) -> ExampleOut:
    """Return an order with its payees, hierarchy, targets, states and what was paid, as YAML.

    It was run before it is answered: pasted into the plan, it passes.  Where the pay depends on
    other orders of the same payees, they are in it too; where it rests on others, as a rank or a
    pool does, so is what it rests on of theirs.  Nothing is stored.
    """
    async with open_work(caller.tenant_id) as work:
        around = await order_facts(work, order_id, plan)
    return ExampleOut.of(await asyncio.to_thread(make_example, around, plan, ports.engines))
