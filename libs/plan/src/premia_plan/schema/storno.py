"""The storno: when pay is taken back, how much of it, and when not at all."""

from premia_plan.schema.credits import FACTS
from premia_plan.schema.shapes import (
    NAME,
    RATE,
    Schema,
    by_key,
    list_of,
    mapping,
    object_of,
    one_of,
    shared,
    text,
)

_ELAPSED = one_of("days", "completed months", "started months")

AT_ORIGINAL_BANDS = "at the bands of its original"


def _takes() -> Schema:
    """Return the shape of a size: a part, steps of time, the rest of a term, or a formula."""
    steps = object_of(
        {
            "elapsed": _ELAPSED,
            "since": text(),
            "steps": list_of(object_of({"within": text(r"^\d{1,4}$"), "takes": text(RATE)})),
        }
    )
    term = object_of(
        {"in_proportion_to": text(), "elapsed": _ELAPSED, "since": text()},
        {"each": one_of("contract year")},
    )
    written = by_key("steps", steps, by_key("formula", object_of({"formula": text()}), term))
    return {"if": {"type": "string"}, "then": text(RATE), "else": written}


def _rule() -> Schema:
    """Return the shape of a rule."""
    effect = by_key(
        "recount",
        object_of(
            {"recount": one_of("the measured month", "the measured period")},
            {"reversed": one_of("slides down", AT_ORIGINAL_BANDS)},
        ),
        object_of(
            {
                "takes": _takes(),
                "out_of": one_of("earned", "released", "paid"),
                "unreleased": one_of("dropped", "kept", "reduced"),
            }
        ),
    )
    landing = text(
        r"^(month of the event|month of the event up to day [1-9]\d?|close of the quarter|"
        r"close of the half|close of the year|[1-9]\d? months after the event|"
        r"[1-9]\d? days after the event)$"
    )
    after = {"after": text()}
    within = by_key(
        "months", object_of({"months": text(), **after}), object_of({"days": text(), **after})
    )
    return object_of(
        {"when": text(), "lands_in": landing, "effect": mapping(effect)},
        {
            "of": one_of(*FACTS),
            "within": within,
            "recorded_when": text(),
            "void_when": text(),
            "if_void": mapping(one_of("release the rest", "keep")),
            "undecided_when": text(),
            "reinstated_when": text(),
            "window_after_reinstatement": one_of("goes on", "restarts"),
        },
    )


DEFINITIONS: dict[str, Schema] = {"storno_rule": _rule()}


def storno() -> Schema:
    """Return the shape of the storno: one rule, or several by name."""
    rule = shared("storno_rule")
    return by_key("rules", object_of({"rules": mapping(rule, NAME, least=1)}), rule)
