"""What a fact that arrived changes: the order, the payee or the reporting line it speaks of."""

from collections.abc import Iterable, Sequence

from calc_engine.domain.fact import Fact
from calc_engine.domain.records import Records
from premia_plan.incremental import Change

NOTHING = frozenset({"watermark", "mandate_text"})
"""Kinds that no calculation reads."""
STANDINGS = frozenset({"payee", "assignment", "mandate", "plan_acceptance"})
FOLLOWED = frozenset({"order", "billing_signal", "measurement", "target", "position", *STANDINGS})
"""Kinds whose facts are read only where they are needed; every other kind is read whole."""


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
    body = fact.body
    match fact.kind:
        case "order":
            return Change(orders=frozenset({fact.key}))
        case "billing_signal":
            return Change(orders=frozenset(order for view in views for order in _told(fact, view)))
        case "measurement":
            codes = (body["payee"]["system"], body["payee"]["code"])
            return Change(
                payees=frozenset(
                    payee for view in views for payee in view.directory.payees_of(*codes)
                )
            )
        case "target":
            return Change(payees=frozenset({body["payee_id"]}))
        case "position":
            return Change(standings=frozenset(p for view in views for p in _moved(fact, view)))
        case kind if kind in STANDINGS:
            return Change(standings=frozenset({body["payee_id"]}))
        case kind if kind in NOTHING:
            return Change()
        case kind:
            return Change(everything=(f"a new {kind.replace('_', ' ')}",))


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
