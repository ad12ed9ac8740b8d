"""Plans that pay payees for whole periods, drawn at random: figures, amounts and steps of all kinds."""

from typing import Any

from hypothesis import strategies as st

from premia_plan.checked import CheckedPlan

from .plans import checked
from .schedules import CLOSE, closing

KINDS = ("month", "quarter", "half", "year")
STATES = ("activated", "first_bill_paid")


@st.composite
def period_plans(draw: st.DrawFn) -> CheckedPlan:
    """Draw a plan whose components pay payees' periods."""
    return checked(draw(documents()))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    currency = draw(st.sampled_from(["EUR", "EUR", "JPY"]))
    over = draw(st.sampled_from(KINDS))
    measures, names = draw(measured(currency, over))
    targets = draw(target(currency, over))
    components = {
        name: draw(component(currency, over, names))
        for name in ("first", "second")[: draw(st.integers(1, 2))]
    }
    effect: dict[str, Any] = {}
    release: dict[str, Any] = {}
    has_storno = draw(st.integers(0, 3)) > 0
    for name in components:
        closed = [{"share": "rest", "at": CLOSE}]
        release[name] = closed if has_storno or draw(st.booleans()) else draw(closing())
        effect[name] = {"recount": "the measured month"}
    storno = {
        "when": "order reached cancelled",
        "lands_in": "month of the event",
        "effect": effect,
    }
    if draw(st.booleans()):
        storno["void_when"] = 'reversal.imputable_to = "principal"'
    plan: dict[str, Any] = {
        "plan": "periods",
        "language": "1",
        "title": {"en": "Periods"},
        "currency": currency,
        "time_zone": "Europe/Rome",
        "pay_period": "month",
        "valid": {
            "from": "2026-01-01",
            "to": draw(st.sampled_from(["2027-01-01", "2026-05-16"])),
            "by": "order.signed_on",
        },
        "participants": draw(st.sampled_from(['payee.kind = "agency"', 'payee.channel != "web"'])),
        "attributes": {
            "order": {"product": "text", "kwp": "count"},
            "payee": {"grade": "count", "pay": "money", "line": "text"},
        },
        "credits": {
            "sale": {
                "amount": "order.amount",
                "divides": "base",
                "shares": [{"to": "order.seller", "share": "rest"}],
            }
        },
        "measures": measures,
        "targets": targets,
        "attainments": {
            "attainment": {
                "of": "volume",
                "against": "target",
                "target_zero": draw(st.sampled_from(["exception", "120 %"])),
            }
        },
        "components": components,
        "settlement": {"states": {"model": "energy_order", "of": "order"}, "release": release},
        "payment": {"negative_balance": "carried", "minimum": f"0 {currency}"},
        "examples": [
            {"name": "nothing", "given": {"payees": [{"id": "A1", "kind": "agency"}]}, "expect": {}}
        ],
    }
    if has_storno:
        plan["settlement"]["storno"] = storno
    if draw(st.booleans()):
        plan["acceptance"] = {"required": "true", "until_accepted": "hold"}
    return plan


@st.composite
def measured(draw: st.DrawFn, currency: str, over: str) -> tuple[dict[str, Any], list[str]]:
    """Draw the measures of a plan, and the names of those that are counts."""
    dated = {
        "of": "sale",
        "when": "order reached activated",
        "dated_by": "day of activated",
        "per": "payee",
    }

    def leaves() -> str:
        return draw(st.sampled_from(["leaves", "stays"]))

    windows = ["rolling 3 months", "year to date", "quarter to date"]
    own = st.sampled_from([over, *(windows if over == "month" else [])])
    missing = draw(st.sampled_from(["exception", "zero", "80 %"]))
    measures: dict[str, Any] = {
        "volume": {"sum": "credit.amount", **dated, "over": over, "reversed_order": leaves()},
        "orders": {
            "count": draw(st.sampled_from(["true", 'order.category = "gas"', "order.kwp >= 4"])),
            **dated,
            "over": draw(own),
            "reversed_order": leaves(),
        },
        "kinds": {
            "distinct": draw(st.sampled_from(["order.category", "order.kwp"])),
            **dated,
            "over": draw(own),
            "reversed_order": leaves(),
        },
        "size": {
            "average": draw(st.sampled_from(["credit.amount", "order.kwp * 100 EUR"]))
            if currency == "EUR"
            else "credit.amount",
            **dated,
            "over": draw(own),
            "empty": f"12 {currency}",
            "reversed_order": leaves(),
        },
        "quality": {
            "loaded": "kpi",
            "gives": "percent",
            "over": over,
            "per": "payee",
            "missing": missing,
        },
        "score": {
            "formula": draw(
                st.sampled_from(
                    [
                        "min(attainment, 130 %) * 50 % + quality * 50 %",
                        "if orders >= 2 then attainment else quality",
                        "attainment",
                        "quality * 3 / 7",
                        "orders / kinds else 40 %",
                    ]
                )
            ),
            "over": over,
            "per": "payee",
        },
    }
    if measures["score"]["formula"].startswith("orders /"):
        measures["score"]["formula"] = "if kinds > 0 then quality else 40 %"
    return measures, ["orders", "kinds"]


@st.composite
def target(draw: st.DrawFn, currency: str, over: str) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "gives": "money",
        "over": over,
        "per": "payee",
        "missing": draw(st.sampled_from(["exception", f"700 {currency}"])),
        "zero": draw(st.sampled_from(["exception", f"0 {currency}", f"100 {currency}"])),
    }
    if draw(st.booleans()):
        rule["joiner"] = "by calendar days"
    return {"volume": rule}


