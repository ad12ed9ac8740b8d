"""Small plans written out for one test each, calculated with every line's explanation checked."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

import pytest

from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, Calculation, calculate

from ..small_plans import checked  # noqa: TID252

Paid: TypeAlias = Mapping[tuple[str | None, str | None], Decimal]

FRAME = """plan: credits
language: 1
title: {{it: Crediti, en: Credits}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: 2026-01-01, to: 2027-01-01, by: order.signed_on}}
participants: payee.kind = "agency"
{extra}
credits:
  sale:
{sale}
{credits}
components:
  base:
    per: credit of {of}
    amount: {amount}
    steps: [{{round: cent, mode: half_up, each: line}}]
settlement:
  states: {states}
  release:
    base: [{{share: rest, at: {at}}}]
examples:
  - name: given
    given:
      payees: [{{id: A1, kind: agency}}, {{id: B1, kind: agency}}, {{id: C1, kind: agency}}]
      hierarchy: {{sales: [{{payee: A1, reports_to: B1}}, {{payee: B1, reports_to: C1}}]}}
{facts}
    expect: {{}}
"""
ONE = "[{to: order.seller, share: rest}]"
ONE = """orders:
  - {id: O1, signed_on: 2026-02-20, seller: A1, partner: B1, amount: 100.01 EUR, states: {activated: 2026-03-04}}"""


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.splitlines())


class Written:
    """Plans of one credit component, and what they pay."""

    one = ONE

    @staticmethod
    def text_of(sale: str, facts: str = ONE, **parts: str) -> str:
        sale = sale if "\namount:" in f"\n{sale}" else f"amount: order.amount\n{sale}"
        values = {
            "extra": "",
            "credits": "",
            "of": "sale",
            "amount": "credit.amount * 3 %",
            "states": "{model: energy_order, of: order}",
            "at": "activated",
        }
        values |= {**parts, "sale": indented(sale, 4), "facts": indented(facts, 6)}
        values["credits"] = indented(values["credits"], 2)
        return FRAME.format(**values)

    @staticmethod
    def calculated(text: str, until: str = "2028-12") -> Calculation:
        plan = checked(text)
        result = calculate(plan, plan.examples[0].relations, until=Month.parse(until))
        lookup = {node.node_id: node for node in result.nodes}
        for line in result.lines:
            assert check_tree(lookup[line.node_id], lookup) == ()
        return result

    @staticmethod
    def paid(result: Calculation) -> Paid:
        totals: dict[tuple[str | None, str | None], Decimal] = {}
        for line in result.lines:
            if line.what in PAID:
                key = (line.payee_id, line.month)
                totals[key] = totals.get(key, Decimal(0)) + line.amount
        return {key: amount for key, amount in totals.items() if amount}

    @staticmethod
    def march(**amounts: str) -> Paid:
        return {(payee, "2026-03"): Decimal(amount) for payee, amount in amounts.items()}

    @staticmethod
    def codes(text: str) -> set[str]:
        return {finding.code for finding in check_plan(parse_plan(text)).errors}


@pytest.fixture(scope="session")
def written() -> Written:
    return Written()
