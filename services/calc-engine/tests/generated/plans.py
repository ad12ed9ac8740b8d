"""Plans of many shapes, drawn at random: documents that the checker accepts.

A plan is put together from independent pieces, each a strategy of its own. To add a construct,
add a piece or a choice within one; the laws over all engines then cover it.
"""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from premia_common.canonical import canonical_json
from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import PlanDocument

from .schedules import RELEASING, releases
from .splits import overlay, split

STATES = ("accepted", "activated", "first_bill_paid", "cancelled", "churned")

percent = st.sampled_from(["0 %", "0.5 %", "1 %", "2.5 %", "3 %", "3.333 %", "12 %", "-1 %"])
positive_percent = st.sampled_from(["0.5 %", "1 %", "2.5 %", "3.333 %", "12 %"])
VALID = st.sampled_from(
    [
        {"from": "2026-01-01", "to": "2027-01-01"},
        {"from": "2026-01-01", "to": "2027-01-01"},
        {"from": "2026-02-03", "to": "2026-03-12"},
    ]
)
"""What is measured of an order may fall into months before its plan begins, or after its end."""

money = st.sampled_from(["0", "1", "38", "40.125", "60"])


@st.composite
def plans(draw: st.DrawFn) -> CheckedPlan:
    """Draw a plan that can be calculated."""
    return checked(draw(documents()))


def checked(content: Mapping[str, Any]) -> CheckedPlan:
    """Return the typed plan of a document."""
    found = check_plan(PlanDocument.from_canonical(canonical_json(content)))
    assert found.plan is not None, [str(item) for item in found.errors]
    return found.plan


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    currency = draw(st.sampled_from(["EUR", "EUR", "JPY"]))
    has_rollup = draw(st.booleans())
    tiers = draw(tiered(currency))
    components: dict[str, Any] = {"base": draw(base()), "fee": draw(fee())}
    if has_rollup:
        components["override"] = _on_credits("team", "credit.amount * override_rate")
    if draw(st.booleans()):
        components["extra"] = draw(extra(currency))
    has_overlay = draw(st.integers(0, 3)) == 0
    if has_overlay:
        components["expert"] = _on_credits("expert", "credit.amount * 7.77 %")
    measures = dict(tiers.pop("measures"))
    components["bonus"] = tiers.pop("component")
    storno = draw(st.none() | stornos(list(components)))
    plan: dict[str, Any] = {
        "plan": "generated",
        "language": "1",
        "title": {"en": "Generated"},
        "currency": currency,
        "time_zone": "Europe/Rome",
        "pay_period": "month",
        "valid": {**draw(VALID), "by": "order.signed_on"},
        "participants": draw(
            st.sampled_from(
                ['payee.kind = "agency"', 'payee.channel != "web"', "payee.id is known"]
            )
        ),
        "attributes": {
            "order": {"product": "text", "kwp": "count", "delivery": "date", "renewal": "bool"}
        },
        "tables": draw(tables(currency)),
        "credits": {"sale": draw(split(currency))},
        "measures": measures,
        "components": components,
        "settlement": {
            "states": {"model": "energy_order", "of": "order"},
            "release": draw(releases(components, storno)),
        },
        "payment": {"negative_balance": "carried", "minimum": f"0 {currency}"},
        "examples": [
            {"name": "nothing", "given": {"payees": [{"id": "A1", "kind": "agency"}]}, "expect": {}}
        ],
        **tiers,
    }
    if has_overlay:
        plan["credits"]["expert"] = {"overlay": draw(overlay())}
    if has_rollup:
        levels = draw(st.sampled_from(["1", "2", "3", "all"]))
        rollup = {"of": "sale", "along": "sales", "levels": levels}
        plan["credits"]["team"] = {"rollup": {**rollup, "dated_by": "order.signed_on"}}
    if draw(st.booleans()):
        plan["acceptance"] = {"required": "true", "until_accepted": "hold"}
    if draw(st.booleans()):
        plan["covers"] = draw(
            st.sampled_from(["order.kwp is known", 'not order.category = "power"'])
        )
    if storno is not None:
        plan["settlement"]["storno"] = storno
    return plan


def _on_credits(of: str, amount: str) -> dict[str, Any]:
    round_ = {"round": "cent", "mode": "half_up", "each": "line"}
    return {"per": f"credit of {of}", "amount": amount, "steps": [round_]}


@st.composite
def base(draw: st.DrawFn) -> dict[str, Any]:
    amounts = [
        "credit.amount * commission_rate",
        "credit.amount * commission_rate - credit.amount * 0.123 %",
        "order.kwp * credit.amount * commission_rate * 0.01",
    ]
    return _on_credits("sale", draw(st.sampled_from(amounts)))


@st.composite
def fee(draw: st.DrawFn) -> dict[str, Any]:
    amounts = ["order.kwp * fee_per_kwp", "fee_per_kwp * 3", "-fee_per_kwp * order.kwp"]
    return _on_credits("sale", draw(st.sampled_from(amounts)))


