"""From a billing event or row to a signal or a measurement."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from connectors.domain.billing_details import DETAILS, billing_details
from connectors.domain.fact import Content, Fact, FactKind
from connectors.domain.mapped_parts import money_content
from connectors.domain.reading import (
    Record,
    optional_flag,
    optional_text,
    plain,
    read_instant,
    read_money,
    read_version,
    refuse_future,
    required_date,
    required_decimal,
    required_text,
)
from connectors.domain.refusal import RecordRefused, RefusalCode
from premia_common.money import Money
from premia_common.periods import Month

BILLING_PREFIX = "premia.billing."
KPI_TYPE = "premia.kpi.measured.v1"
MAPPING_VERSION = 2
"""Version of the fixed mapping of billing signals and measurements."""

_DATE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "contract.activated": ("activated_on",),
    "supply.started": ("started_on",),
    "invoice.issued": ("issued_on",),
    "invoice.paid": ("paid_on",),
    "invoice.partially_paid": ("paid_on",),
    "invoice.overdue": ("due_on",),
    "invoice.cancelled": ("cancelled_on",),
    "dunning.level_changed": (),
    "payment.reversed": ("reversed_on",),
    "credit_note.issued": ("issued_on",),
    "contract.terminated": ("terminated_on", "date"),
    "consumption.measured": (),
    "writeoff.posted": ("posted_on",),
}
_AMOUNT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "invoice.paid": ("paid_total",),
    "invoice.partially_paid": ("paid_total",),
}
_INVOICE = "invoice/"
"""Before the number of the bill that an event is about."""
SIGNALS = frozenset(_DATE_FIELDS)
"""What billing systems can tell."""


def map_signal(record: Record, *, latest: date, default_order_system: str = "salesforce") -> Fact:
    """Return the billing signal that a row states.

    Fields: signal_id, signal, on; optional version, order_id, order_system, contract,
    first_for_contract, amount, currency, cause, imputable_to, document (the bill's number), tax,
    quantity, quantity_unit, category, territory, payees (by role) and attributes; a file has a
    column for each of these, such as payees.clerk and attributes.channel.  Of a payment that names
    its bill, amount, tax and quantity are those of what was paid of the bill so far.

    Raises:
        RecordRefused: if a needed field is missing, a value cannot be read, the signal is not
            known, or its day lies in the future.
    """
    signal = required_text(record, "signal")
    if signal not in SIGNALS:
        raise RecordRefused(
            RefusalCode.UNKNOWN_EVENT_TYPE,
            f"{signal!r} is not a billing signal; known are {', '.join(sorted(SIGNALS))}",
            field="signal",
            value=signal,
        )
    signal_id = required_text(record, "signal_id")
    version = read_version(optional_text(record, "version") or "1", "version")
    on = required_date(record, "on")
    refuse_future(on, latest, "on")
    order_id = optional_text(record, "order_id")
    order_system = optional_text(record, "order_system") or default_order_system
    currency = optional_text(record, "currency") or "EUR"
    amount = _optional_money(record, currency)
    imputable_to = optional_text(record, "imputable_to")
    content: Content = {
        "signal_id": signal_id,
        "signal": signal,
        "signal_version": version,
        "order": order_id
        and {
            "system": order_system,
            "code": order_id,
        },
        "contract": optional_text(record, "contract"),
        "on": on.isoformat(),
        "first_for_contract": optional_flag(record, "first_for_contract"),
        "amount": None if amount is None else money_content(amount),
        "imputable_to": imputable_to.lower() if imputable_to else None,
        "cause": optional_text(record, "cause"),
        **billing_details(record, order_system),
    }
    return Fact(
        kind=FactKind.BILLING_SIGNAL,
        record_id=signal_id,
        version=version,
        content=content,
        amount=None if amount is None else amount.amount,
        currency=None if amount is None else currency,
    )


def map_measurement(record: Record, *, default_payee_system: str = "salesforce") -> Fact:
    """Return the measurement that a row states.

    Fields: name, payee, month, value (a ratio); optional measurement_id, version, payee_system,
    provisional.  Without an id, name, payee and month identify it, so that a later version of a
    provisional value says the final one.

    Raises:
        RecordRefused: if a needed field is missing or a value cannot be read.
    """
    name = required_text(record, "name")
    payee = required_text(record, "payee")
    system = optional_text(record, "payee_system") or default_payee_system
    month = required_text(record, "month")
    try:
        month = str(Month.parse(month))
    except ValueError as error:
        raise RecordRefused(RefusalCode.BAD_TYPE, str(error), field="month", value=month) from None
    value = required_decimal(record, "value")
    version = read_version(optional_text(record, "version") or "1", "version")
    identity = optional_text(record, "measurement_id") or f"{name}/{system}:{payee}/{month}"
    return Fact(
        kind=FactKind.MEASUREMENT,
        record_id=identity,
        version=version,
        content={
            "measurement_id": identity,
            "measurement_version": version,
            "name": name,
            "payee": {"system": system, "code": payee},
            "month": month,
            "value": plain(value),
            **({"provisional": True} if optional_flag(record, "provisional") else {}),
        },
        amount=value,
    )


def map_billing_event(event: Record, *, latest: date, zone: ZoneInfo) -> Fact:
    """Return the fact that one CloudEvent of the ingest contract states.

    Raises:
        RecordRefused: if an attribute is missing, the type not known, or the data not readable.
    """
    event_type = required_text(event, "type")
    event_id = required_text(event, "id")
    required_text(event, "source")
    time = read_instant(required_text(event, "time"), "time")
    data = event.get("data")
    if not isinstance(data, Mapping):
        raise RecordRefused(RefusalCode.MISSING_FIELD, "data must be an object", field="data")
    version = (
        optional_text(data, "version")
        or optional_text(event, "sequence")
        or required_text(event, "time")
    )
    if event_type == KPI_TYPE:
        return map_measurement({**data, "version": version})
    if not (event_type.startswith(BILLING_PREFIX) and event_type.endswith(".v1")):
        raise RecordRefused(
            RefusalCode.UNKNOWN_EVENT_TYPE,
            f"type {event_type[:80]!r} is not taken here; send premia.billing.<signal>.v1 "
            f"or {KPI_TYPE}",
            field="type",
            value=event_type,
        )
    signal = event_type[len(BILLING_PREFIX) : -len(".v1")]
    on = _first(data, (*_DATE_FIELDS.get(signal, ()), "on"))
    row = {
        "signal_id": event_id,
        "signal": signal,
        "version": version,
        "on": on or time.astimezone(zone).date().isoformat(),
        "contract": data.get("contract_ref"),
        "first_for_contract": data.get("is_first_for_contract"),
        "amount": _first(data, (*_AMOUNT_FIELDS.get(signal, ()), "gross", "amount")),
        "currency": data.get("currency"),
        "cause": data.get("reason"),
        "imputable_to": data.get("imputable_to"),
        "document": data.get("document") or _bill_in(required_text(event, "subject")),
        **{name: data.get(name) for name in DETAILS},
    }
    return map_signal({**row, **_order_reference(data)}, latest=latest)


def _bill_in(subject: str) -> str | None:
    return subject.removeprefix(_INVOICE) if subject.startswith(_INVOICE) else None


def _order_reference(data: Mapping[str, object]) -> Record:
    reference = data.get("order_ref")
    if reference is None:
        return {}
    if not isinstance(reference, Mapping):
        raise RecordRefused(
            RefusalCode.BAD_TYPE, "data.order_ref must be an object", field="data.order_ref"
        )
    return {"order_id": reference.get("id"), "order_system": reference.get("system")}


def _first(data: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next((data[name] for name in names if data.get(name) is not None), None)


def _optional_money(record: Record, currency: str) -> Money | None:
    given = record.get("amount")
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    return read_money(record, "amount", currency)
