"""Plans that compare payees with each other: populations, ranks, and what their places are paid.

A piece that is worked into a plan of whole periods, so that what it reads and its steps vary too.
"""

from typing import Any

from hypothesis import strategies as st

from premia_plan.checked import CheckedPlan

from .period_plans import documents, steps, tiers
from .plans import checked

WHO = ('payee.kind = "agency"', "payee.grade >= 2", 'payee.line = "primary"', "payee.id is known")
DAYS = ("last day", "first day", "2026-02-10")
FIGURES = ("volume", "orders", "score", "attainment", "target.volume", "size", "quality")


@st.composite
def group_plans(draw: st.DrawFn) -> CheckedPlan:
    """Draw a plan whose components pay payees by comparison with others."""
    plan = draw(documents())
    currency = plan["currency"]
    component = next(iter(plan["components"].values()))
    over = component["per"].removeprefix("payee and ")
    plan["populations"] = {
        "reps": {"who": draw(st.sampled_from(WHO)), "day": draw(st.sampled_from(DAYS))},
        "lines": {"who": draw(st.sampled_from(WHO)), "same": "payee.line"},
    }
    plan["ranks"] = {"standing": draw(rank(over))}
    plan["measures"]["shared"] = {
        **plan["measures"]["volume"],
        **draw(st.sampled_from([{}, {"sum": "order.kwp * credit.amount"}])),
        "per": draw(st.sampled_from(["team along sales", "territory", "category", "plan"])),
        "reversed_order": draw(st.sampled_from(["leaves", "stays"])),
    }
    counted = {name: what for name, what in plan["measures"]["shared"].items() if name != "sum"}
    plan["measures"]["deals"] = {**counted, "count": "true"}
    plan["pools"] = {"fund": draw(pool(currency, over))}
    if plan["measures"]["shared"]["per"] == "plan" and draw(st.booleans()):
        plan["pools"]["fund"]["amount"] = "shared * 1 %"
    plan["components"] = {
        name: draw(compared(currency, over))
        for name in list(plan["components"])[: draw(st.integers(1, 2))]
    }
    first, *others = plan["components"]
    for name in others:
        if draw(st.booleans()):
            told = plan["components"][name]
            kept = {part: told[part] for part in ("per", "steps", "lands_in")}
            plan["components"][name] = {**kept, "amount": f"{first} * 50 %"}
    for part in ("release", "storno"):
        rules = plan["settlement"].get(part)
        kept = rules["effect"] if rules is not None and part == "storno" else rules
        for name in [name for name in kept or () if name not in plan["components"]]:
            del kept[name]
    if draw(st.booleans()):
        plan["targets"]["volume"]["first_of"] = draw(sources(currency))
    if draw(st.booleans()):
        plan["measures"]["score"]["formula"] = draw(st.sampled_from(SCORES))
    return checked(plan)


@st.composite
def sources(draw: st.DrawFn, currency: str) -> list[str]:
    """Draw where a target comes from, in order."""
    known = [
        "loaded",
        "loaded",
        "average of volume among reps * 110 %",
        "volume * 2 - 300 EUR",
        "if period.number >= 2 then 900 EUR else 0 EUR",
        "payee.pay * (if period.month <= 6 then 12.5 % else 7 %)",
        "500 EUR",
        "0 EUR",
    ]
    found = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
    return [each.replace("EUR", currency) for each in found]


SCORES = (
    "if volume > average of volume among reps then 120 % else quality",
    "quality / number of quality among lines else 10 %",
    "if rank of orders among lines = 1 then 100 % else 50 %",
)


@st.composite
def rank(draw: st.DrawFn, over: str) -> dict[str, Any]:
    ties = st.sampled_from(
        ["best shared", "worst shared", "average pay", "by id", "by orders", "by size * 2"]
    )
    return {
        "of": draw(st.sampled_from(["attainment", "volume", "orders * 2", "payee.grade", "size"])),
        "among": draw(st.sampled_from(["reps", "lines"])),
        "over": over,
        "order": draw(st.sampled_from(["highest first", "lowest first"])),
        "ties": draw(ties),
    }


