"""Where the cause of an exception is repaired: by whose API, and with which request."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repair:
    """A request that repairs the cause; the next run finds the exception settled."""

    service: str
    method: str
    path: str


_PAYEE = Repair("plans-api", "PUT", "/v1/payees/{id}")
_TARGET = Repair("plans-api", "POST", "/v1/targets")
_POSITION = Repair("plans-api", "PUT", "/v1/positions/{id}")
_MEASUREMENT = Repair("connectors", "POST", "/v1/sources/{source}/files")
_ORDER = Repair("connectors", "POST", "/v1/messages/replay")
_ASSIGNMENT = Repair("plans-api", "POST", "/v1/assignments")
_PLAN = Repair("plans-api", "POST", "/v1/plans/{id}/versions:copy")
_ADJUSTMENT = Repair("calc-engine", "POST", "/v1/adjustments/{id}/approve")
_LOAD = Repair("calc-engine", "POST", "/v1/records/proposed/{id}/approve")
_FIGURE = Repair("calc-engine", "POST", "/v1/records/figure")
_RATES = Repair("calc-engine", "POST", "/v1/records/exchange_rate")
_OPENING = Repair("calc-engine", "POST", "/v1/records/opening")
_TREE = Repair("plans-api", "PUT", "/v1/territories/{id}")

REPAIRS: Mapping[str, Repair] = {
    "payee_unknown": _PAYEE,
    "payee_not_assigned": _ASSIGNMENT,
    "payee_not_participating": _PAYEE,
    "assigned_to_other_principal": _ASSIGNMENT,
    "measurement-of-unknown-payee": _PAYEE,
    "loan-of-unknown-payee": _PAYEE,
    "figure-of-unknown-payee": _PAYEE,
    "leave-of-unknown-payee": _PAYEE,
    "opening-of-unknown-payee": _PAYEE,
    "adjustment-of-unknown-payee": _PAYEE,
    "reversal-of-unknown-order": _ORDER,
    "adjustment_not_approved": _ADJUSTMENT,
    "rows_not_approved": _LOAD,
    "exchange_rate_missing": _RATES,
    "opening_unknown": _OPENING,
    "opening_not_addable": _OPENING,
    "opening_of_several_principals": _OPENING,
    "payment_terms_differ": _PLAN,
    "statement_currencies_differ": _PLAN,
    "statement_currency_unknown": _PAYEE,
    "account_without_terms": _PLAN,
    "unknown-principal": Repair("plans-api", "POST", "/v1/principals"),
    "rate_missing": _PLAN,
    "target_missing": _TARGET,
    "target_zero": _TARGET,
    "target_ambiguous": _TARGET,
    "measurement_missing": _MEASUREMENT,
    "measurement_ambiguous": _MEASUREMENT,
    "fact_missing": _ORDER,
    "amount_too_large": _ORDER,
    "number_too_large": _ORDER,
    "attribute_unreadable": Repair("connectors", "PUT", "/v1/sources/{source}/mapping"),
    "order_ambiguous": _ORDER,
    "order_currency": _PLAN,
    "signal-of-unknown-order": _ORDER,
    "fact-conflict": _ORDER,
    "hierarchy_cyclic": _POSITION,
    "hierarchy_ambiguous": _POSITION,
    "tree_cyclic": _TREE,
    "tree_ambiguous": _TREE,
}
"""By the code of the exception; one that is not named here says in words what to do."""


def repair_of(code: str, *, is_of_payee: bool = True) -> Repair | None:
    """Return where an exception's cause is repaired, as far as one request can do it.

    What a team, a territory, a category or a plan misses is recorded as a figure of it.

    >>> repair_of("target_missing").path
    '/v1/targets'
    >>> repair_of("target_missing", is_of_payee=False).path
    '/v1/records/figure'
    """
    found = REPAIRS.get(code)
    return _FIGURE if found in {_TARGET, _MEASUREMENT} and not is_of_payee else found
