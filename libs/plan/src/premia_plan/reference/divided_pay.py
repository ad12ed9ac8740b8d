"""The pay on a whole deal divided among those who share in it, where the plan divides the pay."""

from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import split_units
from premia_plan.explaining.reading import leftover_of, texts, whole
from premia_plan.quantities import exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit
from premia_plan.reference.figure import Figure

ALL = Fraction(1)


def divided_pay(paid: Figure, credit: Credit, component: str, book: Book) -> Figure:
    """Return a credit's part of the pay on its whole deal, which is rounded already.

    The cents that are left over go to whom the credit rule says, in the list of shares.
    """
    ratios = [Fraction(text) for text in texts(credit.detail, "ratios")]
    index, total = whole(credit.detail, "index"), sum(ratios, Fraction(0))
    units, node_id = book.units(paid.value * total), paid.node_id
    parts = (
        [0 for _ in ratios]
        if total == 0
        else split_units(units, ratios, leftover_of(credit.detail))
    )
    if total not in {ALL, Fraction(0)}:
        node_id = _shared(paid, total, units, credit=credit, component=component, book=book)
    part = Fraction(parts[index], 10**book.places)
    return Figure(
        part,
        book.node(
            "divided",
            component,
            credit.credit_id,
            kind="divided_pay",
            value=book.money(parts[index]),
            unit="money",
            operation="nothing" if total == 0 else "split",
            payee_id=credit.payee_id,
            detail=credit.detail,
            children=(node_id,),
        ),
    )


def _shared(
    paid: Figure, total: Fraction, units: int, *, credit: Credit, component: str, book: Book
) -> UUID:
    """Return the node of what all shares together take, where it is not all of the pay."""
    return book.node(
        "divided together",
        component,
        credit.credit_id,
        kind="shared_amount",
        value=book.money(units),
        unit="money",
        operation="formula",
        detail={
            "clause": credit.clause,
            "formula": f"amount * {exact_text(total)}",
            "inputs": ("amount",),
            "rounding": "half_up",
            "places": book.places,
        },
        children=(paid.node_id,),
    )
