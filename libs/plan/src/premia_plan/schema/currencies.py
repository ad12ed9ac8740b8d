"""The currencies section."""

from premia_plan.schema.shapes import Schema, object_of, one_of, text


def currencies() -> Schema:
    """Return the shape of the exchange rates at which other currencies count."""
    exchange = object_of(
        {"rate": one_of("daily", "period average", "plan rate")},
        {"dated_by": text(description="a day of the order; when it was signed by default")},
    )
    return object_of({"pay": exchange}, {"targets": exchange})
