"""The plans of the library pay what their worked examples say."""

import pytest

from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples
from premia_plan.library import PLANS, library_plan

from ..small_plans import checked  # noqa: TID252


@pytest.mark.parametrize("name", PLANS)
def test_every_example_of_a_library_plan_comes_out(name: str) -> None:
    check = check_plan(parse_plan(library_plan(name)))

    assert check.findings == ()
    assert check.plan is not None
    results = run_examples(check.plan)
    assert len(results) >= 3
    assert [
        (item.name, item.differences, item.exceptions) for item in results if not item.passed
    ] == []


def test_an_example_with_a_wrong_amount_fails_and_explains_the_right_one() -> None:
    text = library_plan("agency-energy").replace("{base: 23.40 EUR}", "{base: 23.41 EUR}")
    plan = checked(text)

    result = run_examples(plan)[0]

    assert not result.passed
    [difference] = result.differences
    assert (difference.payee, difference.month, difference.component) == ("A1", "2026-03", "base")
    assert (str(difference.expected), str(difference.got)) == ("23.41", "23.40")
    assert "row 0 of commission_rate" in difference.explanation


def test_an_example_that_leaves_an_amount_out_is_incomplete_and_fails() -> None:
    text = library_plan("agency-energy").replace(
        "      M1: {2026-03: {override: 3.90 EUR}, 2026-04: {override: 2.10 EUR}}\n", ""
    )
    plan = checked(text)

    result = run_examples(plan)[0]

    assert [(item.payee, str(item.expected), str(item.got)) for item in result.differences] == [
        ("M1", "0.00", "3.90"),
        ("M1", "0.00", "2.10"),
    ]


def test_an_example_whose_statement_could_not_be_approved_fails() -> None:
    text = library_plan("agency-energy").replace(
        "activated_value: 50 000 EUR", "activated_value: 0 EUR"
    )
    plan = checked(text)

    result = run_examples(plan)[0]

    assert not result.passed
    assert "is not above zero" in result.exceptions[0]
