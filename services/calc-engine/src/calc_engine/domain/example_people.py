"""The payees of an example: what they were, what they held, whom they reported to."""

from collections.abc import Iterable, Sequence

from calc_engine.domain.dated import Validity
from calc_engine.domain.example_source import (
    Content,
    ExampleSource,
    attribute_written,
    limits,
)
from premia_plan.quantities import Unit
from premia_plan.relations import PayeeRef


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


def assigned_payees(source: ExampleSource) -> list[str]:
    """Return the assigned payees that the orders, their lines or the hierarchy name, and others.

    The others are those whom the example must give besides.
    """
    named = [ref.payee_id for ref in _named(source) if ref is not None and ref.payee_id is not None]
    named += sorted(source.also)
    assigned = {row.payee_id for row in source.relations.assignments}
    return [payee_id for payee_id in superiors(source, named) if payee_id in assigned]


def _named(source: ExampleSource) -> Iterable[PayeeRef | None]:
    for row in source.relations.orders:
        yield from (row.seller, row.partner, *row.payees.values())
        for line in row.lines:
            yield from line.payees.values()
    for fact in source.relations.facts:
        yield from fact.payees.values()


def payee_rows(source: ExampleSource, payees: Sequence[str]) -> list[Content]:
    """Return what the payees were while the orders lived; what changed meanwhile is dated."""
    span, found = source.span, list[Content]()
    for payee_id in payees:
        always: dict[str, Content] = {"id": source.codes[payee_id]}
        dated: list[Content] = []
        for row in source.relations.payees:
            days = Validity(row.valid_from, row.valid_to)
            if row.payee_id != payee_id or days.meet(span) is None:
                continue
            units = source.plan.payee_attributes
            said: dict[str, Content] = {
                name: attribute_written(value, units.get(name, Unit.TEXT), source.plan.currency)
                for name, value in sorted(row.attributes.items())
            }
            if days.meet(span) == span:
                always |= said
            else:
                dated.append({"id": source.codes[payee_id], **limits(days), **said})
        found += [always, *dated]
    return found


def position_rows(source: ExampleSource, payees: Sequence[str]) -> list[Content]:
    """Return which positions the payees held, with what the plan reads of them."""
    found: list[Content] = []
    for row in source.relations.positions:
        days = Validity(row.valid_from, row.valid_to)
        if row.payee_id in payees and days.meet(source.span) is not None:
            said = source.attributes(row.attributes, source.plan.position_attributes)
            if said or not row.attributes:
                code = {"payee": source.codes[row.payee_id], "code": row.position}
                found.append({**code, **limits(days), **said})
    return found


def assignment_rows(source: ExampleSource, payees: Sequence[str]) -> list[Content]:
    """Return the assignments with a first or last day; others are without limit."""
    found: list[Content] = []
    for row in source.relations.assignments:
        days = limits(Validity(row.valid_from, row.valid_to))
        if row.payee_id in payees and days:
            found.append({"payee": source.codes[row.payee_id], **days})
    return found


def leave_rows(source: ExampleSource, payees: Sequence[str]) -> list[Content]:
    """Return when the payees were on leave."""
    return [
        {"payee": source.codes[row.payee_id], **limits(Validity(row.valid_from, row.valid_to))}
        for row in source.relations.leaves
        if row.payee_id in payees
    ]


def hierarchy(source: ExampleSource, payees: Sequence[str]) -> Content:
    """Return who reported to whom on the day that counts."""
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
