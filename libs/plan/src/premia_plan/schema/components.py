"""The components section."""

from premia_plan.schema.shapes import (
    NAME,
    QUANTITY,
    Schema,
    by_key,
    by_value,
    list_of,
    mapping,
    object_of,
    one_of,
    shared,
    text,
)


def _tiers() -> Schema:
    return object_of(
        {
            "mode": one_of("marginal", "whole"),
            "looked_up_by": text(),
            "pays_on": text(),
            "edge": one_of("to the band that starts there"),
            "below_first": one_of("nothing"),
            "above_last": one_of("open"),
            "bands": list_of(object_of({"from": text(QUANTITY), "gives": text(QUANTITY)})),
        }
    )


def _component() -> Schema:
    per_credit = object_of(
        {
            "per": text(r"^credit of [a-z][a-z0-9_]*$"),
            "amount": text(),
            "steps": list_of(shared("line_step")),
        }
    )
    cell: dict[str, Schema] = {
        "per": one_of("payee and month"),
        "steps": list_of(shared("sum_step")),
        "lands_in": one_of("the measured month"),
    }
    by_tiers = object_of({**cell, "tiers": _tiers(), "spread": one_of("by credit.amount")})
    by_formula = object_of({**cell, "amount": text()})
    return by_key("tiers", by_tiers, by_value("per", "payee and month", by_formula, per_credit))


def components() -> Schema:
    """Return the shape of the components by name."""
    return mapping(_component(), NAME, least=1)
