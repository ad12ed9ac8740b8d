"""What connectors publishes: orders, signals and measurements as other systems told them."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from premia_common.contracts.envelope import Event, FactEvent, FactKey
from premia_common.contracts.fields import (
    DecimalText,
    ExternalRef,
    Instant,
    Label,
    MoneyOut,
    MonthText,
    Part,
    RawRef,
    Sha256,
)

PUBLISHER = "connectors"

VersionText = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z:._+-]{1,64}$")]
"""A source's version of a record: text that sorts as the versions do."""


def _is_unsaid(value: object) -> bool:
    return not value


class StateSeen(Part):
    """A state that the source says the order reached."""

    state: str
    """Canonical state of the mapping's state model: signed, activated, cancelled, …"""
    on: date
    at: Instant | None = None


class OrderLine(Part):
    """One line of an order, as the source gives it."""

    line_id: str
    product: str
    quantity: DecimalText
    amount: MoneyOut
    category: str | None = Field(default=None, exclude_if=_is_unsaid)
    """None: the order's."""
    quantity_unit: str = Field(default="", exclude_if=_is_unsaid)
    on: date | None = Field(default=None, exclude_if=_is_unsaid)
    """The line's own day; None: the order's."""
    states: tuple[StateSeen, ...] = Field(default=(), exclude_if=_is_unsaid)
    """States that the line itself reached."""
    payees: dict[str, ExternalRef] = Field(default_factory=dict, exclude_if=_is_unsaid)
    """Those in a role on this line alone, by role."""
    attributes: dict[str, str] = Field(default_factory=dict, exclude_if=_is_unsaid)


class _ConnectorsFact(FactEvent):
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "fact"

    source: str
    known_at: Instant
    """When connectors committed it."""
    mapping_version: int
    raw: RawRef

    @property
    def fact_known_at(self) -> Instant:
        return self.known_at


class OrderRecorded(_ConnectorsFact):
    """One version of an order, with every state that version speaks of."""

    type: ClassVar[str] = "premia.order.recorded.v1"

    record_id: str
    """The source's own id of the order; with `source` the order's identity."""
    record_version: VersionText
    order_number: str
    principal: str
    """Code of the principal it is owed by."""
    signed_on: date
    seller: ExternalRef | None
    partner: ExternalRef | None = None
    category: str
    territory: str
    amount: MoneyOut
    lines: tuple[OrderLine, ...] = ()
    attributes: dict[str, str] = Field(default_factory=dict)
    """Typed by the mapping, written as text: decimals plain, dates ISO, booleans true/false."""
    states: tuple[StateSeen, ...] = ()
    cause: str | None = None
    imputable_to: str | None = None
    """Whom a cancellation is imputable to: customer, payee, principal."""
    deleted: bool = False
    payees: dict[str, ExternalRef] = Field(default_factory=dict, exclude_if=_is_unsaid)
    """Those in further roles than seller and partner, by role."""

    @property
    def subject(self) -> str:
        return f"{self.source}/{self.record_id}"

    @property
    def fact_key(self) -> FactKey:
        return FactKey("order", self.subject, f"{self.record_version}/{self.mapping_version:06d}")


class BillingSignalRecorded(_ConnectorsFact):
    """Something the customer's billing said about an order's contract."""

    type: ClassVar[str] = "premia.billing_signal.recorded.v1"

    signal_id: str
    signal: str
    """invoice.issued, invoice.paid, supply.started, contract.terminated, …"""
    signal_version: VersionText
    order: ExternalRef | None
    contract: str | None = None
    on: date
    first_for_contract: bool = False
    amount: MoneyOut | None = None
    """Its whole amount, tax included; of a payment that names its bill, what was paid of it so
    far."""
    imputable_to: str | None = None
    cause: str | None = None
    document: str = Field(default="", exclude_if=_is_unsaid)
    """The bill it is about, by the number that billing has for it: what is said of one bill are
    its states."""
    tax: DecimalText | None = Field(default=None, exclude_if=_is_unsaid)
    """The tax in the amount."""
    quantity: DecimalText | None = Field(default=None, exclude_if=_is_unsaid)
    quantity_unit: str = Field(default="", exclude_if=_is_unsaid)
    category: str = Field(default="", exclude_if=_is_unsaid)
    """Empty: the order's; the territory too."""
    territory: str = Field(default="", exclude_if=_is_unsaid)
    payees: dict[str, ExternalRef] = Field(default_factory=dict, exclude_if=_is_unsaid)
    """Those in a role on it alone, by role."""
    attributes: dict[str, str] = Field(default_factory=dict, exclude_if=_is_unsaid)
    """Decimals plain, dates ISO, booleans true/false."""

    @property
    def subject(self) -> str:
        return f"{self.source}/{self.signal_id}"

    @property
    def fact_key(self) -> FactKey:
        return FactKey(
            "billing_signal", self.subject, f"{self.signal_version}/{self.mapping_version:06d}"
        )


