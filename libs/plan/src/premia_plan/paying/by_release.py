"""What landed in a month, by what it was earned in and when that was released."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from premia_plan.paying.cap_account import Earned
from premia_plan.paying.figures import MonthFigures
from premia_plan.paying.originals import Months, whole
from premia_plan.quantities import exact_text
from premia_plan.reference.figure import Figure
from premia_plan.results import Line, What

MonthsOf: TypeAlias = Callable[[Line], Months | None]
"""Finds the months in which what a line is of first landed; None where that is not known."""


class Part(NamedTuple):
    """A line, or the part of one that goes with one of several releases."""

    what: What
    figure: Figure


def by_release(
    lines: Sequence[Line], released_in: MonthsOf, write: MonthFigures
) -> Mapping[Earned, Sequence[Part]]:
    """Return the parts of lines by period and release.

    What is of several releases is divided by what each released, the last one takes what is left.
    Of a line whose release is not known any more, as that of an order that is gone, it is "".
    """
    found: dict[Earned, list[Part]] = defaultdict(list)
    for line in lines:
        own = Figure(Fraction(line.amount), line.node_id)
        for month, figure in _parts(line, own, released_in(line) or whole(""), write):
            earned = Earned(line.component, line.competence, month)
            found[earned].append(Part(line.what, figure))
    return found


def _parts(
    line: Line, own: Figure, months: Months, write: MonthFigures
) -> Iterator[tuple[str, Figure]]:
    sign = sum(months.values())
    shares = sorted((month, abs(part)) for month, part in months.items() if part * sign > 0)
    total = sum(part for _, part in shares)
    known = {"landed": own}
    for month, part in shares[:-1]:
        text = f"landed * {exact_text(part / total)}"
        figure = _part(line, month, text, {"landed": own}, write)
        known[f"part_{len(known)}"] = figure
        yield month, figure
    last, _ = shares[-1]
    yield last, own if len(known) == 1 else _part(line, last, " - ".join(known), known, write)


def _part(
    line: Line, month: str, text: str, inputs: Mapping[str, Figure], write: MonthFigures
) -> Figure:
    return write.formula("of_release", f"{line.line_id} {month}", text, inputs, clause="")
