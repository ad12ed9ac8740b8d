"""The ranks and pools sections."""

from premia_plan.schema.shapes import (
    NAME,
    Schema,
    list_of,
    mapping,
    object_of,
    one_of,
    shared,
    text,
)

_TIES = r"^(best shared|worst shared|average pay|by id|by .+)$"


def ranks() -> Schema:
    """Return the shape of the ranks by name."""
    rank = object_of(
        {"of": text(), "among": text(NAME), "over": shared("period")},
        {"order": one_of("highest first", "lowest first"), "ties": text(_TIES)},
    )
    return mapping(rank, NAME)


def pools() -> Schema:
    """Return the shape of the pools by name."""
    pool = object_of(
        {"amount": text(), "over": shared("period"), "among": text(NAME)},
        {
            "weights": text(),
            "scale": one_of("down only", "both ways"),
            "leftover": shared("leftover"),
            "steps": list_of(shared("step")),
        },
    )
    return mapping(pool, NAME)
