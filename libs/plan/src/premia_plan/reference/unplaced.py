"""Places where there is nothing to rank: nobody has one."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from premia_plan.period import months_of
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellKey
from premia_plan.reference.figure import Figure
from premia_plan.reference.subject import payee_of


def months_known(cells: Iterable[CellKey]) -> frozenset[str]:
    """Return the months of the periods of cells."""
    periods = {period for _, period in cells}
    return frozenset(month for period in periods for month in months_of(period))


def is_nothing_to_rank(period: str, known: frozenset[str], figures: Sequence[Figure]) -> bool:
    """Say whether nothing is known of a period, and everybody's figure is the same for it."""
    same = all(figure.value == figures[0].value for figure in figures)
    return same and known.isdisjoint(months_of(period))


def unplaced(
    key: tuple[str, ...], name: str, period: str, figures: Sequence[Figure], book: Book
) -> Figure:
    """Return the place after the last, which everybody has where there is nothing to rank.

    `key` is that of the node; its second part is the payee.
    """
    value = Fraction(len(figures) + 1)
    node_id = book.node(
        "unplaced",
        *key,
        kind="unplaced",
        value=exact_text(value),
        unit=Unit.COUNT.value,
        operation="formula",
        payee_id=payee_of(key[1]),
        detail={"figure": name, "month": period, "formula": f"{len(figures)} + 1", "inputs": []},
    )
    return Figure(value, node_id)
