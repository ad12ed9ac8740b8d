"""The steps of a component, a pool or a plan."""

from typing import get_args

from premia_plan.apportion import Leftover
from premia_plan.checked.steps import Surplus
from premia_plan.quantities import NUMBER_PATTERN
from premia_plan.schema.shapes import (
    MONEY,
    Schema,
    by_key,
    list_of,
    object_of,
    one_of,
    shared,
    text,
)

_ROUND = rf"^(cent|{NUMBER_PATTERN})$"
_OTHERWISE = rf"^(hold|{MONEY[1:-1]})$"
_PERIODS = tuple(f"payee and {period}" for period in ("month", "quarter", "half", "year"))
_OF_PLAN = ("plan and month", "plan and year", "plan")
OWN_PERIOD = "own period"
"""Over what a team's, territory's, category's or plan's component gives in its period."""
OVER = ("line", "rate", "deal", *_PERIODS, OWN_PERIOD, "component", *_OF_PLAN, "pool", "release")
_PUSHED_BACK = r"^(by amount|in order|by .+)$"


def _step() -> Schema:
    rounding = object_of(
        {
            "round": text(_ROUND),
            "mode": one_of("half_up", "half_even", "up", "down"),
            "each": one_of("line", "sum"),
        }
    )
    gate = object_of(
        {"gate": text(), "otherwise": _otherwise()},
        {"met": one_of("whole period", "from the credit that met it")},
    )
    return by_key(
        "round",
        rounding,
        by_key(
            "gate",
            gate,
            by_key(
                "multiply",
                object_of({"multiply": text()}),
                _limit(),
            ),
        ),
    )


def _otherwise() -> Schema:
    """Return the shape of what a gate gives that is not met."""
    instead = by_key(
        "rate", object_of({"rate": text()}, {"of": text()}), object_of({"multiply": text()})
    )
    return {"if": {"type": "string"}, "then": text(_OTHERWISE), "else": instead}


def _limit() -> Schema:
    """Return the shape of a floor or a cap over one thing or several."""
    over, surplus = one_of(*OVER), one_of(*get_args(Surplus))
    back: dict[str, Schema] = {"pushed_back": shared("pushed_back"), "leftover": shared("leftover")}
    return by_key(
        "floor",
        object_of({"floor": text()}, {"over": over, **back}),
        object_of({"cap": text(), "over": over, "surplus": surplus}, back),
    )


def plan_steps() -> Schema:
    """Return the shape of a plan's steps over all its components."""
    return list_of(shared("step"))


DEFINITIONS: dict[str, Schema] = {
    "step": _step(),
    "pushed_back": text(_PUSHED_BACK),
    "leftover": one_of(*get_args(Leftover)),
}
