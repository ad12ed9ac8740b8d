"""A mapping: which field of a foreign record means what.  Data, versioned per source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

AttributeType = Literal["text", "decimal", "date", "flag"]
_ATTRIBUTE_TYPES = ("text", "decimal", "date", "flag")
_ATTRIBUTE_PARTS = frozenset({"field", "type", "label", "unit", "personal"})

_FIELD_NAMES = frozenset(
    {
        "record_id", "version", "order_number", "principal", "signed_on", "seller", "partner",
        "category", "territory", "amount", "currency", "status", "status_on", "cause",
        "imputable_to", "lines", "deleted",
    }
)  # fmt: skip
_OPTIONAL_FIELDS = frozenset(
    {"partner", "currency", "status_on", "cause", "imputable_to", "lines", "deleted"}
)
_NEEDED_LINE_FIELDS = frozenset({"line_id", "product", "quantity", "amount"})
_LINE_FIELDS = _NEEDED_LINE_FIELDS | {"category", "quantity_unit", "on", "status", "status_on"}
_RESERVED_ROLES = frozenset({"seller", "partner"})


class MappingNotValid(ValueError):
    """Raised when a mapping document cannot be used; the message names each fault."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__(f"the mapping cannot be used: {'; '.join(faults)}")


@dataclass(frozen=True, slots=True)
class AttributeField:
    """Which field an order attribute is read from, as what, and what readers are told of it."""

    name: str
    field: str
    type: AttributeType
    label_it: str | None = None
    label_en: str | None = None
    unit: str | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class StateFields:
    """Where states are read from: the field of each state's day, and what each status means."""

    dates: tuple[tuple[str, str], ...]
    statuses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LineMapping:
    """How the lines of an order are read; a line may have states, payees and attributes too."""

    fields: Mapping[str, str]
    states: StateFields
    roles: Mapping[str, str]
    attributes: tuple[AttributeField, ...]


@dataclass(frozen=True, slots=True)
class OrderMapping:
    """How orders of one source are read.  Made by `read_order_mapping`."""

    record_type: str
    fields: Mapping[str, str]
    states: StateFields
    roles: Mapping[str, str]
    """Payees besides seller and partner: the field of each role, such as installer."""
    attributes: tuple[AttributeField, ...]
    lines: LineMapping
    payee_system: str
    default_currency: str
    known_fields: frozenset[str] = field(repr=False)
    """Every field the mapping speaks of, or says to leave alone; others are reported as drift."""

    def field(self, name: str) -> str:
        """Return the foreign field of a name; an unmapped optional one gives an impossible name.

        >>> read_order_mapping(SALESFORCE_ORDER).field("amount")
        'TotalAmount'
        """
        return self.fields[name]


SALESFORCE_ORDER: dict[str, Any] = {
    "record_type": "Order",
    "payee_system": "salesforce",
    "default_currency": "EUR",
    "fields": {
        "record_id": "Id",
        "version": "SystemModstamp",
        "order_number": "OrderNumber",
        "principal": "Company_Code__c",
        "signed_on": "Signed_Date__c",
        "seller": "Agency_Code__c",
        "partner": "Partner_Code__c",
        "category": "Category_Code__c",
        "territory": "Territory_Code__c",
        "amount": "TotalAmount",
        "currency": "CurrencyIsoCode",
        "status": "Status",
        "status_on": "Status_Date__c",
        "cause": "Cancellation_Cause__c",
        "imputable_to": "Cancellation_Imputable_To__c",
        "lines": "OrderItems",
        "deleted": "IsDeleted",
    },
    "roles": {"installer": "Installer_Code__c"},
    "line_fields": {
        "line_id": "Id",
        "product": "Product_Code__c",
        "quantity": "Quantity",
        "amount": "TotalPrice",
        "category": "Category_Code__c",
        "quantity_unit": "Unit__c",
        "on": "Line_Date__c",
        "status": "Status__c",
        "status_on": "Status_Date__c",
    },
    "line_state_dates": {
        "activated": "Activated_Date__c",
        "cancelled": "Cancelled_Date__c",
        "churned": "Churned_Date__c",
    },
    "line_statuses": {
        "Draft": "signed",
        "Signed": "signed",
        "Activated": "activated",
        "Cancelled": "cancelled",
        "Churned": "churned",
    },
    "line_roles": {"installer": "Installer_Code__c"},
    "line_attributes": {},
    "state_dates": {
        "signed": "Signed_Date__c",
        "activated": "Activated_Date__c",
        "cancelled": "Cancelled_Date__c",
        "churned": "Churned_Date__c",
    },
    "statuses": {
        "Draft": "signed",
        "Signed": "signed",
        "Activated": "activated",
        "Cancelled": "cancelled",
        "Churned": "churned",
    },
    "attributes": {
        "product": {"field": "Product_Code__c", "type": "text"},
        "annual_kwh": {
            "field": "Annual_kWh__c", "type": "decimal", "unit": "kWh",
            "label": {"it": "Consumo annuo", "en": "Annual consumption"},
        },
        "kwp": {
            "field": "KWp__c", "type": "decimal", "unit": "kWp",
            "label": {"it": "Potenza di picco", "en": "Peak power"},
        },
        "channel": {"field": "Channel__c", "type": "text"},
    },
    "ignored_fields": [
        "attributes", "type", "AccountId", "CreatedDate", "LastModifiedDate", "EffectiveDate",
        "EndDate", "OwnerId", "Pricebook2Id", "fieldsToNull",
    ],
}  # fmt: skip
"""The mapping a new Salesforce source starts with."""


