"""The measures section."""

from premia_plan.schema.credits import ROLE
from premia_plan.schema.shapes import (
    NAME,
    UNIT,
    Schema,
    by_keys,
    mapping,
    object_of,
    one_of,
    shared,
    stated,
    text,
)

PERIODS = ("month", "quarter", "half", "year")
PER = r"^(payee|team along [a-z][a-z0-9_]*|territory|category|plan)$"
_OVER = rf"^({'|'.join(PERIODS)}|rolling [1-9]\d? months|year to date|quarter to date)$"


def _measure() -> Schema:
    period: dict[str, Schema] = {"over": shared("period"), "per": shared("per")}
    loaded = object_of(
        {"loaded": one_of("kpi", "sla"), "gives": shared("unit"), **period},
        {
            "missing": stated("exception", "zero", "last known"),
            "provisional": one_of("counts", "holds"),
        },
    )
    ratio = object_of({"of": text(), "to": text(), "zero": stated("exception")})
    return by_keys(
        {
            "loaded": loaded,
            **_of_credits(),
            "ratio": object_of({"ratio": ratio, **period}),
        },
        object_of({"formula": text(), **period}),
    )


def _of_credits() -> dict[str, Schema]:
    """Return the measures that add up, count or average credits, by the key that says so."""
    counted: dict[str, Schema] = {
        "of": text(),
        "dated_by": text(),
        "over": text(_OVER),
        "per": shared("per"),
    }
    more: dict[str, Schema] = {
        "when": text(),
        "whose": shared("whose"),
        "reversed_order": one_of("leaves", "leaves by its reversed share", "stays"),
    }
    empty: dict[str, Schema] = {"empty": stated("exception")}
    return {
        "count": object_of({"count": text(), **counted}, more),
        "distinct": object_of({"distinct": text(), **counted}, more),
        "average": object_of({"average": text(), **counted}, {**more, **empty}),
        "sum": object_of({"sum": text(), **counted}, more),
    }


DEFINITIONS: dict[str, Schema] = {
    "period": one_of(*PERIODS),
    "per": text(PER),
    "unit": text(UNIT),
    "whose": text(ROLE),
}


def measures() -> Schema:
    """Return the shape of the measures by name."""
    return mapping(_measure(), NAME)
