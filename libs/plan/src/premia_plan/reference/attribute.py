"""Attributes as formulas see them: in the unit the plan declares, and as a node's text."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from premia_plan.language import Value
from premia_plan.quantities import NotAQuantity, Unit, exact_text, number, parse_day
from premia_plan.relations import Attribute


def attribute_value(value: Attribute | None, unit: Unit) -> Value | None:
    """Return an attribute in its declared unit; what does not fit it is unknown.

    >>> attribute_value("1 200", Unit.MONEY), attribute_value("much", Unit.COUNT)
    (Fraction(1200, 1), None)
    """
    if value is None or unit is Unit.TEXT:
        return None if value is None else str(value)
    if unit is Unit.BOOL:
        return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))
    return _day(value) if unit is Unit.DATE else _number(value)


def _number(value: Attribute) -> Fraction | None:
    if isinstance(value, Decimal):
        return Fraction(value)
    try:
        return number(value) if isinstance(value, str) else None
    except NotAQuantity:
        return None


def _day(value: Attribute) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return parse_day(str(value))
    except ValueError:
        return None


def value_text(value: Value | None) -> str:
    """Return a value as a node's text; an unknown one is empty.

    >>> value_text(None), value_text(True), value_text(date(2026, 3, 31))
    ('', 'true', '2026-03-31')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return exact_text(value)
    return value.isoformat() if isinstance(value, date) else value
