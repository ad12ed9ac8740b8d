"""The orders of an example, with their lines and what was billed, paid or done for them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from calc_engine.domain.example_source import Content, ExampleSource, short, written
from premia_plan.checked import FactKind, FactWords
from premia_plan.quantities import Unit
from premia_plan.relations import FactRow, OrderLineRow, OrderRow, ReversalRow, StateReached

SECTIONS: Final[Mapping[FactKind, str]] = {
    "activity": "activities",
    "bill": "bills",
    "payment": "payments",
    "credit note": "credit_notes",
}


def order_row(source: ExampleSource, row: OrderRow) -> Content:
    """Return an order as an example gives it."""
    plan = source.plan
    content: dict[str, Content] = {"id": row.record_id, "signed_on": row.signed_on.isoformat()}
    for role, ref in (("seller", row.seller), ("partner", row.partner)):
        code = source.code(ref)
        if code is not None:
            content[role] = code
    content["category"], content["territory"] = row.category, row.territory
    content["amount"] = written(row.amount, Unit.MONEY, row.currency)
    content |= source.roles(row.payees, plan.order_roles)
    content |= source.attributes(row.attributes, plan.order_attributes)
    states = _states(row.states, plan.states)
    if states:
        content["states"] = states
    words = plan.facts.get("line")
    if words is not None and row.lines:
        content["lines"] = [_line(source, line, row, words) for line in row.lines]
    return content


def _line(source: ExampleSource, line: OrderLineRow, order: OrderRow, words: FactWords) -> Content:
    content: dict[str, Content] = {
        "id": line.line_id,
        "category": line.category,
        "amount": written(line.amount, Unit.MONEY, order.currency),
        "quantity": _quantity(line.quantity, line.quantity_unit),
    }
    if line.on is not None:
        content["day"] = line.on.isoformat()
    content |= source.roles(line.payees, words.roles)
    content |= source.attributes(line.attributes, words.attributes)
    states = _states(line.states, words.states)
    if states:
        content["states"] = states
    return {name: part for name, part in content.items() if part}


def fact_rows(source: ExampleSource) -> Mapping[str, list[Content]]:
    """Return what happened besides the orders and belongs to one of them, by section."""
    ids = {row.order_id: row.record_id for row in source.relations.orders}
    found: dict[str, list[Content]] = {}
    for row in source.relations.facts:
        words = source.plan.facts.get(row.kind)
        if words is not None and row.order_id in ids:
            rows = found.setdefault(SECTIONS[row.kind], [])
            rows.append(_fact(source, row, ids[row.order_id], words))
    return found


def _fact(source: ExampleSource, row: FactRow, order: str, words: FactWords) -> Content:
    content: dict[str, Content] = {"id": row.fact_id, "order": order, "day": row.on.isoformat()}
    content |= {"category": row.category, "territory": row.territory}
    if row.amount:
        content["amount"] = source.money(row.amount)
    if row.tax:
        content["tax"] = source.money(row.tax)
    if row.quantity:
        content["quantity"] = _quantity(row.quantity, row.quantity_unit)
    content |= source.roles(row.payees, words.roles)
    content |= source.attributes(row.attributes, words.attributes)
    states = _states(row.states, words.states)
    if states:
        content["states"] = states
    return {name: part for name, part in content.items() if part}


def reversal_rows(source: ExampleSource) -> list[Content]:
    """Return why orders were reversed, and the reversals with a size of their own."""
    orders = source.relations.orders
    ids = {row.order_id: row.record_id for row in orders}
    causes = [
        {"order": row.record_id, **_cause(row)}
        for row in orders
        if row.imputable_to is not None or row.cause is not None
    ]
    own = [
        _reversal(source, row, ids[row.order_id])
        for row in source.relations.reversals
        if row.order_id in ids and (row.kind == "order" or row.kind in source.plan.facts)
    ]
    return [*causes, *own]


def _reversal(source: ExampleSource, row: ReversalRow, order: str) -> Content:
    content: dict[str, Content] = {"order": order, "day": row.on.isoformat()}
    if row.fact_id:
        content["fact"] = f"{row.kind} {row.fact_id}"
    if row.amount is not None:
        content["amount"] = source.money(row.amount)
    if row.share is not None:
        content["share"] = written(row.share, Unit.RATE, source.plan.currency)
    return {**content, **_cause(row)}


def _cause(row: OrderRow | ReversalRow) -> dict[str, Content]:
    said = {"imputable_to": row.imputable_to, "cause": row.cause}
    return {name: text for name, text in said.items() if text is not None}


def _states(states: tuple[StateReached, ...], known: frozenset[str]) -> Mapping[str, Content]:
    """Return when each state that the plan knows was first reached."""
    found: dict[str, Content] = {}
    for state in sorted(states, key=lambda item: item.on):
        if state.state in known:
            found.setdefault(state.state, state.on.isoformat())
    return found


def _quantity(number: Decimal, unit: str) -> str:
    return f"{short(number)} {unit}".rstrip()
