"""Make a worked example of a real order: seen paid, checked that it passes, ready to paste."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from calc_engine.application.calculate_plans import checked_plan, rows_of
from calc_engine.application.ports import CalcWork, Engines
from calc_engine.domain.example_source import Content, ExampleSource, last_day
from calc_engine.domain.fact import Fact
from calc_engine.domain.order_example import example_content, example_text, paid_by
from calc_engine.domain.plan_relations import shared_rows
from calc_engine.domain.published_plan import PublishedPlan
from calc_engine.domain.records import Records
from premia_common.canonical import canonical_json
from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import PlanDocument
from premia_plan.examples import run_examples
from premia_plan.relations import OrderRow
from premia_plan.results import Line

MOST_ORDERS = 200
"""So many other orders an example may need, before it is no example any more."""
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
class MadeExample:
    """An example that passes under the published plan, and what it was made from."""

    plan: str
    version: int
    content_hash: str
    name: str
    text: str
    paid: Mapping[tuple[str, str, str], str]
    """What is paid, by payee, month and component, as the example writes it."""
    orders: tuple[str, ...]
    """The order, and those that its pay depends on."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The facts that an example of an order is made from."""

    order_id: str
    facts: Sequence[Fact]
    codes: Mapping[str, str]


async def order_facts(work: CalcWork, order_id: str) -> OrderFacts:
    """Return the facts around an order: master data, its payees' orders, their signals.

    Raises:
        OrderNotFound: if the tenant has no such order.
        ExampleNotMade: if its payees have too many orders.
    """
    own = await work.facts.versions_of("order", order_id)
    if not own:
        raise OrderNotFound(order_id)
    master = await work.facts.of_kinds(MASTER_DATA)
    records = Records.of([*master, *own])
    [order] = records.of_kind("order")
    names = _names_of_payees(records, order)
    around = await work.facts.orders_naming(names, limit=MOST_ORDERS * 5)
    signals = await work.facts.signals_of([*own, *around])
    payees = {fact.body["payee_id"] for fact in records.of_kind("payee")}
    codes = await work.facts.payee_codes(payees)
    return OrderFacts(order_id, [*master, *own, *around, *signals], codes)


def _names_of_payees(records: Records, order: Fact) -> list[tuple[str, str]]:
    """Return every code that the order's payees ever had."""
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
    does, these are given too.  The plan is taken as accepted by everybody.

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
    paid = engine.calculate(checked, relations, since=EARLIEST, until=until).lines
    problem = ""
    for orders in ((row,), _together(relations.orders, row)):
        some = replace(relations, orders=orders)
        source = ExampleSource(checked, some, around.codes, row.signed_on)
        mine = [line for line in paid if _is_of(line, orders, row)]
        name = f"order {row.record_id} as it was paid"
        content = example_content(name, source, _until(mine, orders))
        problem = _why_it_fails(plan, content)
        if not problem:
            hashed = plan.content_hash
            ids = tuple(item.order_id for item in orders)
            text = example_text(content)
            return MadeExample(plan.name, plan.version, hashed, name, text, paid_by(content), ids)
    raise ExampleNotMade(around.order_id, problem)


def _last_month(records: Records) -> Month:
    return Month.of(last_day(shared_rows(records).orders))


def _is_of(line: Line, orders: Sequence[OrderRow], row: OrderRow) -> bool:
    """Say whether a line is of these orders; with all of a payee's, what no order earns is too."""
    if line.order_id is None:
        return len(orders) > 1 and line.payee_id in _payees_of(row)
    return line.order_id in {item.order_id for item in orders}


def _payees_of(row: OrderRow) -> set[str | None]:
    refs = (row.seller, row.partner, *row.payees.values())
    return {ref.payee_id for ref in refs if ref is not None}


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


def _together(orders: Sequence[OrderRow], row: OrderRow) -> tuple[OrderRow, ...]:
    """Return the order and the others of its payees, the order first."""
    mine = _payees_of(row)
    others = [item for item in orders if item.order_id != row.order_id and mine & _payees_of(item)]
    if len(others) > MOST_ORDERS:
        raise ExampleNotMade(
            row.order_id, f"its pay depends on other orders, and its payees have {len(others)}"
        )
    return (row, *others)


def _until(lines: Iterable[Line], orders: Sequence[OrderRow]) -> list[Line]:
    """Return what landed by the last month in which anything happened to the orders."""
    last = str(Month.of(last_day(orders)))
    return [line for line in lines if line.month is not None and line.month <= last]


def _why_it_fails(plan: PublishedPlan, content: Mapping[str, Content]) -> str:
    """Return why the example does not pass in the plan's document; empty if it does."""
    document = {**plan.document, "examples": [content]}
    check = check_plan(PlanDocument.from_canonical(canonical_json(document)))
    if check.plan is None:
        errors = [item for item in check.findings if item.severity == "error"]
        return "; ".join(item.message for item in errors[:3])
    [result] = run_examples(check.plan)
    differences = [
        f"{item.payee} {item.month} {item.component}: paid {item.expected}, the example gives"
        f" {item.got}"
        for item in result.differences[:3]
    ]
    return "" if result.passed else "; ".join([*differences, *result.exceptions[:3]])
