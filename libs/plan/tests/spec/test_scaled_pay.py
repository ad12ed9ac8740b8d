"""A component scaled to a pool, where some of those it pays are not of the pool's population."""

from premia_plan.examples import run_examples

from ..small_plans import checked, plan_of  # noqa: TID252

PLAN = plan_of("""
attributes: {payee: {senior: text}}
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee, reversed_order: leaves}
populations:
  seniors: {who: payee.senior = "yes"}
pools:
  pot: {amount: 60 EUR, over: month, among: seniors, scale: down only}
components:
  bonus:
    per: payee and month
    amount: sold * 1 %
    scaled_to: pot
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
  storno: {when: order reached cancelled, lands_in: month of the event, effect: {bonus: {recount: the measured month}}}
examples:
  - name: an order of somebody outside the population is cancelled
    given:
      payees:
        - {id: A1, kind: agency, senior: 'yes'}
        - {id: B1, kind: agency, senior: 'no'}
      orders:
        - {id: O1, signed_on: 2026-02-05, seller: A1, amount: 10 000 EUR}
        - {id: O2, signed_on: 2026-02-06, seller: B1, amount: 2 000 EUR}
        - {id: O3, signed_on: 2026-02-07, seller: B1, amount: 1 000 EUR, states: {cancelled: 2026-04-10}}
    expect:
      A1: {2026-02: {bonus: 60.00 EUR}}
      B1: {2026-02: {bonus: 30.00 EUR}, 2026-04: {bonus: -10.00 EUR}}
""")


def test_who_is_outside_the_population_is_counted_again_for_orders_of_its_own() -> None:
    """A1 gets the 60 EUR of the pot instead of 100; B1 keeps 30, and without the third order 20."""
    plan = checked(PLAN)
    assert [(result.passed, result.differences) for result in run_examples(plan)] == [(True, ())]
