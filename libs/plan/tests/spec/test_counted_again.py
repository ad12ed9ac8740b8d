"""A prize of a period that is counted again: it goes to another payee, who may lose it too."""

from decimal import Decimal

import pytest

from premia_common.periods import Month
from premia_plan.paying.originals import Originals
from premia_plan.reference import calculate
from premia_plan.results import Calculation

from ..small_plans import checked, plan_of_sales  # noqa: TID252

UNTIL = Month(2026, 6)
PRIZE = """
populations:
  reps: {who: payee.kind = "agency"}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee,
         reversed_order: leaves}
components:
  prize:
    per: payee and month
    amount: if rank of sold among reps = 1 and sold > 0 EUR then 100 EUR else 0 EUR
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {prize: [{share: rest, at: close of the measured month}]}
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect: {prize: {recount: the measured month}}
payment: {negative_balance: carried, minimum: 0 EUR}
examples:
  - name: A1 sold 300 EUR in February and A2 200 EUR, and each of them loses the order
    given:
      payees: [{id: A1, kind: agency}, {id: A2, kind: agency}]
      orders:
        - {id: O1, signed_on: 2026-02-10, seller: A1, amount: 300 EUR,
           states: {cancelled: 2026-03-05}}
        - {id: O2, signed_on: 2026-02-11, seller: A2, amount: 200 EUR,
           states: {cancelled: 2026-04-05}}
    expect: {}
"""


def of_february(text: str = PRIZE, until: Month = UNTIL) -> Calculation:
    plan = checked(plan_of_sales(text))
    return calculate(plan, plan.examples[0].relations, until=until)


def told(found: Calculation) -> set[tuple[str | None, str, str | None, Decimal, str]]:
    return {
        (line.payee_id, line.what, line.month, line.amount, line.reason_code or "")
        for line in found.lines
    }


def test_whoever_has_the_prize_after_a_recount_reads_that_the_month_was_counted_again() -> None:
    assert told(of_february()) == {
        ("A1", "release", "2026-02", Decimal(100), ""),
        ("A1", "reversal", "2026-03", Decimal(-100), "recounted"),
        ("A2", "reversal", "2026-03", Decimal(100), "recounted"),
        ("A2", "reversal", "2026-04", Decimal(-100), "recounted"),
    }


@pytest.mark.parametrize(
    ("lost", "given"),
    [("2026-05-05", {("A2", "release", "2026-04", Decimal(100), "")}), ("2026-03-25", set())],
)
def test_a_prize_that_is_released_later_is_released_as_the_last_count_before_gives_it(
    lost: str, given: set[tuple[str | None, str, str | None, Decimal, str]]
) -> None:
    close = "close of the measured month"
    late = PRIZE.replace(f"at: {close}", f"at: {{months: 2, after: {close}}}")

    found = told(of_february(late.replace("2026-04-05", lost), until=Month(2026, 4)))

    assert found == {("A1", "not_paid", None, Decimal(100), "recounted")} | given


def test_what_is_taken_back_of_a_prize_belongs_to_the_month_whose_recount_gave_it() -> None:
    found = of_february()
    originals = Originals(found.lines)

    months = {
        (line.month, line.amount): set(originals.months(line))
        for line in found.lines
        if line.payee_id == "A2"
    }

    assert months == {
        ("2026-03", Decimal(100)): {"2026-03"},
        ("2026-04", Decimal(-100)): {"2026-03"},
    }
