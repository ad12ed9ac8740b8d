"""The measures section."""

from premia_plan.schema.shapes import NAME, Schema, by_key, mapping, object_of, one_of, text


def _measure() -> Schema:
    period = {"over": one_of("month"), "per": one_of("payee")}
    loaded = object_of(
        {
            "loaded": one_of("kpi"),
            "gives": one_of("percent", "count"),
            **period,
            "missing": one_of("exception"),
        }
    )
    summed = object_of(
        {"sum": text(), "of": text(), "dated_by": text(), **period},
        {"when": text(), "reversed_order": one_of("leaves", "stays")},
    )
    return by_key("loaded", loaded, summed)


def measures() -> Schema:
    """Return the shape of the measures by name."""
    return mapping(_measure(), NAME)
