"""What becomes of a cap's surplus, by plans whose examples say what they pay."""

from pathlib import Path

import pytest

from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples
from premia_plan.reference import PAID, calculate

PLANS = Path(__file__).parent / "surpluses"


@pytest.mark.parametrize(
    "name",
    [
        "carried-on-credits",
        "deferred-to-the-next-year",
        "guaranteed-beside-payments",
        "released-of-the-plan",
    ],
)
def test_a_surplus_is_paid_where_the_plan_says(name: str) -> None:
    check = check_plan(parse_plan((PLANS / f"{name}.yaml").read_text(encoding="utf-8")))

    assert check.plan is not None, [str(item) for item in check.findings]
    results = run_examples(check.plan)
    assert results
    assert all(result.passed for result in results), [result.differences for result in results]


def test_what_is_carried_is_owed_by_the_principal_of_its_orders() -> None:
    """Zeta's 80 and alpha's 40 under caps of 50: March has 30 and 40, so April 8.57 and 11.43."""
    text = (PLANS / "carried-on-credits.yaml").read_text(encoding="utf-8")
    for amount, principal in (("800", "zeta"), ("400", "alpha")):
        row = f"      amount: {amount} EUR\n"
        text = text.replace(row, f"      principal: {principal}\n{row}")
    plan = check_plan(parse_plan(text)).plan
    assert plan is not None

    result = calculate(plan, plan.examples[0].relations, until=Month(2026, 12))

    assert {
        (line.principal, line.month, line.order_id, str(line.amount))
        for line in result.lines
        if line.what in PAID
    } == {
        ("zeta", "2026-02", "O1", "50.00"),
        ("zeta", "2026-03", None, "21.43"),
        ("alpha", "2026-03", "O2", "28.57"),
        ("zeta", "2026-04", None, "8.57"),
        ("alpha", "2026-04", None, "11.43"),
    }


@pytest.mark.parametrize(
    "release",
    [
        "[{share: 50 %, at: activated}, {share: rest, at: first_bill_paid}]",
        "[{share: rest, at: activated, instalments: {count: 4, every: month}}]",
        "[{share: rest, at: {each: payment, part: payment.amount / order.amount else 0}}]",
        "[{share: rest, at: {date: order.signed_on}}]",
    ],
)
def test_nothing_is_carried_past_a_release_that_holds_a_part(release: str) -> None:
    text = (PLANS / "carried-on-credits.yaml").read_text(encoding="utf-8")
    whole = "base:\n    - {share: rest, at: activated}"
    assert whole in text

    [found] = check_plan(parse_plan(text.replace(whole, f"base: {release}"))).errors

    assert (found.code, found.path) == ("limit.not_carried", "/components/base/steps/1")


SPREAD = """measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
components:
  base:
    per: payee and month
    amount: sold * 10 %
    spread: by credit.amount
    spread_of: sold
    lands_in: the measured month
    steps:
    - {round: cent, mode: half_up, each: sum}
    - {cap: 50 EUR, over: SCOPE, surplus: carried}
"""


@pytest.mark.parametrize("scope", ["payee and month", "payee and quarter"])
def test_nothing_spread_to_orders_is_carried_for_none(scope: str) -> None:
    text = (PLANS / "carried-on-credits.yaml").read_text(encoding="utf-8")
    before, after = text.split("components:\n")[0], text[text.index("settlement:\n") :]

    [found] = check_plan(parse_plan(before + SPREAD.replace("SCOPE", scope) + after)).errors

    assert (found.code, found.path) == ("limit.not_carried", "/components/base/steps/1")