class MeasurementRecorded(_ConnectorsFact):
    """A KPI or SLA of a payee in a month, as a source measured it."""

    type: ClassVar[str] = "premia.measurement.recorded.v1"

    measurement_id: str
    measurement_version: VersionText
    name: str
    payee: ExternalRef
    month: MonthText
    value: DecimalText
    """A ratio: 0.95 is 95 %."""
    provisional: bool = Field(default=False, exclude_if=_is_unsaid)
    """It may still change; a later version says what is final."""

    @property
    def subject(self) -> str:
        return f"{self.source}/{self.measurement_id}"

    @property
    def fact_key(self) -> FactKey:
        return FactKey(
            "measurement", self.subject, f"{self.measurement_version}/{self.mapping_version:06d}"
        )


class FactBatchLanded(Event):
    """A file of facts lies in the handover folder; its rows are what single events would be."""

    type: ClassVar[str] = "premia.fact_batch.landed.v1"
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "notice"

    batch_id: UUID
    source: str
    contract: Literal["premia.facts.v1"] = "premia.facts.v1"
    """The Parquet schema: see premia_common.contracts.batches."""
    address: str
    sha256: Sha256
    rows: int
    sums: dict[str, DecimalText]
    """Control sums by fact kind and currency, like `order/EUR`."""

    @property
    def subject(self) -> str:
        return str(self.batch_id)


class SourceWatermark(FactEvent):
    """Everything the source knew up to an instant has been published."""

    type: ClassVar[str] = "premia.source.watermark.v1"
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "fact"

    source: str
    known_up_to: Instant
    count: int
    """Facts published for this source so far."""
    amount: DecimalText
    """Sum of the amounts of the current version of its orders."""

    @property
    def subject(self) -> str:
        return self.source

    @property
    def fact_key(self) -> FactKey:
        return FactKey("watermark", self.source, self.known_up_to.isoformat())


class OrderAttributeDeclared(Event):
    """A field of a source's orders: what the mapping says of it, and how it is filled."""

    type: ClassVar[str] = "premia.order_attribute.declared.v1"
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "snapshot"

    version: int
    """Grows by one with each change of this source's attribute."""
    source: str
    name: str
    """Its name in plans; of a field that is not mapped, the source's own."""
    field: str
    """The source's own name."""
    standing: Literal["mapped", "unmapped", "withdrawn"]
    """Withdrawn: no mapping speaks of it by this name any more."""
    value_type: Literal["text", "decimal", "date", "flag"]
    label: Label | None = None
    unit: str | None = None
    personal: bool = False
    mapping_version: int
    first_seen: Instant | None = None
    """When it was first filled; None while it never was."""
    records: int = 0
    """Order versions counted: a sample where many arrive at once."""
    filled: int = 0
    """Those of them in which it is filled."""
    samples: tuple[str, ...] = ()
    """Some of its values; personal data is masked."""

    @property
    def subject(self) -> str:
        return f"{self.source}/{self.name}"


class OrderStatusUnmapped(Event):
    """A source sent a status that its mapping does not know, for the first time."""

    type: ClassVar[str] = "premia.order_status.unmapped.v1"
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "notice"

    source: str
    field: str
    status: str
    mapping_version: int
    first_seen: Instant

    @property
    def subject(self) -> str:
        return f"{self.source}/{self.status}"


class SapDocumentPosted(Event):
    """SAP acknowledged an invoice with its accounting document."""

    type: ClassVar[str] = "premia.sap_document.posted.v1"
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "fact"

    invoice_id: UUID
    invoice_number: str
    consumer: str
    accounting_document: str
    fiscal_year: str
    company_code: str
    posting_date: date

    @property
    def subject(self) -> str:
        return str(self.invoice_id)


class SapDocumentRejected(Event):
    """SAP refused an invoice and said why."""

    type: ClassVar[str] = "premia.sap_document.rejected.v1"
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "fact"

    invoice_id: UUID
    invoice_number: str
    consumer: str
    message_class: str
    message_number: str
    text: str
    retryable: bool

    @property
    def subject(self) -> str:
        return str(self.invoice_id)
