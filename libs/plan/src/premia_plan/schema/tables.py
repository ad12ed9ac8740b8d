"""The tables section."""

from premia_plan.schema.shapes import (
    NAME,
    QUANTITY,
    UNIT,
    Schema,
    list_of,
    mapping,
    object_of,
    one_of,
    stated,
    text,
)

_GIVES = rf"^(text|multiplier of [a-z][a-z0-9_]*|{UNIT[2:]}"


def _table() -> Schema:
    key = object_of({"value": text(), "match": one_of("tree", "exact", "band", "range")})
    return object_of(
        {
            "gives": text(_GIVES),
            "keys": list_of({**mapping(key, NAME, least=1), "maxProperties": 1}),
            "rows": list_of(mapping(text())),
        },
        {
            "dated_by": text(),
            "missing": stated("exception", "zero"),
            "limits": object_of({}, {"least": text(QUANTITY), "most": text(QUANTITY)}),
        },
    )


def tables() -> Schema:
    """Return the shape of the rate tables by name."""
    return mapping(_table(), NAME)
