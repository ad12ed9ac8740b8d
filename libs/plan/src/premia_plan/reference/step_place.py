"""Where a step is taken, and the node of one that is a formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from premia_plan.language import Formula
from premia_plan.proration import Part
from premia_plan.quantities import Unit
from premia_plan.reference.book import Book
from premia_plan.reference.figure import AMOUNT, Figure, input_node
from premia_plan.reference.scope import FigureScope


class Carry(Protocol):
    """What a cap's surplus brings from the payee's last period, and leaves for the next."""

    def brought(self, own: Figure) -> Figure | None:
        """Return what was carried here, to what the period gives by itself.

        Raises:
            NotCalculated: if the period it comes from cannot be worked out.
        """

    def leaves(self, surplus: Figure) -> None:
        """Take what a cap cut off."""


@dataclass(frozen=True, slots=True)
class LimitParts:
    """The parts of a period by which caps and floors count, where it is not all."""

    cap: Part | None = None
    floor: Part | None = None


WHOLLY = LimitParts()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step is taken: the scope of its formulas, the key of its node, and whose it is."""

    scope: FigureScope
    key: tuple[str, ...]
    payee_id: str | None
    parts: LimitParts = WHOLLY
    is_negative: bool = False


def worked_out(
    text: str,
    value: Fraction,
    figure: Figure,
    place: Place,
    about: tuple[str, str],
    *,
    book: Book,
    formulas: Sequence[Formula] = (),
    amount: str = AMOUNT,
) -> Figure:
    """Write the node of a step that is a formula over the amount and its own inputs."""
    path, kind = about
    nodes = {
        name: input_node(name, formula, place.scope, book)
        for formula in formulas
        for name in formula.inputs
    }
    node_id = book.node(
        "step",
        *place.key,
        kind=f"{kind}_worked_out" if kind in {"gate", "cap", "floor"} else kind,
        value=book.text(value, Unit.MONEY),
        unit="money",
        operation="formula",
        payee_id=place.payee_id,
        detail={"clause": path, "formula": text, "inputs": [amount, *nodes]},
        children=(figure.node_id, *nodes.values()),
    )
    return Figure(value, node_id)
