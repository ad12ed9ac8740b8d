"""Several rules of storno: their order decides nothing about whether a period is counted again."""

import pytest

from premia_plan.examples import run_examples
from premia_plan.reasons import because

from ..small_plans import checked, plan_of  # noqa: TID252

CANCELLED = """early:
        when: order reached cancelled
        lands_in: month of the event
        effect: {base: {takes: 100 %, out_of: released, unreleased: dropped}}"""
CHURNED = """later:
        when: order reached churned
        lands_in: month of the event
        effect:
          base: {takes: 50 %, out_of: released, unreleased: dropped}
          bonus: {recount: the measured month}"""
PLAN = plan_of("""
credits:
  sale:
    amount: order.amount
    divides: base
    shares: [{to: order.seller, share: rest}]
    counts_for: [money, target]
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
components:
  base:
    per: credit of sale
    amount: credit.amount * 1 %
    steps: [{round: cent, mode: half_up, each: line}]
  bonus:
    per: payee and month
    amount: sold * 10 %
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release:
    base: [{share: rest, at: activated}]
    bonus: [{share: rest, at: close of the measured month}]
  storno:
    rules:
      RULES
payment: {negative_balance: carried, minimum: 0 EUR}
examples:
  - name: churned after two months
    given:
      payees: [{id: A1, kind: agency}]
      orders:
        - id: O1
          signed_on: 2026-02-01
          seller: A1
          amount: 1 000 EUR
          states: {activated: 2026-02-10, churned: 2026-04-10}
    expect:
      A1: {2026-02: {base: 10.00 EUR, bonus: 100.00 EUR}, 2026-04: {base: -5.00 EUR, bonus: -100.00 EUR}}
""")


@pytest.mark.parametrize("rules", [(CANCELLED, CHURNED), (CHURNED, CANCELLED)])
def test_a_period_is_counted_again_whichever_rule_says_so(rules: tuple[str, str]) -> None:
    [result] = run_examples(checked(PLAN.replace("RULES", "\n      ".join(rules))))

    assert result.differences == ()


RESTORED = """storno:
    when: order reached cancelled
    reinstated_when: order reached accepted
    lands_in: month of the event
    effect:
      base: {takes: 100 %, out_of: released, unreleased: dropped}
      bonus: {recount: the measured month}
payment:"""


def test_what_builds_on_what_was_earned_follows_a_reinstatement() -> None:
    text = PLAN.replace("amount: sold * 10 %", "amount: earned base * 10 %")
    text = text.replace("churned: 2026-04-10", "cancelled: 2026-04-10, accepted: 2026-08-01")
    before, _, after = text.partition("storno:\n    rules:\n      RULES\npayment:")
    pays = "{2026-02: {base: 10.00 EUR, bonus: 1.00 EUR}, "
    for month, sign in (("2026-04", "-"), ("2026-08", "")):
        pays += f"{month}: {{base: {sign}10.00 EUR, bonus: {sign}1.00 EUR}}, "
    given, _, _ = after.partition("      A1: {")
    [result] = run_examples(checked(f"{before}{RESTORED}{given}      A1: {pays}}}\n"))

    assert result.differences == ()


def test_a_recount_says_that_something_was_given_back_as_well_as_reversed() -> None:
    told = because("recounted", month="2026-02", event_month="2026-04")

    assert (told.text, told.in_italian) == (
        "2026-02 counted again as what was reversed or given back in 2026-04 says",
        "2026-02 ricalcolato secondo quanto stornato o restituito in 2026-04",
    )
