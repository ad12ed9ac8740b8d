"""Limits, held pay, ranks and pools: worked figures, bad input, and what the checker refuses."""

from decimal import Decimal

import pytest

from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.explain import check_tree
from premia_plan.library import library_plan

STEPS = "    steps: [{round: cent, mode: half_up, each: line}]\n"
BASE = "    amount: credit.amount * commission_rate\n" + STEPS


def base_with(*steps: str) -> tuple[str, str]:
    listed = "".join(f"      - {step}\n" for step in steps)
    return BASE, BASE.replace(STEPS, f"    steps:\n{listed}")


def codes(*replacements: tuple[str, str]) -> set[str]:
    text = library_plan("agency-energy")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {item.code for item in check_plan(parse_plan(text)).errors}


ROUND = "{round: cent, mode: half_up, each: line}"


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (("{round: 0.001, mode: up, each: line}",), "steps.not_rounded"),
        ((ROUND, "{multiply: 50 %}"), "steps.not_rounded"),
        (("{round: cent, mode: half_up, each: sum}",), "steps.other_each"),
        (("{round: 0, mode: up, each: line}",), "value.not_possible"),
        ((ROUND, "{cap: 10 EUR, over: line, surplus: carried}"), "limit.not_carried"),
        ((ROUND, "{cap: 10 EUR, over: deal, surplus: carried}"), "limit.not_carried"),
        ((ROUND, "{cap: 10.001 EUR, over: line, surplus: lost}"), "value.not_possible"),
        ((ROUND, "{cap: 10 %, over: deal, surplus: lost}"), "unit.unexpected"),
        (
            (ROUND, "{cap: 9 EUR, over: deal, surplus: lost, pushed_back: by order.seller}"),
            "unit.unexpected",
        ),
        (
            (ROUND, "{gate: order.amount > 1 EUR, otherwise: 0 EUR, met: from the credit that met it}"),
            "gate.not_running",
        ),
    ],
)  # fmt: skip
def test_steps_that_cannot_be_meant_are_refused(steps: tuple[str, ...], code: str) -> None:
    assert codes(base_with(*steps)) == {code}


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (("{multiply: 50 %}",), "steps.not_rounded"),
        (("{multiply: 50 %}", "{cap: 9 EUR, over: deal, surplus: lost}", ROUND), "steps.not_rounded"),
        (("{gate: payee.kind = 'x', otherwise: 5 EUR}",), "gate.each_earning"),
        (("{gate: payee.kind = 'x', otherwise: {rate: 1 %}}",), "gate.each_earning"),
        (
            ("{gate: payee.kind = 'x', otherwise: {rate: 1 %, of: activated_value}}", ROUND),
            "gate.each_earning",
        ),
        (("{gate: earned base >= 1 EUR, otherwise: 0 EUR}",), "steps.cyclic"),
        (("{cap: 9 EUR, over: line, surplus: lost}",), "limit.other_scope"),
        (("{cap: 9 EUR, over: component, surplus: lost}",), "limit.other_scope"),
        (("{floor: 9 EUR}",), "limit.no_scope"),
        (("{cap: 9 EUR, over: plan, surplus: deferred}",), "limit.not_deferred"),
        (("{cap: 9 EUR, over: release, surplus: lost}",), "limit.release_lost"),
        (("{floor: 9 EUR, over: release}",), "limit.other_scope"),
        (("{cap: 0 EUR, over: release, surplus: deferred}",), "value.not_possible"),
        (
            ("{cap: 9 EUR, over: release, surplus: deferred, pushed_back: in order}",),
            "limit.not_pushed_back",
        ),
        (
            ("{cap: 9 EUR, over: release, surplus: deferred}", "{cap: 9 EUR, over: plan, surplus: lost}"),
            "limit.release_last",
        ),
    ],
)  # fmt: skip
def test_steps_of_a_plan_that_cannot_be_meant_are_refused(
    steps: tuple[str, ...], code: str
) -> None:
    listed = "".join(f"  - {step}\n" for step in steps).replace("'x'", '"x"')

    assert codes(("settlement:\n", f"steps:\n{listed}settlement:\n")) == {code}


