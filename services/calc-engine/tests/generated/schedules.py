"""When generated plans pay: schedules of shares at moments of every kind."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

RELEASING = ("activated", "first_bill_paid")
CLOSE = "close of the measured month"
WHILE = (
    "not order reached cancelled",
    "order reached first_bill_paid",
    "days between(order.signed_on, day of activated) <= 12 days",
    "order.kwp > 4",
)
"""Conditions that may not hold on the day a share is due."""


@st.composite
def releases(
    draw: st.DrawFn, components: Mapping[str, Any], storno: Mapping[str, Any] | None
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in components:
        first = draw(st.sampled_from(RELEASING))
        shares: list[dict[str, Any]] = [{"share": "rest", "at": draw(st.sampled_from(RELEASING))}]
        if draw(st.booleans()):
            ratio = draw(st.sampled_from(["65 %", "33.3 %", "0.5 %"]))
            shares.insert(0, {"share": ratio, "at": first})
            if ratio == "33.3 %" and draw(st.booleans()):
                shares.insert(0, {"share": "16.6 %", "at": first})
        if draw(st.integers(0, 3)) == 0:
            shares[-1]["instalments"] = draw(instalments())
        if name != "bonus" and draw(st.integers(0, 2)) == 0:
            shares = [share | draw(moments()) for share in shares]
        found[name] = shares
    closed: list[dict[str, Any]] = [{"share": "rest", "at": CLOSE}]
    is_recounted = storno is not None and "recount" in storno["effect"]["bonus"]
    if is_recounted or draw(st.booleans()):
        found["bonus"] = closed
        if not is_recounted:
            found["bonus"] = draw(closing())
    return found


@st.composite
def closing(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw when a period is paid that is not counted again: at its close, or some time after."""
    rest: dict[str, Any] = {"share": "rest", "at": draw(st.just(CLOSE) | after(CLOSE))}
    if draw(st.integers(0, 3)) == 0:
        rest["instalments"] = draw(instalments())
    first = {"share": "40 %", "at": draw(after(CLOSE))}
    return [first, rest] if draw(st.booleans()) else [rest]


def instalments() -> st.SearchStrategy[dict[str, str]]:
    """Draw how a share is paid in parts."""
    plans = [("3", "month"), ("2", "quarter"), ("3", "year")]
    return st.sampled_from([{"count": count, "every": every} for count, every in plans])


def after(base: str) -> st.SearchStrategy[dict[str, str]]:
    """Draw a moment some time after a state or a close."""
    return st.sampled_from(
        [
            {"days": "30", "after": base},
            {"months": "1", "after": base},
            {"months": "1", "after": base, "day": "15"},
            {"months": "0", "after": base, "day": "last"},
        ]
    )


@st.composite
def moments(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a share's moment, and a condition that may have to hold then."""
    state = draw(st.sampled_from(RELEASING))
    dated = [
        {"date": "order.delivery"},
        {"date": "max(order.delivery, day of activated)"},
        {"date": "last day of quarter(add days(day of activated, 10))"},
        {"days": "order.kwp * 3", "after": state},
        {"months": "order.kwp otherwise 2", "after": state, "day": "31"},
    ]
    found: dict[str, Any] = {"at": draw(after(state) | st.sampled_from(dated) | st.just(state))}
    if draw(st.booleans()):
        found["while"] = draw(st.sampled_from(WHILE))
        if draw(st.booleans()):
            found["otherwise"] = draw(st.sampled_from(["held", "dropped"]))
    return found
