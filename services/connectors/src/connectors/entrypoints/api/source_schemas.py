"""Sources, mappings, watermarks and alarms on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from connectors.domain.field_mapping import SALESFORCE_ORDER
from connectors.entrypoints.api.schemas import Code, RequestBody, ResponseBody
from premia_common.contracts.fields import DecimalText


class CreateSource(RequestBody):
    """A source to set up."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "salesforce",
                    "kind": "salesforce",
                    "org_id": "00D5g000004XyZAEA0",
                    "time_zone": "Europe/Rome",
                }
            ]
        }
    )

    code: Code
    kind: Literal["salesforce", "billing"]
    org_id: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$")] | None
    ) = None
    time_zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]{1,64}$")] = "Europe/Rome"


class WatermarkOut(ResponseBody):
    """Everything known up to an instant is published."""

    known_up_to: datetime
    count: int
    amount: DecimalText


class SourceOut(ResponseBody):
    """A source."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0193a000-0000-7000-8000-000000000010",
                    "code": "salesforce",
                    "kind": "salesforce",
                    "org_id": "00D5g000004XyZAEA0",
                    "time_zone": "Europe/Rome",
                    "mapping_version": 1,
                    "created_at": "2026-01-01T08:00:00Z",
                    "watermark": None,
                }
            ]
        }
    )

    id: UUID
    code: str
    kind: str
    org_id: str | None
    time_zone: str
    mapping_version: int
    created_at: datetime
    watermark: WatermarkOut | None


class SourceCreatedOut(ResponseBody):
    """A new source, or one with a new token.  The token is shown this once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": {
                        "id": "0193a000-0000-7000-8000-000000000010",
                        "code": "salesforce",
                        "kind": "salesforce",
                        "org_id": "00D5g000004XyZAEA0",
                        "time_zone": "Europe/Rome",
                        "mapping_version": 1,
                        "created_at": "2026-01-01T08:00:00Z",
                        "watermark": None,
                    },
                    "source_token": "<token>",
                    "outbound_message_url": (
                        "https://connectors.example/v1/hooks/salesforce/outbound/<token>"
                    ),
                }
            ]
        }
    )

    source: SourceOut
    source_token: str = Field(
        description="Part of the address that Salesforce calls.  It is stored hashed."
    )
    outbound_message_url: str


class SourcesOut(ResponseBody):
    """All sources of the tenant."""

    items: list[SourceOut]
    next_cursor: str | None


class MappingOut(ResponseBody):
    """The mapping in use."""

    version: int
    document: dict[str, Any]


class ReviseMapping(RequestBody):
    """The next mapping version."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"document": SALESFORCE_ORDER}]})

    document: dict[str, Any] = Field(
        description="The whole mapping: start from the one in use and change what is needed.",
    )


class DriftItemOut(ResponseBody):
    """A field that the source sends and no mapping speaks of."""

    field: str
    first_at: datetime
    first_message_id: UUID


class DriftOut(ResponseBody):
    """Fields without a mapping.  Their values are kept in the raw messages."""

    items: list[DriftItemOut]
    next_cursor: str | None


class AnnounceWatermark(RequestBody):
    """Everything the source knew up to an instant has been sent."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"known_up_to": "2026-03-01T00:00:00Z"}]}
    )

    known_up_to: AwareDatetime


class AlarmOut(ResponseBody):
    """SAP named two accounting documents for one invoice."""

    invoice_id: UUID
    first_document: str
    first_fiscal_year: str
    second_document: str
    second_fiscal_year: str
    second_company_code: str
    consumer: str | None
    at: datetime


class AlarmsOut(ResponseBody):
    """Second postings, newest first."""

    items: list[AlarmOut]
    next_cursor: str | None
