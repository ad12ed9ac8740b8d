"""A real order written as a worked example: what it needs given, and what was paid for it."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from calc_engine.domain.example_facts import fact_rows, order_row, reversal_rows
from calc_engine.domain.example_people import (
    assigned_payees,
    assignment_rows,
    hierarchy,
    leave_rows,
    payee_rows,
    position_rows,
)
from calc_engine.domain.example_source import Content, ExampleSource, days_of, written
from premia_plan.examples import ExampleResult
from premia_plan.period import months_of
from premia_plan.quantities import Unit
from premia_plan.reference.subject import payee_of
from premia_plan.relations import FactRow, OrderRow
from premia_plan.results import PAID, Line

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.%/-]*( [A-Za-z0-9_.%/-]+)*")
_ONE_A_LINE = frozenset({"orders", "activities", "bills", "payments", "credit_notes"})


def example_content(
    name: str, source: ExampleSource, lines: Iterable[Line]
) -> Mapping[str, Content]:
    """Return an example as a plan's document holds it.

    Args:
        name: what it is called.
        source: the rows it is written from.
        lines: what was paid for its orders; what is not among them must be zero.
    """
    payees = assigned_payees(source)
    given: dict[str, Content] = {
        "payees": payee_rows(source, payees),
        "assignments": assignment_rows(source, payees),
        "positions": position_rows(source, payees),
        "leave": leave_rows(source, payees),
        "hierarchy": hierarchy(source, payees),
        "trees": _trees(source),
        "targets": _monthly(source, payees, _targets(source)),
        "kpis": _monthly(source, payees, _measured(source)),
        "paid_before": _paid_before(source, payees),
        "orders": [order_row(source, row) for row in source.relations.orders],
        **fact_rows(source),
        "reversals": reversal_rows(source),
    }
    return {
        "name": name,
        "given": {key: part for key, part in given.items() if part},
        "expect": _expected(source, lines),
    }


def example_text(content: Mapping[str, Content], in_part: Sequence[str] = ()) -> str:
    """Return an example as YAML, to be pasted below `examples:`.

    `in_part` are the codes of those who are given only as far as the order's pay rests on them.
    """
    out = [f"  - name: {_flow(content['name'])}", "    given:"]
    if in_part:
        out.insert(1, f"    # Only what the order's pay rests on is given of {', '.join(in_part)}:")
        out.insert(
            2, "    # what they get here is what the example gives, not what they were paid."
        )
    given, expect = content["given"], content["expect"]
    assert isinstance(given, Mapping) and isinstance(expect, Mapping)  # noqa: S101, PT018
    for key, part in given.items():
        if key in _ONE_A_LINE and isinstance(part, Sequence):
            out += [f"      {key}:", *(f"        - {_flow(row)}" for row in part)]
        else:
            out.append(f"      {key}: {_flow(part)}")
    out.append("    expect:" if expect else "    expect: {}")
    out += [f"      {_flow(payee)}: {_flow(months)}" for payee, months in expect.items()]
    if content.get("exceptions"):
        out.append(f"    exceptions: {_flow(content['exceptions'])}")
    return "\n".join(out) + "\n"


def completed(
    content: Mapping[str, Content],
    result: ExampleResult,
    is_fixed: Callable[[str, str], bool],
    currency: str,
) -> Mapping[str, Content]:
    """Return an example that expects what it gives of all but some payees and components.

    Args:
        content: the example.
        result: how it came out.
        is_fixed: says of which payees and components it expects what was paid, come what may.
        currency: of the plan.
    """
    expect = {
        payee: {month: dict(_parts(components)) for month, components in _parts(months)}
        for payee, months in _parts(content["expect"])
    }
    for item in result.differences:
        if is_fixed(item.payee, item.component) or item.place[:1] != ("expect",):
            continue
        months = expect.setdefault(item.payee, {}).setdefault(item.month, {})
        months.pop(item.component, None)
        if item.got:
            months[item.component] = written(item.got, Unit.MONEY, currency)
    kept = {
        payee: {month: months[month] for month in sorted(months) if months[month]}
        for payee, months in sorted(expect.items())
    }
    return {**content, "expect": {payee: months for payee, months in kept.items() if months}}


def paid_by(content: Mapping[str, Content]) -> Mapping[tuple[str, str, str], str]:
    """Return what an example expects, by payee, month and component."""
    found: dict[tuple[str, str, str], str] = {}
    for payee, months in _parts(content["expect"]):
        for month, components in _parts(months):
            for component, amount in _parts(components):
                found[payee, month, component] = str(amount)
    return found


def payees_of(content: Mapping[str, Content]) -> set[str]:
    """Return the codes of the payees whom an example gives."""
    given = dict(_parts(content["given"]))
    rows = given.get("payees", ())
    return {str(row["id"]) for row in rows if isinstance(row, Mapping)}


def _parts(content: Content) -> Iterable[tuple[str, Content]]:
    return content.items() if isinstance(content, Mapping) else ()


def _flow(content: Content) -> str:
    if isinstance(content, Mapping):
        return (
            "{" + ", ".join(f"{_flow(key)}: {_flow(part)}" for key, part in content.items()) + "}"
        )
    if isinstance(content, str):
        return content if _PLAIN.fullmatch(content) else json.dumps(content, ensure_ascii=False)
    return "[" + ", ".join(_flow(part) for part in content) + "]"


def _trees(source: ExampleSource) -> Content:
    """Return the branches that lead to the orders' territories and categories."""
    found: dict[str, list[Content]] = {}
    for tree in ("territory", "category"):
        parents = {row.code: row.parent for row in source.relations.trees if row.tree == tree}
        wanted = sorted({str(getattr(row, tree)) for row in _placed(source)})
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


