"""The attributes and units a plan declares."""

from premia_plan.quantities import UNIT_PATTERN
from premia_plan.schema.shapes import NAME, Schema, list_of, mapping, object_of, shared, text

CARRIERS = ("order", "line", "activity", "bill", "payment", "credit note", "payee", "position")
DEFINITIONS: dict[str, Schema] = {
    "attribute": text(
        rf"^(money|count|percent|text|date|bool|money per {UNIT_PATTERN}|{UNIT_PATTERN})$"
    )
}


def attributes() -> Schema:
    """Return the shape of the attributes a plan declares, by what carries them."""
    return object_of({}, {carrier: mapping(shared("attribute"), NAME) for carrier in CARRIERS})


def units() -> Schema:
    """Return the shape of the list of units, such as kWh, that quantities may have."""
    return list_of(text(rf"^{UNIT_PATTERN}$"))
