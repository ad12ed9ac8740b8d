"""Lineage names what a fact says; an explanation finds the message that it was read from."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from calc_engine.domain.explanation import forwarded_facts, tree
from calc_engine.domain.fact import Fact, FactName, RawMessage
from calc_engine.domain.order_states import owned_source, source_of, states_of
from calc_engine.domain.proposal import propose
from premia_common.contracts.fields import RawRef
from premia_common.periods import Month
from premia_plan.relations import SourceRef
from premia_plan.results import Node

from ..memory_work import fact_of_event  # noqa: TID252
from ..samples import bill_paid, order, target  # noqa: TID252

TENANT = UUID(int=7)
KEY = "salesforce/R-O1"
VERSION = "2026-03-01T00:00:00Z/000001"


def activated(**changed: Any) -> Fact:
    event = order(TENANT, "O1", "1200.00", states={"activated": "2026-03-04"})
    return fact_of_event(event.model_copy(update=changed))


def leaf(source: SourceRef) -> Node:
    return Node(
        UUID(int=1),
        "P1",
        "order_value",
        "1200.00",
        "money",
        "given",
        {"name": "order.amount", "order_id": KEY},
        source,
        (),
    )


def test_the_source_of_an_order_is_the_same_whichever_message_brought_it_and_when() -> None:
    first = activated()
    later = activated(
        known_at=datetime(2026, 5, 1, tzinfo=UTC),
        raw=RawRef(message_id="a file", sha256="7" * 64, part="12"),
    )

    assert first.digest != later.digest
    assert source_of(first, "O1") == source_of(later, "O1")
    assert source_of(first, "O1").id == f"order/{KEY}/{VERSION}"


def test_the_source_of_an_order_differs_when_it_says_something_else() -> None:
    other = activated(signed_on=datetime(2026, 2, 21, tzinfo=UTC).date())

    assert source_of(activated(), "O1").sha256 != source_of(other, "O1").sha256


def test_of_two_first_payments_on_one_day_the_same_is_named_whatever_came_first() -> None:
    event = bill_paid(TENANT, "O1", "2026-03-28")
    signals = [
        fact_of_event(event.model_copy(update={"signal_id": name, "raw": RawRef(
            message_id=message, sha256="5" * 64)}))
        for name, message in (("B-b", "message 1"), ("B-a", "message 2"), ("B-c", "message 0"))
    ]  # fmt: skip
    paid = activated()

    named = {
        state.source.id
        for order_of_arrival in itertools.permutations(signals)
        for state in states_of(paid, order_of_arrival, source_of(paid, "O1"))
        if state.state == "first_bill_paid"
    }

    assert named == {"billing_signal/billing/B-a/1/000001"}


def test_an_explanation_shows_the_message_that_a_fact_was_read_from() -> None:
    node = leaf(source_of(activated(), "order O1"))
    name = FactName("order", KEY, VERSION)

    shown = tree(
        node.node_id, {node.node_id: node}, {name: RawMessage("m 1", "5" * 64, "3")}, {}, depth=1
    ).source

    assert forwarded_facts([node]) == {name}
    assert shown is not None
    assert (shown.kind, shown.id, shown.part, shown.sha256) == ("message", "m 1", "3", "5" * 64)
    assert shown.url == "/v1/messages/m%201/raw"


def test_a_fact_of_our_own_is_shown_as_itself() -> None:
    fact = fact_of_event(target(TENANT, "A1", {"2026-03": "5.00"}))
    node = leaf(owned_source(fact, "target"))

    shown = tree(node.node_id, {node.node_id: node}, {}, {}, depth=1).source

    assert forwarded_facts([node]) == frozenset()
    assert shown is not None
    assert (shown.kind, shown.sha256) == ("fact", fact.digest)
    assert shown.url == f"/v1/facts/target?key={fact.key}&version=0000000001"


def test_the_same_content_has_the_same_digest_in_every_tenant() -> None:
    key = ("P1", "C1", "EUR")
    [first], [second] = (
        propose(tenant, Month.parse("2026-03"), (), balances={}, held={}, known=[key])
        for tenant in (TENANT, UUID(int=8))
    )

    assert first.statement_id != second.statement_id
    assert first.digest == second.digest
    assert first.digest != replace(second, payee_id="P2").digest
