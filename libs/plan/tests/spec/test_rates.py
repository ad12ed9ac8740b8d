"""Effective rates and bands as results, the rows that lost, and examples that expect them."""

from fractions import Fraction

import pytest

from premia_plan.examples import run_examples
from premia_plan.explain import words
from premia_plan.rates import rates_of

from ..small_plans import checked, plan_of_sales  # noqa: TID252

ALONE = "divides: base\nshares: [{to: order.seller, share: rest}]"
TABLE = """tables:
  rate:
    gives: percent
    keys:
      - territory: {value: order.territory, match: tree}
      - category: {value: order.category, match: exact}
    dated_by: order.signed_on
    missing: exception
    rows:
      - {territory: italia, category: gas, gives: 2 %}
      - {territory: nord, category: any, gives: 3 %}
      - {territory: nord, category: gas, from: 2026-01-01, to: 2026-02-01, gives: 9 %}
      - {territory: nord, category: gas, from: 2026-02-01, gives: 4 %}"""
ORDER = """trees: {territory: [{code: nord, parent: italia}]}
orders:
  - {id: O1, signed_on: 2026-02-20, seller: A1, category: gas, territory: nord, amount: 100.10 EUR, states: {activated: 2026-03-04}}"""
TIERS = plan_of_sales("""
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee, reversed_order: leaves}
components:
  bonus:
    per: payee and month
    tiers:
      mode: marginal
      looked_up_by: sold
      pays_on: sold
      edge: to the band that starts there
      below_first: nothing
      above_last: open
      bands: [{from: 0 EUR, gives: 1 %}, {from: 1 000 EUR, gives: 2 %}]
    steps: [{round: cent, mode: half_up, each: sum}]
    spread: by credit.amount
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
examples:
  - name: two orders
    given:
      payees: [{id: A1, kind: agency}]
      orders:
        - {id: O1, signed_on: 2026-02-20, seller: A1, amount: 1 000 EUR}
        - {id: O2, signed_on: 2026-02-21, seller: A1, amount: 500 EUR}
    expect: {A1: {2026-02: {bonus: 20.00 EUR}}}
""")


def test_the_explanation_names_the_row_that_won_and_why_the_others_lost(written) -> None:
    result = written.calculated(
        written.text_of(ALONE, ORDER, extra=TABLE, amount="credit.amount * rate")
    )
    lookup = {node.node_id: node for node in result.nodes}
    line = next(line for line in result.lines if line.what == "release")

    english, italian = (words(lookup[line.node_id], lookup, language) for language in ("en", "it"))

    assert (
        "4 % from row 3 of rate (category gas, territory nord); asked for territory nord, category gas, "
        "it won over row 2 (9 %; territory nord, category gas), not valid on 2026-02-20, "
        "row 1 (3 %; territory nord, category any), farther on category, "
        "row 0 (2 %; territory italia, category gas), farther on territory"
    ) in english
    assert (
        "ha prevalso su riga 2 (9 %; territory nord, category gas), non valida il 2026-02-20"
        in italian
    )


def test_a_credit_has_its_effective_rate_before_rounding(written) -> None:
    result = written.calculated(
        written.text_of(ALONE, ORDER, extra=TABLE, amount="credit.amount * rate")
    )
    lookup = {node.node_id: node for node in result.nodes}

    (rate,) = rates_of(result.lines, lookup)

    assert (rate.component, rate.credit_id, rate.month) == ("base", "O1/sale.0", "2026-03")
    assert (rate.amount, rate.base, rate.percent) == ("4.004", "100.1", "4 %")
    assert [lookup[row].detail["row"] for row in rate.rows] == [3]


def test_tiers_have_an_effective_rate_and_each_band_its_part(written) -> None:
    result = written.calculated(TIERS)

    (rate,) = rates_of(result.lines, {node.node_id: node for node in result.nodes})

    assert (rate.payee_id, rate.component, rate.period) == ("A1", "bonus", "2026-02")
    assert (rate.amount, rate.base, rate.ratio) == ("20", "1500", "1/75")
    assert [(part.starts, part.rate, part.amount) for part in rate.parts] == [
        ("0", "0.01", "10"),
        ("1000", "0.02", "10"),
    ]
    assert sum(Fraction(part.amount) for part in rate.parts) == Fraction(rate.amount)


@pytest.mark.parametrize(
    ("expects", "where", "expected", "got"),
    [
        ("rates: {A1: {2026-02: {bonus: 1.4 %}}}", "rate of bonus", "1.4", "1.3"),
        (
            "bands: {A1: {2026-02: {bonus: [{from: 0 EUR, part: 10 EUR}]}}}",
            "bonus in the band from 1000",
            "0.00",
            "10.00",
        ),
        (
            "bands: {A1: {2026-02: {bonus: [{from: 0 EUR, part: 10 EUR}, {from: 1 000 EUR, part: 9 EUR}]}}}",
            "bonus in the band from 1000",
            "9",
            "10",
        ),
        (
            "held: [{payee: A1, component: bonus, amount: 3.00 EUR}]",
            "line of bonus",
            "3.00",
            "0.00",
        ),
        (
            "lines: [{payee: A1, component: bonus, order: O2, month: 2026-02, amount: 6.66 EUR}]",
            "line of bonus, O2, 2026-02",
            "6.66",
            "6.67",
        ),
    ],
)
def test_an_example_fails_where_a_rate_band_or_line_is_otherwise(
    expects: str, where: str, expected: str, got: str
) -> None:
    plan = checked(f"{TIERS}    {expects}\n")

    (result,) = run_examples(plan)

    found = [(each.component, str(each.expected), str(each.got)) for each in result.differences]
    assert not result.passed
    assert found == [(where, expected, got)]


@pytest.mark.parametrize(
    "expects",
    [
        "rates: {A1: {2026-02: {bonus: 1.33 %}}}",
        "bands: {A1: {2026-02: {bonus: [{from: 0 EUR, part: 10 EUR}, {from: 1 000 EUR, part: 10 EUR}]}}}",
        "held: []",
        "lines: [{payee: A1, component: bonus, order: O2, month: 2026-02, amount: 6.67 EUR}]",
    ],
)
def test_an_example_passes_where_they_are_as_expected(expects: str) -> None:
    plan = checked(f"{TIERS}    {expects}\n")

    (result,) = run_examples(plan)

    assert result.passed


def test_a_held_amount_that_the_example_does_not_name_fails_it() -> None:
    text = TIERS.replace("at: close of the measured month", "at: activated")
    text = text.replace("expect: {A1: {2026-02: {bonus: 20.00 EUR}}}", "expect: {}\n    held: []")
    plan = checked(text)

    (result,) = run_examples(plan)

    assert sorted((each.component, str(each.got)) for each in result.differences) == [
        ("bonus, held", "13.33"),
        ("bonus, held", "6.67"),
    ]
