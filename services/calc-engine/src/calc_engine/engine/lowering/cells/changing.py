"""The later months in which what a component reads changes."""

from collections.abc import Sequence

from calc_engine.engine.ir import Distinct, Join, Relation, Union, only
from calc_engine.engine.lowering.cells.asked import Asked
from calc_engine.engine.lowering.cells.group_words import is_reference, read_reference
from calc_engine.engine.lowering.cells.known import BY_GROUP
from calc_engine.engine.lowering.cells.measures import in_periods, later_months
from calc_engine.engine.lowering.cells.people import in_plan
from calc_engine.engine.lowering.cells.populations import IN_GROUP, members
from calc_engine.engine.lowering.cells.read_names import is_fact, step_names
from calc_engine.engine.lowering.cells.subjects import for_payees
from calc_engine.engine.lowering.measured import CELL, STAGE
from calc_engine.engine.refusal import NotLowered
from premia_plan.checked import (
    CellComponent,
    FormulaMeasure,
    PoolShare,
    RankPay,
    SummedMeasure,
)
from premia_plan.language import Formula

_SAME = tuple((name, name) for name in CELL)


class Changes:
    """Answers by component, over the cells that are asked."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def of(self, component: CellComponent) -> list[Relation]:
        """Return the cells with the later months in which what a component reads changes."""
        return list(self._changing(component, {}).values())

    def _changing(
        self, component: CellComponent, found: dict[str, Relation]
    ) -> dict[str, Relation]:
        """Add when the figures change that a component reads, each once."""
        names = [name for formula in component.amount_formulas for name in formula.names]
        if isinstance(component.amount, RankPay):
            names.append(component.amount.rank)
        if isinstance(component.amount, PoolShare):
            pool = self._asked.context.plan.pools[component.amount.pool]
            names += [*pool.amount.names, *step_names(pool)]
            weights = () if pool.weights is None else pool.weights.names
            self._note_beside(f"weights of {pool.name}", weights, pool.among, found)
        for name in (*names, *step_names(component)):
            self._note_changes(name, found)
        return found

    def _note_changes(self, name: str, found: dict[str, Relation]) -> None:
        plan = self._asked.context.plan
        if is_fact(name) or name in found:
            return
        if name.startswith("target."):
            for source in plan.targets[name.removeprefix("target.")].sources:
                for each in source.names if isinstance(source, Formula) else ():
                    self._note_changes(each, found)
            return
        if name in plan.attainments:
            rule = plan.attainments[name]
            self._note_changes(rule.of, found)
            self._note_changes(f"target.{rule.target or rule.of}", found)
            return
        if name in plan.ranks or is_reference(name):
            self._note_lifted(name, found)
            return
        measure = plan.measures.get(name)
        if isinstance(measure, SummedMeasure):
            asked = self._asked
            later = later_months(in_periods(asked.context, asked.counted[name], asked.kind))
            found[name] = for_payees(asked.context, measure, later, asked.readers())
        elif isinstance(measure, FormulaMeasure):
            for each in measure.formula.names:
                self._note_changes(each, found)
        elif measure is None:
            component = plan.components.get(name)
            if not isinstance(component, CellComponent):
                raise NotLowered(f"cells that ask for {name}")
            self._changing(component, found)

    def _note_lifted(self, name: str, found: dict[str, Relation]) -> None:
        """Add when a figure of a population changes: when that of some member does."""
        rule = self._asked.context.plan.ranks.get(name)
        if rule is None:
            asked = read_reference(name)
            figures, population = [asked.figure], asked.population
        else:
            ties = rule.ties.names if isinstance(rule.ties, Formula) else ()
            figures, population = [*rule.of.names, *ties], rule.among
        self._note_beside(name, figures, population, found)

    def _note_beside(
        self, name: str, figures: Sequence[str], population: str, found: dict[str, Relation]
    ) -> None:
        below: dict[str, Relation] = {}
        for figure in figures:
            self._note_changes(figure, below)
        if below:
            changed = Distinct(Union(tuple(only(each, *STAGE) for each in below.values())))
            found[name] = self._of_those_beside(changed, population)

    def _of_those_beside(self, changed: Relation, population: str) -> Relation:
        """Return changes of members as changes of everybody beside them."""
        inside = members(self._asked.context, population, self._asked.kind)
        grouped = Join(changed, inside, _SAME, {IN_GROUP: IN_GROUP})
        months = Distinct(only(grouped, *BY_GROUP, "as_of"))
        everyone = only(in_plan(self._asked.context, self._asked.kind), *CELL)
        own = self._asked.beside_members(everyone, population)
        return only(
            Join(own, months, tuple((key, key) for key in BY_GROUP), {"as_of": "as_of"}), *STAGE
        )
