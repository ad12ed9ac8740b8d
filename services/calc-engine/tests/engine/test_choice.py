"""The engine is chosen by size and by what a plan says; the result is the same."""

from dataclasses import replace
from random import Random

import pytest

from calc_engine.engine.choice import EngineChoice, unsupported
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.set_based_calculator import SetBasedCalculator
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import calculate

from ..generated.worlds import world  # noqa: TID252
from .plain_plans import typed

FIRST, LAST = Month(2026, 1), Month(2026, 6)


@pytest.fixture
def on_another_month() -> CheckedPlan:
    """The agency plan with a component that reads another period, which sets do not."""
    extra = (
        "  extra:\n    per: payee and month\n"
        "    amount: (previous month of activated_value otherwise 0 EUR) * 1 %\n"
        "    steps: [{round: cent, mode: half_up, each: sum}]\n    lands_in: the measured month\n"
    )
    paid = "    extra: [{share: rest, at: close of the measured month}]\n"
    return typed(
        "agency-energy",
        ("components:\n", f"components:\n{extra}"),
        ("  release:\n", f"  release:\n{paid}"),
        ("    effect:\n", "    effect:\n      extra: {recount: the measured month}\n"),
    )


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee"])
def test_the_plans_of_the_main_job_are_calculated_by_sets(name: str) -> None:
    assert unsupported(typed(name)) == ()


@pytest.mark.parametrize("orders_from", [1, 1000])
def test_the_result_does_not_depend_on_the_size_from_which_sets_are_used(orders_from: int) -> None:
    plan, facts = typed("agency-energy"), world(Random(4), "EUR", 30)
    plain = calculate(plan, facts, since=FIRST, until=LAST)

    found = (
        EngineChoice(orders_from)
        .choose(plan, facts)
        .calculate(plan, facts, since=FIRST, until=LAST)
    )

    assert found.lines
    assert found.digest() == plain.digest()


def test_a_plan_that_sets_cannot_express_says_why(on_another_month: CheckedPlan) -> None:
    facts = world(Random(4), "EUR", 30)

    assert unsupported(on_another_month) == (
        "cells that ask for previous month of activated_value",
    )
    with pytest.raises(NotLowered, match="calculate with the reference engine"):
        SetBasedCalculator().calculate(on_another_month, facts, since=FIRST, until=LAST)


def test_such_a_plan_is_calculated_by_the_reference_at_any_size(
    on_another_month: CheckedPlan,
) -> None:
    facts = world(Random(4), "EUR", 30)
    plain = calculate(on_another_month, facts, since=FIRST, until=LAST)

    found = (
        EngineChoice(1)
        .choose(on_another_month, facts)
        .calculate(on_another_month, facts, since=FIRST, until=LAST)
    )

    assert found.lines
    assert found.digest() == plain.digest()


def test_a_part_of_the_language_that_sets_do_not_know_is_named_and_not_passed_over() -> None:
    plan = typed("agency-energy")
    weighted = replace(plan.targets["activated_value"], changed="time weighted")
    changed = replace(plan, targets={**plan.targets, "activated_value": weighted})

    assert unsupported(changed) == ("plans with changed time weighted of TargetRule",)


@pytest.mark.parametrize(
    ("unit", "condition"),
    [
        ("count", "payee.grade >= 1"),
        ("date", "payee.grade >= 2026-01-01"),
        ("bool", "payee.grade = true"),
    ],
)
def test_who_takes_part_by_what_is_no_text_is_refused_by_its_name(
    unit: str, condition: str
) -> None:
    participants = "participants: payee.kind"
    grade = f"attributes: {{payee: {{grade: {unit}}}}}"
    asked = f"{grade}\nparticipants: {condition} and payee.kind"

    plan = typed("agency-energy", (participants, asked))

    assert unsupported(plan) == ("participants by payee.grade, which is no text,",)
