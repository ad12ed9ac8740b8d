"""What a fact that arrived changes: the order, the payee or the reporting line it speaks of."""

from collections.abc import Iterable, Mapping, Sequence

from calc_engine.domain.fact import Fact
from calc_engine.domain.records import Records
from premia_plan.incremental import Change

NOTHING = frozenset({"watermark", "loan", "adjustment", "activity", "proposed_load"})
"""Kinds that change no line: loans and adjustments are paid by runs, a plan that reads activities
is not followed at all, and rows that wait for a second person have no effect."""
STANDINGS = frozenset({"payee", "assignment", "mandate", "plan_acceptance"})
OF_ORDERS = frozenset({"billing_signal", "reversal"})
FOLLOWED = frozenset(
    {
        "order",
        "measurement",
        "target",
        "position",
        *OF_ORDERS,
        *STANDINGS,
        *(NOTHING - {"proposed_load"}),
    }
)
"""Kinds whose facts are read only where they are needed; every other kind is read whole, as are
the loads that wait for a second person: they name payees, and block their statements."""


def change_of(arrived: Iterable[Fact], views: Sequence[Records]) -> Change:
    """Return what facts change, as the records say with and without them.

    Args:
        arrived: every version of the facts that are new or have a new version.
        views: the records with all facts, and as they were before.
    """
    found = Change()
    for fact in arrived:
        found |= _change(fact, views)
    return found


def _change(fact: Fact, views: Sequence[Records]) -> Change:
    body, change = fact.body, Change()
    match fact.kind:
        case "order":
            change = Change(orders=frozenset({fact.key}))
        case "billing_signal":
            change = Change(
                orders=frozenset(order for view in views for order in _told(fact, view))
            )
        case "reversal" if body["order"] is not None:  # else of an activity
            change = Change(orders=frozenset(view.order_key(body["order"]) for view in views))
        case "measurement":
            change = Change(payees=_measured(body["payee"], views))
        case "target":
            change = Change(payees=frozenset({body["payee_id"]}))
        case "position":
            change = Change(standings=frozenset(p for view in views for p in _moved(fact, view)))
        case kind if kind in STANDINGS:
            change = Change(standings=frozenset({body["payee_id"]}))
        case kind if kind not in {"reversal", *NOTHING}:
            change = Change(everything=(f"a new {kind.replace('_', ' ')}",))
    return change


def _measured(payee: Mapping[str, str], views: Sequence[Records]) -> frozenset[str]:
    """Return everybody whom a measured value may be of."""
    return frozenset(
        found
        for view in views
        for found in view.directory.payees_of(payee["system"], payee["code"])
    )


def _told(signal: Fact, view: Records) -> Iterable[str]:
    """Return the orders that a billing signal speaks of."""
    return (
        order
        for order, signals in view.signals_by_order.items()
        if any(each.key == signal.key for each in signals)
    )


def _moved(position: Fact, view: Records) -> Iterable[str]:
    """Return who holds a position, and who reports to it."""
    for other in view.of_kind("position"):
        lines = other.body["reporting_lines"]
        if other.key == position.key or any(line["reports_to"] == position.key for line in lines):
            yield from (holding["payee_id"] for holding in other.body["holdings"])
    yield from (holding["payee_id"] for holding in position.body["holdings"])
