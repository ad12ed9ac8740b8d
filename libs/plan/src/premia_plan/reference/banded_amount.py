"""What tiers of any mode give for a cell: each band's part, and limits on the rate."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from premia_plan.apportion import add_up
from premia_plan.checked import Band, Tiers
from premia_plan.language import evaluate_inputs
from premia_plan.period import months_of
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import because
from premia_plan.reference.banding import BandPart, Reach, parts_reached
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, months_known, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of
from premia_plan.reference.tier_amount import of_nothing
from premia_plan.reference.workings import Workings


class BandedAmount(Remembered):
    """The amounts of one component's tiers, whatever the modes of their bands."""

    def __init__(
        self,
        component: str,
        tiers: Tiers,
        looked_up: CellFigure,
        pays_on: CellFigure,
        workings: Workings,
    ) -> None:
        super().__init__(self._work_out)
        self.over = pays_on.over
        self._component = component
        self._tiers = tiers
        self._looked_up = looked_up
        self._pays_on = pays_on
        self._workings = workings
        self._book = workings.book
        rule = tiers.attainment
        self._target = None if rule is None else workings.target(rule.target)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells in which there is something to pay on, in order."""
        return self._pays_on.cells()

    @cached_property
    def _known(self) -> frozenset[CellKey]:
        return months_known(self.cells())

    def _is_known(self, subject: str, period: str) -> bool:
        return any((subject, month) in self._known for month in months_of(period))

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which what is paid on or looked up changes."""
        return self._pays_on.changes(subject, period) | self._looked_up.changes(subject, period)

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        cell = (subject, period, as_of)
        key = (self._component, subject, period, restated(period, as_of))
        base = self._pays_on.at(*cell)
        is_known = self._tiers.pays_on_nothing or self._is_known(subject, period)
        if base.value == 0 and not is_known:
            return of_nothing(base, key, self._tiers, self._book)
        known = {"looked_up": self._looked_up.at(*cell), "base": base}
        edge = Fraction(1)
        if self._target is not None:
            known["edge"] = self._target.at(*cell)
            edge = known["edge"].value
        reach = Reach(known["looked_up"].value, known["base"].value, edge)
        self._check_reached(reach, known["looked_up"], period)
        parts = [self._part(part, known, key, cell) for part in parts_reached(self._tiers, reach)]
        return self._limited(self._total(parts, known["looked_up"], key), known["base"], key)

    def _check_reached(self, reach: Reach, looked_up: Figure, period: str) -> None:
        tiers = self._tiers
        if tiers.below_first == "exception" and reach.looked_up < tiers.bands[0].starts:
            reason = because(
                "below_first_band", figure=tiers.looked_up_by, value=exact_text(reach.looked_up)
            )
            raise NotCalculated(
                reason, f"Let a band of {tiers.path} start lower, or correct {period}"
            ).after(looked_up.node_id)

    def _part(
        self,
        part: BandPart,
        known: Mapping[str, Figure],
        key: tuple[str, ...],
        cell: tuple[str, str, str],
    ) -> Figure:
        bands = self._tiers.bands
        figures = {"rate": self._rate(bands[part.index], key, cell)}
        if part.needs_next:
            figures["next_rate"] = self._rate(bands[part.index + 1], key, cell)
        figures |= known
        used = {name: figure for name, figure in figures.items() if _names(name, part.formula)}
        if "edge" in part.formula and "edge" not in used:
            used["edge"] = self._unit_edge()
        value = evaluate_inputs(part.formula, {name: figure.value for name, figure in used.items()})
        if not isinstance(value, Fraction):
            raise TypeError(f"{part.formula} gives no number")
        node_id = self._book.node(
            "band",
            *key,
            str(part.index),
            kind="band_part",
            value=exact_text(value),
            unit=Unit.MONEY.value,
            operation="formula",
            payee_id=payee_of(key[1]),
            detail={
                "clause": bands[part.index].path,
                "mode": self._tiers.mode_of(bands[part.index]),
                "starts": exact_text(bands[part.index].starts),
                "formula": part.formula,
                "inputs": list(used),
            },
            children=tuple(figure.node_id for figure in used.values()),
        )
        return Figure(value, node_id)

    def _rate(self, band: Band, key: tuple[str, ...], cell: tuple[str, str, str]) -> Figure:
        leaf = self._leaf(band)
        if band.table is None:
            return leaf
        rate = self._workings.rates.find(band.table, self._workings.scope(*cell))
        if not isinstance(rate.value, Fraction):
            raise TypeError(f"{band.table} gives no rate")
        value = leaf.value * rate.value
        node_id = self._book.node(
            "multiplied rate",
            *key,
            band.path,
            kind="multiplied_rate",
            value=exact_text(value),
            unit=Unit.RATE.value,
            operation="formula",
            payee_id=payee_of(key[1]),
            detail={
                "clause": band.path,
                "table": band.table,
                "formula": "times * rate",
                "inputs": ["times", "rate"],
            },
            children=(leaf.node_id, rate.node_id),
        )
        return Figure(value, node_id)

    def _leaf(self, band: Band) -> Figure:
        unit = Unit.MONEY if band.pays in {"fixed", "per point"} else self._tiers.gives
        node_id = self._book.node(
            "rate",
            self._component,
            band.path,
            kind="band_rate",
            value=exact_text(band.gives),
            unit=unit.value,
            detail={"clause": band.path, "starts": exact_text(band.starts)},
        )
        return Figure(band.gives, node_id)

    def _unit_edge(self) -> Figure:
        """Return the leaf of edges that are in the unit of the base itself."""
        node_id = self._book.node(
            "edge",
            self._component,
            kind="edge_unit",
            value="1",
            unit=Unit.COUNT.value,
            detail={"clause": f"{self._tiers.path}/looked_up_by"},
        )
        return Figure(Fraction(1), node_id)

    def _total(self, parts: Sequence[Figure], looked_up: Figure, key: tuple[str, ...]) -> Figure:
        amount = add_up(part.value for part in parts)
        node_id = self._book.node(
            "tiers",
            *key,
            kind="tiers",
            value=exact_text(amount),
            unit=Unit.MONEY.value,
            operation="sum" if parts else "nothing",
            payee_id=payee_of(key[1]),
            detail={"clause": self._tiers.path, "month": key[2]},
            children=tuple(part.node_id for part in parts) or (looked_up.node_id,),
        )
        return Figure(amount, node_id)

    def _limited(self, total: Figure, base: Figure, key: tuple[str, ...]) -> Figure:
        """Return the amount with the effective rate inside its limits."""
        least, most = self._tiers.least, self._tiers.most
        if base.value <= 0 or (least is None and most is None):
            return total
        formula = "amount"
        if most is not None:
            formula = f"min({formula}, base * {exact_text(most)})"
        if least is not None:
            formula = f"max({formula}, base * {exact_text(least)})"
        value = evaluate_inputs(formula, {"amount": total.value, "base": base.value})
        if not isinstance(value, Fraction):
            raise TypeError(f"{formula} gives no number")
        if value == total.value:
            return total
        node_id: UUID = self._book.node(
            "tiers limited",
            *key,
            kind="tiers_limited",
            value=exact_text(value),
            unit=Unit.MONEY.value,
            operation="formula",
            payee_id=payee_of(key[1]),
            detail={
                "clause": f"{self._tiers.path}/limits",
                "formula": formula,
                "inputs": ["amount", "base"],
            },
            children=(total.node_id, base.node_id),
        )
        return Figure(value, node_id)


def _names(name: str, formula: str) -> bool:
    """Say whether a formula names something; `rate` is not in `next_rate`."""
    words = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in formula)
    return name in words.split()
