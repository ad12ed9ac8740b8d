"""What a plan takes from the catalogue, pinned by version."""

from premia_plan.schema.shapes import Schema, mapping, object_of, text

USED = ("variables", "kpis", "slas", "state_models")


def uses() -> Schema:
    """Return the shape of the pins: a version of each thing, by its name."""
    pinned = mapping(text(r"^[1-9]\d{0,8}$"), least=1)
    return object_of({}, dict.fromkeys(USED, pinned))
