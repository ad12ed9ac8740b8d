"""Answers of simulations as JSON, as they are kept in files and shown page by page."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from calc_engine.application.back_test import BackTested, PayeeResult, Sums
from calc_engine.application.simulate import Simulated
from calc_engine.domain.comparison import (
    Change,
    Compared,
    Side,
    earned_by,
    moved_by_terms,
    paid_by,
)
from calc_engine.domain.run import Segment
from calc_engine.domain.simulation import Simulation, SimulationKind
from calc_engine.domain.validation import ExceptionGroup, group_exceptions
from premia_common.money import Money
from premia_plan.relations import OrderRow

Json = dict[str, Any]


def provenance(engines: Iterable[str], segments: Iterable[Segment]) -> Json:
    """Return what the answer was calculated from: with these files it is the same again."""
    return {
        "engine": ", ".join(sorted(engines)),
        "segments": [
            {"address": item.address, "sha256": item.sha256, "rows": item.rows} for item in segments
        ],
    }


def assumptions(simulation: Simulation) -> list[str]:
    """Return what an answer takes for granted, in words."""
    question = simulation.question
    changes = question.get("changes", ())
    has_draft = "document" in question or any(item["kind"] == "draft_plan" for item in changes)
    found = ["Both sides are calculated from everything known when the question was worked on."]
    if has_draft:
        found.append("Everybody assigned to a plan that the draft replaces has accepted the draft.")
    if simulation.kind is not SimulationKind.ORDERS_CHECK:
        found.append(
            "Terms of payment go on from the statements approved before the first month; each "
            "month is taken as stated and approved when it ends."
        )
    if simulation.kind is SimulationKind.BACK_TEST:
        found.append(
            "The draft was in force in all these months, and whenever a plan it replaces was."
        )
    return found


def simulated_content(found: Simulated) -> Json:
    """Return an answer line by line, with sums by payee, component and order."""
    compared = found.compared
    return {
        "totals": _sums(paid_by(compared, lambda _: ""), None),
        "payees": _sums(paid_by(compared, lambda item: item.place.payee_id), "payee_id"),
        "components": _sums(earned_by(compared, lambda item: item.place.component), "component"),
        "orders": _sums(earned_by(compared, lambda item: item.place.order_id), "order_id"),
        "terms_of_payment": _sums(moved_by_terms(compared), "movement"),
        "picked": [_order(row) for row in found.orders],
        "lines": [_line(item) for item in compared],
        "lines_left_out": found.left_out,
        "exceptions_before": _groups(group_exceptions(found.exceptions_before)),
        "exceptions_after": _groups(group_exceptions(found.exceptions_after)),
    }


def back_tested_content(found: BackTested) -> Json:
    """Return a back-test: sums, and every payee from the one who loses most."""
    return {
        "months": _sums(found.months, "month"),
        "components": _sums(found.components, "component"),
        "territories": _sums(found.territories, "territory"),
        "categories": _sums(found.categories, "category"),
        "terms_of_payment": _sums(found.terms, "movement"),
        "payees": [_payee(item) for item in found.payees],
        "exceptions_before": _groups(found.exceptions_before),
        "exceptions_after": _groups(found.exceptions_after),
    }


def _money(amount: Decimal, currency: str) -> Json:
    return {"amount": format(Money(amount, currency).amount, "f"), "currency": currency}


def _three(before: Decimal, after: Decimal, currency: str) -> Json:
    return {
        "before": _money(before, currency),
        "after": _money(after, currency),
        "difference": _money(after - before, currency),
    }


def _sums(sums: Sums, name: str | None) -> list[Json]:
    def row(key: str, currency: str, change: Change) -> Json:
        named = {name: key or None} if name else {}
        return {**named, **_three(change.before, change.after, currency)}

    return [row(key, currency, change) for (key, currency), change in sums.items()]


def _line(item: Compared) -> Json:
    place = item.place
    return {
        "payee_id": place.payee_id or None,
        "component": place.component,
        "order_id": place.order_id or None,
        "month": place.month or None,
        "standing": place.standing,
        "movement": place.movement or None,
        **_three(item.before.amount, item.after.amount, place.currency),
        "why_before": _why(item.before),
        "why_after": _why(item.after),
    }


def _why(side: Side) -> Mapping[str, Sequence[str]]:
    return {"reasons": side.reasons, "nodes": [str(node) for node in side.nodes]}


def _order(row: OrderRow) -> Json:
    return {
        "order_id": row.order_id,
        "signed_on": row.signed_on.isoformat(),
        "category": row.category,
        "territory": row.territory,
        # As its source gives it, which may be finer than a cent.
        "amount": {"amount": format(row.amount, "f"), "currency": row.currency},
        "states": {state.state: state.on.isoformat() for state in row.states},
    }


def _payee(item: PayeeResult) -> Json:
    return {
        "payee_id": item.payee_id or None,
        **_three(item.before, item.after, item.currency),
        "worst_month": item.worst_month,
        "worst_difference": _money(item.worst_difference, item.currency),
    }


def _groups(groups: Iterable[ExceptionGroup]) -> list[Json]:
    return [
        {
            "code": group.code,
            "blocks": group.blocks,
            "count": group.count,
            "example": group.example,
            "what_to_do": group.what_to_do,
        }
        for group in groups
    ]