@st.composite
def pool(draw: st.DrawFn, currency: str, over: str) -> dict[str, Any]:
    among = draw(st.sampled_from(["reps", "lines"]))
    amounts = [
        f"100.01 {currency}" if currency == "EUR" else f"101 {currency}",
        f"sum of volume among {among} * 3.3 %",
        f"sum of volume among {among} * 2 % - 50 {currency}",
        f"number of quality among {among} * 7 {currency}",
        f"if sum of orders among {among} > 2 then 200 {currency} else 0 {currency}",
        f"highest of volume among {among} * 1.111 % + 1 {currency}",
    ]
    weights = ["volume", "orders + 1", "orders - 2", "payee.grade otherwise 0.5", "payee.pay"]
    weights += [f"payee.pay otherwise 300 {currency}", "if orders >= 1 then 3 else 1", "quality"]
    made: dict[str, Any] = {
        "amount": draw(st.sampled_from(amounts)),
        "over": over,
        "among": among,
        "weights": draw(st.sampled_from(weights)),
        "scale": draw(st.sampled_from(["down only", "both ways"])),
    }
    limits = [
        {"cap": f"60 {currency}", "over": f"payee and {over}", "surplus": "lost"},
        {"floor": f"20 {currency}", "over": f"payee and {over}"},
        {"multiply": "80 %"},
    ]
    round_ = {"round": "cent", "mode": "half_up", "each": "sum"}
    chosen = draw(st.lists(st.sampled_from(range(len(limits))), max_size=2, unique=True))
    if draw(st.booleans()):
        made["steps"] = [*(limits[index] for index in chosen), round_]
    return made


@st.composite
def compared(draw: st.DrawFn, currency: str, over: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "per": f"payee and {over}",
        "steps": draw(steps(currency, over)),
        "lands_in": "the measured month",
    }
    if draw(st.integers(0, 2)) == 0:
        made["rank_pay"] = {
            "rank": "standing",
            "places": [
                {"places": "1", "pays": f"100 {currency}"},
                {"places": "2 to 3", "pays": f"35 {currency}"},
            ],
        }
        return made
    if draw(st.integers(0, 2)) == 0:
        return {**made, "pool": "fund"}
    figure, among = draw(st.sampled_from(FIGURES)), draw(st.sampled_from(["reps", "lines"]))
    amounts = [
        f"if volume > average of volume among {among} then 50 {currency} else 3 {currency}",
        f"if rank of {figure} among {among} = 1 then 100 {currency} else 0 {currency}",
        f"rank of {figure} among {among} * 7 {currency}",
        f"number of {figure} among {among} * 2 {currency}",
        f"sum of volume among {among} * 1 % + orders * 1 {currency}",
        f"highest of volume among {among} - lowest of volume among {among}",
        f"average of orders among {among} * 3 {currency}",
        f"if highest of {figure} among {among} = {figure} then 9 {currency} else 1 {currency}",
        f"if lowest of attainment among {among} > 50 % then volume * 1 % else 4 {currency}",
        f"standing * 2 {currency}",
    ]
    amounts += [
        "shared * 1 %",
        f"shared * 1 % + deals * 1 {currency}",
        f"if shared > volume then 20 {currency} else 2 {currency}",
        f"orders * 1 {currency} + shared * 0.5 %",
        f"rank of shared among {among} * 1 {currency}",
        f"sum of shared among {among} * 0.1 %",
    ]
    if draw(st.integers(0, 5)) == 0:
        made["tiers"] = {
            **draw(tiers(currency)),
            "mode": "whole",
            "looked_up_by": "shared",
            "pays_on": draw(st.sampled_from(["shared", "volume"])),
            "bands": [
                {"from": f"0 {currency}", "gives": "1 %"},
                {"from": f"500 {currency}", "gives": "2 %"},
            ],
        }
        return made
    if draw(st.integers(0, 3)) == 0:
        made["steps"].insert(0, {"gate": f"shared >= 200 {currency}", "otherwise": f"0 {currency}"})
    made["amount"] = draw(st.sampled_from(amounts))
    return made
