"""A credit with the figures of its payee's period, as formulas about it see them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from premia_plan.checked import FACT_KINDS, FACT_WORDS, SummedMeasure
from premia_plan.language import Formula, Value, read_expression
from premia_plan.language.syntax import Reference
from premia_plan.period import enclosing, end_day, last_month, month_of, next_period, so_far
from premia_plan.reasons import Reason
from premia_plan.reference.cell import restated
from premia_plan.reference.cell_facts import PERIOD, period_node, period_value
from premia_plan.reference.credit import Credit
from premia_plan.reference.figure import Figure
from premia_plan.reference.payee import ABOUT_PAYEE
from premia_plan.reference.rate_table import Rate, first_shortfall
from premia_plan.reference.refer import WITHIN
from premia_plan.reference.summed import SummedFigures
from premia_plan.reference.workings import TARGET, Workings

RUNNING = "running "
OF_CREDIT = ("credit.", *FACT_WORDS, *(f"{kind} reached " for kind in FACT_KINDS), "day of ")
"""What names of a credit, its order or other fact start with."""


def cell_names(formulas: Iterable[Formula], workings: Workings) -> Iterator[str]:
    """Give the figures of a period that formulas about credits, or keys of their tables, name."""
    for formula in formulas:
        for name in formula.names:
            table = workings.plan.tables.get(name)
            if table is not None:
                yield from cell_names((key.value for key in table.keys), workings)
            elif not name.startswith(OF_CREDIT):
                yield name


@dataclass(frozen=True, slots=True)
class CreditScope:
    """The scope of formulas about a credit that name figures of its payee's period.

    A figure is that of the period in which its measure counts the credit, or in which the order
    came under the plan, as it stood at that period's close, or at the end of the month `as_of` if
    that is later. `running X` is the measure as it stands at the credit, the credit included.
    `later` asks for the figures and the payee of so many months after that.
    """

    credit: Credit
    workings: Workings
    as_of: str = ""
    later: int = 0

    def afterwards(self, names: Iterable[str]) -> Iterator[tuple[str, "CreditScope"]]:
        """Give the scope of each later month that is looked at, if some name changes with it.

        Each comes with the month at whose close all that the names ask of it is known.
        """
        asked = [name for name in names if not name.startswith(RUNNING)]
        scope = self
        while asked:
            scope = replace(scope, later=scope.later + 1)
            closes = max(last_month(scope.period_of(name)) for name in asked)
            if closes > self.workings.until:
                break
            yield closes, scope

    def changes(self, names: Iterable[str]) -> frozenset[str]:
        """Return the months after their periods in which some of the figures named change."""
        found: frozenset[str] = frozenset()
        for name in names:
            if name.startswith(RUNNING):
                summed, period = self._summed(name)
                found |= summed.changes(self.credit.payee_id or "", period)
            elif not name.startswith((*ABOUT_PAYEE, PERIOD)):
                period = self.period_of(name)
                found |= self.workings.figure(name).changes(self.credit.payee_id or "", period)
        return found

    def value(self, name: str) -> Value | None:
        """Return a value of the credit, its order or its payee's period.

        Raises:
            NotCalculated: if a rate, a target or a loaded value is missing.
        """
        if name in self.workings.rates:
            return self._rate(name).value
        if name.startswith(ABOUT_PAYEE):
            return self.workings.payees.value(self.credit.payee_id or "", self._day, name)
        if name.startswith(PERIOD):
            return period_value(month_of(self._day), name)
        if self._is_of_credit(name):
            return self.credit.value(name)
        return self._figure(name).value

    def node(self, name: str) -> UUID:
        """Return the node of what `value` gives, or of a state.

        Raises:
            NotCalculated: if it cannot be worked out.
        """
        if name in self.workings.rates:
            return self._rate(name).node_id
        if name.startswith(ABOUT_PAYEE):
            payee_id = self.credit.payee_id or ""
            return self.workings.payees.node(payee_id, self._day, name, self.workings.book)
        if name.startswith(PERIOD):
            return period_node(month_of(self._day), name, self.workings.book)
        if self._is_of_credit(name):
            return self.credit.node(name)
        return self._figure(name).node_id

    def day_reached(self, state: str) -> date | None:
        """Return the day the order first reached a state."""
        return self.credit.day_reached(state)

    def shortfall(self, names: Iterable[str]) -> Reason | None:
        """Return why one of the rates among the names counts as zero, if one does.

        A rate that is missing altogether was not needed, or the amount would have been refused.
        """
        return first_shortfall(self._rate, (name for name in names if name in self.workings.rates))

    @property
    def _day(self) -> date:
        """The day on which the payee is asked: the last of a later month."""
        day = self.credit.order.by_day
        if not self.later:
            return day
        return end_day(next_period(month_of(day), self.later)) - timedelta(days=1)

    def _rate(self, name: str) -> Rate:
        return self.workings.rates.find(name, self)

    @staticmethod
    def _is_of_credit(name: str) -> bool:
        return name.startswith(("reached ", "day of ", *OF_CREDIT))

    def _figure(self, name: str) -> Figure:
        if name.startswith(RUNNING):
            return self._running(name)
        period = self.period_of(name)
        moment = max(self.as_of, last_month(period))
        return self.workings.figure(name).at(self.credit.payee_id or "", period, moment)

    def period_of(self, name: str) -> str:
        """Return the period of which a figure is asked."""
        path = name
        if " " in name:
            expression = read_expression(name)
            path = expression.path if isinstance(expression, Reference) else name
        month = next_period(self._month_of(path), self.later)
        return enclosing(month, self.workings.plan.period_of(path) or "month")

    def _month_of(self, path: str) -> str:
        """Return the month in which a figure's measure counts the credit."""
        plan = self.workings.plan
        attainment = plan.attainments.get(path)
        named = path.removeprefix(TARGET) if attainment is None else attainment.of
        measure = plan.measures.get(named)
        day = measure.dated_by.evaluate(self.credit) if isinstance(measure, SummedMeasure) else None
        return month_of(day if isinstance(day, date) else self.credit.order.by_day)

    def _running(self, name: str) -> Figure:
        summed, period = self._summed(name)
        month = max(self.as_of, last_month(period))
        counted = summed.running(self.credit, period, month)
        return summed.taken_together(
            counted,
            (
                summed.rule.name,
                self.credit.credit_id,
                period,
                f"running {restated(period, month)}".rstrip(),
            ),
            {"month": period, "as_of": month},
            self.credit.payee_id,
        )

    def _summed(self, name: str) -> tuple[SummedFigures, str]:
        """Return the measure whose running value a name asks, with the period it is of."""
        expression = read_expression(name)
        if not isinstance(expression, Reference):
            raise TypeError(f"{name} is no reference")
        summed = self.workings.summed(expression.path)
        kind = next((WITHIN[item.words] for item in expression.after), summed.over)
        return summed, so_far(self._month_of(expression.path), kind)
