"""An order, or another fact, as it was known at the end of a month."""

from dataclasses import replace
from datetime import timedelta

from premia_plan.period import end_day
from premia_plan.reference.book import Book
from premia_plan.reference.fact import FactFacts
from premia_plan.reference.order import OrderFacts


def order_then(order: OrderFacts, month: str, book: Book) -> OrderFacts:
    """Return an order with the states and reversals that were known at the end of a month.

    Its nodes go into `book`, which must not be the book of the order as it is known now.
    """
    last = end_day(month) - timedelta(days=1)
    known = replace(
        order,
        days={state: day for state, day in order.days.items() if day <= last},
        reversals=tuple(item.then(last) for item in order.reversals if item.day <= last),
        last_month=month,
        nodes={},
        book=book,
    )
    if isinstance(known, FactFacts):
        parent = known.parent
        known.parent = None if parent is None else order_then(parent, month, book)
        known.own_days = {state: day for state, day in known.own_days.items() if day <= last}
    return known
