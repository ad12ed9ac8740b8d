"""The attributes of an order, typed as a plan declares them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from premia_plan.quantities import Unit
from premia_plan.relations import Attribute

_WORDS: Mapping[str, bool] = {"true": True, "false": False}


def attribute_value(text: str, unit: Unit) -> Attribute | None:
    """Return the value that connectors wrote as text, or None if it is not of that unit.

    >>> attribute_value("6.40", Unit.COUNT), attribute_value("00640", Unit.TEXT)
    (Decimal('6.40'), '00640')
    >>> attribute_value("soon", Unit.DATE) is None
    True
    """
    try:
        if unit is Unit.TEXT:
            return text
        if unit is Unit.BOOL:
            return _WORDS.get(text)
        if unit is Unit.DATE:
            return date.fromisoformat(text)
        number = Decimal(text)
    except (ValueError, InvalidOperation):
        return None
    return number if number.is_finite() else None


def typed_attributes(
    texts: Mapping[str, Attribute], units: Mapping[str, Unit]
) -> dict[str, Attribute]:
    """Return the attributes that the plan declares; it knows no others.

    A text that does not fit stays as it came: the calculation tells of it, and takes it as unknown.
    """
    typed: dict[str, Attribute] = {}
    for name, unit in units.items():
        text = texts.get(name)
        value = attribute_value(text, unit) if isinstance(text, str) else None
        if text is not None:
            typed[name] = text if value is None else value
    return typed
