"""Reversals that people load, each put to the order, line or other fact that it names."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from calc_engine.domain.billing_facts import kind_of
from calc_engine.domain.fact import Fact
from calc_engine.domain.order_states import owned_source
from calc_engine.domain.records import Records
from premia_plan.relations import ReversalRow
from premia_plan.results import Exception_


def reversals_of(records: Records, told: list[Exception_]) -> Iterator[ReversalRow]:
    """Give the reversals of what is known; those of what nobody sent yet are told, and wait."""
    waiting: Counter[str] = Counter()
    for fact in records.counting("reversal"):
        body, kind = fact.body, fact.body.get("of", "order")
        order_id = _order_of(body, kind, records)
        if order_id is None and kind == "order":
            waiting[body["order"]["system"]] += 1
        elif order_id is None:
            told.append(_of_unknown_fact(fact, kind))
        else:
            yield _row(fact, kind, order_id)
    told.extend(_of_unknown_orders(waiting))


def _order_of(body: Mapping[str, Any], kind: str, records: Records) -> str | None:
    """Return the order of what was reversed, "" if it has none, None while it is not known."""
    named, key = body["order"], str(body.get("fact"))
    order_id = "" if named is None else records.order_key(named)
    if kind == "activity":
        found = records.facts.get("activity", {}).get(key)
        is_known = found is not None and not found.body.get("withdrawn")
    elif kind in {"order", "line"}:
        found = records.facts.get("order", {}).get(order_id)
        lines = () if found is None else found.body["lines"]
        is_known = kind == "order" or any(line["line_id"] == key for line in lines)
        return order_id if found is not None and is_known else None
    else:
        found = records.facts.get("billing_signal", {}).get(key)
        is_known = found is not None and kind_of(found) == kind
    own = None if found is None else found.body["order"]
    has_own = order_id == ("" if own is None else records.order_key(own))
    return order_id if is_known and has_own else None


def _row(fact: Fact, kind: str, order_id: str) -> ReversalRow:
    body = fact.body
    return ReversalRow(
        fact.key,
        order_id,
        date.fromisoformat(body["on"]),
        _number(body["amount"]),
        _number(body["share"]),
        body["cause"],
        body["imputable_to"],
        owned_source(fact, f"reversal {fact.key}, {body['source']}"),
        kind=kind,
        fact_id=body.get("fact") or "",
    )


def _of_unknown_fact(fact: Fact, kind: str) -> Exception_:
    code = kind.replace(" ", "-")
    return Exception_(
        f"reversal-of-unknown-{code}",
        f"The reversal {fact.key} waits: there is no {kind} {fact.body['fact']}",
        f"Nothing, if the {kind} is on its way; else load the reversal again with the right one",
        None,
        None,
        fact.body["on"][:7],
        blocks=False,
    )


def _of_unknown_orders(waiting: Mapping[str, int]) -> Iterable[Exception_]:
    for source in sorted(waiting):
        yield Exception_(
            "reversal-of-unknown-order",
            f"{waiting[source]} reversals of {source} wait for an order nobody sent yet",
            "Nothing, if the orders are on their way; else correct the order that they name",
            None,
            None,
            None,
            blocks=False,
        )


def _number(text: Any) -> Decimal | None:
    return None if text is None else Decimal(text)
