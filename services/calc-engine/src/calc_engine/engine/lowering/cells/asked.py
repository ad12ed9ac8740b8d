"""The cells in which a component is asked what it pays, and the months in which they change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from calc_engine.engine.lowering.cells.group_words import (
    RANK_OF,
    GroupReference,
    is_reference,
    read_reference,
)
from calc_engine.engine.lowering.cells.people import everybody, in_plan
from calc_engine.engine.lowering.cells.periods import go_on_after_the_end, known_from, periods
from calc_engine.engine.lowering.cells.populations import (
    ASKED_ON,
    IN_GROUP,
    members,
    with_group,
)
from calc_engine.engine.lowering.cells.read_names import (
    formulas_of,
    is_fact,
    orders_of,
    step_names,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.functions import period_end
from calc_engine.engine.lowering.measured import CELL
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import FALSE, TRUE, compare, known_or, some, text, whole
from premia_plan.checked import (
    CellComponent,
    FormulaMeasure,
    GateStep,
    LimitStep,
    LoadedMeasure,
    PoolShare,
    Rank,
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
        """Return the cells in which a component is asked; `is_told` where a refusal is told.

        `is_known` says of which something is known.
        """
        known = self.known(component)
        if self._only_where_known(component):
            return extended(known, is_told=TRUE, is_known=TRUE)
        told = extended(known, told=whole(1))
        both = _distinct([known, everybody(self.context, self.kind)])
        marked = Join(both, told, _SAME, {"told": "told"}, keeps_left=True)
        first = Aggregate(self._months(component), ("plan_no",), {"first": ("min", _MONTH)})
        since = Join(marked, first, (("plan_no", "plan_no"),), {"first": "first"}, keeps_left=True)
        late = compare(">=", _MONTH, known_or(Column("first", Kind.WHOLE), self._beginning))
        is_known = compare("=", known_or(Column("told", Kind.WHOLE), whole(0)), whole(1))
        found = extended(since, is_told=some(is_known, late), is_known=is_known)
        return only(found, *CELL, "is_told", "is_known")

    def known(self, component: CellComponent) -> Relation:
        """Return the cells in which something is known of what a component pays on."""
        parts = [self.payable(component)]
        if not isinstance(component.amount, (RankPay, PoolShare)):
            parts.extend(self.of_name(name) for name in step_names(component))
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
            case RankPay(rank):
                parts = [self.of_name(rank)]
            case _:
                raise NotLowered(f"amounts such as {type(component.amount).__name__}")
        return self._while_orders_count(component, _distinct(parts))

    def _while_orders_count(self, component: CellComponent, cells: Relation) -> Relation:
        """Leave out cells after the plan's end in which no order counts that is paid on."""
        if not go_on_after_the_end(self.context, self.kind):
            return cells
        inside = {"in_validity": "in_validity"}
        by_month = (("plan_no", "plan_no"), ("month", "month"))
        dated: Relation = Join(cells, periods(self.context, self.kind), by_month, inside)
        due: Expression = column(dated, "in_validity")
        asked = orders_of(self.context.plan, component)
        for flag, is_own, keys in (("counts", True, CELL), ("counts_of_others", False, CELL[::2])):
            names = [name for name, own in asked if own is is_own]
            if names:
                marked = extended(Distinct(self._counting(names, keys)), counts=TRUE)
                same = tuple((key, key) for key in keys)
                dated = Join(dated, marked, same, {flag: "counts"}, keeps_left=True)
                due = some(due, known_or(Column(flag, Kind.BOOL), FALSE))
        return only(Filter(dated, due), *CELL)

    def _counting(self, names: Sequence[str], keys: Sequence[str]) -> Relation:
        """Return the periods within which credits of some measures are dated."""
        length = LENGTHS[self.kind]
        sources = [self.counted[name].contributions for name in dict.fromkeys(names)]
        return Union(
            tuple(
                only(extended(source, month=period_end(column(source, "month"), length)), *keys)
                for source in sources
            )
        )

    def of_figure(self, formula: Formula) -> Relation:
        """Return the cells of what tiers look up or pay on."""
        if isinstance(formula.expression, (Name, Reference)) and not is_fact(formula.names[0]):
            return self.of_name(formula.names[0])
        return self.of_formula(formula)

    def of_formula(self, formula: Formula) -> Relation:
        """Return the cells in which a formula is known of some input, or reads a target."""
        names = [name for name in formula.names if not is_fact(name)]
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
        if name in plan.ranks:
            return self._of_rank(plan.ranks[name])
        if is_reference(name):
            return self._of_group(read_reference(name))
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

    def of_inputs(self, *formulas: Formula) -> Relation:
        """Return the cells in which formulas are known of some input."""
        names = dict.fromkeys(name for each in formulas for name in each.names if not is_fact(name))
        if not names:
            return only(everybody(self.context, self.kind), *CELL)
        return _distinct([self.of_name(name) for name in names])

    def _of_rank(self, rule: Rank) -> Relation:
        """Return a rank's members in the periods in which something is known of any."""
        ties = (rule.ties,) if isinstance(rule.ties, Formula) else ()
        known = Distinct(only(self.of_inputs(rule.of, *ties), "plan_no", "month"))
        found = members(self.context, rule.among, self.kind)
        return only(Join(found, known, _BY_MONTH, {}), *CELL)

    def _of_group(self, asked: GroupReference) -> Relation:
        """Return everybody who has a group with members, in the periods that any payee has."""
        known = Distinct(only(self.of_name(asked.figure), "plan_no", "month"))
        cells = Join(only(in_plan(self.context, self.kind), *CELL), known, _BY_MONTH, {})
        if asked.words == RANK_OF:
            return only(
                Join(cells, members(self.context, asked.population, self.kind), _SAME, {}), *CELL
            )
        return only(self.beside_members(cells, asked.population), *CELL)

    def beside_members(self, cells: Relation, population: str) -> Relation:
        """Return the cells of payees who have members of a population beside them."""
        rule = self.context.plan.populations[population]
        dated = Join(cells, periods(self.context, self.kind), _BY_MONTH, {d: d for d in ASKED_ON})
        own = with_group(self.context, only(dated, *CELL, *ASKED_ON), rule, IN_GROUP)
        groups = Distinct(only(members(self.context, population, self.kind), *BY_GROUP))
        return Join(own, groups, tuple((key, key) for key in BY_GROUP), {})

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
        formulas = list(formulas_of(component))
        names = [name for formula in formulas for name in formula.names]
        names.extend(step_names(component))
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
            if is_fact(name):
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
_BY_MONTH = (("plan_no", "plan_no"), ("month", "month"))
BY_GROUP = ("plan_no", "month", IN_GROUP)


def _distinct(parts: Sequence[Relation]) -> Relation:
    return Distinct(Union(tuple(only(part, *CELL) for part in parts)))


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
