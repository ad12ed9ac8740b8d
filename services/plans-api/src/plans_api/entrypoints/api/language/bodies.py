"""What is sent about formulas."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from plans_api.entrypoints.api.fields import Body, Currency, Word

MOST_VALUES = 200


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"it has half of a character at place {error.start}; send it as UTF-8"
        ) from None
    return text


Whole = Annotated[str, AfterValidator(_whole)]
Key = Annotated[Whole, StringConstraints(min_length=1, max_length=300)]
Sample = Annotated[Whole, StringConstraints(max_length=1_000)]


class PlanVersionIn(Body):
    """A stored version of a plan."""

    id: UUID
    version: int = Field(ge=1, le=1_000_000)


class FormulaIn(Body):
    """A formula, where it stands, and values to try it with."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "formula": "if order.amount > 1 000 EUR then credit.amount * 3 % else 0",
                    "scope": "credit",
                    "values": {"order.amount": "1 200 EUR", "credit.amount": "900 EUR"},
                },
                {
                    "formula": "order.amount / 12 else 0",
                    "plan": {"id": "0197a5e0-7f1c-7c1e-9d5c-1d2f3a4b5c6d", "version": 1},
                },
                {"formula": "rate = 1,5", "scope": "order"},
            ]
        }
    )

    formula: Whole = Field(description="The formula; beyond 4,096 characters it is refused.")
    scope: Word = Field(
        default="order", description="Where it stands: order, credit, cell, payee, reversal."
    )
    plan: PlanVersionIn | None = Field(
        default=None,
        description="The stored version of a plan whose names it may use. Without plan and "
        "document, only the names that every plan has.",
    )
    document: Whole | None = Field(
        default=None,
        description="Instead of a stored version, a plan as YAML or JSON text that is not stored.",
    )
    currency: Currency = Field(
        default="EUR", description="The currency of amounts, where no plan says it."
    )
    values: dict[Key, Sample | bool] | None = Field(
        default=None,
        max_length=MOST_VALUES,
        description="Values by name, as formulas write them (`1 200 EUR`, `3 %`, `2026-03-31`, a "
        "text without quotation marks). With them the answer has a result. Names that "
        "the formula does not use are left aside.",
    )

    @model_validator(mode="after")
    def _names_one_plan(self) -> Self:
        if self.plan is not None and self.document is not None:
            raise ValueError("name a stored version under plan, or send a document, not both")
        return self
