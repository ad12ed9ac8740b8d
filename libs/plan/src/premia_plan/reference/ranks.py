"""Named ranks: the places of a population's payees, and what the places are paid."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from premia_plan.checked import Rank, RankPay
from premia_plan.language import Formula, evaluate_inputs
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.cell import CellKey, Remembered, restated
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.formula_amount import cells_in
from premia_plan.reference.in_group import not_placed
from premia_plan.reference.inputs import inputs_of
from premia_plan.reference.subject import payee_of
from premia_plan.reference.unplaced import is_nothing_to_rank, months_known, unplaced
from premia_plan.reference.workings import Workings

_WORDS = {
    "best shared": "best",
    "worst shared": "worst",
    "average pay": "average",
    "by id": "next",
}


class RankFigures(Remembered):
    """The places of one rank; 1 is the first. Who ties for pay stands between their places.

    In a period of which nothing is known that is ranked, everybody comes after the last.
    """

    def __init__(self, rule: Rank, workings: Workings) -> None:
        super().__init__(self._work_out)
        self.over = rule.over
        self.rule = rule
        self._workings = workings
        self._book = workings.book
        self._members = workings.members(rule.among)
        self._asked = inputs_of(rule.of, workings)
        if isinstance(rule.ties, Formula):
            self._asked = [*self._asked, *inputs_of(rule.ties, workings)]

    @cached_property
    def _known(self) -> frozenset[str]:
        return months_known(cells_in(self._asked, self.over, self._workings))

    def cells(self) -> Iterable[CellKey]:
        """Return the population's members in the periods in which something is known of any."""
        known = cells_in(self._asked, self.over, self._workings)
        periods = sorted({period for _, period in known})
        return [(who, period) for period in periods for who in self._members("", period)]

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the figure of some member changes."""
        members = self._members(subject, period)
        return frozenset().union(
            *(figure.changes(member, period) for member in members for figure in self._asked)
        )

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        ties = self.rule.ties
        return self.place(subject, period, as_of, _WORDS.get(str(ties), "next"))

    def best_and_worst(self, subject: str, period: str, as_of: str) -> tuple[Figure, Figure]:
        """Return the first and the last of the places that a payee's tie takes.

        Raises:
            NotCalculated: if the payee is not ranked, or a figure is missing.
        """
        if self.rule.ties != "average pay":
            own = self.at(subject, period, as_of)
            return own, own
        return (
            self.place(subject, period, as_of, "best"),
            self.place(subject, period, as_of, "worst"),
        )

    def place(self, subject: str, period: str, as_of: str, ties: str) -> Figure:
        """Return a payee's place, those with the same figure told apart in one way.

        Raises:
            NotCalculated: if the payee is not ranked, or a figure is missing.
        """
        members = self._members(subject, period)
        if subject not in members:
            rule = self.rule
            raise not_placed(subject, rule.among, self._members, rule.name, period)
        cells = [(member, period, as_of) for member in members]
        figures = [self._figure(self.rule.of, "of", *cell) for cell in cells]
        key = (self.rule.name, subject, period, restated(period, as_of))
        if self._asked and is_nothing_to_rank(period, self._known, figures):
            return unplaced(key, self.rule.name, period, figures, self._book)
        further: list[Figure] = []
        if isinstance(self.rule.ties, Formula):
            further = [self._figure(self.rule.ties, "ties", *cell) for cell in cells]
        keys = [
            (figure.value, further[index].value if further else Fraction(0))
            for index, figure in enumerate(figures)
        ]
        value = place_of(keys, members.index(subject), ties, self.rule.is_highest_first)
        node_id = self._book.node(
            "rank",
            *key,
            ties,
            kind="place",
            value=exact_text(value),
            unit=Unit.COUNT.value,
            operation="place",
            payee_id=payee_of(subject),
            detail={
                "clause": self.rule.path,
                "rank": self.rule.name,
                "month": period,
                "index": members.index(subject),
                "count": len(members),
                "order": "highest" if self.rule.is_highest_first else "lowest",
                "ties": ties,
            },
            children=tuple(figure.node_id for figure in (*figures, *further)),
        )
        return Figure(value, node_id)

    def _figure(self, formula: Formula, word: str, subject: str, period: str, as_of: str) -> Figure:
        return figure_of(
            formula,
            self._workings.scope(subject, period, as_of),
            self._book,
            key=("ranked", self.rule.name, word, subject, period, restated(period, as_of)),
            kind="ranked",
            unit=formula.unit,
            payee_id=payee_of(subject),
        )


def place_of(
    keys: Sequence[tuple[Fraction, Fraction]], index: int, ties: str, is_highest_first: bool
) -> Fraction:
    """Return a place among figures, each with a further one that only `next` looks at.

    >>> two = [(Fraction(5), Fraction(0)), (Fraction(5), Fraction(1)), (Fraction(9), Fraction(0))]
    >>> [str(place_of(two, 0, ties, True)) for ties in ("best", "worst", "average", "next")]
    ['2', '3', '5/2', '3']
    """
    sign = 1 if is_highest_first else -1
    own, further = keys[index]
    best = 1 + sum(sign * value > sign * own for value, _ in keys)
    same = sum(value == own for value, _ in keys)
    match ties:
        case "best":
            return Fraction(best)
        case "worst":
            return Fraction(best + same - 1)
        case "average":
            return best + Fraction(same - 1, 2)
        case _:
            ahead = sum(
                value == own and (-sign * other, place) < (-sign * further, index)
                for place, (value, other) in enumerate(keys)
            )
            return Fraction(best + ahead)


class RankPayAmount(Remembered):
    """What the places of a rank are paid."""

    def __init__(
        self, component: str, pay: RankPay, ranks: RankFigures, workings: Workings
    ) -> None:
        super().__init__(self._work_out)
        self.over = ranks.over
        self._component = component
        self._pay = pay
        self._ranks = ranks
        self._book = workings.book
        self._formula = pay_of_places(pay, workings.plan.currency)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of the rank."""
        return self._ranks.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the rank changes."""
        return self._ranks.changes(subject, period)

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        best, worst = self._ranks.best_and_worst(subject, period, as_of)
        value = evaluate_inputs(self._formula, {"best": best.value, "worst": worst.value})
        if not isinstance(value, Fraction):
            raise TypeError(f"{self._formula} gives no amount")
        node_id: UUID = self._book.node(
            "rank pay",
            self._component,
            subject,
            period,
            restated(period, as_of),
            kind="rank_pay",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="formula",
            payee_id=payee_of(subject),
            detail={
                "clause": self._pay.path,
                "formula": self._formula,
                "inputs": ["best", "worst"],
            },
            children=(best.node_id, worst.node_id),
        )
        return Figure(value, node_id)


def pay_of_places(pay: RankPay, currency: str) -> str:
    """Return the formula of the average pay of the places from `best` to `worst`."""
    parts = [
        f"{exact_text(place.pays)} {currency} * "
        f"max(0, min(worst, {place.last}) - max(best, {place.first}) + 1)"
        for place in pay.places
    ]
    return f"({' + '.join(parts)}) / (worst - best + 1) else 0"
