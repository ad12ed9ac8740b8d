"""The campaigns section."""

from premia_plan.schema.shapes import (
    DAY,
    MONEY,
    NAME,
    Schema,
    by_value,
    mapping,
    object_of,
    one_of,
    text,
)


def campaigns() -> Schema:
    """Return the shape of the campaigns by name."""
    common: dict[str, Schema] = {
        "from": text(DAY),
        "to": text(DAY),
        "by": text(),
        "component": text(),
    }
    more: dict[str, Schema] = {
        "where": text(),
        "budget": text(MONEY),
        "when_spent": one_of("stop before", "stop after", "cut"),
    }
    added = object_of({**common, "relation": one_of("adds to")}, more)
    against = object_of(
        {**common, "relation": one_of("replaces", "best of"), "with": text()},
        {**more, "precedence": text(r"^[1-9]\d?$")},
    )
    return mapping(by_value("relation", "adds to", added, against), NAME, least=1)
