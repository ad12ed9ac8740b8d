"""What a bill, payment or credit note says besides its amount: tax, quantity, payees and more."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from connectors.domain.fact import Content
from connectors.domain.mapped_parts import read_roles
from connectors.domain.reading import Record, optional_decimal, optional_text, plain
from connectors.domain.refusal import RecordRefused, RefusalCode

_TEXTS: Final = ("document", "quantity_unit", "category", "territory")
_NUMBERS: Final = ("tax", "quantity")
DETAILS: Final = (*_NUMBERS, "quantity_unit", "category", "territory", "payees", "attributes")
"""The fields of an event's data that are read under their own names."""
_EXAMPLES: Final = {"payees": "clerk", "attributes": "channel"}


def billing_details(record: Record, payee_system: str) -> Content:
    """Return what a row says besides its amount, only what it says.

    Raises:
        RecordRefused: if a value cannot be read.

    >>> billing_details({"tax": "22.00", "payees": {"clerk": "A1"}}, "salesforce")
    {'tax': '22', 'payees': {'clerk': {'system': 'salesforce', 'code': 'A1'}}}
    >>> billing_details({"payees.clerk": "", "attributes.channel": "web"}, "salesforce")
    {'attributes': {'channel': 'web'}}
    """
    found: Content = {}
    for name in _TEXTS:
        text = optional_text(record, name)
        if text is not None:
            found[name] = text
    for name in _NUMBERS:
        number = optional_decimal(record, name)
        if number is not None:
            found[name] = plain(number)
    roles, given = _object(record, "payees"), _object(record, "attributes")
    found |= read_roles(roles, {role: role for role in roles}, payee_system)
    attributes = {name: _text(given, name) for name in given}
    said = {name: text for name, text in attributes.items() if text is not None}
    return {**found, "attributes": said} if said else found


def _object(record: Record, field: str) -> Mapping[str, object]:
    """Return what stands under a field of an event, or in the columns of a file named after it."""
    given = record.get(field)
    if isinstance(given, Mapping):
        return given
    if given is not None and given != "":
        raise RecordRefused(
            RefusalCode.BAD_TYPE,
            f"{field} is an object in an event; in a file each name has a column of its own, "
            f"such as {field}.{_EXAMPLES[field]}",
            field=field,
            value=given,
        )
    start = f"{field}."
    return {
        name.removeprefix(start): value
        for name, value in record.items()
        if name.startswith(start) and name != start
    }


def _text(attributes: Record, name: str) -> str | None:
    """Return an attribute as events write it: decimals plain, booleans as words."""
    value = attributes.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        number = optional_decimal(attributes, name)
        return None if number is None else plain(number)
    return optional_text(attributes, name)
