"""What is sent about plans."""

import json
from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, field_validator, model_validator

from plans_api.entrypoints.api.fields import Body, ContentHash, Dated, Day, Reason, WarningName

SHORT_PLAN = "plan: agency-energy-2026\nlanguage: 1\ncurrency: EUR\n"


class DocumentIn(Body):
    """A plan document."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"document": SHORT_PLAN}]})

    document: str | dict[str, JsonValue] = Field(
        description="The plan as YAML text, which keeps lines and columns, or as a JSON object "
        "whose numbers are text or whole."
    )

    @field_validator("document")
    @classmethod
    def _without_floats(cls, value: str | dict[str, JsonValue]) -> str | dict[str, JsonValue]:
        waiting: list[tuple[str, JsonValue]] = [] if isinstance(value, str) else [("", value)]
        while waiting:
            where, item = waiting.pop()
            if isinstance(item, float):
                raise ValueError(
                    f"{where}: {item!r} is a float, which may lose cents; write it as text, "
                    'like "1200.50 EUR"'
                )
            if isinstance(item, dict):
                waiting.extend((f"{where}/{key}", inner) for key, inner in item.items())
            elif isinstance(item, list):
                waiting.extend((f"{where}/{index}", inner) for index, inner in enumerate(item))
        return value

    @model_validator(mode="after")
    def _is_text(self) -> Self:
        try:
            self.text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"the document has half of a character at place {error.start}; send it as UTF-8"
            ) from None
        return self

    @property
    def text(self) -> str:
        """The document as text."""
        if isinstance(self.document, str):
            return self.document
        return json.dumps(self.document, ensure_ascii=False, indent=1)


class PlanIn(DocumentIn):
    """A new plan with the document of its first version."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"principal_id": "0193a000-0000-8000-8000-000000000010", "document": SHORT_PLAN}
            ]
        }
    )

    principal_id: UUID


class CopyIn(Dated):
    """Which version is copied, for which days."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "from_version": 1,
                    "valid_from": "2027-01-01",
                    "valid_to": "2028-01-01",
                    "shift_dates": True,
                }
            ]
        }
    )

    from_version: int = Field(ge=1, le=1_000_000)
    valid_to: Day = Field(examples=["2028-01-01"])
    shift_dates: bool = Field(
        default=True,
        description="Move the dates of rates, campaigns and examples by as many months as the "
        "first day moves.",
    )


class PublicationIn(Body):
    """What is known to be unusual about a plan and meant."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"accepted_warnings": ["cliff /components/bonus/tiers/bands/1"]}]
        }
    )

    accepted_warnings: list[WarningName] = Field(
        default_factory=list,
        max_length=1000,
        description="Names of warnings, as the check gives them; all of them must be accepted.",
    )


NOTHING_ACCEPTED = PublicationIn()


class RejectionIn(Body):
    """Why a plan version is sent back."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "The rate for gas in the north is missing."}]}
    )

    reason: Reason


class RetirementIn(Body):
    """From which day a plan version governs no order, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"retired_from": "2026-07-01", "reason": "Replaced by version 2."}]
        }
    )

    retired_from: Day
    reason: Reason


class AcceptanceIn(Body):
    """Which document the payee accepts."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"content_hash": "0" * 64}]})

    content_hash: ContentHash = Field(description="The `content_hash` of the version as read.")
