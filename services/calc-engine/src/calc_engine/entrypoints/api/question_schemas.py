"""What-if questions and back-tests as they are asked."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from calc_engine.entrypoints.api.month_path import BusinessMonth
from calc_engine.entrypoints.api.run_schemas import NO_NUL
from premia_common.contracts.fields import ExternalRef, MoneyOut
from premia_common.periods import Month

MOST_MONTHS = 24
PAYEE_ID = "0193a000-0000-7000-8000-0000000000d1"
ORDER_ID = "salesforce/8015g00000ABCDEAAA"
DRAFT = "plan: agency-energy-2026\nlanguage: 1\ntitle: {it: Bozza, en: Draft}\n"
Name = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=NO_NUL)]
Document = Annotated[str, StringConstraints(min_length=1, max_length=3_000_000, pattern=NO_NUL)]
Number = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,15}([.][0-9]{1,12})?$")]


class _Months(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    since: BusinessMonth = Field(alias="from", examples=["2026-01"])
    """The first month whose pay is compared."""
    until: BusinessMonth = Field(alias="to", examples=["2026-03"])
    """The last one; what happened later is not looked at."""

    @model_validator(mode="after")
    def _are_in_order(self) -> "_Months":
        first, last = Month.parse(self.since), Month.parse(self.until)
        months = (last.year - first.year) * 12 + last.number - first.number + 1
        if not 1 <= months <= MOST_MONTHS:
            raise ValueError(
                f"from {self.since} to {self.until}: ask for 1 to {MOST_MONTHS} months"
            )
        return self


class StateIn(BaseModel):
    """A state that the order reached, and when."""

    model_config = ConfigDict(extra="forbid")

    state: Name = Field(examples=["activated"])
    on: date = Field(examples=["2026-03-04"])


class OrderChangeIn(BaseModel):
    """An order that nobody recorded, or with `order_id` a recorded one with other fields."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "order",
                    "order_id": ORDER_ID,
                    "amount": {"amount": "26000.00", "currency": "EUR"},
                }
            ]
        },
    )

    kind: Literal["order"]
    order_id: Name | None = None
    order_number: Name | None = None
    principal: Name | None = None
    signed_on: date | None = None
    seller: ExternalRef | None = None
    partner: ExternalRef | None = None
    category: Name | None = None
    territory: Name | None = None
    amount: MoneyOut | None = None
    attributes: dict[str, str | bool] | None = None
    states: list[StateIn] | None = Field(default=None, max_length=100)
    imputable_to: Name | None = None
    cause: Name | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "OrderChangeIn":
        needed = ("order_number", "principal", "signed_on", "category", "territory", "amount")
        missing = [name for name in needed if getattr(self, name) is None]
        if self.order_id is None and missing:
            raise ValueError(
                f"an order that nobody recorded needs {', '.join(missing)}; name a recorded one "
                "by order_id to change only some fields"
            )
        return self

    def content(self) -> Mapping[str, Any]:
        """Return the change as it is stored."""
        fields = self.model_dump(mode="json", exclude={"kind", "order_id"}, exclude_unset=True)
        return {"kind": self.kind, "order_id": self.order_id, "fields": fields}


class _PlainChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def content(self) -> Mapping[str, Any]:
        """Return the change as it is stored."""
        return self.model_dump(mode="json")


class TargetChangeIn(_PlainChange):
    """Another target of a payee for a month."""

    kind: Literal["target"]
    payee_id: UUID
    name: Name = Field(examples=["activated_value"])
    month: BusinessMonth = Field(examples=["2026-03"])
    amount: MoneyOut


class MeasurementChangeIn(_PlainChange):
    """Another measured value of a payee for a month, such as a KPI; 95 % is 0.95."""

    kind: Literal["measurement"]
    payee_id: UUID
    name: Name = Field(examples=["first_time_right"])
    month: BusinessMonth = Field(examples=["2026-03"])
    value: Number = Field(examples=["0.95"])


class PlanNumberChangeIn(_PlainChange):
    """Another text at one place of a published plan: a rate, an edge, a cap."""

    kind: Literal["plan_number"]
    plan: Name = Field(examples=["agency-energy-2026"])
    at: Annotated[str, StringConstraints(max_length=500, pattern=r"^(/[^/\x00]+)+$")] = Field(
        examples=["/tables/commission_rate/rows/0/gives"]
    )
    value: Name = Field(examples=["3.5 %"])
    version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Of the plan; the latest one without it."""


class DraftIn(BaseModel):
    """A draft plan in the place of published ones, taken as accepted by everybody."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"kind": "draft_plan", "document": DRAFT, "replaces": []}]},
    )

    kind: Literal["draft_plan"]
    document: Document
    """The whole plan as YAML or JSON."""
    replaces: list[Name] = Field(default_factory=list, max_length=20)
    """Names of the plans it stands in for; without any, the plan of the same name."""


ChangeIn = Annotated[
    OrderChangeIn | TargetChangeIn | MeasurementChangeIn | PlanNumberChangeIn | DraftIn,
    Field(discriminator="kind"),
]


class WhatIfIn(_Months):
    """What is changed, and whose pay of which months is compared."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "from": "2026-03",
                    "to": "2026-03",
                    "payees": [],
                    "changes": [
                        {
                            "kind": "plan_number",
                            "plan": "agency-energy-2026",
                            "at": "/tables/commission_rate/rows/0/gives",
                            "value": "3.5 %",
                        }
                    ],
                }
            ]
        },
    )

    changes: list[ChangeIn] = Field(min_length=1, max_length=100)
    payees: list[UUID] = Field(default_factory=list, max_length=500)
    """Whose lines are compared; without any, everybody's."""


class OrdersCheckIn(_Months):
    """A draft plan, and the real orders that it is tried on."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {"from": "2026-01", "to": "2026-03", "document": DRAFT, "orders": [ORDER_ID]}
            ]
        },
    )

    document: Document
    replaces: list[Name] = Field(default_factory=list, max_length=20)
    orders: list[Name] = Field(default_factory=list, max_length=200)
    """Ids of orders; without any, those that fit the fields below."""
    territory: Name | None = None
    category: Name | None = None
    payee_id: UUID | None = None
    """Seller or partner."""
    limit: int = Field(default=50, ge=1, le=200)


class BackTestIn(_Months):
    """A draft plan, and the months it is tested on."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={
            "examples": [{"from": "2025-02", "to": "2026-03", "document": DRAFT, "replaces": []}]
        },
    )

    document: Document
    replaces: list[Name] = Field(default_factory=list, max_length=20)
    """Names of the plans it stands in for; without any, the plan of the same name."""
