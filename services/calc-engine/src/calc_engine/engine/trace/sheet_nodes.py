"""The nodes of every figure that a component on cells reads, from the columns of its stages."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from uuid import UUID

import pyarrow as pa

from calc_engine.engine.lowering.cells.banded import figure_name
from calc_engine.engine.lowering.cells.periods import text_of
from calc_engine.engine.lowering.cells.pools import share_name
from calc_engine.engine.lowering.cells.populations import IN_GROUP
from calc_engine.engine.lowering.stepping import AMOUNT, ASKED
from calc_engine.engine.trace.group_nodes import GroupNodes
from calc_engine.engine.trace.measure_nodes import MeasureNodes, StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.pool_nodes import PoolNodes
from calc_engine.engine.trace.recorded_nodes import RecordedNodes
from calc_engine.engine.trace.refused import Refused, unknown
from calc_engine.engine.trace.rows import Rows, restated
from calc_engine.engine.trace.stage_inputs import StageInputs
from calc_engine.engine.trace.step_nodes import StepNodes, input_nodes, number_at
from calc_engine.engine.trace.summed_nodes import SummedNodes
from calc_engine.engine.trace.tier_nodes import TierNodes
from calc_engine.engine.trace.worked_out import worked_out
from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    LoadedMeasure,
    Pool,
    PoolShare,
    RankPay,
    Scorecard,
    SummedMeasure,
    Tiers,
)
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import because
from premia_plan.reference.figure import formula_detail
from premia_plan.reference.subject import payee_of
from premia_plan.results import Detail

TO_RECORD = "Record it for this payee and month; the next run pays the component"


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
        groups: "Mapping[str, SheetNodes] | None" = None,
        pools: "Mapping[str, SheetNodes] | None" = None,
        subject_of: Callable[[int], str] | None = None,
    ) -> None:
        self._plan = plan
        self._kind = kind
        self.rows = rows
        self._places = places
        self.words = words
        self._measures = measures
        self._book = book
        self._subject_of = subject_of
        self._at = rows.by(*StageKey._fields)
        self._nodes: dict[tuple[str, StageKey], UUID] = {}
        self._refusals: dict[tuple[str, StageKey], Refused | None] = {}
        self._recorded = RecordedNodes(self, plan, measures, attributes, book)
        self._tiers = TierNodes(self, book)
        self._summed = SummedNodes(self, measures, book, subject_of)
        self._groups = GroupNodes(self, groups or {}, plan, book)
        self._pools = PoolNodes(self, groups or {}, pools or {}, plan, book)
        self._members: dict[tuple[int, int, object], list[StageKey]] | None = None

    def period(self, stage: StageKey) -> str:
        """Return the period of a stage as plans write it."""
        return text_of(stage.month, self._kind)

    def payee(self, stage: StageKey) -> str:
        """Return the payee of a stage, or the subject that it is of."""
        if self._subject_of is not None:
            return self._subject_of(stage.payee_no)
        return self._measures.payee(stage.payee_no)

    def about(self, stage: StageKey) -> str | None:
        """Return the payee that a stage is about, if it is about one."""
        return payee_of(self.payee(stage))

    def row(self, stage: StageKey) -> int:
        """Return where a stage is in the rows."""
        return self._at[stage]

    def key(self, stage: StageKey) -> tuple[str, str, str]:
        """Return what tells the nodes of a stage from others."""
        return self.payee(stage), self.period(stage), restated(stage.month, stage.as_of)

    def value(self, name: str, stage: StageKey) -> Fraction | None:
        """Return a figure; None where it cannot be worked out."""
        return number_at(self.rows, self._at[stage], self._places[name])

    def at(self, stage: StageKey) -> StageInputs:
        """Return what formulas about a stage read."""
        return StageInputs(self, stage)

    def why(self, name: str, stage: StageKey) -> int | None:
        """Return the place of what is missing of a figure."""
        column = f"{self._places[name]}_why"
        found: int | None = self.rows[column][self._at[stage]] if column in self.rows else None
        return found

    def known(self, column: str, stage: StageKey) -> object:
        """Return what a column says of a stage."""
        return self.rows[column][self._at[stage]] if column in self.rows else None

    def number(self, column: str, stage: StageKey) -> Fraction | None:
        """Return the number of a column of a stage; None where it has no such column."""
        if column not in self.rows:
            return None
        return number_at(self.rows, self._at[stage], column)

    def place(self, name: str) -> str:
        """Return in which columns a figure is."""
        return self._places[name]

    def in_group(self, month: int, as_of: int, group: object) -> Sequence[StageKey]:
        """Return the stages of the members of a group, in the order of payees."""
        if self._members is None:
            self._members = defaultdict(list)
            for stage, at in sorted((StageKey(*key), at) for key, at in self._at.items()):
                own = self.rows[IN_GROUP][at]
                self._members[stage.month, stage.as_of, own].append(stage)
        return self._members.get((month, as_of, group), ())

    def refusal(self, name: str, stage: StageKey) -> Refused | None:
        """Return why a figure cannot be worked out, if it cannot."""
        if (name, stage) not in self._refusals:
            self._refusals[name, stage] = self._find_refusal(name, stage)
        return self._refusals[name, stage]

    def _find_refusal(self, name: str, stage: StageKey) -> Refused | None:  # noqa: PLR0911
        if name not in self._places:
            return None
        if self._groups.knows(name):
            return self._groups.refusal(name, stage)
        shared = self._shared(name)
        if shared is not None:
            return self._pools.refusal(*shared, stage)
        component = self._component(name)
        if component is not None:
            return self._pay_refusal(component, stage)
        why = self.why(name, stage)
        if why is None:
            return None
        period = self.period(stage)
        if name.startswith("target."):
            return self._recorded.target_refusal(name.removeprefix("target."), why, stage)
        if name in self._plan.attainments:
            return self._attainment_refusal(name, stage, why)
        measure = self._plan.measures.get(name)
        if isinstance(measure, LoadedMeasure):
            code = "ambiguous" if why == 2 else "missing"
            return Refused(because(f"measurement_{code}", measure=name, month=period), TO_RECORD)
        if isinstance(measure, SummedMeasure):
            reason = because("average_of_nothing", measure=name, month=period)
            return Refused(reason, "Say under `empty` what the average of nothing is")
        word = self.words[name][why]
        return self.refusal(word, stage) or unknown(word, worked_out(self._plan, name).formula.text)

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
        """Return why a component pays nothing, if that is so."""
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

    def _shared(self, name: str) -> tuple[str, Pool] | None:
        """Return of which component a figure is the share, and of which pool."""
        for component in self._plan.components.values():
            amount = component.amount if isinstance(component, CellComponent) else None
            if isinstance(amount, PoolShare) and name == share_name(component.name):
                return component.name, self._plan.pools[amount.pool]
        return None

    def _component(self, name: str) -> CellComponent | None:
        if name in self._plan.measures or name in self._plan.attainments:
            return None
        found = self._plan.components.get(name)
        return found if isinstance(found, CellComponent) else None

    def node(self, name: str, stage: StageKey) -> UUID:
        """Return the node of a figure that can be worked out."""
        known = self._nodes.get((name, stage))
        if known is None:
            known = self._nodes[name, stage] = self._write(name, stage)
        return known

    def _write(self, name: str, stage: StageKey) -> UUID:  # noqa: PLR0911 - one per kind of figure
        if name.startswith("payee."):
            return self._recorded.payee(name, stage)
        if name.startswith("period."):
            return self._recorded.period(name, stage)
        if name.startswith("target."):
            return self._recorded.target(name.removeprefix("target."), stage)
        if name in self._plan.attainments:
            return self._attainment_node(name, stage)
        if self._groups.knows(name):
            return self._groups.node(name, stage)
        component = self._component(name)
        if component is not None:
            return self.pay(component, stage)
        measure = self._plan.measures.get(name)
        if isinstance(measure, SummedMeasure):
            return self._summed.node(measure, stage)
        if isinstance(measure, LoadedMeasure):
            return self._recorded.loaded(measure, stage)
        return self._formula_node(name, stage)

    def _formula_node(self, name: str, stage: StageKey) -> UUID:
        found = worked_out(self._plan, name)
        formula, inputs = found.formula, self.at(stage)
        if formula.is_bare_name:
            return self.node(formula.names[0], stage)
        return self._book.node(
            *found.key,
            *self.key(stage),
            *found.after,
            kind=found.kind,
            value=self._book.text(self.value(name, stage) or Fraction(0), found.unit),
            unit=found.unit.value,
            operation="formula",
            payee_id=self.about(stage),
            detail=formula_detail(formula),
            children=input_nodes(formula, inputs, self._book),
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
            payee_id=self.about(stage),
            detail=detail,
            children=children,
        )

    def _steps(self, component: CellComponent) -> StepNodes:
        words = self.words[component.name]
        return StepNodes(component.name, component.steps, self.rows, words, self._book)

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
                return self._tiers.amount(component, tiers, stage)
            case RankPay() as pay:
                return self._groups.rank_pay(component.name, pay, stage)
            case PoolShare(pool):
                return self._pools.share(self._plan.pools[pool], stage)
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
            payee_id=self.about(stage),
            detail={"clause": card.path, "month": self.period(stage)},
            children=tuple(self.node(name, stage) for name in names),
        )
