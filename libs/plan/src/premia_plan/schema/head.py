"""What stands at the head of a plan: its name, currency, validity and who takes part."""

from collections.abc import Mapping

from premia_plan.schema.shapes import DAY, Schema, mapping, object_of, one_of, text

HEAD: Mapping[str, Schema] = {
    "plan": text("^[a-z0-9][a-z0-9-]{1,62}$", "the plan's name, part of every line's id"),
    "language": {"const": "1"},
    "title": mapping(text(), "^[a-z]{2}$", least=1),
    "currency": text("^[A-Z]{3}$"),
    "time_zone": text(),
    "pay_period": one_of("month"),
    "valid": object_of({"from": text(DAY), "to": text(DAY), "by": text()}),
    "participants": text(description="a condition on the payee"),
}
ACCEPTANCE = object_of({"required": one_of("true", "false")}, {"until_accepted": one_of("hold")})


def beside() -> Schema:
    """Return the shape of how a plan stands to others that claim the same orders."""
    return mapping(one_of("adds to"), "^[a-z0-9][a-z0-9-]{1,62}$", least=1)


def covers() -> Schema:
    """Return the shape of the condition that limits a plan to some orders."""
    return text(description="a condition on the order; others are no matter of the plan")
