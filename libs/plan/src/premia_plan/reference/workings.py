"""What a calculation knows by name, each worked out once and only when it is needed."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from premia_plan.checked import CheckedPlan, LoadedMeasure, SummedMeasure
from premia_plan.reference.attainment import AttainmentFigures
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellFigure
from premia_plan.reference.cell_scope import CellScope
from premia_plan.reference.component import ComponentPay
from premia_plan.reference.credit import Credit
from premia_plan.reference.crediting import Credits
from premia_plan.reference.loaded import LoadedFigures
from premia_plan.reference.payee import Payees
from premia_plan.reference.rate_table import Rates
from premia_plan.reference.summed import SummedFigures
from premia_plan.reference.target import TargetFigures, first_days
from premia_plan.relations import Relations

TARGET = "target."
"""Before a measure's name: its target."""

MakePay: TypeAlias = "Callable[[str, Workings], ComponentPay]"


class Workings:
    """Credits, cell figures and components by name.

    Evaluation is by need, so the order of definition in the plan does not matter. The checker
    refuses cycles before anything gets here.
    """

    def __init__(
        self,
        *,
        plan: CheckedPlan,
        relations: Relations,
        credits: Credits,
        payees: Payees,
        rates: Rates,
        book: Book,
        make_pay: MakePay,
    ) -> None:
        self.plan = plan
        self.relations = relations
        self.payees = payees
        self.rates = rates
        self.book = book
        self._credits = credits
        self._make_pay = make_pay
        self._figures: dict[str, CellFigure] = {}
        self._components: dict[str, ComponentPay] = {}

    def credits(self, name: str) -> Sequence[Credit]:
        """Return the credits of a rule."""
        return self._credits.of(name)

    def component(self, name: str) -> ComponentPay:
        """Return what pays a component."""
        found = self._components.get(name)
        if found is None:
            found = self._components[name] = self._make_pay(name, self)
        return found

    def figure(self, name: str) -> CellFigure:
        """Return the cells of a measure, an attainment, `target.<measure>` or a cell component."""
        found = self._figures.get(name)
        if found is None:
            found = self._figures[name] = self._make(name)
        return found

    def measure(self, name: str) -> CellFigure:
        """Return the cells of a measure."""
        return self.figure(name)

    def target(self, measure: str) -> CellFigure:
        """Return the cells of a measure's target."""
        return self.figure(TARGET + measure)

    def summed(self, name: str) -> SummedFigures:
        """Return the cells of a measure of credits, with what each credit adds.

        Raises:
            TypeError: if the measure is not one of credits.
        """
        found = self.figure(name)
        if not isinstance(found, SummedFigures):
            raise TypeError(f"{name} is no measure of credits")
        return found

    def scope(self, subject: str, period: str, as_of: str) -> CellScope:
        """Return the scope of formulas about a cell."""
        return CellScope(subject, period, as_of, self.figure, self.rates)

    def _make(self, name: str) -> CellFigure:
        plan = self.plan
        if name.startswith(TARGET):
            return self._make_target(name.removeprefix(TARGET))
        if name in plan.attainments:
            rule = plan.attainments[name]
            return AttainmentFigures(rule, self.figure(rule.of), self.target(rule.of), self.book)
        if name in plan.components:
            return self.component(name).figures()
        measure = plan.measures[name]
        match measure:
            case SummedMeasure():
                return SummedFigures(measure, self.credits(measure.of), self.book)
            case LoadedMeasure():
                return LoadedFigures(measure, self.relations.measurements, self.book)

    def _make_target(self, measure: str) -> TargetFigures:
        by_days = measure in self.plan.joiner_targets
        joined = first_days(self.relations.assignments) if by_days else {}
        unit = self.plan.targets[measure]
        return TargetFigures(measure, unit, self.relations.targets, joined, self.book)