def _placed(source: ExampleSource) -> Iterable[OrderRow | FactRow]:
    """Give what has a territory and a category; a line's category is given as its order's."""
    for order in source.relations.orders:
        yield order
        yield from (replace(order, category=line.category) for line in order.lines)
    yield from source.relations.facts


Monthly: TypeAlias = tuple[str, str, str, str]
"""Payee, month, name and the value as it is written."""


def _targets(source: ExampleSource) -> Iterable[Monthly]:
    for row in source.relations.targets:
        rule = source.plan.targets.get(row.name)
        if rule is not None:
            amount = written(row.amount, rule.unit, source.plan.currency)
            yield row.payee_id, row.month, row.name, amount


def _measured(source: ExampleSource) -> Iterable[Monthly]:
    for row in source.relations.measurements:
        measure = source.plan.measures.get(row.name)
        if measure is not None:
            unit = getattr(measure, "unit", Unit.COUNT)
            yield row.payee_id, row.month, row.name, written(row.value, unit, source.plan.currency)


def _monthly(source: ExampleSource, payees: Sequence[str], rows: Iterable[Monthly]) -> Content:
    """Return the values of the periods in which anything happened to the orders."""
    months = {f"{day:%Y-%m}" for day in days_of(source.relations.orders)}
    found: dict[tuple[str, str], dict[str, Content]] = {}
    for subject, month, name, amount in rows:
        whose = _whose(subject, source, payees)
        if whose is not None and months.intersection(months_of(month)):
            row = found.setdefault((subject, month), {"payee": whose, "month": month})
            row[name] = amount
    return [found[key] for key in sorted(found)]


def _whose(subject: str, source: ExampleSource, payees: Sequence[str]) -> str | None:
    """Return how an example names whom a value is of; None where that has no part in it."""
    payee_id = payee_of(subject)
    if payee_id is None:
        return subject
    if payee_id not in payees:
        return None
    return f"{subject.removesuffix(payee_id)}{source.codes[payee_id]}"


def _paid_before(source: ExampleSource, payees: Sequence[str]) -> Sequence[Content]:
    return [
        {
            "payee": source.codes[row.payee_id],
            "component": row.component,
            "month": row.period,
            "amount": source.money(row.amount),
        }
        for row in source.relations.paid_before
        if row.payee_id in payees
    ]


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
            months.setdefault(month, {})[component] = source.money(amount)
    return found
