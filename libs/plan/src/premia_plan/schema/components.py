"""The components section."""

from premia_plan.schema.measures import PERIODS
from premia_plan.schema.shapes import (
    NAME,
    Schema,
    by_key,
    by_words,
    list_of,
    mapping,
    object_of,
    one_of,
    shared,
    text,
)
from premia_plan.schema.tiers import named_tiers

CELLS = tuple(f"payee and {period}" for period in PERIODS)


def _component() -> Schema:
    per_credit = object_of(
        {
            "per": text(r"^credit of [a-z][a-z0-9_]*$"),
            "amount": text(),
            "steps": list_of(shared("line_step")),
        }
    )
    cell: dict[str, Schema] = {
        "per": one_of(*CELLS),
        "steps": list_of(shared("sum_step")),
        "lands_in": one_of("the measured month"),
    }
    by_tiers = object_of({**cell, "tiers": named_tiers()}, {"spread": one_of("by credit.amount")})
    by_formula = object_of({**cell, "amount": text()})
    return by_key("tiers", by_tiers, by_words("per", CELLS, by_formula, per_credit))


def components() -> Schema:
    """Return the shape of the components by name."""
    return mapping(_component(), NAME, least=1)
