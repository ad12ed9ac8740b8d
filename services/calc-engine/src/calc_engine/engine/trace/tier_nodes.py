"""The nodes of what tiers give a cell: each band's part, their sum, and limits on the rate."""

from fractions import Fraction
from typing import Protocol
from uuid import UUID

from calc_engine.engine.banding import cases, is_rate, limits_formula
from calc_engine.engine.lowering.cells.banded import figure_name
from calc_engine.engine.trace.measure_nodes import StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from premia_plan.checked import CellComponent, Tiers
from premia_plan.quantities import Unit, exact_text


class Stages(Protocol):
    """What is known of the stages of a component."""

    def period(self, stage: StageKey) -> str:
        """Return the period of a stage as plans write it."""

    def payee(self, stage: StageKey) -> str:
        """Return the payee of a stage."""

    def key(self, stage: StageKey) -> tuple[str, str, str]:
        """Return what tells the nodes of a stage from others."""

    def known(self, column: str, stage: StageKey) -> object:
        """Return what a column says of a stage."""

    def number(self, column: str, stage: StageKey) -> Fraction | None:
        """Return the number of a column of a stage."""

    def node(self, name: str, stage: StageKey) -> UUID:
        """Return the node of a figure."""


class TierNodes:
    """Writes the nodes of the tiers of components on cells."""

    def __init__(self, sheet: Stages, book: NodeBook) -> None:
        self._sheet = sheet
        self._book = book

    def amount(self, component: CellComponent, tiers: Tiers, stage: StageKey) -> UUID:
        """Return the node of what the bands give a stage together."""
        name = component.name
        base = self._sheet.node(figure_name(name, "base", tiers.base), stage)
        if self._sheet.known(f"{name}_nothing", stage):
            return self._tiers_node(name, tiers, stage, Fraction(0), (), base)
        looked_up = self._sheet.node(figure_name(name, "looked up", tiers.looked_up), stage)
        parts = [
            (index, value)
            for index in range(len(tiers.bands))
            if (value := self._sheet.number(f"{name}_b{index}", stage)) is not None
        ]
        if tiers.is_plain:
            edges = (base,) if tiers.attainment is None else (base, self._edge(tiers, stage))
            if tiers.mode == "whole":
                edges = (base, looked_up)
            nodes = [self._plain_band(name, tiers, stage, part, edges) for part in parts]
        else:
            nodes = [self._band_part(name, tiers, stage, part) for part in parts]
        total = self._sheet.number(f"{name}_tiers", stage) or Fraction(0)
        node_id = self._tiers_node(name, tiers, stage, total, tuple(nodes), looked_up)
        return self._limited(component, tiers, stage, node_id)

    def _edge(self, tiers: Tiers, stage: StageKey) -> UUID:
        rule = tiers.attainment
        if rule is None:
            raise LookupError(f"{tiers.path} has no target")
        return self._sheet.node(f"target.{rule.target or rule.of}", stage)

    def _tiers_node(  # noqa: PLR0917 - what a node is written from
        self,
        name: str,
        tiers: Tiers,
        stage: StageKey,
        amount: Fraction,
        bands: tuple[UUID, ...],
        otherwise: UUID,
    ) -> UUID:
        payee_id, period, later = self._sheet.key(stage)
        return self._book.node(
            "tiers",
            name,
            payee_id,
            period,
            later,
            kind="tiers",
            value=exact_text(amount),
            unit="money",
            operation="sum" if bands else "nothing",
            payee_id=payee_id,
            detail={"clause": tiers.path, "month": period},
            children=bands or (otherwise,),
        )

    def _plain_band(
        self,
        name: str,
        tiers: Tiers,
        stage: StageKey,
        part: tuple[int, Fraction],
        edges: tuple[UUID, ...],
    ) -> UUID:
        index, value = part
        starts = [exact_text(band.starts) for band in tiers.bands]
        ends = [*starts[1:], None][index]
        band = tiers.bands[index]
        rate = self._book.node(
            "rate",
            name,
            band.path,
            kind="band_rate",
            value=exact_text(band.gives),
            unit=tiers.gives.value,
            detail={"clause": band.path, "starts": starts[index], "row": index},
        )
        own = self._sheet.number(f"{name}_q{index}", stage) or Fraction(0)
        return self._book.node(
            "band",
            name,
            *self._sheet.key(stage),
            str(index),
            kind="band",
            value=exact_text(value),
            unit="money",
            operation="band",
            payee_id=self._sheet.payee(stage),
            detail={
                "clause": band.path,
                "mode": tiers.mode,
                "starts": starts[index],
                "ends": ends,
                "base": exact_text(own),
            },
            children=(rate, *edges),
        )

    def _band_part(
        self, name: str, tiers: Tiers, stage: StageKey, part: tuple[int, Fraction]
    ) -> UUID:
        index, value = part
        case = self._sheet.known(f"{name}_case", stage)
        if not isinstance(case, int):
            raise LookupError(f"{name} has no band here")
        formula = next(p for p in cases(tiers)[case].parts if p.index == index).formula
        band = tiers.bands[index]
        used: dict[str, UUID] = {}
        for word in ("rate", "next_rate", "looked_up", "base", "edge"):
            if _names(word, formula):
                used[word] = self._band_input(name, tiers, stage, index, word)
        return self._book.node(
            "band",
            name,
            *self._sheet.key(stage),
            str(index),
            kind="band_part",
            value=exact_text(value),
            unit=Unit.MONEY.value,
            operation="formula",
            payee_id=self._sheet.payee(stage),
            detail={
                "clause": band.path,
                "mode": tiers.mode_of(band),
                "starts": exact_text(band.starts),
                "formula": formula,
                "inputs": list(used),
            },
            children=tuple(used.values()),
        )

    def _band_input(self, name: str, tiers: Tiers, stage: StageKey, index: int, word: str) -> UUID:
        if word == "base":
            return self._sheet.node(figure_name(name, "base", tiers.base), stage)
        if word == "looked_up":
            return self._sheet.node(figure_name(name, "looked up", tiers.looked_up), stage)
        if word == "edge":
            if tiers.attainment is not None:
                return self._edge(tiers, stage)
            return self._book.node(
                "edge",
                name,
                kind="edge_unit",
                value="1",
                unit=Unit.COUNT.value,
                detail={"clause": f"{tiers.path}/looked_up_by"},
            )
        band = tiers.bands[index + (word == "next_rate")]
        unit = tiers.gives if is_rate(band) else Unit.MONEY
        return self._book.node(
            "rate",
            name,
            band.path,
            kind="band_rate",
            value=exact_text(band.gives),
            unit=unit.value,
            detail={"clause": band.path, "starts": exact_text(band.starts)},
        )

    def _limited(
        self, component: CellComponent, tiers: Tiers, stage: StageKey, total: UUID
    ) -> UUID:
        name, formula = component.name, limits_formula(tiers)
        if formula is None:
            return total
        value = self._sheet.number(f"{name}_limited", stage)
        if value is None or value == self._sheet.number(f"{name}_tiers", stage):
            return total
        return self._book.node(
            "tiers limited",
            name,
            *self._sheet.key(stage),
            kind="tiers_limited",
            value=exact_text(value),
            unit=Unit.MONEY.value,
            operation="formula",
            payee_id=self._sheet.payee(stage),
            detail={
                "clause": f"{tiers.path}/limits",
                "formula": formula,
                "inputs": ["amount", "base"],
            },
            children=(total, self._sheet.node(figure_name(name, "base", tiers.base), stage)),
        )


def _names(name: str, formula: str) -> bool:
    """Say whether a formula names something; `rate` is not in `next_rate`."""
    words = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in formula)
    return name in words.split()
