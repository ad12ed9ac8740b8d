"""The targets and attainments sections, and populations."""

from premia_plan.schema.shapes import (
    NAME,
    Schema,
    list_of,
    mapping,
    object_of,
    one_of,
    shared,
    stated,
    text,
)

_DAY = r"^(last day|first day|\d{4}-\d{2}-\d{2})$"


def _target() -> Schema:
    return object_of(
        {"gives": shared("unit"), "over": shared("period"), "per": shared("per")},
        {
            "joiner": one_of("by calendar days", "in full"),
            "missing": stated("exception"),
            "zero": stated("exception"),
            "changed": one_of("last accepted", "time weighted"),
            "first_of": list_of(text()),
        },
    )


def targets() -> Schema:
    """Return the shape of the targets by name."""
    return mapping(_target(), NAME)


def attainments() -> Schema:
    """Return the shape of the attainments by name."""
    attainment = object_of(
        {"of": text(), "against": text(r"^(target|[a-z][a-z0-9_]*)$")},
        {"target_zero": stated("exception")},
    )
    return mapping(attainment, NAME)


def populations() -> Schema:
    """Return the shape of the populations by name."""
    return mapping(object_of({"who": text()}, {"day": text(_DAY), "same": text()}), NAME)
