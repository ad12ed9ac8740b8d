"""The cells in which a component is asked what it pays, and the months in which they change."""

from collections.abc import Sequence
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
from calc_engine.engine.lowering.cells.known import LENGTHS, KnownCells, bare_name, distinct
from calc_engine.engine.lowering.cells.people import everybody
from calc_engine.engine.lowering.cells.periods import go_on_after_the_end, periods
from calc_engine.engine.lowering.cells.read_names import (
    orders_of,
    step_names,
)
from calc_engine.engine.lowering.cells.subjects import for_payees
from calc_engine.engine.lowering.functions import period_end
from calc_engine.engine.lowering.measured import CELL
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import FALSE, TRUE, compare, known_or, some, whole
from premia_plan.checked import (
    CellComponent,
    GateStep,
    LimitStep,
    PoolShare,
    RankPay,
    Scorecard,
    SummedMeasure,
    Tiers,
)
from premia_plan.language import Formula
from premia_plan.language.syntax import Name


@dataclass(frozen=True, slots=True)
class Asked(KnownCells):
    """Answers which cells of one kind of period are known, and which are asked."""

    def cells(self, component: CellComponent) -> Relation:
        """Return the cells in which a component is asked; `is_told` where a refusal is told.

        `is_known` says of which something is known.
        """
        known = self.known(component)
        if self._only_where_known(component):
            return extended(known, is_told=TRUE, is_known=TRUE)
        told = extended(known, told=whole(1))
        both = distinct([known, everybody(self.context, self.kind)])
        marked = Join(both, told, _SAME, {"told": "told"}, keeps_left=True)
        first = Aggregate(self._months(component), ("plan_no",), {"first": ("min", _MONTH)})
        since = Join(marked, first, (("plan_no", "plan_no"),), {"first": "first"}, keeps_left=True)
        late = compare(">=", _MONTH, known_or(Column("first", Kind.WHOLE), self.beginning))
        is_known = compare("=", known_or(Column("told", Kind.WHOLE), whole(0)), whole(1))
        found = extended(since, is_told=some(is_known, late), is_known=is_known)
        return only(found, *CELL, "is_told", "is_known")

    def known(self, component: CellComponent) -> Relation:
        """Return the cells in which something is known of what a component pays on."""
        names = [] if isinstance(component.amount, (RankPay, PoolShare)) else step_names(component)
        bare = bare_name(component.amount.base) if isinstance(component.amount, Tiers) else None
        found = (
            self.together(names, self.payable(component))
            if bare is None
            else self.together([bare, *names])
        )
        return self._while_orders_count(component, found)

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
            case PoolShare(name):
                pool = self.context.plan.pools[name]
                weights = () if pool.weights is None else (pool.weights,)
                parts = [self.of_members(pool.among, pool.amount, *weights)]
            case _:
                raise NotLowered(f"amounts such as {type(component.amount).__name__}")
        return self._while_orders_count(component, distinct(parts))

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
        parts = []
        for name in dict.fromkeys(names):
            source = self.counted[name].contributions
            placed = extended(source, month=period_end(column(source, "month"), length))
            counting: Relation = Distinct(only(placed, *CELL))
            if "payee_no" in keys:
                rule = self.counted[name].rule
                counting = for_payees(self.context, rule, counting, self.readers())
            parts.append(only(counting, *keys))
        return Union(tuple(parts))

    def _months(self, component: CellComponent) -> Relation:
        """Return the months in which periods end of which anything is known, and the targets'."""
        formulas = component.amount_formulas
        names = [name for formula in formulas for name in formula.names]
        names.extend(step_names(component))
        targets = {name for formula in formulas for name in self.targets_of(formula)}
        if isinstance(component.amount, Tiers) and component.amount.attainment is not None:
            rule = component.amount.attainment
            targets.add(rule.target or rule.of)
        # The component's own cells too: those of a formula that reads a target are everybody's.
        own = only(self.known(component), "plan_no", "month")
        rest = [*self.months_of(names), *map(self.target_months, sorted(targets))]
        return Union((own, *rest))

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
