"""The payment and proration sections."""

from collections.abc import Mapping

from premia_plan.schema.shapes import (
    DAY,
    MONEY,
    MONTH,
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

_MONTHS = r"^[1-9]\d{0,2}$"


def payment() -> Schema:
    """Return the shape of how balances, draws and reserves are paid."""
    return object_of(
        {},
        {
            "negative_balance": one_of("carried", "forgiven", "due at leaving"),
            "minimum": text(MONEY),
            "draws": mapping(_draw(), NAME),
            "reserves": mapping(_reserve(), NAME),
        },
    )


def proration() -> Schema:
    """Return the shape of what counts in part for who is in the plan for part of a period."""
    yes = one_of("true", "false")
    return object_of(
        {},
        {
            "basis": one_of("calendar days", "working days", "completed months", "started months"),
            "leave": one_of("excluded", "counts"),
            "scales": object_of({}, {"target": yes, "guarantee": yes, "pay": yes, "cap": yes}),
        },
    )


def _draw() -> Schema:
    terms: dict[str, Schema] = {
        "preset": one_of(
            "recoverable draw",
            "non-recoverable draw",
            "recoverable guarantee",
            "non-recoverable guarantee",
        ),
        "for": text(description="a condition on the payee; without it the draw is for everybody"),
        "recoverable": one_of("true", "false"),
        "recovered_from": one_of("all earnings", "above the level"),
        "recovery_share": text(RATE),
        "drawn": shared("span"),
        "recovered": shared("span"),
        "below_level": one_of("allowed", "not allowed"),
        "at_leaving": one_of("due", "forgiven"),
    }
    amount = text(description="an amount, or a formula about the payee")
    return by_key(
        "level", object_of({"level": amount}, terms), object_of({"amount": amount}, terms)
    )


def _reserve() -> Schema:
    released = by_key(
        "date",
        object_of({"date": text(DAY)}),
        by_key(
            "months",
            object_of({"months": text(_MONTHS)}),
            object_of({"months_after_leaving": text(r"^\d{1,3}$")}),
        ),
    )
    covered: Schema = {
        "if": {"type": "string"},
        "then": one_of("all"),
        "else": list_of(text()),
    }
    return object_of(
        {
            "of": covered,
            "withholds": list_of(object_of({"from": text(MONEY), "share": text(RATE)})),
            "released": released,
        },
        {
            "ceiling": text(MONEY),
            "meets_reversals": one_of("true", "each reversal", "false"),
            "refills": one_of("true", "false"),
        },
    )


DEFINITIONS: Mapping[str, Schema] = {
    "span": by_key(
        "first",
        object_of({"first": text(_MONTHS)}, {"last": text(_MONTHS)}),
        object_of({}, {"from": text(MONTH), "to": text(MONTH)}),
    ),
}
"""Months of the calendar, or counted from the one of joining, which is 1; both ends are in."""
