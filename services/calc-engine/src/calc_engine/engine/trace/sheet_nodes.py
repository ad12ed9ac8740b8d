"""The nodes of every figure that a component on cells reads, from the columns of its stages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pyarrow as pa

from calc_engine.engine.banding import cases, is_rate, limits_formula
from calc_engine.engine.dimensions import holds_on
from calc_engine.engine.lowering.cells.banded import figure_name
from calc_engine.engine.lowering.cells.periods import text_of
from calc_engine.engine.lowering.stepping import AMOUNT, ASKED
from calc_engine.engine.trace.credit_nodes import formula_detail
from calc_engine.engine.trace.measure_nodes import MeasureNodes, StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.refused import Refused, unknown
from calc_engine.engine.trace.rows import Rows, month_text, restated
from calc_engine.engine.trace.step_nodes import StepNodes, input_nodes, number_at
from calc_engine.engine.trace.target_part import part_of_target
from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    FormulaMeasure,
    LoadedMeasure,
    Scorecard,
    SummedMeasure,
    Tiers,
)
from premia_plan.language import Formula
from premia_plan.period import PeriodKind, end_day, first_day
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import because
from premia_plan.reference.attribute import attribute_value, value_text
from premia_plan.results import Detail

TO_RECORD = "Record it for this payee and month; the next run pays the component"
OPERATIONS = {"sum": "sum", "count": "sum", "distinct": "distinct", "average": "average"}
PERIOD_UNITS = {"days": Unit.DAYS, "first_day": Unit.DATE, "last_day": Unit.DATE}


class SheetNodes:
    """Writes the nodes of one component's figures, or of one measure's cells."""

    def __init__(
        self,
        *,
        plan: CheckedPlan,
        kind: PeriodKind,
        rows: Rows,
        places: Mapping[str, str],
        words: Mapping[str, tuple[str, ...]],
        measures: MeasureNodes,
        attributes: pa.Table,
        book: NodeBook,
    ) -> None:
        self._plan = plan
        self._kind = kind
        self._rows = rows
        self._places = places
        self._words = words
        self._measures = measures
        self._attributes: Mapping[tuple[int], Sequence[Mapping[str, Any]]] = _by_payee(attributes)
        self._book = book
        self._at = rows.by(*StageKey._fields)
        self._nodes: dict[tuple[str, StageKey], UUID] = {}
        self._refusals: dict[tuple[str, StageKey], Refused | None] = {}

    def period(self, stage: StageKey) -> str:
        """Return the period of a stage as plans write it."""
        return text_of(stage.month, self._kind)

    def payee(self, stage: StageKey) -> str:
        """Return the payee of a stage."""
        return self._measures.payee(stage.payee_no)

    def key(self, stage: StageKey) -> tuple[str, str, str]:
        """Return what tells the nodes of a stage from others."""
        return self.payee(stage), self.period(stage), restated(stage.month, stage.as_of)

    def value(self, name: str, stage: StageKey) -> Fraction | None:
        """Return a figure; None where it cannot be worked out."""
        return number_at(self._rows, self._at[stage], self._places[name])

    def at(self, stage: StageKey) -> "StageInputs":
        """Return what formulas about a stage read."""
        return StageInputs(self, stage)

    def why(self, name: str, stage: StageKey) -> int | None:
        """Return the place of what is missing of a figure."""
        column = f"{self._places[name]}_why"
        found: int | None = self._rows[column][self._at[stage]] if column in self._rows else None
        return found

    def known(self, column: str, stage: StageKey) -> object:
        """Return what a column says of a stage."""
        return self._rows[column][self._at[stage]] if column in self._rows else None

    def number(self, column: str, stage: StageKey) -> Fraction | None:
        """Return the number of a column of a stage; None where it has no such column."""
        if column not in self._rows:
            return None
        return number_at(self._rows, self._at[stage], column)

    def refusal(self, name: str, stage: StageKey) -> Refused | None:
        """Return why a figure cannot be worked out, if it cannot."""
        if (name, stage) not in self._refusals:
            self._refusals[name, stage] = self._find_refusal(name, stage)
        return self._refusals[name, stage]

    def _find_refusal(self, name: str, stage: StageKey) -> Refused | None:  # noqa: PLR0911
        if name not in self._places:
            return None
        component = self._component(name)
        if component is not None:
            return self._pay_refusal(component, stage)
        why = self.why(name, stage)
        if why is None:
            return None
        period = self.period(stage)
        if name.startswith("target."):
            code = {2: "ambiguous", 3: "zero"}.get(why, "missing")
            measure = name.removeprefix("target.")
            return Refused(because(f"target_{code}", measure=measure, month=period), TO_RECORD)
        if name in self._plan.attainments:
            return self._attainment_refusal(name, stage, why)
        measure = self._plan.measures.get(name)
        if isinstance(measure, LoadedMeasure):
            code = "ambiguous" if why == 2 else "missing"
            return Refused(because(f"measurement_{code}", measure=name, month=period), TO_RECORD)
        if isinstance(measure, SummedMeasure):
            reason = because("average_of_nothing", measure=name, month=period)
            return Refused(reason, "Say under `empty` what the average of nothing is")
        word = self._words[name][why]
        return self.refusal(word, stage) or unknown(word, self._formula(name).text)

    def _attainment_refusal(self, name: str, stage: StageKey, why: int) -> Refused | None:
        rule = self._plan.attainments[name]
        if why == 0:
            return self.refusal(rule.of, stage)
        measured = self.node(rule.of, stage)
        target = rule.target or rule.of
        found = self.refusal(f"target.{target}", stage)
        if why != 1 or found is None:
            reason = because("target_zero", measure=target, month=self.period(stage))
            found = Refused(reason, TO_RECORD)
        return found.after(measured)

    def _pay_refusal(self, component: CellComponent, stage: StageKey) -> Refused | None:
        steps = self._steps(component)
        found = steps.missing(self._at[stage])
        if found is None:
            return None
        where, name = found
        inputs = self.at(stage)
        if where in {AMOUNT, ASKED}:
            return self._amount_refusal(component, name, stage)
        before = steps.after(
            self.amount(component, stage),
            self._at[stage],
            (component.name, *self.key(stage)),
            self.payee(stage),
            inputs,
            until=int(where),
        )
        return steps.refusal(self._at[stage], inputs, before)

    def _amount_refusal(
        self, component: CellComponent, name: str, stage: StageKey
    ) -> Refused | None:
        tiers = component.amount
        if name != "below_first_band" or not isinstance(tiers, Tiers):
            return self.refusal(name, stage) or unknown(name, "")
        looked_up = figure_name(component.name, "looked up", tiers.looked_up)
        value = self.value(looked_up, stage)
        reason = because(
            "below_first_band", figure=tiers.looked_up_by, value=exact_text(value or Fraction(0))
        )
        to_do = f"Let a band of {tiers.path} start lower, or correct {self.period(stage)}"
        return Refused(reason, to_do, self.node(looked_up, stage))

    def _component(self, name: str) -> CellComponent | None:
        if name in self._plan.measures or name in self._plan.attainments:
            return None
        found = self._plan.components.get(name)
        return found if isinstance(found, CellComponent) else None

    def _formula(self, name: str) -> Formula:
        """Return the formula of a figure that is worked out."""
        return self._worked_out(name)[0]

    def _worked_out(self, name: str) -> tuple[Formula, str, Unit]:
        """Return the formula of a figure, with the kind and unit of its node.

        Raises:
            LookupError: if it is not worked out.
        """
        measure = self._plan.measures.get(name)
        if isinstance(measure, FormulaMeasure):
            return measure.formula, "measure_worked_out", measure.unit
        for component in self._plan.components.values():
            if not isinstance(component, CellComponent):
                continue
            amount = component.amount
            if isinstance(amount, Formula) and name == f"amount of {component.name}":
                return amount, "cell_amount", Unit.MONEY
            if isinstance(amount, Tiers):
                for word, formula in (("looked up", amount.looked_up), ("base", amount.base)):
                    if name == f"{component.name} {word}":
                        return formula, "looked_up", formula.unit
            if isinstance(amount, Scorecard):
                for objective in amount.objectives:
                    if name == f"{component.name} {objective.name}":
                        return objective.amount, "objective", Unit.MONEY
        raise LookupError(f"{name} is not worked out")

    def node(self, name: str, stage: StageKey) -> UUID:
        """Return the node of a figure that can be worked out."""
        known = self._nodes.get((name, stage))
        if known is None:
            known = self._nodes[name, stage] = self._write(name, stage)
        return known

    def _write(self, name: str, stage: StageKey) -> UUID:  # noqa: PLR0911 - one per kind of figure
        if name.startswith("payee."):
            return self._payee_node(name, stage)
        if name.startswith("period."):
            return self._period_node(name, stage)
        if name.startswith("target."):
            return self._target_node(name.removeprefix("target."), stage)
        if name in self._plan.attainments:
            return self._attainment_node(name, stage)
        component = self._component(name)
        if component is not None:
            return self.pay(component, stage)
        measure = self._plan.measures.get(name)
        if isinstance(measure, SummedMeasure):
            return self._summed_node(measure, stage)
        if isinstance(measure, LoadedMeasure):
            return self._loaded_node(measure, stage)
        return self._formula_node(name, stage)

    def _formula_node(self, name: str, stage: StageKey) -> UUID:
        formula, kind, unit = self._worked_out(name)
        inputs = self.at(stage)
        if formula.is_bare_name:
            return self.node(formula.names[0], stage)
        return self._book.node(
            "amount",
            name.removeprefix("amount of "),
            *self.key(stage),
            kind=kind,
            value=self._book.text(self.value(name, stage) or Fraction(0), unit),
            unit=unit.value,
            operation="formula",
            payee_id=self.payee(stage),
            detail=formula_detail(formula),
            children=input_nodes(formula, inputs, self._book),
        )

    def _payee_node(self, name: str, stage: StageKey) -> UUID:
        day = end_day(self.period(stage)) - timedelta(days=1)
        word = name.removeprefix("payee.")
        unit = self._plan.payee_attributes.get(word, Unit.TEXT)
        value = attribute_value(self._attribute(stage.payee_no, word, day), unit)
        declared = word in self._plan.payee_attributes
        payee_id = self.payee(stage)
        return self._book.node(
            "payee",
            payee_id,
            name,
            day.isoformat(),
            kind="payee_value",
            value=value_text(payee_id if word == "id" else value),
            unit=unit.value,
            payee_id=payee_id,
            detail={
                "clause": f"/attributes/payee/{word}" if declared else "/participants",
                "name": name,
                "day": day.isoformat(),
            },
        )

    def _attribute(self, payee_no: int, word: str, day: date) -> str | None:
        """Return what was last recorded of a payee's attribute on a day."""
        known = [
            row[f"a_{word}"]
            for row in self._attributes.get((payee_no,), ())
            if row.get(f"a_{word}") is not None and holds_on(row, day)
        ]
        return known[-1] if known else None

    def _period_node(self, name: str, stage: StageKey) -> UUID:
        period, word = self.period(stage), name.removeprefix("period.")
        values: dict[str, str] = {
            "first_day": first_day(period).isoformat(),
            "last_day": (end_day(period) - timedelta(days=1)).isoformat(),
        }
        value = values.get(word) or str(self.known(f"p_{word}", stage))
        return self._book.node(
            "period",
            period,
            name,
            kind="period_value",
            value=value,
            unit=PERIOD_UNITS.get(word, Unit.COUNT).value,
            detail={"clause": "/pay_period", "month": period, "name": name},
        )

    def _target_node(self, name: str, stage: StageKey) -> UUID:
        rule = self._plan.targets[name]
        recorded = self._measures.numbered.targets.get((stage.payee_no, name, stage.month))
        payee_id, period, unit = self.payee(stage), self.period(stage), rule.unit
        stated = None
        if recorded is None:
            stated = ("missing", rule.missing)
        elif recorded.amount <= 0:
            stated = ("zero", rule.zero)
        if stated is not None:
            clause, value = stated[0], stated[1] or Fraction(0)
            node_id = self._book.node(
                "target",
                name,
                payee_id,
                period,
                "stated",
                kind="target_stated",
                value=self._book.text(value, unit),
                unit=unit.value,
                payee_id=payee_id,
                detail={"clause": f"{rule.path}/{clause}", "measure": name, "month": period},
            )
        else:
            value, node_id = self._recorded_target(name, stage)
        days = self.known(f"{name}_days", stage)
        of_days = self.known("p_days", stage)
        if not isinstance(days, int) or not isinstance(of_days, int) or days == of_days:
            return node_id
        return part_of_target(
            self._book,
            self._plan.proration,
            name=name,
            payee_id=payee_id,
            period=period,
            joined=self._measures.numbered.joined.get(stage.payee_no, date.min),
            days=(days, of_days),
            value=self._book.text(value * days / of_days, unit),
            unit=unit,
            whole=node_id,
        )

    def _recorded_target(self, name: str, stage: StageKey) -> tuple[Fraction, UUID]:
        recorded = self._measures.numbered.targets[stage.payee_no, name, stage.month]
        unit = self._plan.targets[name].unit
        value = Fraction(recorded.amount)
        since = () if recorded.valid_from is None else (recorded.valid_from.isoformat(),)
        return value, self._book.node(
            "target",
            name,
            self.payee(stage),
            recorded.month,
            *since,
            kind="target",
            value=self._book.text(value, unit),
            unit=unit.value,
            payee_id=self.payee(stage),
            detail={"measure": name, "month": recorded.month},
            source=recorded.source,
        )

    def _attainment_node(self, name: str, stage: StageKey) -> UUID:
        rule = self._plan.attainments[name]
        target_name = f"target.{rule.target or rule.of}"
        children = (self.node(rule.of, stage), self.node(target_name, stage))
        value = self.value(name, stage) or Fraction(0)
        detail: dict[str, Detail] = {"attainment": name, "month": self.period(stage)}
        kind, operation = "attainment", "ratio"
        if self.value(target_name, stage) == 0:
            kind, operation = "attainment_of_zero", "formula"
            detail |= {
                "clause": f"{rule.path}/target_zero",
                "formula": f"measured / target else {exact_text(value * 100)} %",
                "inputs": ("measured", "target"),
            }
        return self._book.node(
            "attainment",
            name,
            *self.key(stage),
            kind=kind,
            value=exact_text(value),
            unit="rate",
            operation=operation,
            payee_id=self.payee(stage),
            detail=detail,
            children=children,
        )

    def _summed_node(self, rule: SummedMeasure, stage: StageKey) -> UUID:
        period, payee_id = self.period(stage), self.payee(stage)
        standing = self._measures.standing_in(rule, stage, period)
        value = self.value(rule.name, stage) or Fraction(0)
        key = (rule.name, *self.key(stage))
        if rule.function == "average" and not standing:
            return self._book.node(
                "measure",
                *key,
                kind="measure_empty",
                value=self._book.text(value, rule.unit),
                unit=rule.unit.value,
                payee_id=payee_id,
                detail={"clause": f"{rule.path}/empty", "measure": rule.name, "month": period},
            )
        return self._book.node(
            "measure",
            *key,
            kind="measure",
            value=self._book.text(value, rule.unit),
            unit=rule.unit.value,
            operation=OPERATIONS[rule.function],
            payee_id=payee_id,
            detail={
                "clause": rule.path,
                "measure": rule.name,
                "month": period,
                "as_of": month_text(stage.as_of),
            },
            children=tuple(self._measures.contribution(rule, place) for place in standing),
        )

    def _loaded_node(self, rule: LoadedMeasure, stage: StageKey) -> UUID:
        payee_id, period = self.payee(stage), self.period(stage)
        row = self._measures.numbered.measurements.get((stage.payee_no, rule.name, stage.month))
        if row is None:
            value = rule.missing if isinstance(rule.missing, Fraction) else Fraction(0)
            return self._book.node(
                "measurement",
                rule.name,
                payee_id,
                period,
                kind="measurement_missing",
                value=exact_text(value),
                unit=rule.unit.value,
                payee_id=payee_id,
                detail={
                    "clause": f"{rule.path}/missing",
                    "measure": rule.name,
                    "month": period,
                },
            )
        return self._book.node(
            "measurement",
            rule.name,
            payee_id,
            row.month,
            kind="measurement",
            value=exact_text(Fraction(row.value)),
            unit=rule.unit.value,
            payee_id=payee_id,
            detail={"measure": rule.name, "month": row.month},
            source=row.source,
        )

    def _steps(self, component: CellComponent) -> StepNodes:
        words = self._words[component.name]
        return StepNodes(component.name, component.steps, self._rows, words, self._book)

    def pay(self, component: CellComponent, stage: StageKey) -> UUID:
        """Return the node of what a component gives after its steps."""
        steps = self._steps(component)
        return steps.after(
            self.amount(component, stage),
            self._at[stage],
            (component.name, *self.key(stage)),
            self.payee(stage),
            self.at(stage),
        )

    def amount(self, component: CellComponent, stage: StageKey) -> UUID:
        """Return the node of what a component gives before its steps."""
        steps = self._steps(component)
        if steps.is_unasked(self._at[stage]):
            key = (component.name, *self.key(stage))
            return steps.unasked(key, self.payee(stage), self.at(stage))
        match component.amount:
            case Scorecard() as card:
                return self._card(component, card, stage)
            case Tiers() as tiers:
                return self._tiers(component, tiers, stage)
        return self._formula_node(f"amount of {component.name}", stage)

    def _card(self, component: CellComponent, card: Scorecard, stage: StageKey) -> UUID:
        names = [f"{component.name} {objective.name}" for objective in card.objectives]
        value = self.number(f"{component.name}_card", stage) or Fraction(0)
        return self._book.node(
            "scorecard",
            component.name,
            *self.key(stage),
            kind="scorecard",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="sum",
            payee_id=self.payee(stage),
            detail={"clause": card.path, "month": self.period(stage)},
            children=tuple(self.node(name, stage) for name in names),
        )

    def _tiers(self, component: CellComponent, tiers: Tiers, stage: StageKey) -> UUID:
        name = component.name
        base = self.node(figure_name(name, "base", tiers.base), stage)
        if self.known(f"{name}_nothing", stage):
            return self._tiers_node(name, tiers, stage, Fraction(0), (), base, is_close=True)
        looked_up = self.node(figure_name(name, "looked up", tiers.looked_up), stage)
        parts = [
            (index, value)
            for index in range(len(tiers.bands))
            if (value := self.number(f"{name}_b{index}", stage)) is not None
        ]
        if tiers.is_plain:
            edges = (base,) if tiers.attainment is None else (base, self._edge(tiers, stage))
            if tiers.mode == "whole":
                edges = (base, looked_up)
            nodes = [self._plain_band(name, tiers, stage, part, edges) for part in parts]
        else:
            nodes = [self._band_part(name, tiers, stage, part) for part in parts]
        total = self.number(f"{name}_tiers", stage) or Fraction(0)
        node_id = self._tiers_node(name, tiers, stage, total, tuple(nodes), looked_up)
        return self._limited(component, tiers, stage, node_id)

    def _edge(self, tiers: Tiers, stage: StageKey) -> UUID:
        rule = tiers.attainment
        if rule is None:
            raise LookupError(f"{tiers.path} has no target")
        return self.node(f"target.{rule.target or rule.of}", stage)

    def _tiers_node(
        self,
        name: str,
        tiers: Tiers,
        stage: StageKey,
        amount: Fraction,
        bands: tuple[UUID, ...],
        otherwise: UUID,
        *,
        is_close: bool = False,
    ) -> UUID:
        payee_id, period, later = self.key(stage)
        return self._book.node(
            "tiers",
            name,
            payee_id,
            period,
            "" if is_close else later,
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
        own = self.number(f"{name}_q{index}", stage) or Fraction(0)
        return self._book.node(
            "band",
            name,
            *self.key(stage),
            str(index),
            kind="band",
            value=exact_text(value),
            unit="money",
            operation="band",
            payee_id=self.payee(stage),
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
        case = self.known(f"{name}_case", stage)
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
            *self.key(stage),
            str(index),
            kind="band_part",
            value=exact_text(value),
            unit=Unit.MONEY.value,
            operation="formula",
            payee_id=self.payee(stage),
            detail={
                "clause": band.path,
                "mode": tiers.mode_of(band),
                "starts": exact_text(band.starts),
                "formula": formula,
                "inputs": list(used),
            },
            children=tuple(used.values()),
        )

    def _band_input(
        self, name: str, tiers: Tiers, stage: StageKey, index: int, word: str
    ) -> UUID:
        if word == "base":
            return self.node(figure_name(name, "base", tiers.base), stage)
        if word == "looked_up":
            return self.node(figure_name(name, "looked up", tiers.looked_up), stage)
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
        value = self.number(f"{name}_limited", stage)
        if value is None or value == self.number(f"{name}_tiers", stage):
            return total
        return self._book.node(
            "tiers limited",
            name,
            *self.key(stage),
            kind="tiers_limited",
            value=exact_text(value),
            unit=Unit.MONEY.value,
            operation="formula",
            payee_id=self.payee(stage),
            detail={
                "clause": f"{tiers.path}/limits",
                "formula": formula,
                "inputs": ["amount", "base"],
            },
            children=(total, self.node(figure_name(name, "base", tiers.base), stage)),
        )


class StageInputs:
    """What formulas about one stage read."""

    def __init__(self, nodes: SheetNodes, stage: StageKey) -> None:
        self._nodes = nodes
        self._stage = stage

    def node(self, name: str) -> UUID | None:
        """Return the node of a value; None where it cannot be worked out."""
        if self._nodes.refusal(name, self._stage) is not None:
            return None
        return self._nodes.node(name, self._stage)

    def refusal(self, name: str) -> Refused | None:
        """Return why a value cannot be worked out, if it cannot."""
        return self._nodes.refusal(name, self._stage)


def _by_payee(attributes: pa.Table) -> Mapping[tuple[int], Sequence[Mapping[str, Any]]]:
    found: dict[tuple[int], list[Mapping[str, Any]]] = defaultdict(list)
    for row in attributes.to_pylist():
        found[row["payee_no"],].append(row)
    return found


def _names(name: str, formula: str) -> bool:
    """Say whether a formula names something; `rate` is not in `next_rate`."""
    words = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in formula)
    return name in words.split()