@st.composite
def component(draw: st.DrawFn, currency: str, over: str, counts: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "per": f"payee and {over}",
        "steps": draw(steps(currency, over)),
        "lands_in": "the measured month",
    }
    kind = draw(st.sampled_from(["formula", "formula", "tiers", "curve", "scorecard"]))
    match kind:
        case "formula":
            made["amount"] = draw(st.sampled_from(amounts(currency)))
        case "tiers":
            made["tiers"] = draw(tiers(currency))
        case "curve":
            made["curve"] = draw(curve(currency))
        case "scorecard":
            made["scorecard"] = card()
    return made


def amounts(currency: str) -> list[str]:
    return [
        f"max(orders - 2, 0) * 20 {currency}",
        f"orders * (if quality >= 95 % then 15 {currency} else 5 {currency})",
        "payee.pay * score",
        "if score >= 80 % then payee.pay * score else size",
        "volume * 1.5 % * (payee.grade otherwise 1)",
        f"if quality >= 92 % and orders >= 1 then 200 {currency} else -3 {currency}",
        f'if payee.line = "primary" then 10 {currency} else kinds * 1 {currency}',
        f"period.number * 7 {currency} + size / 3",
        "target.volume * 2 % + volume ^ 1 * 0.3 %",
        f"100 {currency}",
        "round(volume * score, to: 5, half_even)",
        f"orders * 1 {currency} / (kinds - 1) else 2 {currency}",
    ]


@st.composite
def tiers(draw: st.DrawFn, currency: str) -> dict[str, Any]:
    by = draw(st.sampled_from(["attainment", "volume", "orders", "score"]))
    unit = {"attainment": " %", "score": " %", "volume": f" {currency}", "orders": ""}[by]
    few = [1, 2, 4] if by == "orders" else [20, 50, 95, 100, 400]
    starts = sorted(draw(st.sets(st.sampled_from(few), max_size=3)))
    first = draw(st.sampled_from([0, 0, few[0] - 1]))
    starts = [first, *(start for start in starts if start > first)]
    pays_on = draw(st.sampled_from(["volume", "size"]))
    modes = ["whole"]
    if by == pays_on or (by == "attainment" and pays_on == "volume"):
        modes.append("marginal")
    return {
        "mode": draw(st.sampled_from(modes)),
        "looked_up_by": by,
        "pays_on": pays_on,
        "edge": draw(
            st.sampled_from(["to the band that starts there", "to the band that ends there"])
        ),
        "below_first": draw(st.sampled_from(["nothing", "as the first band", "exception"])),
        "above_last": draw(st.sampled_from(["open", "flat", "nothing"])),
        "bands": [
            {"from": f"{start}{unit}", "gives": draw(st.sampled_from(["0 %", "1 %", "3.333 %"]))}
            for start in starts
        ],
    }


@st.composite
def curve(draw: st.DrawFn, currency: str) -> dict[str, Any]:
    return {
        "looked_up_by": draw(st.sampled_from(["attainment", "quality", "score"])),
        "pays_on": draw(st.sampled_from(["payee.pay", "volume"])),
        "below": draw(st.sampled_from(["nothing", "as the first point"])),
        "above": draw(st.sampled_from(["as the last point"])),
        "points": [
            {"at": "50 %", "gives": "40 %"},
            {"at": "95 %", "gives": "100 %"},
            {"at": "120 %", "gives": "180 %"},
        ],
    }


def card() -> dict[str, Any]:
    levels = [{"from": "0 %", "gives": "0 %"}, {"from": "50 %", "gives": "60 %"}]
    return {
        "pays_on": "payee.pay",
        "objectives": [
            {
                "name": "sales",
                "weight": "60 %",
                "levels": {
                    "looked_up_by": "attainment",
                    "levels": [*levels, {"from": "100 %", "gives": "150 %"}],
                },
            },
            {"name": "quality", "weight": "40 %", "score": "quality"},
        ],
    }


@st.composite
def steps(draw: st.DrawFn, currency: str, over: str) -> list[dict[str, Any]]:
    choices: list[dict[str, Any]] = [
        {
            "gate": draw(st.sampled_from(["quality >= 92 %", "orders >= 1", "attainment >= 50 %"])),
            "otherwise": f"{draw(st.sampled_from(['0', '7']))} {currency}",
        },
        {
            "multiply": draw(
                st.sampled_from(["if quality >= 95 % then 120 % else 100 %", "score", "2"])
            )
        },
        {
            "cap": f"{draw(st.sampled_from(['0', '25', '2500']))} {currency}",
            "over": f"payee and {over}",
            "surplus": "lost",
        },
        {"cap": f"size * 2 + 1 {currency}", "over": f"payee and {over}", "surplus": "lost"},
        {"floor": f"{draw(st.sampled_from(['1', '30']))} {currency}", "over": f"payee and {over}"},
        {"round": "5", "mode": draw(st.sampled_from(["up", "down", "half_even"])), "each": "sum"},
    ]
    others = draw(st.lists(st.sampled_from(range(len(choices))), max_size=3, unique=True))
    made = [choices[index] for index in others]
    round_ = {"round": "cent", "mode": "half_up", "each": "sum"}
    if draw(st.booleans()):
        made.insert(draw(st.integers(0, len(made))), round_)
    return [*made, round_]
