"""The attributes a plan declares."""

from premia_plan.schema.shapes import NAME, Schema, mapping, object_of, one_of


def attributes() -> Schema:
    """Return the shape of the attributes a plan declares."""
    kinds = one_of("money", "count", "percent", "text")
    return object_of({}, {"order": mapping(kinds, NAME), "payee": mapping(kinds, NAME)})
