"""The nodes from a cell's totals to what each order gets of its pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from calc_engine.engine.codes import Refusal
from calc_engine.engine.trace.credit_nodes import CreditKey, CreditNodes
from calc_engine.engine.trace.measure_nodes import MeasureNodes, StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.order_leaves import OrderLeaves
from calc_engine.engine.trace.rows import Rows, month_text, restated
from premia_plan.checked import CapStep, CellComponent, GateStep, RoundStep, Tiers
from premia_plan.quantities import Unit, exact_text


@dataclass(frozen=True, slots=True)
class _Shared:
    """A stage's pay as it was pushed back: units and place per credit, and the spread's node."""

    units: Mapping[CreditKey, int]
    places: Mapping[CreditKey, int]
    spread: UUID | None


class StageNodes:
    """Writes the nodes of one component's cells.

    A stage is a cell as it was counted at a month's end.
    """

    def __init__(
        self,
        *,
        component: CellComponent,
        tiers: Tiers,
        results: Mapping[str, Rows],
        units: Mapping[str, int],
        measures: MeasureNodes,
        credits: CreditNodes,
        leaves: OrderLeaves,
        book: NodeBook,
    ) -> None:
        self._component = component
        self._tiers = tiers
        self._stages = results[f"stages_{component.name}"]
        self._bands = results[f"bands_{component.name}"]
        self._parts = results[f"parts_{component.name}"]
        self._units = units
        self._measures = measures
        self._credits = credits
        self._leaves = leaves
        self._book = book
        keys = StageKey._fields
        self._stage_at = self._stages.by(*keys)
        self._cells = self._stages.groups("payee_no", "month")
        self._bands_of = self._bands.groups(*keys)
        self._parts_of = self._parts.groups(*keys)
        self._shares: dict[StageKey, _Shared] = {}
        starts = [exact_text(band.starts) for band in tiers.bands]
        self._edges = list(zip(starts, [*starts[1:], None], strict=True))

    def stages(self, payee_no: int, month: int) -> list[int]:
        """Return the months at whose ends a cell was counted, in order."""
        found = self._cells[payee_no, month]
        return sorted(self._stages["as_of"][place] for place in found)

    def _key(self, stage: StageKey) -> tuple[str, str, str, str]:
        payee_id = self._measures.payee(stage.payee_no)
        month = month_text(stage.month)
        return self._component.name, payee_id, month, restated(stage.month, stage.as_of)

    def total(self, stage: StageKey) -> UUID:
        """Return the node of what a stage pays, after all steps."""
        place = self._stage_at[stage]
        node_id = self._tiers_node(place, stage)
        for index in range(len(self._component.steps)):
            node_id = self._step(index, place, node_id, stage)
        return node_id

    def _measured(self, name: str, total: str, place: int) -> tuple[Fraction, UUID]:
        stages = self._stages
        value = Fraction(stages[total][place], self._units[name])
        stage = StageKey(*(stages[column][place] for column in StageKey._fields))
        return value, self._measures.measure(name, stage, value)

    def _tiers_node(self, place: int, stage: StageKey) -> UUID:
        tiers, key = self._tiers, self._key(stage)
        rule = tiers.attainment
        looked_up, looked_up_node = self._measured(
            tiers.looked_up_by if rule is None else rule.of, "looked_up_total", place
        )
        _, base = self._measured(tiers.pays_on, "pays_on_total", place)
        edges: tuple[UUID, ...] = (base,)
        if rule is not None:
            target, node = self._target(rule.of, place)
            edges = (base, node)
            looked_up_node = self._measures.attainment(
                rule, stage, looked_up / target, (looked_up_node, node)
            )
        if tiers.mode == "whole":
            edges = (base, looked_up_node)
        found = sorted(
            self._bands_of.get(stage, ()),
            key=lambda at: self._bands["band"][at],
        )
        bands = tuple(self._band(at, key, edges) for at in found)
        amount = sum((self._band_amount(at) for at in found), Fraction(0))
        return self._book.node(
            "tiers",
            *key,
            kind="tiers",
            value=exact_text(amount),
            unit="money",
            operation="sum" if bands else "nothing",
            payee_id=key[1],
            detail={"clause": tiers.path, "month": key[2]},
            children=bands or (looked_up_node,),
        )

    def _target(self, name: str, place: int) -> tuple[Fraction, UUID]:
        stages = self._stages
        payee_no, month = stages["payee_no"][place], stages["month"][place]
        days = None
        if "target_days" in stages:
            days = (stages["target_days"][place], stages["target_of_days"][place])
        node = self._measures.target(name, payee_no, month, days)
        share = Fraction(1) if days is None else Fraction(*days)
        return Fraction(stages["target_amount"][place], self._units["targets"]) * share, node

    def _band_amount(self, at: int) -> Fraction:
        return Fraction(
            int(self._bands["band_amount"][at]), int(self._bands["band_amount_units"][at])
        )

    def _band(self, at: int, key: tuple[str, str, str, str], edges: tuple[UUID, ...]) -> UUID:
        index = self._bands["band"][at]
        band, (starts, ends) = self._tiers.bands[index], self._edges[index]
        base = Fraction(int(self._bands["band_base"][at]), int(self._bands["band_base_units"][at]))
        rate = self._book.node(
            "rate",
            self._component.name,
            band.path,
            kind="band_rate",
            value=exact_text(band.gives),
            unit=self._tiers.gives.value,
            detail={"clause": band.path, "starts": starts, "row": index},
        )
        return self._book.node(
            "band",
            *key,
            str(index),
            kind="band",
            value=exact_text(self._band_amount(at)),
            unit="money",
            operation="band",
            payee_id=key[1],
            detail={
                "clause": band.path,
                "mode": self._tiers.mode,
                "starts": starts,
                "ends": ends,
                "base": exact_text(base),
            },
            children=(rate, *edges),
        )

    def _step(self, index: int, place: int, node_id: UUID, stage: StageKey) -> UUID:
        step, key = self._component.steps[index], self._key(stage)
        stages = self._stages
        match step:
            case RoundStep():
                return self._book.node(
                    "step",
                    *key,
                    str(index),
                    kind="rounded",
                    value=self._book.money(stages[f"step_{index}"][place]),
                    unit="money",
                    operation="round",
                    payee_id=key[1],
                    detail={
                        "clause": step.path,
                        "rounding": "half_up",
                        "places": self._book.places,
                    },
                    children=(node_id,),
                )
            case GateStep() if stages[f"met_{index}"][place]:
                return self._gate(step, index, place, node_id, key)
            case CapStep() if stages[f"met_{index}"][place]:
                return self._book.node(
                    "step",
                    *key,
                    str(index),
                    kind="cap",
                    value=exact_text(step.limit),
                    unit="money",
                    operation="cap",
                    payee_id=key[1],
                    detail={"clause": step.path, "limit": exact_text(step.limit)},
                    children=(node_id,),
                )
        return node_id

    def _gate(
        self,
        step: GateStep,
        index: int,
        place: int,
        node_id: UUID,
        key: tuple[str, str, str, str],
    ) -> UUID:
        stages = self._stages
        payee_no, month = stages["payee_no"][place], stages["month"][place]
        kept = Fraction(
            int(stages[f"exact_{index}"][place]), int(stages[f"exact_units_{index}"][place])
        )
        asked = tuple(self._measures.loaded(name, payee_no, month) for name in step.condition.names)
        return self._book.node(
            "step",
            *key,
            str(index),
            kind="gate",
            value=self._book.text(kept, Unit.MONEY),
            unit="money",
            operation="gate",
            payee_id=key[1],
            detail={
                "clause": step.path,
                "formula": step.condition.text,
                "inputs": step.condition.names,
                "otherwise": exact_text(step.otherwise),
                "passed": stages[f"passed_{index}"][place],
            },
            children=(node_id, *asked),
        )

    def _shared(self, stage: StageKey) -> "_Shared":
        """Return what each credit gets of a stage, in the order of their ids."""
        known = self._shares.get(stage)
        if known is not None:
            return known
        parts, rule = self._parts, self._measures.rule(self._tiers.pays_on)
        found = {
            (rule.of, parts["order_no"][row], parts["place"][row], parts["level"][row]): parts[
                "part"
            ][row]
            for row in self._parts_of.get(stage, ())
        }
        ordered = sorted(found, key=self._credits.credit_id)
        spread = (
            self._spread({credit: found[credit] for credit in ordered}, stage) if found else None
        )
        shared = _Shared(found, {credit: place for place, credit in enumerate(ordered)}, spread)
        return self._shares.setdefault(stage, shared)

    def part(self, credit: CreditKey, stage: StageKey) -> UUID | None:
        """Return the node of a credit's part of a stage, if it has one."""
        shared = self._shared(stage)
        if shared.spread is None or credit not in shared.units:
            return None
        key = self._key(stage)
        return self._book.node(
            "part",
            *key,
            self._credits.credit_id(credit),
            kind="part",
            value=self._book.money(shared.units[credit]),
            unit="money",
            operation="part",
            payee_id=key[1],
            detail={
                "index": shared.places[credit],
                "order_id": self._leaves.order(credit[1]).order_id,
            },
            children=(shared.spread, self._credits.node(credit)),
        )

    def _spread(self, parts: Mapping[CreditKey, int], stage: StageKey) -> UUID:
        key = self._key(stage)
        return self._book.node(
            "spread",
            *key,
            kind=self._spread_kind(parts),
            value=self._book.money(sum(parts.values())),
            unit="money",
            operation="spread",
            payee_id=key[1],
            detail={
                "clause": f"{self._component.path}/spread",
                "parts": [self._book.money(part) for part in parts.values()],
                "places": self._book.places,
            },
            children=(
                self.total(stage),
                *(self._credits.node(credit) for credit in parts),
            ),
        )

    def _spread_kind(self, parts: Mapping[CreditKey, int]) -> str:
        """Return the kind of node that says how credits below zero, or none above it, weighed."""
        units = [self._credits.units(credit) for credit in parts]
        if not any(each > 0 for each in units):
            return "spread_equally"
        return "spread_above_zero" if any(each < 0 for each in units) else "spread"

    def difference(self, credit: CreditKey, stage: StageKey, units: int) -> UUID:
        """Return the node of what a later count gives a credit more or less than the one before."""
        months = self.stages(stage.payee_no, stage.month)
        before = stage._replace(as_of=months[months.index(stage.as_of) - 1])
        key = self._key(stage)

        def side(at: StageKey) -> UUID:
            return self.part(credit, at) or self._no_part(credit, key, self.total(at))

        return self._book.node(
            "difference",
            *key,
            self._credits.credit_id(credit),
            kind="difference",
            value=self._book.money(units),
            unit="money",
            operation="difference",
            payee_id=key[1],
            detail={"month": key[2], "event_month": key[3]},
            children=(side(stage), side(before)),
        )

    def _no_part(self, credit: CreditKey, key: tuple[str, str, str, str], total: UUID) -> UUID:
        is_reversed = self._leaves.reversal(credit[1]) is not None
        cause = self._leaves.reversal_node(credit[1]) if is_reversed else total
        return self._book.node(
            "no part",
            *key,
            self._credits.credit_id(credit),
            str(total),
            kind="no_part",
            value=self._book.money(0),
            unit="money",
            operation="nothing",
            payee_id=key[1],
            detail={"order_id": self._leaves.order(credit[1]).order_id},
            children=(cause,),
        )

    def refusal(self, stage: StageKey) -> tuple[Refusal, str]:
        """Return why a stage could not be paid, and the name of what is missing."""
        place = self._stage_at[stage]
        code = Refusal(self._stages["refusal"][place])
        if code in (Refusal.MEASUREMENT_MISSING, Refusal.MEASUREMENT_AMBIGUOUS):
            index, number = divmod(self._stages["refused_at"][place], 100)
            step = self._component.steps[index]
            if isinstance(step, GateStep):
                return code, step.condition.names[number]
        rule = self._tiers.attainment
        return code, "" if rule is None else rule.of

    def refused(self, stage: StageKey, reason_code: str) -> UUID:
        """Return the node of a stage that could not be paid."""
        place = self._stage_at[stage]
        code = Refusal(self._stages["refusal"][place])
        key = self._key(stage)
        if code in (Refusal.MEASUREMENT_MISSING, Refusal.MEASUREMENT_AMBIGUOUS):
            reached = self._tiers_node(place, stage)
            for index in range(self._stages["refused_at"][place] // 100):
                reached = self._step(index, place, reached, stage)
        else:
            rule = self._tiers.attainment
            name = self._tiers.looked_up_by if rule is None else rule.of
            _, reached = self._measured(name, "looked_up_total", place)
        return self._book.node(
            "refused",
            *key,
            kind="not_calculated",
            value=self._book.money(0),
            unit="money",
            operation="nothing",
            payee_id=key[1],
            detail={"clause": self._component.path, "reason": reason_code},
            children=(reached,),
        )
