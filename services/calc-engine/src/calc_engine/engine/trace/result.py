"""A result's rows expanded into the calculation that the reference engine would return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import chain
from uuid import UUID

from calc_engine.engine.codes import WORDS, Refusal, What, Why
from calc_engine.engine.lowering.cells.groups import beside_owner
from calc_engine.engine.lowering.cells.periods import text_of
from calc_engine.engine.lowering.cells.pools import pool_owner
from calc_engine.engine.lowering.cells.populations import IN_GROUP
from calc_engine.engine.numbered import Facts
from calc_engine.engine.trace.credit_nodes import CreditKey, CreditNodes
from calc_engine.engine.trace.line_ids import LineIds, LineParts
from calc_engine.engine.trace.line_nodes import EarningNodes, ShareNodes
from calc_engine.engine.trace.measure_nodes import MeasureNodes, StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.order_leaves import OrderLeaves
from calc_engine.engine.trace.reasons import REFUSAL_CODES, Reasons
from calc_engine.engine.trace.rivals import Rivals
from calc_engine.engine.trace.rows import Rows, month_text
from calc_engine.engine.trace.sheet_nodes import SheetNodes
from calc_engine.engine.trace.stage_nodes import StageNodes
from calc_engine.engine.trace.whole_cells import WholeCellNodes
from premia_common.money import minor_digits
from premia_plan import results
from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    Component,
    CreditComponent,
    Pool,
    SummedMeasure,
    Tiers,
)
from premia_plan.period import PeriodKind
from premia_plan.quantities import percent_text
from premia_plan.reference.subject import (
    PLAN,
    category_subject,
    group_subject,
    team_subject,
    territory_subject,
)
from premia_plan.results import Attainment, Calculation, Cell, Line


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program gave: its results by name, and what the places of missing inputs mean."""

    rows: Mapping[str, Rows]
    words: Mapping[str, tuple[str, ...]]
    units: Mapping[str, int] = field(default_factory=dict)
    """The denominators of measures, and of targets under that word."""
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """In which columns the figures are that components on whole periods read."""


