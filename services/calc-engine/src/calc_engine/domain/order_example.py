"""A real order written as a worked example: what it needs given, and what was paid for it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from calc_engine.domain.dated import Validity
from premia_plan.checked import CheckedPlan
from premia_plan.quantities import Unit
from premia_plan.relations import OrderRow, PayeeRef, Relations
from premia_plan.results import PAID, Line

Content: TypeAlias = "str | Sequence[Content] | Mapping[str, Content]"
Codes: TypeAlias = Mapping[str, str]
"""The code that people know each payee by; an example names payees by it."""

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.%/-]*( [A-Za-z0-9_.%/-]+)*")


@dataclass(frozen=True, slots=True)
class ExampleSource:
    """The rows of real facts that an example is written from."""

    plan: CheckedPlan
    relations: Relations
    """Only the orders of the example; everything else may be there."""
    codes: Codes
    day: date
    """On which payees and hierarchy are looked up: when the order was signed."""


def example_content(
    name: str, source: ExampleSource, lines: Iterable[Line]
) -> Mapping[str, Content]:
    """Return an example as a plan's document holds it.

    Args:
        name: what it is called.
        source: the rows it is written from.
        lines: what was paid for its orders; what is not among them must be zero.
    """
    payees = _payees(source)
    given: dict[str, Content] = {
        "payees": [_payee(source, payee_id) for payee_id in payees],
        "hierarchy": _hierarchy(source, payees),
        "trees": _trees(source),
        "targets": _monthly(source, payees, _targets(source)),
        "kpis": _monthly(source, payees, _measured(source)),
        "orders": [_order(source, row) for row in source.relations.orders],
        "reversals": [_reversal(row) for row in source.relations.orders if _is_imputed(row)],
    }
    return {
        "name": name,
        "given": {key: part for key, part in given.items() if part},
        "expect": _expected(source, lines),
    }


def example_text(content: Mapping[str, Content]) -> str:
    """Return an example as YAML, to be pasted below `examples:`."""
    out = [f"  - name: {_flow(content['name'])}", "    given:"]
    given, expect = content["given"], content["expect"]
    assert isinstance(given, Mapping) and isinstance(expect, Mapping)  # noqa: S101, PT018
    for key, part in given.items():
        if key == "orders" and isinstance(part, Sequence):
            out += ["      orders:", *(f"        - {_flow(row)}" for row in part)]
        else:
            out.append(f"      {key}: {_flow(part)}")
    out.append("    expect:" if expect else "    expect: {}")
    out += [f"      {_flow(payee)}: {_flow(months)}" for payee, months in expect.items()]
    if content.get("exceptions"):
        out.append(f"    exceptions: {_flow(content['exceptions'])}")
    return "\n".join(out) + "\n"


def _flow(content: Content) -> str:
    if isinstance(content, Mapping):
        return (
            "{" + ", ".join(f"{_flow(key)}: {_flow(part)}" for key, part in content.items()) + "}"
        )
    if isinstance(content, str):
        return content if _PLAIN.fullmatch(content) else json.dumps(content, ensure_ascii=False)
    return "[" + ", ".join(_flow(part) for part in content) + "]"


def superiors(source: ExampleSource, payee_ids: Iterable[str]) -> list[str]:
    """Return some payees and everybody above them on the day, each once, in a stable order."""
    found = sorted(set(payee_ids))
    for payee_id in found:
        above = {
            edge.reports_to
            for edge in source.relations.edges
            if edge.payee_id == payee_id
            and Validity(edge.valid_from, edge.valid_to).covers(source.day)
        }
        found += sorted(above.difference(found))
    return found


def _payees(source: ExampleSource) -> list[str]:
    """Return the assigned payees that the orders or their hierarchy name."""
    refs = (ref for row in source.relations.orders for ref in (row.seller, row.partner))
    named = [ref.payee_id for ref in refs if ref is not None and ref.payee_id is not None]
    assigned = {row.payee_id for row in source.relations.assignments}
    return [payee_id for payee_id in superiors(source, named) if payee_id in assigned]


def _payee(source: ExampleSource, payee_id: str) -> Content:
    row: dict[str, Content] = {"id": source.codes[payee_id]}
    for known in source.relations.payees:
        valid = Validity(known.valid_from, known.valid_to).covers(source.day)
        if known.payee_id == payee_id and valid:
            row.update({name: str(value) for name, value in sorted(known.attributes.items())})
    return row


def _hierarchy(source: ExampleSource, payees: Sequence[str]) -> Content:
    found: dict[str, list[Content]] = {}
    for edge in source.relations.edges:
        valid = Validity(edge.valid_from, edge.valid_to).covers(source.day)
        if valid and edge.payee_id in payees and edge.reports_to in payees:
            row = {
                "payee": source.codes[edge.payee_id],
                "reports_to": source.codes[edge.reports_to],
            }
            found.setdefault(edge.hierarchy, []).append(row)
    return found


def _trees(source: ExampleSource) -> Content:
    """Return the branches that lead to the orders' territories and categories."""
    found: dict[str, list[Content]] = {}
    for tree in ("territory", "category"):
        parents = {row.code: row.parent for row in source.relations.trees if row.tree == tree}
        wanted = sorted({str(getattr(row, tree)) for row in source.relations.orders})
        for code in wanted:
            parent = parents.get(code)
            if parent is not None and parent not in wanted:
                wanted.append(parent)
        rows: list[Content] = []
        for code in wanted:
            parent = parents.get(code)
            if code in parents:
                rows.append({"code": code, "parent": parent} if parent else {"code": code})
        if rows:
            found[tree] = rows
    return found


