"""Classification: dated decision tables that give a class, used like any other value."""

import pytest

from premia_plan.explain import words

ALONE = "divides: base\nshares: [{to: order.seller, share: rest}]"
TABLES = """tables:
  segment:
    gives: text
    keys: [{category: {value: order.category, match: tree}}]
    dated_by: order.signed_on
    missing: exception
    rows:
      - {category: energy, gives: retail}
      - {category: gas, from: 2026-01-01, to: 2026-03-01, gives: pioneer}
      - {category: gas, from: 2026-03-01, gives: business}
  rate:
    gives: percent
    keys: [{segment: {value: segment, match: exact}}]
    rows: [{segment: retail, gives: 1 %}, {segment: pioneer, gives: 5 %}, {segment: any, gives: 2 %}]"""
ORDERS = """trees: {category: [{code: energy}, {code: gas, parent: energy}, {code: power, parent: energy}]}
orders:
  - {id: O1, signed_on: 2026-02-20, seller: A1, category: gas, amount: 100 EUR, states: {activated: 2026-03-04}}
  - {id: O2, signed_on: 2026-03-01, seller: A1, category: gas, amount: 1000 EUR, states: {activated: 2026-03-04}}
  - {id: O3, signed_on: 2026-02-20, seller: A1, category: power, amount: 10000 EUR, states: {activated: 2026-03-04}}"""


def test_a_class_is_a_key_of_another_table_nearest_and_dated(written) -> None:
    text = written.text_of(ALONE, ORDERS, extra=TABLES, amount="credit.amount * rate")

    assert written.paid(written.calculated(text)) == written.march(A1="125.00")  # 5, 20, 100


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (f'{ALONE}\nwhere: segment = "retail"', "100.00"),
        (f'amount: if segment in ["pioneer", "business"] then order.amount else 0 EUR\n{ALONE}', "25.00"),
        ('divides: base\nsums_to: any\nshares: [{to: order.seller, share: 50 %, when: segment = "pioneer"}]', "2.50"),
    ],
)  # fmt: skip
def test_a_class_decides_what_is_credited_and_to_whom(written, rule: str, expected: str) -> None:
    text = written.text_of(rule, ORDERS, extra=TABLES, amount="credit.amount * rate")

    assert written.paid(written.calculated(text)) == written.march(A1=expected)


def test_an_order_without_a_class_is_an_exception_and_never_silent(written) -> None:
    rule = f'{ALONE}\nwhere: segment = "retail"'
    text = written.text_of(
        rule, ORDERS.replace("category: power,", "category: water,"), extra=TABLES
    )

    result = written.calculated(text)
    assert written.paid(result) == {}
    assert [(found.code, found.order_id) for found in result.exceptions] == [("rate_missing", "O3")]


def test_the_explanation_of_a_class_says_why_no_other(written) -> None:
    rule = f'amount: if segment = "pioneer" then order.amount else 0 EUR\n{ALONE}'
    result = written.calculated(written.text_of(rule, ORDERS, extra=TABLES))

    lookup = {node.node_id: node for node in result.nodes}
    (line,) = [line for line in result.lines if line.order_id == "O1"]
    told = words(lookup[line.node_id], lookup, "en")
    assert "pioneer by segment for category gas" in told
    assert "farther: retail; not valid then: business" in told