def test_what_is_wrong_with_a_step_of_the_plan_is_told_of_that_step() -> None:
    steps = (
        "steps:\n  - {cap: 9 EUR, over: deal, surplus: lost}\n"
        "  - {gate: earned base >= 1 EUR, otherwise: 0 EUR}\nsettlement:\n"
    )
    text = library_plan("agency-energy").replace("settlement:\n", steps, 1)

    found = check_plan(parse_plan(text)).errors

    assert [(item.code, item.path) for item in found] == [("steps.cyclic", "/steps/1")]


def test_a_formula_as_a_cap_on_releases_is_refused_where_it_stands_in_both_languages() -> None:
    steps = (
        "steps:\n  - {cap: activated_value * 2 %, over: release, surplus: deferred}\nsettlement:\n"
    )
    text = library_plan("agency-energy").replace("settlement:\n", steps, 1)

    (found,) = check_plan(parse_plan(text)).errors

    assert (found.code, found.path) == ("value.pattern", "/steps/0/cap")
    assert found.hint == "Write it like 100 EUR, or cap what is earned by a formula"
    assert found.in_italian is not None
    assert found.in_italian.hint == (
        "Scrivilo come 100 EUR, oppure limita con una formula ciò che è maturato"
    )


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("{cap: 9 EUR, over: deal, surplus: lost}", "limit.other_scope"),
        ("{cap: 9 EUR, over: release, surplus: deferred}", "limit.other_scope"),
        ("{floor: 9 EUR, over: release}", "limit.other_scope"),
        ("{cap: 9 EUR, over: pool, surplus: deferred}", "limit.not_deferred"),
        ("{gate: sum of activated_value among everybody >= 1 EUR, otherwise: hold}", "gate.no_hold"),
    ],
)  # fmt: skip
def test_steps_of_a_pool_that_cannot_be_meant_are_refused(step: str, code: str) -> None:
    pool = (
        'populations: {everybody: {who: payee.kind = "agency"}}\n'
        "pools:\n  pot:\n    amount: 100 EUR\n    over: month\n    among: everybody\n"
        f"    steps: [{{round: cent, mode: half_up, each: sum}}, {step}]\n"
    )

    assert codes(("settlement:\n", f"{pool}settlement:\n")) == {code}


def test_what_others_earned_is_known_before_the_steps_of_the_plan(
    agency_with, facts, totals
) -> None:
    kicker = (
        "components:\n",
        (
            "components:\n  kicker:\n    per: payee and month\n    amount: earned base * 10 %\n"
            "    steps: [{round: cent, mode: half_up, each: sum}]\n    lands_in: the measured month\n"
        ),
    )
    released = (
        "  release:\n",
        "  release:\n    kicker: [{share: rest, at: close of the measured month}]\n",
    )
    recounted = (
        ("    effect:\n", "    effect:\n      kicker: {recount: the measured month}\n"),
        ("if_void: {", "if_void: {kicker: keep, "),
    )
    half = "steps: [{multiply: 50 %}, {round: cent, mode: half_up, each: line}]\nsettlement:\n"
    world = facts.with_order(
        "O1", "1000", {"activated": "2026-03-04", "first_bill_paid": "2026-03-05"}
    )

    plain = totals(world.calculated(agency_with(kicker, released, *recounted)))
    halved = totals(
        world.calculated(agency_with(kicker, released, *recounted, ("settlement:\n", half)))
    )

    assert plain["A1", "2026-03", "kicker"] == Decimal("3.00")
    assert halved["A1", "2026-03", "kicker"] == Decimal("1.50")


def test_a_component_that_is_counted_again_may_stand_under_a_limit_of_the_plan() -> None:
    limits = "settlement:\n", "steps: [{cap: 9 EUR, over: deal, surplus: lost}]\nsettlement:\n"

    assert codes(limits) == set()


def test_a_capped_deal_splits_its_cents_by_amount_and_each_part_is_explained(
    agency_with, facts, totals
) -> None:
    cap = "{cap: 10.01 EUR, over: deal, surplus: lost}"
    plan = agency_with(base_with(ROUND, cap))
    world = facts.with_order(
        "O1", "1000", {"activated": "2026-03-04", "first_bill_paid": "2026-03-05"}
    )

    result = world.calculated(plan)

    assert totals(result)["A1", "2026-03", "base"] == Decimal("10.01")
    lookup = {node.node_id: node for node in result.nodes}
    assert all(check_tree(lookup[line.node_id], lookup) == () for line in result.lines)


