"""The settlement section: states, release, storno."""

from premia_plan.quantities import NUMBER_PATTERN
from premia_plan.schema.shapes import (
    NAME,
    RATE,
    Schema,
    by_key,
    list_of,
    mapping,
    object_of,
    one_of,
    text,
)


def settlement() -> Schema:
    """Return the shape of states, release and storno."""
    share = object_of(
        {"share": text(rf"^({NUMBER_PATTERN} ?%|rest)$"), "at": text()},
    )
    release: Schema = {
        "if": {"type": "array"},
        "then": list_of(share),
        "else": object_of({"like": text()}),
    }
    effect = by_key(
        "recount",
        object_of({"recount": one_of("the measured month")}),
        object_of(
            {
                "takes": text(RATE),
                "out_of": one_of("released"),
                "unreleased": one_of("dropped"),
            }
        ),
    )
    storno = object_of(
        {
            "when": text(),
            "lands_in": one_of("month of the event"),
            "effect": mapping(effect),
        },
        {
            "within": object_of({"days": text(r"^\d{1,4}$"), "after": text()}),
            "void_when": text(),
            "if_void": mapping(one_of("release the rest", "keep")),
        },
    )
    states = object_of({"model": text(NAME), "of": one_of("order")}, {"names": list_of(text(NAME))})
    return object_of({"states": states, "release": mapping(release)}, {"storno": storno})
