"""The cells of figures that lie in the plan's periods, and the periods in which there are any."""

from abc import ABC, abstractmethod
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
from calc_engine.engine.lowering.cells.periods import known_from, periods
from calc_engine.engine.lowering.cells.populations import (
    ASKED_ON,
    IN_GROUP,
    members,
    with_group,
)
from calc_engine.engine.lowering.cells.read_names import is_fact
from calc_engine.engine.lowering.cells.subjects import is_own
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.functions import period_end
from calc_engine.engine.lowering.measured import CELL
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import FALSE, compare, is_unknown, known_or, text, whole
from premia_plan.checked import (
    CellComponent,
    FormulaMeasure,
    LoadedMeasure,
    Rank,
    SummedMeasure,
)
from premia_plan.language import Formula
from premia_plan.language.syntax import Name, Reference
from premia_plan.period import PeriodKind, month_of

LENGTHS: Mapping[PeriodKind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class KnownCells(ABC):
    """Answers which cells of one kind of period something is known of, figure by figure."""

    context: Context
    kind: PeriodKind
    counted: Mapping[str, Counted]

    @abstractmethod
    def known(self, component: CellComponent) -> Relation:
        """Return the cells in which something is known of what a component pays on."""

    def of_figure(self, formula: Formula) -> Relation:
        """Return the cells of what tiers look up or pay on."""
        name = bare_name(formula)
        return self.of_formula(formula) if name is None else self.of_name(name)

    def of_payees_alone(self, formula: Formula) -> Relation:
        """Return the same without what a payee only reads of the plan or a territory."""
        name = bare_name(formula)
        if name is None or not self.is_of_others(name):
            return self.of_figure(formula)
        return Filter(only(everybody(self.context, self.kind), *CELL), FALSE)

    def is_of_others(self, name: str) -> bool:
        """Say whether a figure is that of a territory, a category or the plan."""
        plan = self.context.plan
        measure = plan.measures.get(plan.attainments[name].of if name in plan.attainments else name)
        return isinstance(measure, SummedMeasure) and not is_own(measure.per)

    def together(self, names: Sequence[str], *parts: Relation) -> Relation:
        """Return the payees' cells of several figures.

        Where none is of payees they are everybody's in the periods that the others know.
        """
        own = [*parts, *(self.of_name(name) for name in names if not self.is_of_others(name))]
        others = [self.of_subjects(name) for name in names if self.is_of_others(name)]
        if not others:
            return distinct(own)
        months = Distinct(Union(tuple(only(other, "plan_no", "month") for other in others)))
        everyone = Join(only(in_plan(self.context, self.kind), *CELL), months, _BY_MONTH, {})
        if not own:
            return everyone
        mine = distinct(own)
        some_own = Aggregate(mine, ("plan_no",), {"own": ("count", _MONTH)})
        both = Join(everyone, some_own, (("plan_no", "plan_no"),), {"own": "own"}, keeps_left=True)
        alone = Filter(both, is_unknown(column(both, "own")))
        return distinct([mine, alone])

    def readers(self) -> Relation:
        """Return the cells of everybody in the plan with the last day of each period."""
        inside = only(in_plan(self.context, self.kind), *CELL)
        days = {"p_last_day": "p_last_day"}
        return Join(inside, periods(self.context, self.kind), _BY_MONTH, days)

    def of_formula(self, formula: Formula) -> Relation:
        """Return the cells in which a formula is known of some input, or reads a target."""
        names = [name for name in formula.names if not is_fact(name)]
        targets = sorted(self.targets_of(formula))
        if not names:
            return only(everybody(self.context, self.kind), *CELL)
        parts = [self.together(names)]
        if targets:
            parts.append(self._of_everybody_since(names, targets))
        return distinct(parts)

    @property
    def beginning(self) -> Expression:
        """The plan's first month: from then on everything waits that never is known."""
        return whole(month_number(month_of(self.context.plan.valid_from)))

    def _of_everybody_since(self, names: Sequence[str], targets: Sequence[str]) -> Relation:
        """Return everybody's cells from the first period of which anything is known."""
        rows = Union((*self.months_of(names), *(self.target_months(name) for name in targets)))
        first = Aggregate(rows, ("plan_no",), {"first": ("min", _MONTH)})
        people = everybody(self.context, self.kind)
        joined = Join(people, first, (("plan_no", "plan_no"),), {"first": "first"}, keeps_left=True)
        late = compare(">=", _MONTH, known_or(Column("first", Kind.WHOLE), self.beginning))
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
        """Return the cells of a figure that lie in the plan's periods.

        Raises:
            NotLowered: if it is of a kind that is not lowered.
        """
        plan = self.context.plan
        measure, component = plan.measures.get(name), plan.components.get(name)
        if name in plan.attainments:
            found = self.of_name(plan.attainments[name].of)
        elif name.startswith("target."):
            found = self._recorded("targets", name.removeprefix("target."))
        elif name in plan.ranks:
            found = self._of_rank(plan.ranks[name])
        elif is_reference(name):
            found = self._of_group(read_reference(name))
        elif self.is_of_others(name):
            found = self.together([name])
        elif isinstance(measure, SummedMeasure):
            found = self.of_subjects(name)
        elif isinstance(measure, LoadedMeasure):
            found = self._recorded("measurements", name)
        elif isinstance(measure, FormulaMeasure):
            found = self.of_formula(measure.formula)
        elif isinstance(component, CellComponent):
            found = only(self.known(component), *CELL)
        else:
            raise NotLowered(f"cells that ask for {name}")
        return found

    def of_subjects(self, name: str) -> Relation:
        """Return the cells of a measure of credits, by the numbers of its subjects."""
        plan = self.context.plan
        rule = plan.measures[plan.attainments[name].of if name in plan.attainments else name]
        if not isinstance(rule, SummedMeasure):
            raise NotLowered(f"{name}, which is no measure of credits,")
        source = self.counted[rule.name].contributions
        months = known_from(self.context, rule, self.kind)
        placed = Join(source, months, (("month", "inner"),), {"cell_month": "cell_month"})
        return only(placed, "plan_no", "payee_no", month="cell_month")

    def of_inputs(self, *formulas: Formula) -> Relation:
        """Return the cells in which formulas are known of some input."""
        names = dict.fromkeys(name for each in formulas for name in each.names if not is_fact(name))
        if not names:
            return only(everybody(self.context, self.kind), *CELL)
        return self.together(list(names))

    def _of_rank(self, rule: Rank) -> Relation:
        """Return a rank's members in the periods in which something is known of any."""
        ties = (rule.ties,) if isinstance(rule.ties, Formula) else ()
        return self.of_members(rule.among, rule.of, *ties)

    def of_members(self, population: str, *formulas: Formula) -> Relation:
        """Return a population's cells in the periods in which some formula knows something."""
        known = Distinct(only(self.of_inputs(*formulas), "plan_no", "month"))
        found = members(self.context, population, self.kind)
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

    def months_of(self, names: Sequence[str]) -> list[Relation]:
        """Return the months in which periods end of which some figures know something."""
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
            return self.target_months(name.removeprefix("target."))
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

    def target_months(self, name: str) -> Relation:
        """Return the last months of the periods of which a target was recorded."""
        rows = self.context.scan("targets")
        named = Filter(rows, compare("=", column(rows, "name"), text(name)))
        return only(extended(named, plan_no=whole(0)), "plan_no", "month")


_MONTH = Column("month", Kind.WHOLE)
_SAME = tuple((name, name) for name in CELL)
_BY_MONTH = (("plan_no", "plan_no"), ("month", "month"))
BY_GROUP = ("plan_no", "month", IN_GROUP)


def distinct(parts: Sequence[Relation]) -> Relation:
    """Return the cells of several relations, each once."""
    return Distinct(Union(tuple(only(part, *CELL) for part in parts)))


def bare_name(formula: Formula) -> str | None:
    """Return the figure that a formula only names."""
    named = isinstance(formula.expression, (Name, Reference)) and not is_fact(formula.names[0])
    return formula.names[0] if named else None
