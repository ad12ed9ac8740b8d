"""Make a worked example of a real order: seen paid, checked that it passes, ready to paste."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from calc_engine.application.calculate_plans import checked_plan, plan_reach, rows_of
from calc_engine.application.example_ways import (
    MadeExample,
    World,
    alone,
    with_its_payees,
    with_what_it_rests_on,
)
from calc_engine.application.ports import CalcWork, Engines
from calc_engine.domain.example_source import last_day
from calc_engine.domain.fact import Fact
from calc_engine.domain.plan_relations import shared_rows
from calc_engine.domain.published_plan import PublishedPlan
from calc_engine.domain.records import Records
from premia_common.periods import Month

__all__ = [
    "ExampleNotMade",
    "MadeExample",
    "OrderFacts",
    "OrderNotFound",
    "make_example",
    "order_facts",
]

MOST_ORDERS = 1_000
"""So many versions of orders of its payees are looked at."""
MOST_OF_OTHERS = 5_000
"""So many versions of others' orders are looked at, where its pay rests on them."""
EARLIEST = Month(1970, 1)
MASTER_DATA = (
    "principal",
    "payee",
    "mandate",
    "position",
    "assignment",
    "territory",
    "product_category",
    "target",
    "measurement",
    "figure",
    "leave",
    "holiday",
    "exchange_rate",
    "reversal",
    "plan",
    "plan_retirement",
)


class OrderNotFound(LookupError):
    """Raised when the tenant has no such order."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"There is no order {order_id}; an id is source/record, as facts list it.")


class ExampleNotMade(Exception):
    """Raised when an order cannot be written as an example that passes."""

    def __init__(self, order_id: str, why: str) -> None:
        super().__init__(f"Order {order_id} cannot be made an example: {why}.")


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The facts that an example of an order is made from."""

    order_id: str
    facts: Sequence[Fact]
    codes: Mapping[str, str]
    others: tuple[str, ...] = ()
    """What of the plan rests on other payees than the order's."""


async def order_facts(work: CalcWork, order_id: str, plan_name: str) -> OrderFacts:
    """Return the facts around an order: master data, its payees' orders, their signals.

    Where the plan pays by what others did too, as by a rank, everybody's orders are among them.

    Raises:
        OrderNotFound: if the tenant has no such order.
        ExampleNotMade: if there are too many orders of others.
    """
    own = await work.facts.versions_of("order", order_id)
    if not own:
        raise OrderNotFound(order_id)
    master = await work.facts.of_kinds(MASTER_DATA)
    records = Records.of([*master, *own])
    [order] = records.of_kind("order")
    others = _others_in(records, plan_name)
    names = _names_of_payees(records, None if others else order)
    most = MOST_OF_OTHERS if others else MOST_ORDERS
    around = await work.facts.orders_naming(names, limit=most)
    if others and len(around) >= most:
        why = f"its pay rests on others too ({', '.join(others)}), who have more than {most} orders"
        raise ExampleNotMade(order_id, why)
    signals = await work.facts.signals_of([*own, *around])
    payees = {fact.body["payee_id"] for fact in records.of_kind("payee")}
    codes = await work.facts.payee_codes(payees)
    return OrderFacts(order_id, [*master, *own, *around, *signals], codes, others)


def _others_in(records: Records, plan_name: str) -> tuple[str, ...]:
    """Return what of a plan rests on other payees than those whom an order names."""
    found: set[str] = set()
    for plan in records.plans:
        if plan.name == plan_name:
            reach = plan_reach(plan)
            found |= {*reach.unbounded, *(("what those below sold",) if reach.climbs else ())}
    return tuple(sorted(found))


def _names_of_payees(records: Records, order: Fact | None) -> list[tuple[str, str]]:
    """Return every code that the order's payees ever had; without an order everybody's."""
    if order is None:
        every = (payee.body["external_ids"] for payee in records.of_kind("payee"))
        return sorted({(item["system"], item["code"]) for ids in every for item in ids})
    roles = order.body.get("payees", {})
    refs = (order.body["seller"], order.body["partner"], *roles.values())
    written = {(ref["system"], ref["code"]) for ref in refs if ref is not None}
    found = set(written)
    for payee in records.of_kind("payee"):
        codes = {(item["system"], item["code"]) for item in payee.body["external_ids"]}
        if codes & written:
            found |= codes
    return sorted(found)


def make_example(around: OrderFacts, plan_name: str, engines: Engines) -> MadeExample:
    """Return an example of the order that passes.

    First the order stands alone; where its pay depends on other orders of its payees, as a tier
    does, these are given too, and where it rests on others, as a rank does, what it rests on of
    theirs.  The plan is taken as accepted by everybody.

    Raises:
        ExampleNotMade: if no published version claims the order, or the example would not pay
            what was paid.
    """
    records = Records.of(around.facts)
    plan = _claiming(records, plan_name, around.order_id)
    checked = checked_plan(plan)
    relations = rows_of(plan, records, engines, until=_last_month(records))
    row = next((item for item in relations.orders if item.order_id == around.order_id), None)
    if row is None:
        raise ExampleNotMade(around.order_id, "its principal is unknown")
    relations = replace(
        relations,
        assignments=tuple(replace(item, accepted=True) for item in relations.assignments),
    )
    until = _last_month(records)
    engine = engines.choose(checked, relations)
    world = World(
        plan,
        checked,
        relations,
        around.codes,
        row,
        engine.calculate(checked, relations, since=EARLIEST, until=until),
    )
    problem = ""
    ways = [alone, with_its_payees, *([with_what_it_rests_on] if around.others else [])]
    for way in ways:
        made, problem = way(world)
        if made is not None:
            return made
    if around.others:
        problem = f"its pay rests on others too ({', '.join(around.others)}), and {problem}"
    raise ExampleNotMade(around.order_id, problem)


def _last_month(records: Records) -> Month:
    return Month.of(last_day(shared_rows(records).orders))


def _claiming(records: Records, plan_name: str, order_id: str) -> PublishedPlan:
    signed = {row.order_id: row.signed_on for row in shared_rows(records).orders}.get(order_id)
    versions = [plan for plan in records.plans if plan.name == plan_name]
    claiming = [plan for plan in versions if signed is not None and plan.may_claim(signed)]
    if not claiming:
        known = ", ".join(sorted({plan.name for plan in records.plans})) or "none"
        raise ExampleNotMade(
            order_id, f"no published version of {plan_name} claims it; published plans: {known}"
        )
    return claiming[-1]
