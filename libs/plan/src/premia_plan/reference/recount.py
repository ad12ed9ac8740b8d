"""What changes when a period is counted again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from uuid import UUID

from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit
from premia_plan.reference.figure import Figure
from premia_plan.reference.spread import Paid, Part
from premia_plan.reference.subject import is_payee, payee_of


@dataclass(frozen=True, slots=True)
class Changed:
    """A part before and after a count; one that was or is not there is zero, and says why."""

    credit_id: str
    before: Part
    after: Part
    difference: UUID


def differences(
    before: Paid, after: Paid, key: tuple[str, str, str, str], book: Book
) -> Iterator[Changed]:
    """Yield the parts that changed, each with the node of its difference.

    `key` is the component, subject, period and the month in which it was counted again.
    """
    for credit_id in sorted({*before.parts, *after.parts}):
        old, new = before.parts.get(credit_id), after.parts.get(credit_id)
        some = new or old
        if some is None or (new.units if new else 0) == (old.units if old else 0):
            continue
        now = new or replace(some, units=0, node_id=_no_part(some, after.node_id, key, book))
        then = old or replace(some, units=0, node_id=_no_part(some, before.node_id, key, book))
        yield Changed(credit_id, then, now, difference_node(then, now, key, book))


def difference_node(then: Part, now: Part, key: tuple[str, str, str, str], book: Book) -> UUID:
    """Write what a count changes of a part."""
    return book.node(
        "difference",
        *key,
        _whose(now) if now.credit is None else now.credit.credit_id,
        kind="difference",
        value=book.money(now.units - then.units),
        unit="money",
        operation="difference",
        payee_id=_payee(now, key[1]),
        detail={"month": key[2], "event_month": key[3]},
        children=(now.node_id, then.node_id),
    )


def part_left(
    figure: Figure, left: Fraction, key: tuple[str, str], credit: Credit, book: Book
) -> Figure:
    """Return the part of a credit's pay that reversals of its order left, rounded.

    `key` is the component and the month in which it is counted again.
    """
    units = book.units(figure.value * left)
    node_id = book.node(
        "pay left",
        *key,
        credit.credit_id,
        kind="pay_left",
        value=book.money(units),
        unit="money",
        operation="formula",
        payee_id=credit.payee_id,
        detail={
            "formula": "pay * left",
            "inputs": ("pay", "left"),
            "rounding": "half_up",
            "places": book.places,
        },
        children=(figure.node_id, credit.order.left_node(left)),
    )
    return Figure(Fraction(units, 10**book.places), node_id)


def _whose(part: Part) -> str:
    """Return what tells a part for no order from others of its cell."""
    return part.principal if part.payee_id is None else f"{part.payee_id}/{part.principal}"


def _payee(part: Part, subject: str) -> str | None:
    """Return whose part it is."""
    if part.credit is not None and not is_payee(subject):
        return part.credit.payee_id
    return part.payee_id or payee_of(subject)


def _no_part(part: Part, total_node: UUID, key: tuple[str, str, str, str], book: Book) -> UUID:
    """Return a node of zero: the order left the period, or the period pays nothing."""
    credit = part.credit
    reversal = None if credit is None else credit.order.reversal_of(key[0])
    cause = total_node
    if credit is not None and reversal is not None:
        cause = credit.order.reversal_node(reversal)
    return book.node(
        "no part",
        *key,
        part.payee_id or "" if credit is None else credit.credit_id,
        str(total_node),
        kind="no_part",
        value=book.money(0),
        unit="money",
        operation="nothing",
        payee_id=_payee(part, key[1]),
        detail={"order_id": None if credit is None else credit.order.row.order_id},
        children=(cause,),
    )
