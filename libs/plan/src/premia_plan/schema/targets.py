"""The targets section."""

from premia_plan.schema.shapes import NAME, Schema, mapping, object_of, one_of, text


def _target() -> Schema:
    return object_of(
        {"gives": one_of("money", "count"), "over": one_of("month"), "per": one_of("payee")},
        {"joiner": one_of("by calendar days"), "missing": one_of("exception")},
    )


def targets() -> Schema:
    """Return the shape of the targets by the name of their measure."""
    return mapping(_target(), NAME)


def attainments() -> Schema:
    """Return the shape of the attainments by name."""
    attainment = object_of(
        {"of": text(), "against": one_of("target")}, {"target_zero": one_of("exception")}
    )
    return mapping(attainment, NAME)
