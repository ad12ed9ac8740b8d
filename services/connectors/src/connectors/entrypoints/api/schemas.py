"""What goes over the wire.  Responses have no default values; requests refuse unknown fields."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from premia_common.contracts.fields import DecimalText, MoneyOut

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
"""A source's code: lower case letters, digits, dot, hyphen and underscore."""
DeliveryKey = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$")]


class RequestBody(BaseModel):
    """A body we are sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ResponseBody(BaseModel):
    """A body we answer with."""

    model_config = ConfigDict(frozen=True)


class SalesforceJson(RequestBody):
    """A batch of Salesforce records."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "org_id": "00D5g000004XyZAEA0",
                    "event_id": "a7c0b1d2",
                    "sent_at": "2026-02-21T10:00:00Z",
                    "records": [
                        {
                            "attributes": {"type": "Order"},
                            "Id": "8015g000000abcDAAQ",
                            "OrderNumber": "00000042",
                            "SystemModstamp": "2026-02-21T09:58:14.000Z",
                            "Company_Code__c": "1000",
                            "Signed_Date__c": "2026-02-20",
                            "Agency_Code__c": "AG-0042",
                            "Category_Code__c": "luce-casa",
                            "Territory_Code__c": "milano",
                            "TotalAmount": 1234.56,
                            "Status": "Activated",
                            "Activated_Date__c": "2026-02-21",
                        }
                    ],
                }
            ]
        }
    )

    org_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$")]
    event_id: DeliveryKey | None = None
    sent_at: AwareDatetime | None = None
    records: Annotated[list[Any], Field(min_length=1, max_length=200)]


class QuarantinedOut(ResponseBody):
    """A record that could not be read."""

    index: int = Field(description="Its place in the request, from 0.")
    code: str = Field(examples=["UNMAPPED_STATE"])


class IntakeOut(ResponseBody):
    """What became of the records of a request."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message_id": "0193a000-0000-8000-8000-000000000020",
                    "accepted": 98,
                    "stale": 0,
                    "duplicates": 1,
                    "pending": 0,
                    "quarantined": [{"index": 3, "code": "UNMAPPED_STATE"}],
                }
            ]
        }
    )

    message_id: UUID
    accepted: int = Field(description="New facts, stale ones included.")
    stale: int = Field(description="Facts older than what was known of their order.")
    duplicates: int
    pending: int = Field(description="Stored, and read in a moment.")
    quarantined: list[QuarantinedOut]


class FileProblemOut(ResponseBody):
    """Why nothing of a file counts."""

    code: str
    detail: str


class FileOut(ResponseBody):
    """A file and what became of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0193a000-0000-8000-8000-000000000030",
                    "source": "salesforce",
                    "kind": "orders",
                    "name": "orders-2026-02.csv",
                    "sha256": "0" * 64,
                    "bytes": 1048576,
                    "received_at": "2026-03-01T01:00:00Z",
                    "state": "done",
                    "rows": 50000,
                    "accepted": 49998,
                    "stale": 0,
                    "duplicates": 1,
                    "quarantined": 1,
                    "amount": "12345678.90",
                    "declared_rows": 50000,
                    "declared_sum": "12345678.90",
                    "problem": None,
                    "finished_at": "2026-03-01T01:00:06Z",
                }
            ]
        }
    )

    id: UUID
    source: str
    kind: str
    name: str
    sha256: str
    bytes: int
    received_at: datetime
    state: Literal["waiting", "done", "refused", "failed"]
    rows: int | None
    accepted: int | None
    stale: int | None
    duplicates: int | None
    quarantined: int | None
    amount: DecimalText | None
    declared_rows: int | None
    declared_sum: DecimalText | None
    problem: FileProblemOut | None
    finished_at: datetime | None


