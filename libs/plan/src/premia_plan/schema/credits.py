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
    shared,
    text,
)

FACTS = ("order", "line", "activity", "bill", "payment", "credit note")
ROLE = r"^(order|line|activity|bill|payment|credit_note)\.[a-z][a-z0-9_]*$"
_ON_TOP = rf"^({NUMBER_PATTERN} ?%|\d+/\d+|[a-z][a-z0-9_]*\..+)$"
_SHARE = rf"^({NUMBER_PATTERN} ?%|\d+/\d+|rest|weight {NUMBER_PATTERN}|[a-z][a-z0-9_]*\..+)$"


def _share() -> Schema:
    return object_of({"to": text(ROLE), "share": text(_SHARE)}, {"when": text()})


DEFINITIONS: dict[str, Schema] = {"credit_share": _share()}


def _first() -> Schema:
    periods = (f"payee and {period}" for period in ("month", "quarter", "half", "year", "plan"))
    return object_of(
        {"count": text(), "per": one_of(*periods), "dated_by": text()},
        {"taken": text(), "reversal": one_of("keeps", "frees")},
    )


def _credit() -> Schema:
    uses = list_of(one_of("money", "target"))
    rollup = object_of(
        {"of": text(), "along": text(), "levels": text(r"^([1-9]\d?|all)$"), "dated_by": text()},
        {"share": text()},
    )
    overlay = object_of({"of": text(), "to": text(ROLE), "share": text(_ON_TOP)}, {"when": text()})
    direct = object_of(
        {
            "amount": text(),
            "divides": one_of("base", "commission", "each"),
            "shares": list_of(shared("credit_share")),
        },
        {
            "from": one_of(*FACTS),
            "where": text(),
            "sums_to": text(r"^(100 %|any)$"),
            "quota": text(),
            "quantity": text(),
            "first": _first(),
            "each_year": object_of({"count": text(), "from": text()}),
            "cap": object_of({"amount": text(), "surplus": one_of("lost", "deferred")}),
            "leftover": shared("leftover"),
            "counts_for": uses,
        },
    )
    return by_key(
        "rollup",
        object_of({"rollup": rollup}, {"counts_for": uses}),
        by_key("overlay", object_of({"overlay": overlay}, {"counts_for": uses}), direct),
    )


def credits() -> Schema:
    """Return the shape of the credit rules by name."""
    return mapping(_credit(), NAME, least=1)
