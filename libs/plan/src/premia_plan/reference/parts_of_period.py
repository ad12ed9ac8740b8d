"""A longer period's figure made of the figures of the periods in it."""

from collections.abc import Sequence

from premia_plan.apportion import add_up
from premia_plan.period import PeriodKind, enclosing, months_of
from premia_plan.quantities import Unit
from premia_plan.reference.book import Book
from premia_plan.reference.figure import Figure
from premia_plan.reference.subject import payee_of


def own_periods(key: str, kind: PeriodKind) -> Sequence[str]:
    """Return the periods of a kind that make up a longer period or span; none if they do not.

    >>> own_periods("2026-Q1", "month"), own_periods("2026-03", "quarter")
    (['2026-01', '2026-02', '2026-03'], [])
    """
    months = months_of(key)
    found = list(dict.fromkeys(enclosing(month, kind) for month in months))
    whole = [month for period in found for month in months_of(period)]
    return found if found != [key] and whole == list(months) else []


def added_up(
    parts: Sequence[Figure], key: tuple[str, ...], clause: str, unit: Unit, book: Book
) -> Figure:
    """Return the sum of the figures of a longer period.

    `key` is that of its node: a kind, the name, the subject, the period and more.
    """
    value = add_up(part.value for part in parts)
    node_id = book.node(
        *key,
        kind="periods_added_up",
        value=book.text(value, unit),
        unit=unit.value,
        operation="sum",
        payee_id=payee_of(key[2]),
        detail={"clause": clause, "measure": key[1], "month": key[3]},
        children=tuple([part.node_id for part in parts]),
    )
    return Figure(value, node_id)
