"""The tables section."""

from premia_plan.schema.shapes import NAME, Schema, list_of, mapping, object_of, one_of, text


def _table() -> Schema:
    key = object_of({"value": text(), "match": one_of("tree", "exact", "band")})
    return object_of(
        {
            "gives": one_of("percent", "money"),
            "keys": list_of({**mapping(key, NAME, least=1), "maxProperties": 1}),
            "rows": list_of(mapping(text())),
        },
        {"dated_by": text(), "missing": one_of("exception", "zero")},
    )


def tables() -> Schema:
    """Return the shape of the rate tables by name."""
    return mapping(_table(), NAME)
