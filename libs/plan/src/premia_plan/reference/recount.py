"""What changes when a period is counted again."""

from collections.abc import Iterator
from uuid import UUID

from premia_plan.reference.book import Book
from premia_plan.reference.spread import Paid, Part
from premia_plan.reference.subject import payee_of


def differences(
    before: Paid, after: Paid, key: tuple[str, str, str, str], book: Book
) -> Iterator[Part]:
    """Yield the parts that changed, by how much, each with its node.

    `key` is the component, subject, period and the month in which it was counted again.
    """
    for credit_id in sorted({*before.parts, *after.parts}):
        old, new = before.parts.get(credit_id), after.parts.get(credit_id)
        units = (new.units if new else 0) - (old.units if old else 0)
        part = new or old
        if units == 0 or part is None:
            continue
        children = (
            new.node_id if new else _no_part(part, after.node_id, key, book),
            old.node_id if old else _no_part(part, before.node_id, key, book),
        )
        node_id = book.node(
            "difference",
            *key,
            credit_id,
            kind="difference",
            value=book.money(units),
            unit="money",
            operation="difference",
            payee_id=payee_of(key[1]),
            detail={"month": key[2], "event_month": key[3]},
            children=children,
        )
        yield Part(part.credit, units, node_id)


def _no_part(part: Part, total_node: UUID, key: tuple[str, str, str, str], book: Book) -> UUID:
    """Return a node of zero: the order left the period, or the period pays nothing."""
    credit = part.credit
    reversal = None if credit is None else credit.order.reversal
    cause = total_node
    if credit is not None and reversal is not None:
        cause = credit.order.reversal_node(reversal)
    return book.node(
        "no part",
        *key,
        "" if credit is None else credit.credit_id,
        str(total_node),
        kind="no_part",
        value=book.money(0),
        unit="money",
        operation="nothing",
        payee_id=payee_of(key[1]),
        detail={"order_id": None if credit is None else credit.order.row.order_id},
        children=(cause,),
    )
