"""A version that begins within a period: what carries on adds up to one version of the whole."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, Calculation, calculate
from premia_plan.relations import (
    AssignmentRow,
    OrderRow,
    PaidBeforeRow,
    PayeeRef,
    PayeeRow,
    Relations,
    SourceRef,
)

from ..small_plans import checked  # noqa: TID252

SOURCE = SourceRef("trial", "one")
UNTIL = Month.parse("2026-03")
FEBRUARY = [date(2026, 2, 1) + timedelta(days=count) for count in range(28)]
PLAN = """plan: {name}
language: 1
title: {{it: Prova, en: Trial}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: {start}, to: {end}, by: order.signed_on}}
participants: payee.kind = "agency"
{change}
credits:
  sale: {{amount: order.amount, divides: base, shares: [{{to: order.seller, share: rest}}]}}
tables:
  by_volume:
    gives: percent
    keys: [{{volume: {{value: sold of the month, match: band}}}}]
    missing: exception
    rows: [{{volume: 0 EUR, gives: 1 %}}, {{volume: 3 000 EUR, gives: 4 %}}]
measures:
  sold: {{sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}}
  twice: {{formula: sold of the month * 2, over: month, per: payee}}
components:
  base:
    per: credit of sale
    amount: credit.amount * 3 %
    steps: [{{round: cent, mode: half_up, each: line}}]
  bonus:
    per: payee and {period}
    {amount}
    steps: [{{round: cent, mode: half_up, each: sum}}]
    {spread}
    lands_in: the measured month
settlement:
  states: {{model: energy_order, of: order}}
  release:
    base: [{{share: rest, at: {{date: order.signed_on}}}}]
    bonus: [{{share: rest, at: close of the measured month}}]
examples:
  - name: none
    given: {{payees: [{{id: A1, kind: agency}}]}}
    expect: {{}}
"""


TIERS = (
    "tiers: {mode: MODE, looked_up_by: sold, pays_on: sold, edge: to the band that starts there, "
    "below_first: nothing, above_last: open, bands: [{from: 0 EUR, gives: 1 %}, "
    "{from: 1 000 EUR, gives: 2 %}, {from: 3 000 EUR, gives: 5 %}]}"
)
REFERENCES = (
    ("month", "amount: sold of the month * 2 %"),
    ("month", "amount: sold to date * 2 % - previous month of sold * 1 %"),
    ("month", "amount: sold * by_volume"),
    ("month", "amount: twice * by_volume"),
    ("month", "amount: if twice of the year > 4 000 EUR then sold * 3 % else 0 EUR"),
    ("quarter", "amount: sold of the quarter * 2 %"),
)
"""Amounts that reach the measure by words around its name, by a table's key or another measure."""


def version(
    start: date,
    end: date,
    *,
    carry: str = "",
    mode: str = "marginal",
    bonus: tuple[str, str] = ("month", TIERS),
) -> CheckedPlan:
    change = ""
    if carry:
        change = (
            f"change: {{after: {{plan: before, from: 2026-01-01}}, measures: {{sold: {carry}}}}}"
        )
    name, (period, amount) = "after" if carry else "before", bonus
    text = PLAN.format(
        name=name,
        start=start,
        end=end,
        change=change,
        period=period,
        amount=amount.replace("MODE", mode),
        spread="spread: by credit.amount" if amount == TIERS else "",
    )
    return checked(text)


def paid(result: Calculation) -> dict[str, Decimal]:
    found = {"base": Decimal(0), "bonus": Decimal(0)}
    for line in result.lines:
        if line.what in PAID:
            found[line.component] += line.amount
    return found


def order(number: int, day: date, hundreds: int) -> OrderRow:
    return OrderRow(
        order_id=f"O{number}",
        record_id=f"O{number}",
        principal="trial",
        signed_on=day,
        seller=PayeeRef.known("A1"),
        partner=None,
        category="",
        territory="",
        amount=Decimal(hundreds * 100),
        currency="EUR",
        attributes={},
        lines=(),
        states=(),
        imputable_to=None,
        cause=None,
        source=SOURCE,
    )


@st.composite
def months(draw: st.DrawFn) -> tuple[Relations, date]:
    sold = draw(st.lists(st.tuples(st.sampled_from(FEBRUARY), st.integers(1, 40)), max_size=6))
    relations = Relations(
        payees=(PayeeRow("A1", None, None, {"kind": "agency"}),),
        assignments=(AssignmentRow("A1", "A1", "trial", "A1", None, None),),
        orders=tuple(order(number, day, much) for number, (day, much) in enumerate(sold)),
    )
    return relations, draw(st.sampled_from(FEBRUARY))


@settings(max_examples=60, deadline=None)
@given(months(), st.just(("month", TIERS)) | st.sampled_from(REFERENCES))
def test_two_versions_of_the_same_rules_pay_what_one_does_where_the_position_carries(
    case, bonus
) -> None:
    relations, change = case
    start, end, carry = date(2026, 1, 1), date(2027, 1, 1), "carry the position"
    whole = paid(calculate(version(start, end, bonus=bonus), relations, until=UNTIL))

    before = paid(calculate(version(start, change, bonus=bonus), relations, until=UNTIL))
    plan = version(change, end, carry=carry, bonus=bonus)
    result = calculate(plan, relations, until=UNTIL)

    after = paid(result)
    assert {name: before[name] + after[name] for name in after} == whole
    nodes = {node.node_id: node for node in result.nodes}
    assert all(check_tree(nodes[line.node_id], nodes) == () for line in result.lines)


@settings(max_examples=60, deadline=None)
@given(months(), st.sampled_from(["marginal", "whole"]))
def test_re_rated_with_what_was_paid_both_pay_what_one_does(case, mode: str) -> None:
    relations, change = case
    end = date(2027, 1, 1)
    whole = paid(calculate(version(date(2026, 1, 1), end, mode=mode), relations, until=UNTIL))
    before = paid(calculate(version(date(2026, 1, 1), change, mode=mode), relations, until=UNTIL))
    told = Relations(
        payees=relations.payees,
        assignments=relations.assignments,
        orders=relations.orders,
        paid_before=(PaidBeforeRow("A1", "bonus", "2026-02", before["bonus"], SOURCE),),
    )

    plan = version(change, end, carry="carry and re-rate", mode=mode)
    result = calculate(plan, told, until=UNTIL)

    after = paid(result)
    assert {name: before[name] + after[name] for name in after} == whole
    nodes = {node.node_id: node for node in result.nodes}
    assert all(check_tree(nodes[line.node_id], nodes) == () for line in result.lines)