class OrderOut(ResponseBody):
    """The newest version of an order that its source told."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "salesforce",
                    "record_id": "8015g000000abcDAAQ",
                    "record_version": "2026-02-21T09:58:14.000000Z",
                    "mapping_version": 1,
                    "order_number": "00000042",
                    "principal": "1000",
                    "state": "activated",
                    "signed_on": "2026-02-20",
                    "amount": {"amount": "1234.56", "currency": "EUR"},
                    "deleted": False,
                    "changed_at": "2026-02-21T10:00:00Z",
                    "message_id": "0193a000-0000-8000-8000-000000000020",
                    "part": "1",
                }
            ]
        }
    )

    source: str
    record_id: str
    record_version: str
    mapping_version: int
    order_number: str
    principal: str
    state: str
    signed_on: date
    amount: MoneyOut
    deleted: bool
    changed_at: datetime
    message_id: UUID
    part: str


class OrdersOut(ResponseBody):
    """A page of orders, by the instant of their last change."""

    items: list[OrderOut]
    next_cursor: str | None


class StateOut(ResponseBody):
    """A state that an order was seen in."""

    state: str
    on: date
    observed_at: datetime


class OrderDetailOut(ResponseBody):
    """An order with every state it was seen in."""

    order: OrderOut
    states: list[StateOut]


class MessagePartOut(ResponseBody):
    """One record of a message."""

    part: str
    state: str
    code: str | None


class MessageOut(ResponseBody):
    """A message as it was received."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0193a000-0000-8000-8000-000000000020",
                    "source": "salesforce",
                    "channel": "outbound_message",
                    "media_type": "text/xml",
                    "sha256": "0" * 64,
                    "bytes": 2048,
                    "received_at": "2026-02-21T10:00:00Z",
                    "state": "interpreted",
                    "replay_of": None,
                    "parts": [
                        {"part": "1", "state": "published", "code": None},
                        {"part": "2", "state": "quarantined", "code": "UNMAPPED_STATE"},
                    ],
                    "raw_url": "/v1/messages/0193a000-0000-8000-8000-000000000020/raw",
                }
            ]
        }
    )

    id: UUID
    source: str
    channel: str
    media_type: str
    sha256: str = Field(description="Of the bytes as stored; `/raw` gives them.")
    bytes: int
    received_at: datetime
    state: str
    replay_of: UUID | None
    parts: list[MessagePartOut]
    raw_url: str


class ReplayMessages(RequestBody):
    """Which messages to read again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "salesforce",
                    "from": "2026-02-01T00:00:00Z",
                    "to": "2026-02-08T00:00:00Z",
                    "dry_run": True,
                }
            ]
        }
    )

    source: Code
    start: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    dry_run: bool = False


class ReplayedOut(ResponseBody):
    """How many messages will be read again."""

    messages: int
    dry_run: bool


class QuarantineEntryOut(ResponseBody):
    """A record that could not be read."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0193a000-0000-8000-8000-000000000040",
                    "source": "salesforce",
                    "message_id": "0193a000-0000-8000-8000-000000000020",
                    "part": "4",
                    "code": "UNMAPPED_STATE",
                    "detail": "Status 'On hold' is not in the mapping.",
                    "field": "Status",
                    "value": "On hold",
                    "status": "open",
                    "attempts": 1,
                    "first_at": "2026-02-21T10:00:00Z",
                    "last_at": "2026-02-21T10:00:00Z",
                    "record": {"Id": "8015g000000abcDAAQ", "Status": "On hold"},
                }
            ]
        }
    )

    id: UUID
    source: str
    message_id: UUID
    part: str
    code: str
    detail: str = Field(description="What is wrong and what to do.")
    field: str | None
    value: str | None
    status: str
    attempts: int
    first_at: datetime
    last_at: datetime
    record: dict[str, Any]


class QuarantineOut(ResponseBody):
    """A page of quarantine entries, oldest first."""

    items: list[QuarantineEntryOut]
    next_cursor: str | None


class ReplayQuarantine(RequestBody):
    """How to try a record again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"record": {"Id": "8015g000000abcDAAQ", "Status": "Activated"}}]
        }
    )

    record: dict[str, Any] | None = Field(
        default=None, description="The whole repaired record; without it, the one kept."
    )


class ReplayOutcomeOut(ResponseBody):
    """What became of the record."""

    released: bool
    state: str = Field(examples=["published"])
    code: str | None
