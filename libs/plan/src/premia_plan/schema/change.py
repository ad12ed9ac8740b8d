"""What a version takes over from the version before it."""

from premia_plan.schema.shapes import DAY, Schema, mapping, object_of, one_of, text


def change() -> Schema:
    """Return the shape of what becomes of the period in which the version begins."""
    modes = one_of("reset", "carry the position", "carry and re-rate")
    return object_of(
        {
            "after": object_of({"plan": text("^[a-z0-9][a-z0-9-]{1,62}$"), "from": text(DAY)}),
            "measures": mapping(modes, least=1),
        }
    )
