"""The tiers of components, written out or named."""

from premia_plan.schema.shapes import (
    MONEY,
    NAME,
    QUANTITY,
    RATE,
    Schema,
    by_key,
    list_of,
    mapping,
    object_of,
    one_of,
    shared,
    text,
)

_MODES = (
    "marginal",
    "whole",
    "interpolated between points",
    "interpolated by part covered",
)


def _tiers() -> Schema:
    return object_of(
        {
            "mode": one_of(*_MODES),
            "looked_up_by": text(),
            "pays_on": text(),
            "bands": list_of(_band()),
        },
        {
            "edge": one_of("to the band that starts there", "to the band that ends there"),
            "below_first": one_of("nothing", "as the first band", "exception"),
            "above_last": one_of("open", "flat", "nothing"),
            "limits": object_of({}, {"least": text(QUANTITY), "most": text(QUANTITY)}),
        },
    )


def _band() -> Schema:
    starts: dict[str, Schema] = {"from": text(QUANTITY)}
    mode: dict[str, Schema] = {"mode": one_of(*_MODES)}
    return by_key(
        "fixed",
        object_of({**starts, "fixed": text(MONEY)}, mode),
        by_key(
            "per_point",
            object_of({**starts, "per_point": text(MONEY)}, mode),
            by_key(
                "multiplies",
                object_of({**starts, "multiplies": text(NAME), "gives": text(RATE)}, mode),
                object_of({**starts, "gives": text(QUANTITY)}, mode),
            ),
        ),
    )


def named_tiers() -> Schema:
    """Return the shape of tiers that are written out, or the name of some."""
    return {"if": {"type": "string"}, "then": text(NAME), "else": shared("tiers")}


def tiers() -> Schema:
    """Return the shape of the tiers by name."""
    return mapping(shared("tiers"), NAME)


DEFINITIONS: dict[str, Schema] = {"tiers": _tiers()}
