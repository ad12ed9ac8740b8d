"""What a calculation knows by name, each worked out once and only when it is needed."""

from collections.abc import Callable, Sequence
from copy import copy
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
from premia_plan.proration import Part
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
from premia_plan.reference.period_standing import is_in_validity
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
        self.whole = self
        self.seen_by = ""
        self.payees = payees
        self.subjects = subjects
        self.rates = rates
        self.recorder = recorder
        self.book = book
        self._credits = credits
        self._hierarchies = hierarchies
        self._populations = Populations(plan, payees, hierarchies)
        self.presence = Presence(plan.proration, relations)
        self._facts = CellFacts(payees, self.presence, subjects, book)
        self._make_pay = make_pay
        self._make_figure = make_figure
        self.limits = Limits(plan, self)
        self.campaigns = Campaigns(plan, credits.of, self._units_on, book.places)
        self._recorders: dict[str, Recorder] = {}
        self._figures: dict[str, CellFigure] = {}
        self._components: dict[str, ComponentPay] = {}

    def guaranteed_part(self, payee_id: str, period: str) -> Part | None:
        """Return the part of a period for which a payee has what is guaranteed; None for all.

        Who is not in the plan then has none of it, nor has anybody after the plan's end.
        """
        proration, payees = self.plan.proration, self.payees
        is_over = not is_in_validity(period, self.plan)
        if is_over or payees.in_period.last_day(payee_id, period) is None:
            return Part(0, 1)
        part = self.presence.part(payee_id, period)
        return part if "guarantee" in proration.scales and not part.is_all else None

    @property
    def first(self) -> str:
        """The month in which the plan begins."""
        return month_of(self.plan.valid_from)

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
            ).as_seen_by(self.seen_by)
        return self._before

    def as_seen_by(self, component: str) -> "Workings":
        """Return the same with the figures that a component's pay reads.

        What is reversed by a rule of storno that does not name it leaves none of its measures.
        What other components pay is what they pay.
        """
        storno = self.plan.storno
        if not component or storno is None or storno.all_name(component):
            return self
        found = copy(self)
        found.start_anew(component)
        return found

    def start_anew(self, component: str) -> None:
        """Work every figure out again, for one component and with nodes of its own."""
        self.seen_by = component
        self.book = self.book.aside(f"as seen by {component}")
        self._figures, self._before = {}, None

    def recorder_then(self, month: str, clause: str) -> Recorder:
        """Return what tells what became of earnings by the end of a month, as a clause left them.

        Its nodes go into a book of its own beside the others.
        """
        word = f"{clause} by the end of {month}"
        found = self._recorders.get(word)
        if found is None:
            book = self.book.aside(word)
            found = self._recorders[word] = Recorder(self.plan, end_day(month), book)
        return found

    @property
    def recorder_before_plan(self) -> Recorder:
        """What tells what becomes of earnings before the plan's steps, as others are told."""
        if not self.plan.steps:
            return self.recorder
        return self.recorder_then(self.until, "before the steps of the plan")

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
            found = self._components[name] = self._make_pay(name, self.whole)
        return found

    def is_cell_component(self, name: str) -> bool:
        """Say whether a component pays on payees' own periods."""
        found = self.plan.components.get(name)
        return isinstance(found, CellComponent) and found.per.kind == "payee"

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
        first = self.first
        last = min(self.until, month_of(self.plan.valid_to - timedelta(days=1)))
        if last < first:
            return ()
        found = periods_within(span(first, last), over)
        return [period for period in found if last_month(period) <= self.until]

    def members(self, population: str) -> Callable[[str, str], Sequence[str]]:
        """Return what gives the members of a population beside a subject in a period."""
        return lambda subject, period: self._populations.members_beside(population, period, subject)

    def group(self, population: str, subject: str, period: str) -> str:
        """Return the group of a population that a payee is in; "" if that is not known."""
        return self._populations.group(population, subject, period)

    def below(self, hierarchy: str) -> Callable[[str, str], Sequence[str]]:
        """Return what gives the payees below a subject on a period's last day."""
        return lambda subject, period: self._hierarchies.below(
            hierarchy, subject, end_day(period) - timedelta(days=1)
        )

    def team(self, hierarchy: str) -> Callable[[str, str], Sequence[str]]:
        """Return what gives a payee and those below on a period's last day."""
        below = self.below(hierarchy)
        return lambda subject, period: sorted({subject, *below(subject, period)})