CONDITIONS = (
    'order.product starts with "roof"',
    'order.product ends with "nd" or order.category contains "a"',
    "order.kwp >= 4 and not order.amount < 500 EUR",
    "order.delivery is known",
    "days between(order.signed_on, order.delivery) <= 21 days",
    "order reached activated and day of activated >= order.signed_on",
    'order.category in ["gas", "wood"]',
    "order.renewal = true",
    "commission_rate > 1 %",
    "credit.amount / order.amount else 0 % > 30 %",
    "order.kwp otherwise 7 > 6",
    "months between(order.signed_on, day of activated) < 2 months",
)


@st.composite
def extra(draw: st.DrawFn, currency: str) -> dict[str, Any]:
    """Draw a component on credits with formulas and steps of every kind."""
    amounts = [
        "35 EUR",
        "if order.kwp > 4 then order.kwp * fee_per_kwp else 12 EUR",
        "max(order.amount * 1 %, min(order.amount, 20 EUR))",
        "(order.kwp otherwise 2) * 3.5 EUR",
        "credit.amount * (credit.amount / order.amount else 50 %) * 1 %",
        "round(credit.amount * 1.234 %, to: 5, up)",
        "abs(credit.amount) * 0.5 %",
        "floor(order.kwp * 1.5) * 1 EUR",
        "order.kwp ^ 2 * 0.1 EUR",
        "year of(order.signed_on) / 2000 * quarter of(order.signed_on) * 1 EUR",
        "if order.renewal = true then commission_rate * credit.amount else 0 EUR",
        '(if order.category = "gas" then order.kwp else 1) * 2 EUR',
        "fee_per_kwp",
    ]
    made = _on_credits("sale", draw(st.sampled_from(amounts)).replace("EUR", currency))
    if draw(st.booleans()):
        made["when"] = draw(st.sampled_from(CONDITIONS)).replace("EUR", currency)
    rounding = made["steps"][0]
    others = [
        {"gate": draw(st.sampled_from(CONDITIONS)), "otherwise": "0 EUR"},
        {"gate": draw(st.sampled_from(CONDITIONS)), "otherwise": "3 EUR"},
        {
            "multiply": draw(
                st.sampled_from(["order.kwp", "150 %", "if order.kwp > 4 then 2 else 1"])
            )
        },
        {"cap": "9 EUR", "over": "line", "surplus": "lost"},
        {"cap": "order.kwp * 2 EUR", "over": "line", "surplus": "lost"},
        {"floor": "5 EUR", "over": "line"},
    ]
    picked = draw(st.lists(st.sampled_from(range(len(others))), max_size=3, unique=True))
    steps = [
        {key: value.replace("EUR", currency) for key, value in others[index].items()}
        for index in picked
    ]
    first = [rounding] if draw(st.booleans()) else []
    made["steps"] = [*first, *steps, rounding]
    return made


@st.composite
def tables(draw: st.DrawFn, currency: str) -> dict[str, Any]:
    missing = draw(st.sampled_from(["exception", "zero"]))
    rates = [
        {"territory": territory, "category": category, "gives": draw(percent), **validity}
        for territory, category in draw(
            st.sets(
                st.tuples(
                    st.sampled_from(["nord", "italia", "milano", "any"]),
                    st.sampled_from(["gas", "energy", "any"]),
                ),
                min_size=1,
            ).map(sorted)
        )
        for validity in draw(validities())
    ]
    fees = [
        {"product": product, "kwp": start, "gives": f"{draw(money)} {currency}"}
        for product in ("rooftop", draw(st.sampled_from(["ground", "any"])))
        for start in ("0", "4.5", "6")
    ]
    return {
        "commission_rate": {
            "gives": "percent",
            "keys": [
                {"territory": {"value": "order.territory", "match": "tree"}},
                {"category": {"value": "order.category", "match": "tree"}},
            ],
            "dated_by": "order.signed_on",
            "missing": missing,
            "rows": rates,
        },
        "fee_per_kwp": {
            "gives": "money",
            "keys": [
                {"product": {"value": "order.product", "match": "exact"}},
                {"kwp": {"value": "order.kwp", "match": "band"}},
            ],
            "missing": draw(st.sampled_from(["exception", "zero"])),
            "rows": fees,
        },
        "override_rate": {
            "gives": "percent",
            "keys": [{"level": {"value": "credit.level", "match": "exact"}}],
            "missing": draw(st.sampled_from(["exception", "zero"])),
            "rows": [
                {"level": "1", "gives": draw(percent)},
                {"level": "3", "gives": draw(percent)},
            ],
        },
    }


