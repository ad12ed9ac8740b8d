"""Plans begun from the library's templates for other days than the templates' own."""

from datetime import date

import pytest

from plans_api.domain.plan_copy import CopiedText
from plans_api.domain.plan_from_template import TemplateChoice, text_from_template
from plans_api.domain.window import Window
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples
from premia_plan.library import PLANS

WITH_A_DAY_IN_A_FORMULA = "spiff-campaign"


def begun_for_2027(name: str) -> CopiedText:
    days = Window(date(2027, 1, 1), date(2028, 1, 1))
    return text_from_template(TemplateChoice(name, "next", None, days, {}, False))


@pytest.mark.parametrize("name", [name for name in PLANS if name != WITH_A_DAY_IN_A_FORMULA])
def test_a_template_begun_for_the_next_year_pays_what_its_examples_say(name: str) -> None:
    begun = begun_for_2027(name)

    assert begun.left_alone == ()
    plan = check_plan(parse_plan(begun.text)).plan
    assert plan is not None
    assert [result.name for result in run_examples(plan) if not result.passed] == []


def test_a_day_inside_a_formula_of_a_template_is_told() -> None:
    assert [
        (item.path, item.text) for item in begun_for_2027(WITH_A_DAY_IN_A_FORMULA).left_alone
    ] == [
        ("/components/early_bird/when", "order.signed_on <= 2026-04-15 and order.amount >= 500 EUR")
    ]
