"""The cells in which a component is asked what it pays, and the months in which they change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Distinct,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Union,
    column,
    extended,
    only,
)
from calc_engine.engine.layout import month_number
from calc_engine.engine.lowering.cells.counted import Counted
from calc_engine.engine.lowering.cells.measures import in_periods, later_months
from calc_engine.engine.lowering.cells.people import everybody
from calc_engine.engine.lowering.cells.periods import go_on_after_the_end, known_from, periods
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.functions import period_end
from calc_engine.engine.lowering.measured import CELL
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import FALSE, TRUE, compare, known_or, some, text, whole
from premia_plan.checked import (
    CellComponent,
    FormulaMeasure,
    GateStep,
    GroupLimit,
    LimitStep,
    LoadedMeasure,
    RankPay,
    Scorecard,
    SummedMeasure,
    Tiers,
)
from premia_plan.language import Formula
from premia_plan.language.syntax import Name, Reference
from premia_plan.period import PeriodKind, month_of

LENGTHS: Mapping[PeriodKind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers which cells of one kind of period are known, and which are asked."""

    context: Context
    kind: PeriodKind
    counted: Mapping[str, Counted]

    def cells(self, component: CellComponent) -> Relation:
        """Return the cells in which a component is asked; `is_told` where a refusal is told."""
        known = self.known(component)
        if self._only_where_known(component):
            return extended(known, is_told=TRUE)
        told = extended(known, told=whole(1))
        both = _distinct([known, everybody(self.context, self.kind)])
        marked = Join(both, told, _SAME, {"told": "told"}, keeps_left=True)
        first = Aggregate(self._months(component), ("plan_no",), {"first": ("min", _MONTH)})
        since = Join(marked, first, (("plan_no", "plan_no"),), {"first": "first"}, keeps_left=True)
        late = compare(">=", _MONTH, known_or(Column("first", Kind.WHOLE), self._beginning))
        is_known = compare("=", known_or(Column("told", Kind.WHOLE), whole(0)), whole(1))
        return only(extended(since, is_told=some(is_known, late)), *CELL, "is_told")

    def known(self, component: CellComponent) -> Relation:
        """Return the cells in which something is known of what a component pays on."""
        parts = [self.payable(component)]
        if not isinstance(component.amount, RankPay):
            parts.extend(self.of_name(name) for name in _step_names(component))
        return self._while_orders_count(component, _distinct(parts))

    def payable(self, component: CellComponent) -> Relation:
        """Return the cells in which something is known that a component pays on."""
        match component.amount:
            case Formula() as formula:
                parts = [self.of_formula(formula)]
            case Tiers() as tiers:
                parts = [self.of_figure(tiers.base)]
            case Scorecard() as card:
                parts = [self.of_formula(objective.amount) for objective in card.objectives]
            case _:
                raise NotLowered(f"amounts such as {type(component.amount).__name__}")
        return self._while_orders_count(component, _distinct(parts))

    def _while_orders_count(self, component: CellComponent, cells: Relation) -> Relation:
        """Leave out cells after the plan's end in which no order counts that is paid on."""
        if not go_on_after_the_end(self.context, self.kind):
            return cells
        names = dict.fromkeys(self._orders_of(component))
        counting = [
            only(extended(source, month=period_end(column(source, "month"), length)), *CELL)
            for source in (self.counted[name].contributions for name in names)
            for length in (LENGTHS[self.kind],)
        ]
        inside = {"in_validity": "in_validity"}
        by_month = (("plan_no", "plan_no"), ("month", "month"))
        dated: Relation = Join(cells, periods(self.context, self.kind), by_month, inside)
        due: Expression = column(dated, "in_validity")
        if counting:
            marked = extended(_distinct(counting), counts=TRUE)
            dated = Join(dated, marked, _SAME, {"counts": "counts"}, keeps_left=True)
            due = some(due, known_or(Column("counts", Kind.BOOL), FALSE))
        return only(Filter(dated, due), *CELL)

    def _orders_of(self, component: CellComponent) -> Iterator[str]:
        """Yield the measures of credits that a component's amount is worked out from."""
        for formula in _formulas(component):
            for name in formula.names:
                other = self.context.plan.components.get(name)
                if isinstance(other, CellComponent):
                    yield from self._orders_of(other)
                else:
                    yield from self._summed(name)

    def of_figure(self, formula: Formula) -> Relation:
        """Return the cells of what tiers look up or pay on."""
        if isinstance(formula.expression, (Name, Reference)) and not _is_fact(formula.names[0]):
            return self.of_name(formula.names[0])
        return self.of_formula(formula)

    def of_formula(self, formula: Formula) -> Relation:
        """Return the cells in which a formula is known of some input, or reads a target."""
        names = [name for name in formula.names if not _is_fact(name)]
        targets = sorted(self.targets_of(formula))
        if not names:
            return only(everybody(self.context, self.kind), *CELL)
        parts = [self.of_name(name) for name in names]
        if targets:
            parts.append(self._of_everybody_since(names, targets))
        return _distinct(parts)

    @property
    def _beginning(self) -> Expression:
        """The plan's first month: from then on everything waits that never is known."""
        return whole(month_number(month_of(self.context.plan.valid_from)))

    def _of_everybody_since(self, names: Sequence[str], targets: Sequence[str]) -> Relation:
        """Return everybody's cells from the first period of which anything is known."""
        rows = Union((*self._months_of(names), *(self._target_months(name) for name in targets)))
        first = Aggregate(rows, ("plan_no",), {"first": ("min", _MONTH)})
        people = everybody(self.context, self.kind)
        joined = Join(people, first, (("plan_no", "plan_no"),), {"first": "first"}, keeps_left=True)
        late = compare(">=", _MONTH, known_or(Column("first", Kind.WHOLE), self._beginning))
        return only(Filter(joined, late), *CELL)

    def targets_of(self, formula: Formula) -> frozenset[str]:
        """Return the targets that a formula reads, or its attainments do."""
        plan, found = self.context.plan, set[str]()
        for name in formula.names:
            measure = plan.measures.get(name)
            if name in plan.attainments:
                rule = plan.attainments[name]
                found.add(rule.target or rule.of)
            elif name.startswith("target."):
                found.add(name.removeprefix("target."))
            elif isinstance(measure, FormulaMeasure):
                found |= self.targets_of(measure.formula)
        return frozenset(found)

    def of_name(self, name: str) -> Relation:
        """Return the cells of a figure that lie in the plan's periods."""
        plan, context = self.context.plan, self.context
        if name in plan.attainments:
            return self.of_name(plan.attainments[name].of)
        if name.startswith("target."):
            return self._recorded("targets", name.removeprefix("target."))
        match plan.measures.get(name):
            case SummedMeasure() as rule:
                source = self.counted[name].contributions
                months = known_from(context, rule, self.kind)
                placed = Join(source, months, (("month", "inner"),), {"cell_month": "cell_month"})
                return only(placed, "plan_no", "payee_no", month="cell_month")
            case LoadedMeasure():
                return self._recorded("measurements", name)
            case FormulaMeasure() as worked_out:
                return self.of_formula(worked_out.formula)
        component = plan.components.get(name)
        if isinstance(component, CellComponent):
            return only(self.cells(component), *CELL)
        raise NotLowered(f"cells that ask for {name}")

    def _recorded(self, relation: str, name: str) -> Relation:
        rows = self.context.scan(relation)
        named = Filter(rows, compare("=", column(rows, "name"), text(name)))
        inside = Join(
            only(named, "payee_no", "month"),
            periods(self.context, self.kind),
            (("month", "month"),),
            {"plan_no": "plan_no"},
        )
        return only(inside, *CELL)

    def _months(self, component: CellComponent) -> Relation:
        """Return the months in which periods end of which anything is known, and the targets'."""
        formulas = list(_formulas(component))
        names = [name for formula in formulas for name in formula.names]
        names.extend(_step_names(component))
        targets = {name for formula in formulas for name in self.targets_of(formula)}
        if isinstance(component.amount, Tiers) and component.amount.attainment is not None:
            rule = component.amount.attainment
            targets.add(rule.target or rule.of)
        # The component's own cells too: those of a formula that reads a target are everybody's.
        own = only(self.known(component), "plan_no", "month")
        rest = [*self._months_of(names), *map(self._target_months, sorted(targets))]
        return Union((own, *rest))

    def _months_of(self, names: Sequence[str]) -> list[Relation]:
        found = []
        for name in dict.fromkeys(names):
            if _is_fact(name):
                continue
            found.append(self._months_of_figure(name))
        return found

    def _months_of_figure(self, name: str) -> Relation:
        plan = self.context.plan
        if name in plan.attainments:
            return self._months_of_figure(plan.attainments[name].of)
        if name.startswith("target."):
            return self._target_months(name.removeprefix("target."))
        measure = plan.measures.get(name)
        if isinstance(measure, SummedMeasure):
            source = self.counted[name].contributions
            length = 1 if measure.window is not None else LENGTHS[measure.over]
            last = period_end(column(source, "month"), length)
            return only(extended(source, month=last), "plan_no", "month")
        if isinstance(measure, LoadedMeasure):
            rows = self.context.scan("measurements")
            named = Filter(rows, compare("=", column(rows, "name"), text(name)))
            return only(extended(named, plan_no=whole(0)), "plan_no", "month")
        return only(self.of_name(name), "plan_no", "month")

    def _target_months(self, name: str) -> Relation:
        rows = self.context.scan("targets")
        named = Filter(rows, compare("=", column(rows, "name"), text(name)))
        return only(extended(named, plan_no=whole(0)), "plan_no", "month")

    def changes(self, component: CellComponent) -> list[Relation]:
        """Return the cells with the later months in which what a component reads changes."""
        names = dict.fromkeys(self._changing(component))
        return [
            later_months(in_periods(self.context, self.counted[name], self.kind)) for name in names
        ]

    def _changing(self, component: CellComponent) -> Iterator[str]:
        for formula in _formulas(component):
            for name in formula.names:
                yield from self._summed(name)
        for name in _step_names(component):
            yield from self._summed(name)

    def _summed(self, name: str) -> Iterator[str]:
        """Yield the measures of credits that a figure is made of."""
        plan = self.context.plan
        if _is_fact(name) or name.startswith("target."):
            return
        if name in plan.attainments:
            yield from self._summed(plan.attainments[name].of)
            return
        measure = plan.measures.get(name)
        if isinstance(measure, SummedMeasure):
            yield name
        elif isinstance(measure, FormulaMeasure):
            for each in measure.formula.names:
                yield from self._summed(each)
        elif measure is None:
            component = plan.components.get(name)
            if not isinstance(component, CellComponent):
                raise NotLowered(f"cells that ask for {name}")
            yield from self._changing(component)

    def _only_where_known(self, component: CellComponent) -> bool:
        """Say whether nothing is paid in a cell of which nothing is known."""
        amount = component.amount
        if isinstance(amount, RankPay):
            return True
        if not isinstance(amount, Tiers) or _makes_something_of_nothing(component):
            return False
        if amount.pays_on_nothing:
            return False
        measure = self.context.plan.measures.get(amount.base.text)
        return (
            isinstance(amount.base.expression, Name)
            and isinstance(measure, SummedMeasure)
            and measure.function != "average"
            and measure.per.kind == "payee"
        )


_MONTH = Column("month", Kind.WHOLE)
_SAME = tuple((name, name) for name in CELL)


def _distinct(parts: Sequence[Relation]) -> Relation:
    return Distinct(Union(tuple(only(part, *CELL) for part in parts)))


def _is_fact(name: str) -> bool:
    return name.startswith(("payee.", "period."))


def _makes_something_of_nothing(component: CellComponent) -> bool:
    return any(
        isinstance(step, LimitStep)
        or (
            isinstance(step, GateStep)
            and not step.holds
            and (step.instead is not None or step.otherwise != 0)
        )
        for step in component.steps
    )


def _formulas(component: CellComponent) -> Sequence[Formula]:
    match component.amount:
        case Formula() as formula:
            return (formula,)
        case Tiers() as tiers:
            return tiers.looked_up, tiers.base
        case Scorecard() as card:
            return tuple(objective.amount for objective in card.objectives)
    return ()


def _step_names(component: CellComponent) -> list[str]:
    """Return the figures that the steps of a component read."""
    return [
        name
        for step in component.steps
        if not isinstance(step, GroupLimit)
        for item in fields(step)
        if isinstance(formula := getattr(step, item.name), Formula)
        for name in formula.names
        if not _is_fact(name)
    ]
