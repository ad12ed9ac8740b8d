"""Laws of credits: what is divided adds up, whatever the shares and the amount are."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.reference import calculate

from ..small_plans import checked  # noqa: TID252

PLAN = """plan: laws
language: 1
title: {{it: Leggi, en: Laws}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: 2026-01-01, to: 2027-01-01, by: order.signed_on}}
participants: payee.kind = "agency"
credits:
  sale:
    amount: order.amount
    divides: {divides}
    shares: [{{to: order.a, share: {first}}}, {{to: order.b, share: weight {weight}}}, {{to: order.c, share: weight 2}}]
components:
  base:
    per: credit of sale
    amount: credit.amount * {rate} %
    steps: [{{round: cent, mode: half_up, each: line}}{more}]
settlement:
  states: {{model: energy_order, of: order}}
  release:
    base: [{{share: rest, at: activated}}]
examples:
  - name: given
    given:
      payees: [{{id: A1, kind: agency}}, {{id: B1, kind: agency}}, {{id: C1, kind: agency}}]
      orders:
        - {{id: O1, signed_on: 2026-02-20, a: A1, b: B1, c: C1, amount: {amount} EUR, states: {{activated: 2026-03-04}}}}
    expect: {{}}
"""

amounts = st.decimals("-9999.99", "9999.99", places=2).filter(lambda amount: amount != 0)


@settings(max_examples=25, deadline=None)
@given(
    divides=st.sampled_from(["base", "commission", "each"]),
    part=st.integers(2, 9),
    weight=st.integers(1, 9),
    rate=st.integers(1, 100),
    amount=amounts,
)
def test_parts_add_up_to_what_is_divided(
    divides: str, part: int, weight: int, rate: int, amount: Decimal
) -> None:
    text = PLAN.format(
        divides=divides, first=f"1/{part}", weight=weight, rate=rate, amount=amount, more=""
    )
    plan = checked(text)
    result = calculate(plan, plan.examples[0].relations, until=Month.parse("2026-12"))

    lookup = {node.node_id: node for node in result.nodes}
    lines = {line.payee_id: line.amount for line in result.lines}
    assert all(check_tree(lookup[line.node_id], lookup) == () for line in result.lines)
    whole = Fraction(amount) * rate / 100
    off = abs(Fraction(sum(lines.values(), Decimal(0))) - whole)
    if divides == "commission":
        assert off <= Fraction(1, 200)  # only the pay on the whole is rounded
    else:
        assert off <= Fraction(3, 200) + (Fraction(3 * rate, 20000) if divides == "each" else 0)


LIMITS = (
    "{cap: 50 EUR, over: line, surplus: lost}",
    "{floor: 20 EUR}",
    "{cap: 90 EUR, over: deal, surplus: lost, pushed_back: by amount, leftover: largest fraction}",
    "{cap: 90 EUR, over: deal, surplus: lost, pushed_back: in order}",
    "{floor: 60 EUR, over: deal}",
    "{floor: 10 EUR}, {cap: 40 EUR, over: line, surplus: lost}",
    "{multiply: 110 %}, {round: cent, mode: half_up, each: line}, {cap: 70 EUR, over: deal, surplus: lost}",
)


@settings(max_examples=60, deadline=None)
@given(
    divides=st.sampled_from(["base", "commission", "each"]),
    limit=st.sampled_from(LIMITS),
    rate=st.integers(1, 20),
    amount=amounts,
)
def test_a_limited_credit_pays_the_opposite_of_its_mirror(divides, limit, rate, amount):
    paid = []
    for signed in (amount, -amount):
        text = PLAN.format(
            divides=divides, first="1/3", weight=3, rate=rate, amount=signed, more=f", {limit}"
        )
        plan = checked(text)
        relations = plan.examples[0].relations
        result = calculate(plan, relations, until=Month.parse("2026-12"))
        lookup = {node.node_id: node for node in result.nodes}
        assert all(check_tree(lookup[line.node_id], lookup) == () for line in result.lines)
        assert all(Fraction(lookup[line.node_id].value) == line.amount for line in result.lines)
        paid.append({line.payee_id: line.amount for line in result.lines})

    assert paid[0] == {payee: -amount for payee, amount in paid[1].items()}