def read_order_mapping(document: Mapping[str, Any]) -> OrderMapping:
    """Read a mapping document.

    Raises:
        MappingNotValid: if a needed part is missing, unknown or of the wrong shape.
    """
    faults: list[str] = []
    fields = _names(document, "fields", _FIELD_NAMES, _FIELD_NAMES - _OPTIONAL_FIELDS, faults)
    line_fields = _names(
        document,
        "line_fields",
        _LINE_FIELDS,
        _NEEDED_LINE_FIELDS if fields.get("lines") else set(),
        faults,
    )
    states = _states(document, "", {"signed"}, faults)
    line_states = _states(document, "line_", set(), faults)
    roles, line_roles = _roles(document, "roles", faults), _roles(document, "line_roles", faults)
    attributes = _attributes(document, "attributes", faults)
    line_attributes = _attributes(document, "line_attributes", faults)
    if line_states.statuses and "status" not in line_fields:
        faults.append("line_fields.status is missing: line_statuses says what its values mean")
    single = {
        name: _single(document, name, faults)
        for name in ("record_type", "payee_system", "default_currency")
    }
    ignored = document.get("ignored_fields", [])
    if not isinstance(ignored, list) or not all(isinstance(name, str) for name in ignored):
        faults.append("ignored_fields must be a list of field names")
        ignored = []
    expected = {
        "record_type", "payee_system", "default_currency", "fields", "state_dates", "statuses",
        "roles", "attributes", "line_fields", "line_state_dates", "line_statuses", "line_roles",
        "line_attributes", "ignored_fields",
    }  # fmt: skip
    faults.extend(f"{name!r} is not part of a mapping" for name in sorted(set(document) - expected))
    if _holds_zero_character(document):
        faults.append("names must not hold a zero character")
    if faults:
        raise MappingNotValid(tuple(faults))
    dates = (field for _, field in states.dates)
    own = (item.field for item in attributes)
    known = {*fields.values(), *dates, *roles.values(), *ignored, *own}
    return OrderMapping(
        record_type=single["record_type"],
        fields={**dict.fromkeys(_FIELD_NAMES, ""), **fields},
        states=states,
        roles=roles,
        attributes=attributes,
        lines=LineMapping(
            {**dict.fromkeys(_LINE_FIELDS, ""), **line_fields},
            line_states,
            line_roles,
            line_attributes,
        ),
        payee_system=single["payee_system"],
        default_currency=single["default_currency"],
        known_fields=frozenset(known),
    )


def _names(
    document: Mapping[str, Any],
    part: str,
    allowed: frozenset[str] | None,
    needed: frozenset[str] | set[str],
    faults: list[str],
) -> dict[str, str]:
    given = document.get(part, {})
    if not isinstance(given, dict) or not all(
        isinstance(key, str) and isinstance(value, str) and value for key, value in given.items()
    ):
        faults.append(f"{part} must be an object of names")
        return {}
    if allowed is not None:
        faults.extend(f"{part}.{name} is not known" for name in sorted(set(given) - allowed))
    faults.extend(f"{part}.{name} is missing" for name in sorted(needed - set(given)))
    return dict(given)


def _states(
    document: Mapping[str, Any], prefix: str, needed: set[str], faults: list[str]
) -> StateFields:
    dates = _names(document, f"{prefix}state_dates", None, needed, faults)
    return StateFields(
        tuple(dates.items()), _names(document, f"{prefix}statuses", None, set(), faults)
    )


def _roles(document: Mapping[str, Any], part: str, faults: list[str]) -> Mapping[str, str]:
    roles = _names(document, part, None, set(), faults)
    if part == "roles":
        faults.extend(
            f"roles.{role} has a field of its own: fields.{role}"
            for role in sorted(_RESERVED_ROLES & set(roles))
        )
    return roles


def _single(document: Mapping[str, Any], name: str, faults: list[str]) -> str:
    value = document.get(name)
    if isinstance(value, str) and value:
        return value
    faults.append(f"{name} must be text")
    return ""


def _attributes(
    document: Mapping[str, Any], part: str, faults: list[str]
) -> tuple[AttributeField, ...]:
    given = document.get(part, {})
    if not isinstance(given, dict):
        faults.append(f"{part} must be an object")
        return ()
    found = []
    for name, entry in given.items():
        if not _is_attribute(entry):
            faults.append(
                f"{part}.{name} must be {{field, type}} with a type of "
                f"{', '.join(_ATTRIBUTE_TYPES)}; it may have label {{it, en}}, unit and personal"
            )
            continue
        label = entry.get("label") or {}
        found.append(
            AttributeField(
                str(name),
                entry["field"],
                entry["type"],
                label.get("it"),
                label.get("en"),
                entry.get("unit"),
                entry.get("personal", False),
            )
        )
    return tuple(found)


def _is_attribute(entry: object) -> bool:
    if not isinstance(entry, dict) or not {"field", "type"} <= set(entry) <= _ATTRIBUTE_PARTS:
        return False
    label = entry.get("label", {"it": "", "en": ""})
    return (
        entry["type"] in _ATTRIBUTE_TYPES
        and isinstance(entry["field"], str)
        and isinstance(entry.get("unit", ""), str)
        and isinstance(entry.get("personal", False), bool)
        and isinstance(label, dict)
        and set(label) == {"it", "en"}
        and all(isinstance(text, str) for text in label.values())
    )


def _holds_zero_character(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, Mapping):
        return any(map(_holds_zero_character, (*value.keys(), *value.values())))
    return isinstance(value, list) and any(map(_holds_zero_character, value))
