"""Parts that orders and their lines have in common: states, payees in roles, attributes."""

from collections.abc import Iterable, Mapping
from datetime import date

from connectors.domain.fact import Content, StateReached
from connectors.domain.field_mapping import AttributeField, StateFields
from connectors.domain.reading import (
    Record,
    optional_date,
    optional_decimal,
    optional_flag,
    optional_text,
    plain,
    refuse_future,
)
from connectors.domain.refusal import RecordRefused, RefusalCode
from premia_common.money import Money


def money_content(money: Money) -> Content:
    """Write an amount as it stands in an event.

    >>> money_content(Money("12.3", "EUR"))
    {'amount': '12.30', 'currency': 'EUR'}
    """
    return {"amount": format(money.amount, "f"), "currency": money.currency}


def state_content(reached: StateReached) -> Content:
    """Write a state as it stands in an event.

    >>> state_content(StateReached("activated", date(2026, 3, 4)))
    {'state': 'activated', 'on': '2026-03-04', 'at': None}
    """
    return {"state": reached.state, "on": reached.on.isoformat(), "at": None}


def dated_states(record: Record, states: StateFields, latest: date) -> tuple[StateReached, ...]:
    """Return the states whose day the record gives.

    Raises:
        RecordRefused: if a day cannot be read, or is after the latest.
    """
    found = []
    for state, field in states.dates:
        day = optional_date(record, field)
        if day is not None:
            refuse_future(day, latest, field)
            found.append(StateReached(state, day))
    return tuple(found)


def state_of_status(status: str, states: StateFields, field: str) -> str:
    """Return the state that a status stands for.

    Raises:
        RecordRefused: if the status is not mapped.
    """
    state = states.statuses.get(status)
    if state is None:
        raise RecordRefused(
            RefusalCode.UNMAPPED_STATE,
            f"{field} {status!r} is not in the mapping; it knows "
            f"{', '.join(sorted(states.statuses)) or 'none'}",
            field=field,
            value=status,
        )
    return state


def read_reference(record: Record, field: str, system: str) -> Content | None:
    """Return whom a field names, by the code that a system has for it; None where it is empty."""
    code = optional_text(record, field)
    return None if code is None else {"system": system, "code": code}


def read_roles(record: Record, roles: Mapping[str, str], system: str) -> Content:
    """Return the payees in their roles under `payees`; nothing where the record names none."""
    named = {role: read_reference(record, field, system) for role, field in roles.items()}
    payees = {role: reference for role, reference in named.items() if reference is not None}
    return {"payees": payees} if payees else {}


def read_attributes(record: Record, attributes: Iterable[AttributeField]) -> Content:
    """Return the attributes that the record has, written as text.

    Raises:
        RecordRefused: if a value is not of its type.
    """
    found: Content = {}
    for attribute in attributes:
        if record.get(attribute.field) in (None, ""):
            continue
        value: str | None
        if attribute.type == "text":
            value = optional_text(record, attribute.field)
        elif attribute.type == "decimal":
            number = optional_decimal(record, attribute.field)
            value = None if number is None else plain(number)
        elif attribute.type == "date":
            day = optional_date(record, attribute.field)
            value = None if day is None else day.isoformat()
        else:
            value = "true" if optional_flag(record, attribute.field) else "false"
        if value is not None:
            found[attribute.name] = value
    return found