class Trace:
    """Expands one result."""

    def __init__(self, plan: CheckedPlan, facts: Facts, outcome: Outcome) -> None:
        self.plan = plan
        self.facts = facts
        self.outcome = outcome
        rows = outcome.rows
        self.book = NodeBook(plan.name, minor_digits(plan.currency))
        self.leaves = OrderLeaves(plan, facts.numbered, rows["under_plan"], self.book)
        credits = {name: rows[f"credits_{name}"] for name in plan.credits}
        rivals = Rivals(facts.arranged.tables["trees"])
        self.credits = CreditNodes(
            plan, facts.numbered, credits, leaves=self.leaves, rivals=rivals, book=self.book
        )
        counted = {
            name: rows[f"counted_{name}"]
            for name, rule in plan.measures.items()
            if isinstance(rule, SummedMeasure)
        }
        self.measures = MeasureNodes(plan, facts.numbered, counted, self.credits, self.book)
        self.earnings: dict[str, EarningNodes] = {}
        self.stages: dict[str, StageNodes] = {}
        self.whole: dict[str, WholeCellNodes] = {}
        for name, component in plan.components.items():
            if isinstance(component, CreditComponent):
                self.earnings[name] = EarningNodes(
                    plan=plan,
                    component=component,
                    earned=rows[f"earned_{name}"],
                    words=outcome.words[f"earned_{name}"],
                    credits=self.credits,
                    book=self.book,
                )
            elif name in outcome.places:
                self.whole[name] = WholeCellNodes(
                    component, rows[f"stages_{name}"], self._sheet(name, component.over), self.book
                )
            elif isinstance(component.amount, Tiers):
                self.stages[name] = StageNodes(
                    component=component,
                    tiers=component.amount,
                    results=rows,
                    units=outcome.units,
                    measures=self.measures,
                    credits=self.credits,
                    leaves=self.leaves,
                    book=self.book,
                )
        self._shares = ShareNodes(plan, self.credits, self.leaves, self.book)
        self._parts = LineParts(plan, facts.numbered.principals)
        self._ids = LineIds(self._parts)
        self.reasons = Reasons(
            plan,
            facts.numbered,
            self.leaves,
            self.credits,
            self.earnings,
            self.stages,
            self.whole,
            {name: (own, own.by("order_no", "place", "level")) for name, own in credits.items()},
        )

    def _subject(self, rule: SummedMeasure, number: int) -> str:
        """Return of whom a measure's cell is, by the number among the measure's subjects."""
        match rule.per.kind:
            case "payee":
                return self.measures.payee(number)
            case "team":
                return team_subject(rule.per.along or "", self.measures.payee(number))
            case "plan":
                return PLAN
        rows = self.outcome.rows[f"numbers_{rule.per.kind}"]
        code = rows["code"][rows.by("subject_no")[number,]]
        return territory_subject(code) if rule.per.kind == "territory" else category_subject(code)

    def _sheet(self, owner: str, kind: PeriodKind, rule: SummedMeasure | None = None) -> SheetNodes:
        """Return the figures of a component's stages, or of a measure's cells."""
        rows = owner if owner.startswith("cells_") else f"stages_{owner}"
        subject_of = None
        if rule is not None and rule.per.kind != "payee":
            subject_of = partial(self._subject, rule)
        return self._sheet_of(owner, kind, self.outcome.rows[rows], subject_of)

    def _sheet_of(
        self,
        owner: str,
        kind: PeriodKind,
        rows: Rows,
        subject_of: Callable[[int], str] | None = None,
    ) -> SheetNodes:
        """Return the figures of some rows, with those of the populations that they read."""
        outcome, before = self.outcome, f"{owner} "
        beside = {name: beside_owner(owner, name) for name in self.plan.populations}
        return SheetNodes(
            plan=self.plan,
            kind=kind,
            rows=rows,
            places=outcome.places[owner],
            words={
                name.removeprefix(before): words
                for name, words in outcome.words.items()
                if name.startswith(before)
            },
            measures=self.measures,
            attributes=self.facts.arranged.tables["payee_attributes"],
            book=self.book,
            groups={
                name: self._sheet_of(inner, kind, outcome.rows[f"beside_{inner}"])
                for name, inner in beside.items()
                if inner in outcome.places
            },
            pools={
                name: self._sheet_of(inner, kind, filled, self._pool_subjects(pool, filled))
                for name, pool in self.plan.pools.items()
                if (inner := pool_owner(owner, name)) in outcome.places
                and (filled := outcome.rows[f"beside_{inner}"])
            },
            subject_of=subject_of,
        )

    def _pool_subjects(self, pool: Pool, rows: Rows) -> Callable[[int], str]:
        """Return what tells whose pool a row is of: the plan's, or a group's."""
        if not self.plan.populations[pool.among].is_grouped:
            return lambda _: PLAN
        groups = dict(zip(rows["payee_no"], rows[IN_GROUP], strict=True))
        return lambda number: group_subject(pool.among, groups[number])

    def calculation(self, exceptions: tuple[results.Exception_, ...]) -> Calculation:
        """Return all lines and cells with the nodes that they rest on."""
        rows = self.outcome.rows["lines"]
        lines = sorted((self._line(rows, at) for at in range(rows.count)), key=_line_order)
        cells = self._cells()
        roots = chain((line.node_id for line in lines), (cell.node_id for cell in cells))
        nodes = self.book.below(roots)
        return Calculation(tuple(lines), nodes, exceptions, cells)

    def _line(self, rows: Rows, at: int) -> Line:
        component = list(self.plan.components.values())[rows["component"][at]]
        is_cell = isinstance(component, CellComponent)
        over: PeriodKind = component.over if isinstance(component, CellComponent) else "month"
        competence = text_of(rows["competence"][at], over)
        principal = self.facts.numbered.principal(rows["principal_no"][at])
        key = self._credit_key(component, rows, at)
        what = WORDS[rows["what"][at]]
        node_id = self._node(component, key, rows, at)
        reason = self.reasons.of_line(component, key, rows, at)
        payee_id = self.facts.numbered.payee(rows["payee_no"][at])
        order_id = credit_id = None
        if key is not None:
            order_id = self.leaves.order(key[1]).order_id
            credit_id = self.credits.credit_id(key)
        month = rows["month"][at]
        line_id = self._ids.of(rows, at, order_id, payee_id)
        return Line(
            line_id,
            payee_id,
            principal,
            component.name,
            "bonus" if is_cell else "commission",
            what,
            None if month is None else month_text(month),
            competence,
            Decimal(rows["units"][at]).scaleb(-self.book.places),
            order_id,
            credit_id,
            rows["share"][at],
            None if reason is None else reason.text,
            None if reason is None else reason.code,
            node_id,
        )

    def _credit_key(self, component: Component, rows: Rows, at: int) -> CreditKey | None:
        order_no = rows["order_no"][at]
        if order_no is None:
            return None
        of = self._parts.rule_of(component)
        return of, order_no, rows["place"][at], rows["level"][at]

    def _node(self, component: Component, key: CreditKey | None, rows: Rows, at: int) -> UUID:
        name, why = component.name, Why(rows["why"][at])
        payee_no, month = rows["payee_no"][at], rows["competence"][at]
        if name in self.whole:
            return self._whole_node(name, rows, at)
        if key is None:
            stage = StageKey(payee_no, month, rows["event"][at])
            code, _ = self.stages[name].refusal(stage)
            return self.stages[name].refused(stage, REFUSAL_CODES[code])
        if why is Why.RECOUNTED:
            stage = StageKey(payee_no, month, rows["event"][at])
            return self.stages[name].difference(key, stage, rows["units"][at])
        is_cell = isinstance(component, CellComponent)
        if is_cell:
            earning = self.stages[name].part(key, StageKey(payee_no, month, month))
        else:
            earning = self.earnings[name].node(key)
        if earning is None:
            raise LookupError(f"{name} gives nothing for {self.credits.credit_id(key)}")
        if why in (Why.STANDING, Why.RATE_MISSING, Why.REFUSED):
            return earning
        was = rows["was"][at]
        did = What(rows["what"][at] if was is None else was)
        competence = month_text(month) if is_cell else ""
        index = rows["share"][at]
        kinds = {
            What.RELEASE: "release",
            What.REVERSAL: "release",
            What.VOID_RELEASE: "release_void",
            What.HELD: "held",
            What.NOT_PAID: "dropped",
        }
        share = self._shares.share(
            name,
            key,
            earning,
            competence=competence,
            index=index,
            units=rows["of_units"][at],
            kind=kinds[did],
            falls_short=why is Why.CONDITION,
        )
        if did is not What.REVERSAL:
            return share
        return self._shares.taken_back(
            name, key, share, competence=competence, index=index, units=rows["units"][at]
        )

    def _whole_node(self, name: str, rows: Rows, at: int) -> UUID:
        """Return the node of a line that pays a payee for a whole period."""
        nodes, why = self.whole[name], Why(rows["why"][at])
        payee_no, month = rows["payee_no"][at], rows["competence"][at]
        if why is Why.REFUSED:
            return nodes.refused(StageKey(payee_no, month, rows["event"][at]))
        if why is Why.RECOUNTED:
            stage = StageKey(payee_no, month, rows["event"][at])
            return nodes.difference(stage, rows["units"][at])
        stage = StageKey(payee_no, month, month)
        payee_id = self.facts.numbered.payee(payee_no) or ""
        if why is Why.STANDING:
            return nodes.outside(payee_id, nodes.period(stage))
        was = rows["was"][at]
        did = What(rows["what"][at] if was is None else was)
        principal = self.facts.numbered.principal(rows["principal_no"][at])
        return self._shares.whole_share(
            name,
            f"{payee_id}/{principal}",
            nodes.earning(stage),
            competence=nodes.period(stage),
            index=rows["share"][at],
            units=rows["of_units"][at],
            kind="release" if did is What.RELEASE else "held",
            payee_id=payee_id,
        )

    def _cells(self) -> tuple[Cell, ...]:
        found: list[Cell] = []
        for name, rule in self.plan.measures.items():
            if isinstance(rule, SummedMeasure):
                rows = self.outcome.rows[f"cells_{name}"]
                order = sorted(
                    range(rows.count),
                    key=lambda at: (self._subject(rule, rows["payee_no"][at]), rows["month"][at]),
                )
                if f"cells_{name}" in self.outcome.places:
                    sheet = self._sheet(f"cells_{name}", rule.over, rule)
                    found.extend(self._cell_of(sheet, rule, rows, at) for at in order)
                    continue
                found.extend(self._cell(name, rows, at) for at in order)
        return tuple(found)

    def _cell_of(self, sheet: SheetNodes, rule: SummedMeasure, rows: Rows, at: int) -> Cell:
        """Return a cell of a measure of any period."""
        stage = StageKey(*(rows[column][at] for column in StageKey._fields))
        name, payee_id, period = rule.name, sheet.payee(stage), sheet.period(stage)
        shown = self.book.text(sheet.value(name, stage) or Fraction(0), rule.unit)
        node_id = sheet.node(name, stage)
        rules = [each for each in self.plan.attainments.values() if each.of == name]
        ratio = sheet.value(rules[-1].name, stage) if rules else None
        if ratio is None or sheet.refusal(f"target.{name}", stage) is not None:
            return Cell(payee_id, name, period, shown, None, None, node_id)
        target_node = sheet.node(f"target.{name}", stage)
        return Cell(
            payee_id,
            name,
            period,
            shown,
            self.book.nodes[target_node].value,
            Attainment(f"{ratio.numerator}/{ratio.denominator}", percent_text(ratio)),
            sheet.node(rules[-1].name, stage),
        )

    def _cell(self, name: str, rows: Rows, at: int) -> Cell:
        payee_no, month, as_of = (rows[column][at] for column in ("payee_no", "month", "as_of"))
        payee_id, text = self.measures.payee(payee_no), month_text(month)
        value = Fraction(rows["value"][at], self.outcome.units[name])
        stage = StageKey(payee_no, month, as_of)
        node_id = self.measures.measure(name, stage, value)
        shown = self.book.text(value, self.measures.rule(name).unit)
        rules = [rule for rule in self.plan.attainments.values() if rule.of == name]
        if not rules or rows["target_refusal"][at] != Refusal.NONE:
            return Cell(payee_id, name, text, shown, None, None, node_id)
        days = None
        if name in self.plan.joiner_targets:
            days = (rows["target_days"][at], rows["target_of_days"][at])
        target = Fraction(rows["target_numerator"][at], rows["target_denominator"][at])
        target_node = self.measures.target(name, payee_no, month, days)
        ratio = value / target
        reached = self.measures.attainment(rules[-1], stage, ratio, (node_id, target_node))
        return Cell(
            payee_id,
            name,
            text,
            shown,
            self.book.nodes[target_node].value,
            Attainment(f"{ratio.numerator}/{ratio.denominator}", percent_text(ratio)),
            reached,
        )


def _line_order(line: Line) -> int:
    return line.line_id.int
