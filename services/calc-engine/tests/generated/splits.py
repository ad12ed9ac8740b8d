"""Who generated plans credit: shares of every kind, and overlays on top of them."""

from typing import Any

from hypothesis import strategies as st

AMOUNTS = ("order.amount", "order.amount", "order.amount * order.kwp * 0.5")
WHEN = ("order.partner is known", 'order.category = "gas"')
VALUES = ("order.kwp * 0.1", "order.kwp * 0.2 - 0.7", "order.kwp ^ 2 * 0.0123456")
"""Shares that the order tells; some orders have none, or one below nothing."""


@st.composite
def split(draw: st.DrawFn, currency: str) -> dict[str, Any]:
    """Draw a direct credit."""
    if draw(st.booleans()):
        return draw(plain_split())
    made: dict[str, Any] = {"amount": draw(st.sampled_from(AMOUNTS)), "divides": "base"}
    made |= draw(st.sampled_from([weighted, valued, summed]).flatmap(lambda each: each()))
    if draw(st.booleans()):
        made["divides"] = "each"
    if draw(st.booleans()):
        made["where"] = draw(st.sampled_from(["order.kwp > 3", "order.renewal = true"]))
    if draw(st.booleans()):
        most = draw(st.sampled_from([f"800 {currency}", f"order.kwp * 100 {currency}"]))
        made["cap"] = {"amount": most, "surplus": "lost"}
    return made


@st.composite
def plain_split(draw: st.DrawFn) -> dict[str, Any]:
    """Draw shares that are written down, and one that takes the rest."""
    when, ratio = draw(st.sampled_from(WHEN)), draw(st.sampled_from(["25 %", "33.3333 %", "50 %"]))
    shares: list[dict[str, str]] = [{"to": "order.partner", "share": ratio, "when": when}]
    if draw(st.booleans()):
        shares.append({"to": "order.partner", "share": "33.3 %"})
    shares.insert(draw(st.integers(0, len(shares))), {"to": "order.seller", "share": "rest"})
    if draw(st.booleans()):
        shares = [{"to": "order.seller", "share": "rest"}]
    return {"amount": draw(st.sampled_from(AMOUNTS)), "divides": "base", "shares": shares}


@st.composite
def weighted(draw: st.DrawFn) -> dict[str, Any]:
    """Draw shares by weight, beside one that is written down or told by the order."""
    shares: list[dict[str, str]] = [
        {"to": "order.seller", "share": "weight 2.5"},
        {"to": "order.partner", "share": "weight 1", "when": draw(st.sampled_from(WHEN))},
    ]
    if draw(st.booleans()):
        other = draw(st.sampled_from(["10 %", "1/7", *VALUES]))
        shares.append({"to": "order.partner", "share": other})
    return {"shares": draw(st.permutations(shares))}


@st.composite
def valued(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a share that the order tells, and one that takes the rest or its own part."""
    shares = [{"to": "order.partner", "share": draw(st.sampled_from(VALUES))}]
    shares.append({"to": "order.seller", "share": draw(st.sampled_from(["rest", *VALUES]))})
    is_all = shares[-1]["share"] == "rest" or draw(st.booleans())
    return {"shares": shares} if is_all else {"shares": shares, "sums_to": "any"}


@st.composite
def summed(draw: st.DrawFn) -> dict[str, Any]:
    """Draw shares that need not be all: more, less, or not always as much."""
    ratios = st.sampled_from(["60 %", "1/3", "40 %", "0 %"])
    shares = [
        {"to": "order.seller", "share": draw(ratios)},
        {"to": "order.partner", "share": draw(ratios), "when": draw(st.sampled_from(WHEN))},
    ]
    return {"shares": shares, "sums_to": "any"}


@st.composite
def overlay(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a further credit on the whole deals of the sale."""
    made = {"of": "sale", "to": "order.partner"}
    made["share"] = draw(st.sampled_from(["15 %", "1/3", "120 %", *VALUES[:2]]))
    if draw(st.booleans()):
        made["when"] = draw(st.sampled_from(WHEN))
    return made
