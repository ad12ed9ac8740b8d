"""What tiers give for a cell."""

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from premia_plan.apportion import add_up
from premia_plan.checked import Tiers
from premia_plan.period import last_month, months_of
from premia_plan.quantities import exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellFigure, CellKey, months_known, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.subject import payee_of
from premia_plan.reference.tier import BandStep, climb
from premia_plan.reference.workings import Workings


def of_nothing(base: Figure, key: tuple[str, str, str, str], tiers: Tiers, book: Book) -> Figure:
    """Return what tiers give where nothing is known to pay on: no bands, whatever the target.

    `key` is the component, the subject, the period and the month of a restatement.
    """
    node_id = book.node(
        "tiers",
        *key,
        kind="tiers",
        value="0",
        unit="money",
        operation="nothing",
        payee_id=payee_of(key[1]),
        detail={"clause": tiers.path, "month": key[2]},
        children=(base.node_id,),
    )
    return Figure(Fraction(0), node_id)


class TiersAmount:
    """The amounts of one component's tiers."""

    def __init__(
        self,
        component: str,
        tiers: Tiers,
        looked_up: CellFigure,
        pays_on: CellFigure,
        workings: Workings,
    ) -> None:
        self._component = component
        self._tiers = tiers
        self.is_known_ahead = False
        self._book = workings.book
        self._pays_on = pays_on
        self._looked_up = looked_up
        rule = tiers.attainment
        self._target = None if rule is None else workings.target(rule.target)
        self.over = self._pays_on.over
        starts = [exact_text(band.starts) for band in tiers.bands]
        self._edges = [
            {"starts": text, "ends": end}
            for text, end in zip(starts, [*starts[1:], None], strict=True)
        ]
        self._rate_nodes: dict[int, UUID] = {}

    @cached_property
    def _known(self) -> frozenset[CellKey]:
        return months_known(self.cells())

    def _is_known(self, subject: str, period: str) -> bool:
        return any((subject, month) in self._known for month in months_of(period))

    def cells(self) -> Iterable[CellKey]:
        """Return the cells in which there is something to pay on, in order."""
        return self._pays_on.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which what is paid on or looked up changes."""
        return self._pays_on.changes(subject, period) | self._looked_up.changes(subject, period)

    def at(self, subject: str, period: str, as_of: str) -> Figure:
        """Return what the bands give together.

        Raises:
            NotCalculated: if a target is missing.
        """
        key = (self._component, subject, period, restated(period, as_of))
        base = self._pays_on.at(subject, period, as_of)
        if base.value == 0 and not self._is_known(subject, period):
            return of_nothing(base, key, self._tiers, self._book)
        looked_up = self._looked_up.at(subject, period, as_of)
        return self._climbed(base, looked_up, key, as_of)

    def on(self, base: Figure, subject: str, period: str, word: str) -> Figure:
        """Return what the bands give on some of what a period's close pays on.

        They are marginal, and cut what they pay on; `word` tells the amounts of a period apart.

        Raises:
            NotCalculated: if a target is missing.
        """
        key = (self._component, subject, period, word)
        return self._climbed(base, base, key, last_month(period))

    def _climbed(
        self, base: Figure, looked_up: Figure, key: tuple[str, str, str, str], as_of: str
    ) -> Figure:
        _, subject, period, _ = key
        edge = Fraction(1)
        edge_nodes: tuple[UUID, ...] = (base.node_id,)
        if self._target is not None:
            target = self._target.at(subject, period, as_of)
            edge, edge_nodes = target.value, (base.node_id, target.node_id)
        if self._tiers.mode == "whole":
            edge_nodes = (base.node_id, looked_up.node_id)
        reached = climb(self._tiers, looked_up=looked_up.value, pays_on=base.value, edge=edge)
        bands = tuple([self._band(step, key, edge_nodes) for step in reached])
        amount = add_up(step.amount for step in reached)
        node_id = self._book.node(
            "tiers",
            *key,
            kind="tiers",
            value=exact_text(amount),
            unit="money",
            operation="sum" if bands else "nothing",
            payee_id=payee_of(subject),
            detail={"clause": self._tiers.path, "month": period},
            children=bands or (looked_up.node_id,),
        )
        return Figure(amount, node_id)

    def _band(self, step: BandStep, key: tuple[str, ...], edge_nodes: tuple[UUID, ...]) -> UUID:
        return self._book.node(
            "band",
            *key,
            str(step.index),
            kind="band",
            value=exact_text(step.amount),
            unit="money",
            operation="band",
            payee_id=payee_of(key[1]),
            detail={
                "clause": step.band.path,
                "mode": self._tiers.mode,
                **self._edges[step.index],
                "base": exact_text(step.base),
            },
            children=(self._rate_node(step.index), *edge_nodes),
        )

    def _rate_node(self, index: int) -> UUID:
        found = self._rate_nodes.get(index)
        if found is None:
            band = self._tiers.bands[index]
            found = self._rate_nodes[index] = self._book.node(
                "rate",
                self._component,
                band.path,
                kind="band_rate",
                value=exact_text(band.gives),
                unit=self._tiers.gives.value,
                detail={"clause": band.path, "starts": self._edges[index]["starts"], "row": index},
            )
        return found
