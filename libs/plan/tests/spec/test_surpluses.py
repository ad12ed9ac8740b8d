"""What becomes of a cap's surplus, by plans whose examples say what they pay."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples
from premia_plan.explain import outline, words
from premia_plan.reasons import because
from premia_plan.reference import PAID, calculate

from ..small_plans import checked  # noqa: TID252

PLANS = Path(__file__).parent / "surpluses"
CREDIT_CAP = "    cap: {amount: 2 000 EUR, surplus: deferred}\n"


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
    results = run_examples(checked((PLANS / f"{name}.yaml").read_text(encoding="utf-8")))

    assert results
    assert all(result.passed for result in results), [result.differences for result in results]


def test_what_the_last_contract_year_leaves_over_is_told_in_both_languages() -> None:
    """90 + 15 in two years of at most 50: 5 are left, which nobody gets."""
    plan = checked((PLANS / "deferred-to-the-next-year.yaml").read_text(encoding="utf-8"))

    result = calculate(plan, plan.examples[0].relations, until=Month(2027, 12))

    [line] = [line for line in result.lines if line.what == "not_paid"]
    lookup = {node.node_id: node for node in result.nodes}
    assert (str(line.amount), line.credit_id, line.month) == ("5.00", "O1/sale.0@2", None)
    assert words(lookup[line.node_id], lookup, "en").startswith("5.00 over the cap")
    told = because("deferred_left", name="base", year="2")
    assert line.reason == told.text
    assert told.in_italian == (
        "non pagato, perché supera il tetto di base e nessun anno di contratto segue il 2"
    )
    [found] = result.exceptions
    assert (found.code, found.order_id, found.blocks) == ("deferred_left", "O1", True)
    assert found.message.startswith("Order O1, 5.00 of base: not paid, because")


def test_a_credit_that_no_contract_year_takes_is_told() -> None:
    """Of 6 000 in the first year 4 000 are deferred: 4 500 in the second, 2 500 over its cap."""
    text = (PLANS / "deferred-to-the-next-year.yaml").read_text(encoding="utf-8")
    text = text.replace("    divides: base\n", f"{CREDIT_CAP}    divides: base\n", 1)
    plan = checked(text.replace("    - {cap: 50 EUR, over: line, surplus: deferred}\n", ""))
    [row] = plan.examples[0].relations.orders
    relations = replace(plan.examples[0].relations, orders=(replace(row, amount=Decimal(6000)),))

    result = calculate(plan, relations, until=Month(2027, 12))

    assert [str(line.amount) for line in result.lines] == ["60.00", "60.00"]
    assert [(item.code, item.message, item.blocks) for item in result.exceptions] == [
        (
            "deferred_left",
            (
                "Order O1: 2500.00 cannot be credited: "
                "it is over the cap of sale and no contract year follows 2"
            ),
            False,
        )
    ]
    lookup = {node.node_id: node for node in result.nodes}
    lapses = "quanto lo supera si perde, perché nessun anno di contratto segue"
    told = {
        line.credit_id: lapses in "; ".join(outline(lookup[line.node_id], lookup, "it"))
        for line in result.lines
    }
    assert told == {"O1/sale.0@1": False, "O1/sale.0@2": True}


def test_what_is_carried_is_owed_by_the_principal_of_its_orders() -> None:
    """Zeta's 80 and alpha's 40 under caps of 50: March has 30 and 40, so April 8.57 and 11.43."""
    text = (PLANS / "carried-on-credits.yaml").read_text(encoding="utf-8")
    for amount, principal in (("800", "zeta"), ("400", "alpha")):
        row = f"      amount: {amount} EUR\n"
        text = text.replace(row, f"      principal: {principal}\n{row}")
    plan = checked(text)

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