def test_a_limit_is_the_same_whatever_month_is_wanted_first(agency_with, facts) -> None:
    plan = agency_with(base_with(ROUND, "{cap: 40 EUR, over: payee and year, surplus: lost}"))
    states = {"activated": "2026-03-04", "first_bill_paid": "2026-04-05"}
    world = facts.with_order("O1", "1000", states).with_order(
        "O2", "1000", {"activated": "2026-05-04"}, signed_on="2026-04-20"
    )

    everything, late = world.calculated(plan), world.calculated(plan, since="2026-05")

    wanted = {line for line in everything.lines if (line.month or "") >= "2026-05"}
    assert wanted
    assert wanted <= set(late.lines)


def test_a_reversal_takes_back_only_what_the_limit_left(agency_with, facts, totals) -> None:
    plan = agency_with(base_with(ROUND, "{cap: 10 EUR, over: deal, surplus: lost}"))
    states = {"activated": "2026-03-04", "cancelled": "2026-05-20"}
    result = facts.with_order("O1", "1000", states).calculated(plan)

    paid = {
        month: amount for (who, month, name), amount in totals(result).items()
        if (who, name) == ("A1", "base")
    }  # fmt: skip
    assert paid == {"2026-03": Decimal("6.50"), "2026-05": Decimal("-6.50")}


RANKED = """populations:
  sellers: {who: payee.channel = "field"}
ranks:
  best: {of: first_time_right, among: sellers, over: month}
attainments:
"""
PRIZE = """components:
  prize:
    per: payee and month
    rank_pay: {rank: best, places: [{places: 1 to 2, pays: 100 EUR}]}
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
"""
CLOSE = "[{share: rest, at: close of the measured month}]"
WITH_PRIZE = (
    ("attainments:\n", RANKED),
    ("components:\n", PRIZE),
    (f"    accelerator: {CLOSE}\n", f"    accelerator: {CLOSE}\n    prize: {CLOSE}\n"),
    (
        "      accelerator: {recount: the measured month}\n",
        (
            "      accelerator: {recount: the measured month}\n"
            "      prize: {recount: the measured month}\n"
        ),
    ),
)


def test_a_rank_with_a_member_of_whom_nothing_is_known_pays_nobody_and_says_so(
    agency_with, facts
) -> None:
    result = facts.with_target("A1", "2026-03", "50000").calculated(agency_with(*WITH_PRIZE))

    unpaid = [line for line in result.lines if line.component == "prize"]
    assert {line.what for line in unpaid} == {"not_paid"}
    assert {item.code for item in result.exceptions} == {"measurement_missing"}


def test_places_are_told_apart_by_the_figure(agency_with, facts, totals) -> None:
    world = facts
    for name, score in (("A1", "0.95"), ("A2", "0.90"), ("M1", "0.90")):
        world = world.with_target(name, "2026-03", "50000", kpi=score)

    paid = totals(world.calculated(agency_with(*WITH_PRIZE)))

    assert {who: amount for (who, _, name), amount in paid.items() if name == "prize"} == {
        "A1": Decimal("100.00"),
        "A2": Decimal("50.00"),
        "M1": Decimal("50.00"),
    }


def test_a_line_waits_until_its_order_meets_the_gate(agency_with, facts, totals) -> None:
    gate = "{gate: order reached first_bill_paid, otherwise: hold}"
    plan = agency_with(base_with(ROUND, gate))
    met = {"activated": "2026-03-04", "first_bill_paid": "2026-05-10"}
    world = facts.with_order("O1", "1000", met).with_order(
        "O2", "1000", {"activated": "2026-03-04"}
    )

    result = world.calculated(plan)

    paid = {key: amount for key, amount in totals(result).items() if key[2] == "base"}
    assert paid == {("A1", "2026-05", "base"): Decimal("30.00")}
    assert {(line.order_id, line.reason_code) for line in result.lines if line.what == "held"} >= {
        ("O2", "gate_not_met")
    }
