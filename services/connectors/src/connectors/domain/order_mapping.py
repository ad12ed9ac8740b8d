"""From a foreign order record to an order fact.  One function, whatever the channel."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connectors.domain.fact import Content, Fact, FactKind, OrderSummary, StateReached
from connectors.domain.field_mapping import OrderMapping
from connectors.domain.line_mapping import LineReader
from connectors.domain.mapped_parts import (
    dated_states,
    money_content,
    read_attributes,
    read_reference,
    read_roles,
    state_content,
    state_of_status,
)
from connectors.domain.reading import (
    Record,
    exact_number,
    instant_version,
    optional_date,
    optional_flag,
    optional_text,
    read_money,
    refuse_future,
    required_date,
    required_instant,
    required_text,
)
from connectors.domain.refusal import RecordRefused, RefusalCode


def map_order(record: Record, mapping: OrderMapping, *, latest: date, zone: ZoneInfo) -> Fact:
    """Return the order fact that a record states.

    Args:
        record: the foreign record, by its own field names.
        mapping: what its fields mean.
        latest: the last day that it may speak of.
        zone: the source's time zone, in which an instant becomes a day.

    Raises:
        RecordRefused: if a needed field is missing, a value cannot be read, the status is not
            mapped, or a date lies in the future.
    """
    _check_type(record, mapping)
    fields = mapping.fields
    record_id = required_text(record, fields["record_id"])
    modified = required_instant(record, fields["version"])
    version = instant_version(modified)
    signed_on = required_date(record, fields["signed_on"])
    refuse_future(signed_on, latest, fields["signed_on"])
    currency = optional_text(record, fields["currency"]) or mapping.default_currency
    amount = read_money(record, fields["amount"], currency)
    order_number = optional_text(record, fields["order_number"]) or record_id
    principal = required_text(record, fields["principal"])
    state, states = _states(record, mapping, modified, latest, zone)
    days = {item.state: item.on for item in reversed(states)}
    reader = LineReader(mapping.lines, mapping.payee_system, currency, latest, days)
    deleted = optional_flag(record, fields["deleted"])
    imputable_to = optional_text(record, fields["imputable_to"])
    content: Content = {
        "record_id": record_id,
        "record_version": version,
        "order_number": order_number,
        "principal": principal,
        "signed_on": signed_on.isoformat(),
        "seller": read_reference(record, fields["seller"], mapping.payee_system),
        "partner": read_reference(record, fields["partner"], mapping.payee_system),
        "category": optional_text(record, fields["category"]) or "",
        "territory": optional_text(record, fields["territory"]) or "",
        "amount": money_content(amount),
        "lines": _lines(record, mapping.field("lines"), reader),
        "attributes": read_attributes(record, mapping.attributes),
        "states": [state_content(item) for item in states],
        "cause": optional_text(record, fields["cause"]),
        "imputable_to": imputable_to.lower() if imputable_to else None,
        "deleted": deleted,
        **read_roles(record, mapping.roles, mapping.payee_system),
    }
    return Fact(
        kind=FactKind.ORDER,
        record_id=record_id,
        version=version,
        content=content,
        amount=amount.amount,
        currency=currency,
        order=OrderSummary(order_number, state, signed_on, principal, states, deleted),
    )


def unknown_fields(record: Record, mapping: OrderMapping) -> set[str]:
    """Return the fields that the mapping does not speak of: drift, kept in the raw message.

    >>> from connectors.domain.field_mapping import SALESFORCE_ORDER, read_order_mapping
    >>> unknown_fields({"Id": "1", "New__c": "x"}, read_order_mapping(SALESFORCE_ORDER))
    {'New__c'}
    """
    return {name for name in record if name not in mapping.known_fields}


def _check_type(record: Record, mapping: OrderMapping) -> None:
    attributes = record.get("attributes")
    given = attributes.get("type") if isinstance(attributes, Mapping) else record.get("type")
    if given is not None and given != mapping.record_type:
        raise RecordRefused(
            RefusalCode.UNKNOWN_SOBJECT,
            f"the record is a {str(given)[:80]!r}; this source maps {mapping.record_type!r}",
            field="attributes.type",
            value=given,
        )


def _states(
    record: Record, mapping: OrderMapping, modified: datetime, latest: date, zone: ZoneInfo
) -> tuple[str, tuple[StateReached, ...]]:
    status_field = mapping.field("status")
    current = state_of_status(required_text(record, status_field), mapping.states, status_field)
    dated = dated_states(record, mapping.states, latest)
    if any(item.state == current for item in dated):
        return current, dated
    status_on = mapping.field("status_on")
    day = optional_date(record, status_on) or modified.astimezone(zone).date()
    refuse_future(day, latest, status_on)
    return current, (*dated, StateReached(current, day))


def _lines(record: Record, field: str, reader: LineReader) -> list[Content]:
    given = record.get(field)
    if given is None or given == "":
        return []
    if isinstance(given, str):
        given = _json_lines(given, field)
    if isinstance(given, Mapping):
        given = given.get("records")
    if not isinstance(given, list):
        raise RecordRefused(
            RefusalCode.BAD_TYPE, f"{field} must be a list of order lines", field=field
        )
    return [reader.read(line, f"{field}[{number}]") for number, line in enumerate(given, start=1)]


def _json_lines(text: str, field: str) -> Any:
    try:
        return _EXACT.decode(text)
    except (ValueError, RecursionError):
        raise RecordRefused(
            RefusalCode.BAD_TYPE, f"{field} is not JSON", field=field, value=text
        ) from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number")


_EXACT = json.JSONDecoder(parse_float=exact_number, parse_int=Decimal, parse_constant=_no_number)


def received_day(received_at: datetime, zone: ZoneInfo) -> date:
    """Return the day of a receipt in the source's zone.

    >>> from datetime import UTC
    >>> received_day(datetime(2026, 1, 31, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Rome"))
    datetime.date(2026, 2, 1)
    """
    return received_at.astimezone(zone).date()
