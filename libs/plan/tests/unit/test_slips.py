"""What people often write and mean otherwise: the linter asks."""

import pytest

from premia_plan.linting import lint, warning_name

from ..small_plans import checked, plan_of_sales  # noqa: TID252

PLAN = plan_of_sales("""
components:
  base:
    per: credit of sale
    amount: credit.amount * 3 %
    steps: [{round: cent, mode: half_up, each: line}, {cap: 100 EUR, over: line, surplus: lost}]
  extra:
    per: credit of sale
    amount: 5 EUR
    steps: [{round: cent, mode: half_up, each: line}]
campaigns:
  spring:
    from: 2026-03-01
    to: 2026-06-01
    by: order.signed_on
    component: extra
    relation: adds to
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: rest, at: activated}], extra: {like: base}}
examples:
  - name: one order
    given:
      payees: [{id: A1, kind: agency}]
      orders: [{id: O1, signed_on: 2026-03-05, seller: A1, amount: 1 200 EUR, states: {activated: 2026-03-09}}]
    expect: {A1: {2026-03: {base: 36.00 EUR, extra: 5.00 EUR}}}
""")


def warnings(*changes: tuple[str, str]) -> dict[str, str | None]:
    text = PLAN
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return {warning_name(item): item.counter_example for item in lint(checked(text))}


def test_a_plan_to_the_first_of_a_month_is_no_slip() -> None:
    assert warnings() == {}


@pytest.mark.parametrize(
    ("change", "name", "case"),
    [
        (
            ("to: 2027-01-01", "to: 2026-12-31"),
            "last_day /valid/to",
            "an order of 2026-12-31 is under trial no more",
        ),
        (
            ("to: 2026-06-01", "to: 2026-05-31"),
            "last_day /campaigns/spring/to",
            "an order of 2026-05-31 is under spring no more",
        ),
        (
            ("amount: 1 200 EUR", "amount: 1.200 EUR"),
            "thousands /examples/0/given/orders/0/amount",
            "1.200 EUR is 1/1000 of 1 200 EUR",
        ),
    ],
)
def test_a_slip_is_told_with_what_it_does(change: tuple[str, str], name: str, case: str) -> None:
    assert warnings(change) == {name: case}