def validities() -> st.SearchStrategy[list[dict[str, str]]]:
    """Draw the dated rows of one combination of keys: one, two that meet, or one that ends."""
    whole = {"from": "2026-01-01", "to": "2027-01-01"}
    halves = [
        {"from": "2026-01-01", "to": "2026-03-15"},
        {"from": "2026-03-15", "to": "2027-01-01"},
    ]
    return st.sampled_from([[whole], halves, [{"from": "2026-02-01", "to": "2026-04-01"}]])


@st.composite
def tiered(draw: st.DrawFn, currency: str) -> dict[str, Any]:
    """Draw measures, targets and a component that pays on a payee's month."""
    state = draw(st.sampled_from(RELEASING))
    dated = {
        "when": f"order reached {state}",
        "dated_by": f"day of {state}",
        "over": "month",
        "per": "payee",
        "reversed_order": draw(st.sampled_from(["leaves", "stays"])),
    }
    other = {**dated, "reversed_order": draw(st.sampled_from(["leaves", "stays"]))}
    value = draw(st.sampled_from(["credit.amount", "credit.amount * 1.5"]))
    measures: dict[str, Any] = {
        "volume": {"sum": value, "of": "sale", **dated},
        "power": {"sum": "order.kwp", "of": "sale", **other},
        "quality": {
            "loaded": "kpi",
            "gives": "percent",
            "over": "month",
            "per": "payee",
            "missing": "exception",
        },
    }
    mode = draw(st.sampled_from(["marginal", "whole"]))
    by = draw(st.sampled_from(["attainment", "volume", *(["power"] if mode == "whole" else [])]))
    unit = {"attainment": " %", "volume": f" {currency}", "power": ""}[by]
    starts = sorted(draw(st.sets(st.sampled_from([10, 20, 50, 95, 100, 115, 1000]), max_size=3)))
    bands = [{"from": f"{start}{unit}", "gives": draw(positive_percent)} for start in [0, *starts]]
    component = {
        "per": "payee and month",
        "tiers": {
            "mode": mode,
            "looked_up_by": by,
            "pays_on": "volume",
            "edge": "to the band that starts there",
            "below_first": "nothing",
            "above_last": "open",
            "bands": bands,
        },
        "steps": draw(steps(currency)),
        "spread": "by credit.amount",
        "lands_in": "the measured month",
    }
    target: dict[str, str] = {
        "gives": "money",
        "over": "month",
        "per": "payee",
        "missing": "exception",
    }
    if draw(st.booleans()):
        target["joiner"] = "by calendar days"
    return {
        "measures": measures,
        "component": component,
        "targets": {"volume": target},
        "attainments": {
            "attainment": {"of": "volume", "against": "target", "target_zero": "exception"}
        },
    }


@st.composite
def steps(draw: st.DrawFn, currency: str) -> list[dict[str, str]]:
    round_ = {"round": "cent", "mode": "half_up", "each": "sum"}
    gate = {
        "gate": draw(st.sampled_from(["quality >= 92 %", "not quality < 50 %"])),
        "otherwise": f"0 {currency}",
    }
    cap = {
        "cap": f"{draw(st.sampled_from(['0', '25', '2500']))} {currency}",
        "over": "payee and month",
        "surplus": "lost",
    }
    others = draw(st.lists(st.sampled_from([gate, cap]), max_size=2, unique_by=min))
    at = draw(st.integers(0, len(others)))
    return [*others[:at], round_, *others[at:]]


@st.composite
def stornos(draw: st.DrawFn, components: list[str]) -> dict[str, Any]:
    takes = {
        "takes": draw(st.sampled_from(["100 %", "50 %", "33.3 %"])),
        "out_of": "released",
        "unreleased": "dropped",
    }
    by_time = {
        "elapsed": draw(st.sampled_from(["days", "completed months", "started months"])),
        "since": draw(st.sampled_from(RELEASING)),
    }
    stepped = {
        "takes": {
            **by_time,
            "steps": [{"within": "1", "takes": "100 %"}, {"within": "20", "takes": "33.3 %"}],
        },
        "out_of": "released",
        "unreleased": "dropped",
    }
    unexpired = {
        "takes": {"in_proportion_to": "order.kwp otherwise 12", **by_time},
        "out_of": "released",
        "unreleased": "dropped",
    }
    by_any = st.sampled_from([takes, takes, stepped, unexpired])
    effect: dict[str, Any] = {name: draw(by_any) for name in components if name != "bonus"}
    effect["bonus"] = draw(st.sampled_from([{"recount": "the measured month"}, takes]))
    storno: dict[str, Any] = {
        "when": draw(
            st.sampled_from(
                ["order reached cancelled", "order reached cancelled or order reached churned"]
            )
        ),
        "lands_in": "month of the event",
        "effect": effect,
    }
    if draw(st.booleans()):
        storno["within"] = {"days": "60", "after": draw(st.sampled_from(RELEASING))}
    if draw(st.booleans()):
        storno["void_when"] = 'reversal.imputable_to = "principal"'
    return storno
