"""What a calculation knows by name, each worked out once and only when it is needed."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeAlias

from premia_plan.checked import CellComponent, CheckedPlan
from premia_plan.period import (
    PeriodKind,
    end_day,
    last_month,
    month_of,
    periods_within,
    span,
)
from premia_plan.reference.book import Book
from premia_plan.reference.campaigns import Campaigns
from premia_plan.reference.cell import CellFigure
from premia_plan.reference.cell_facts import CellFacts
from premia_plan.reference.cell_scope import CellScope
from premia_plan.reference.component import ComponentPay
from premia_plan.reference.credit import Credit
from premia_plan.reference.crediting import Credits
from premia_plan.reference.hierarchy import Hierarchies
from premia_plan.reference.limits import Limits
from premia_plan.reference.movement import Recorder
from premia_plan.reference.payee import Payees
from premia_plan.reference.population import Populations
from premia_plan.reference.presence import Presence
from premia_plan.reference.rate_table import Rates
from premia_plan.reference.subjects import Subjects
from premia_plan.reference.summed import SummedFigures
from premia_plan.relations import Relations

TARGET = "target."
"""Before a target's name."""

MakePay: TypeAlias = "Callable[[str, Workings], ComponentPay]"
MakeFigure: TypeAlias = "Callable[[str, Workings], CellFigure]"


class Workings:
    """Credits, cell figures and components by name.

    Evaluation is by need, so the order of definition in the plan does not matter. The checker
    refuses cycles before anything gets here. `until` is the last month that is looked at.
    """

    def __init__(
        self,
        *,
        plan: CheckedPlan,
        relations: Relations,
        until: str,
        credits: Credits,
        payees: Payees,
        hierarchies: Hierarchies,
        subjects: Subjects,
        rates: Rates,
        recorder: Recorder,
        book: Book,
        make_pay: MakePay,
        make_figure: MakeFigure,
        at_change: bool = False,
    ) -> None:
        self.plan = plan
        self.relations = relations
        self.until = until
        self.is_at_change = at_change
        self._before: Workings | None = None
        self.payees = payees
        self.subjects = subjects
        self.rates = rates
        self.recorder = recorder
        self.book = book
        self._credits = credits
        self._hierarchies = hierarchies
        self._populations = Populations(plan, payees)
        self.presence = Presence(plan.proration, relations)
        self._facts = CellFacts(payees, self.presence, book)
        self._make_pay = make_pay
        self._make_figure = make_figure
        self.limits = Limits(plan, self)
        self.campaigns = Campaigns(plan, credits.of, self._units_on, book.places)
        self._figures: dict[str, CellFigure] = {}
        self._components: dict[str, ComponentPay] = {}

    @property
    def before(self) -> "Workings":
        """The same plan over what the version before has, for the period under way."""
        if self._before is None:
            self._before = Workings(
                plan=self.plan,
                relations=self.relations,
                until=self.until,
                credits=self._credits,
                payees=self.payees,
                hierarchies=self._hierarchies,
                subjects=self.subjects,
                rates=self.rates,
                recorder=self.recorder,
                book=self.book.aside("at the change"),
                make_pay=self._make_pay,
                make_figure=self._make_figure,
                at_change=True,
            )
        return self._before

    def counted(self, measure: str) -> frozenset[bool]:
        """Return of which credits a measure is: of this version's (False), the one before's (True).

        Before the change, a measure that does not carry is of none.
        """
        change = self.plan.change
        carries = change is not None and change.carries(measure)
        before = frozenset({True}) if carries else frozenset[bool]()
        return before if self.is_at_change else before | {False}

    def credits(self, name: str) -> Sequence[Credit]:
        """Return the credits of a rule."""
        return self._credits.of(name)

    def _units_on(self, name: str, credit: Credit) -> int | None:
        return self.component(name).units_on(credit)

    def component(self, name: str) -> ComponentPay:
        """Return what pays a component."""
        found = self._components.get(name)
        if found is None:
            found = self._components[name] = self._make_pay(name, self)
        return found

    def is_cell_component(self, name: str) -> bool:
        """Say whether a component pays on cells."""
        return isinstance(self.plan.components.get(name), CellComponent)

    def figure(self, name: str) -> CellFigure:
        """Return the cells of a measure, attainment, `target.<name>`, component or reference."""
        found = self._figures.get(name)
        if found is None:
            found = self._figures[name] = self._make_figure(name, self)
        return found

    def measure(self, name: str) -> CellFigure:
        """Return the cells of a measure."""
        return self.figure(name)

    def target(self, name: str) -> CellFigure:
        """Return the cells of a target."""
        return self.figure(TARGET + name)

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
        return CellScope(subject, period, as_of, self.figure, self.rates, self._facts)

    def periods(self, over: PeriodKind) -> Sequence[str]:
        """Return the periods of a kind in the plan's validity that closed by the last month."""
        first = month_of(self.plan.valid_from)
        last = min(self.until, month_of(self.plan.valid_to - timedelta(days=1)))
        if last < first:
            return ()
        found = periods_within(span(first, last), over)
        return [period for period in found if last_month(period) <= self.until]

    def members(self, population: str) -> Callable[[str, str], Sequence[str]]:
        """Return what gives the members of a population in a period, whoever asks."""
        return lambda _subject, period: self._populations.members(population, period)

    def below(self, hierarchy: str) -> Callable[[str, str], Sequence[str]]:
        """Return what gives the payees below a subject on a period's last day."""
        return lambda subject, period: self._hierarchies.below(
            hierarchy, subject, end_day(period) - timedelta(days=1)
        )

    def team(self, hierarchy: str) -> Callable[[str, str], Sequence[str]]:
        """Return what gives a payee and those below on a period's last day."""
        below = self.below(hierarchy)
        return lambda subject, period: sorted({subject, *below(subject, period)})
