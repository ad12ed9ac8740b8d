"""The currencies section."""

from premia_plan.schema.shapes import Schema, object_of, one_of, text

_RATES = ("daily", "period average", "plan rate")


def currencies() -> Schema:
    """Return the shape of the exchange rates at which other currencies count."""
    exchange = object_of(
        {"rate": one_of(*_RATES)},
        {"dated_by": text(description="a day of the order; when it was signed by default")},
    )
    stated = object_of({"in": text(), "rate": one_of(*_RATES)})
    return object_of({}, {"pay": exchange, "targets": exchange, "statement": stated})