Monthly: TypeAlias = tuple[str, str, str, str]
"""Payee, month, name and the value as it is written."""


def _targets(source: ExampleSource) -> Iterable[Monthly]:
    known = source.plan.measures
    for row in source.relations.targets:
        if row.name in known:
            written = _written(row.amount, Unit.MONEY, source.plan.currency)
            yield row.payee_id, row.month, row.name, written


def _measured(source: ExampleSource) -> Iterable[Monthly]:
    for row in source.relations.measurements:
        measure = source.plan.measures.get(row.name)
        if measure is not None:
            unit = getattr(measure, "unit", Unit.COUNT)
            yield row.payee_id, row.month, row.name, _written(row.value, unit, source.plan.currency)


def _monthly(source: ExampleSource, payees: Sequence[str], rows: Iterable[Monthly]) -> Content:
    """Return the values of the months in which anything happened to the orders."""
    months = {f"{day:%Y-%m}" for day in _days(source.relations.orders)}
    found: dict[tuple[str, str], dict[str, Content]] = {}
    for payee_id, month, name, written in rows:
        if payee_id in payees and month in months:
            row = found.setdefault(
                (payee_id, month), {"payee": source.codes[payee_id], "month": month}
            )
            row[name] = written
    return [found[key] for key in sorted(found)]


def _days(orders: Iterable[OrderRow]) -> Iterable[date]:
    for row in orders:
        yield row.signed_on
        yield from (state.on for state in row.states)


def last_day(orders: Iterable[OrderRow]) -> date:
    """Return the last day on which anything happened to some orders."""
    return max(_days(orders))


def _order(source: ExampleSource, row: OrderRow) -> Content:
    content: dict[str, Content] = {"id": row.record_id, "signed_on": row.signed_on.isoformat()}
    for role, ref in (("seller", row.seller), ("partner", row.partner)):
        code = _code(source, ref)
        if code is not None:
            content[role] = code
    content["category"], content["territory"] = row.category, row.territory
    content["amount"] = _written(row.amount, Unit.MONEY, source.plan.currency)
    for name, unit in source.plan.order_attributes.items():
        value = row.attributes.get(name)
        if isinstance(value, Decimal):
            content[name] = _written(value, unit, source.plan.currency)
        elif value is not None:
            content[name] = value.isoformat() if isinstance(value, date) else str(value)
    if row.states:
        content["states"] = {state.state: state.on.isoformat() for state in row.states}
    return content


def _code(source: ExampleSource, ref: PayeeRef | None) -> str | None:
    return source.codes.get(ref.payee_id or "") if ref is not None else None


def _is_imputed(row: OrderRow) -> bool:
    return row.imputable_to is not None or row.cause is not None


def _reversal(row: OrderRow) -> Content:
    content: dict[str, Content] = {"order": row.record_id}
    if row.imputable_to is not None:
        content["imputable_to"] = row.imputable_to
    if row.cause is not None:
        content["cause"] = row.cause
    return content


def _expected(source: ExampleSource, lines: Iterable[Line]) -> Content:
    sums: dict[tuple[str, str, str], Decimal] = {}
    for line in lines:
        if line.what in PAID and line.month is not None and line.payee_id is not None:
            key = (source.codes[line.payee_id], line.month, line.component)
            sums[key] = sums.get(key, Decimal(0)) + line.amount
    found: dict[str, dict[str, dict[str, Content]]] = {}
    for payee, month, component in sorted(sums):
        amount = sums[payee, month, component]
        if amount:
            months = found.setdefault(payee, {})
            written = _written(amount, Unit.MONEY, source.plan.currency)
            months.setdefault(month, {})[component] = written
    return found


def _written(value: Decimal, unit: Unit, currency: str) -> str:
    """Return a number as plans write it: 1200.50 EUR, 95 %, 4.5 or 12 kWh."""
    if unit is Unit.RATE:
        return f"{_short(value * 100)} %"
    if unit is Unit.COUNT:
        return _short(value)
    if unit is Unit.MONEY:
        return f"{value:f} {currency}"
    return f"{_short(value)} {str(unit.value).replace('money', currency)}"


def _short(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
