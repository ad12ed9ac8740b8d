"""What becomes of a cap's surplus, by plans whose examples say what they pay."""

from pathlib import Path

import pytest

from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples

PLANS = Path(__file__).parent / "surpluses"


@pytest.mark.parametrize(
    "name", ["carried-on-credits", "deferred-to-the-next-year", "released-of-the-plan"]
)
def test_a_surplus_is_paid_where_the_plan_says(name: str) -> None:
    check = check_plan(parse_plan((PLANS / f"{name}.yaml").read_text(encoding="utf-8")))

    assert check.plan is not None, [str(item) for item in check.findings]
    results = run_examples(check.plan)
    assert results
    assert all(result.passed for result in results), [result.differences for result in results]
