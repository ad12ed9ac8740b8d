"""The credits section."""

from premia_plan.quantities import NUMBER_PATTERN
from premia_plan.schema.shapes import (
    NAME,
    Schema,
    by_key,
    list_of,
    mapping,
    object_of,
    one_of,
    text,
)


def _credit() -> Schema:
    share = object_of(
        {
            "to": one_of("order.seller", "order.partner"),
            "share": text(rf"^({NUMBER_PATTERN} ?%|rest)$"),
        },
        {"when": text()},
    )
    uses = list_of(one_of("money", "target"))
    rollup = object_of(
        {"of": text(), "along": text(), "levels": text(r"^[1-9]\d?$"), "dated_by": text()}
    )
    direct = object_of(
        {"amount": text(), "divides": one_of("base"), "shares": list_of(share)},
        {"counts_for": uses},
    )
    return by_key("rollup", object_of({"rollup": rollup}, {"counts_for": uses}), direct)


def credits() -> Schema:
    """Return the shape of the credit rules by name."""
    return mapping(_credit(), NAME, least=1)
