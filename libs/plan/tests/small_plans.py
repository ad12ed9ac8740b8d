"""What the small plans of tests begin with, so that each shows no more than what it is about."""

from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan

HEAD = """
plan: trial
title: {it: Prova, en: Trial}
language: 1
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {from: 2026-01-01, to: 2027-01-01, by: order.signed_on}
participants: payee.kind = "agency"
"""
SALE = """
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
"""


def plan_of(sections: str) -> str:
    """Return a plan of 2026, in euros and for agencies, that has these sections."""
    return HEAD + sections


def plan_of_sales(sections: str) -> str:
    """Return the same with one credit, `sale`: an order's amount is all its seller's.

    Sections that begin with an indented name go on with more credits.
    """
    return HEAD + SALE + sections


def checked(text: str) -> CheckedPlan:
    """Return a plan that nothing speaks against."""
    check = check_plan(parse_plan(text))
    assert check.plan is not None, [str(item) for item in check.findings]
    return check.plan
