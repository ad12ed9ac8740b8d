"""The steps of a whole plan between its limits: what becomes of each earning."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from premia_plan.checked import GateStep, Step
from premia_plan.period import end_day, last_month, next_period
from premia_plan.reasons import because
from premia_plan.reference.cell import CellFigure
from premia_plan.reference.changed_course import changed_count
from premia_plan.reference.counted_again import Count
from premia_plan.reference.course import Course
from premia_plan.reference.earning import Earning
from premia_plan.reference.figure import Figure, holds
from premia_plan.reference.gate_steps import GateSteps, held_by
from premia_plan.reference.inputs import read_by
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.steps import Steps

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


class PlanSteps:
    """Rounds, multiplies and gates every earning of a plan.

    Figures are those of the earning's payee, of the month in which its period ends. A component
    that is counted again follows what changes in them later; any other keeps what its period gave.
    """

    def __init__(self, steps: Sequence[Step], workings: "Workings") -> None:
        self._gates = [step for step in steps if isinstance(step, GateStep)]
        self._holding = [step for step in self._gates if step.holds]
        self._plain = steps
        self._steps = Steps(steps, workings.book)
        self._gate_steps = GateSteps(workings.book)
        self._clause = steps[0].path
        self._workings = workings
        self._book = workings.book
        self._told: set[tuple[str, str]] = set()

    def applied(self, course: Course) -> Course:
        """Return an earning and its later counts after the steps.

        Where a step asks for something that is missing the earning waits, and that is told.
        """
        earning = course.earning
        if earning.payee_id is None or not (earning.units or course.counts):
            return course
        try:
            first = self._held(self._stepped(earning, last_month(earning.competence)))
            return Course(first, self._counts(course, first))
        except NotCalculated as refused:
            self._tell(earning, refused)
            return Course(replace(earning, waits=refused.reason), course.counts)

    def turn_away(self, payee_id: str, month: str) -> bool:
        """Say whether a gate that a payee's month does not meet keeps a later floor from it."""
        scope = self._workings.scope(payee_id, month, month)
        try:
            return any(not gate.holds and not holds(gate.condition, scope) for gate in self._gates)
        except NotCalculated:  # that is told for what was earned
            return False

    def _stepped(self, earning: Earning, as_of: str, *again: str) -> Earning:
        """Return an earning after the steps; `again` tells a later count from the first."""
        month = last_month(earning.competence)
        value = Fraction(earning.units, 10**self._book.places)
        figure = self._steps.apply(
            lambda: Figure(value, earning.node_id),
            self._workings.scope(earning.payee_id or "", month, as_of),
            key=("plan", self._clause, *earning.key, *again),
            payee_id=earning.payee_id,
        )
        return replace(earning, units=self._book.units(figure.value), node_id=figure.node_id)

    def _counts(self, course: Course, first: Earning) -> Sequence[Count]:
        found: list[Count] = []
        now = first
        for month in self._months(course):
            before, now = now, self._stepped(course.at(month), month, month)
            count = changed_count(
                course, before, now, month, clause=self._clause, workings=self._workings
            )
            if count is not None:
                found.append(count)
        return tuple(found)

    def _months(self, course: Course) -> Sequence[str]:
        """Return the months in which an earning changes under the steps after its first count.

        What a limit before them changes may do so in its own month; figures only do so later.
        """
        earning, storno = course.earning, self._workings.plan.storno
        month = last_month(earning.competence)
        found = {count.event for count in course.counts}
        if storno is not None and storno.counts_again(earning.component):
            for figure in self._read:
                changes = figure.changes(earning.payee_id or "", month)
                found |= {each for each in changes if each > month}
        return sorted(found)

    @cached_property
    def _read(self) -> Sequence[CellFigure]:
        return read_by(self._plain, self._workings)

    def _held(self, earning: Earning) -> Earning:
        """Return an earning with what holds it, or free from the month on that meets the gates.

        Raises:
            NotCalculated: if a gate asks for something that is missing in the period itself.
        """
        if not self._holding:
            return earning
        month = last_month(earning.competence)
        met = self._met_in(earning.payee_id or "", month)
        decides = met or month
        scope = self._workings.scope(earning.payee_id or "", decides, decides)
        holder = held_by(self._holding, scope)
        for index, gate in enumerate(self._holding):
            value = Fraction(earning.units, 10**self._book.places)
            node_id = self._gate_steps.gate_node(
                gate,
                Figure(value, earning.node_id),
                scope,
                key=("hold of plan", self._clause, *earning.key, str(index)),
                payee_id=earning.payee_id,
                passed=held_by([gate], scope) is None,
                kept=value,
            )
            earning = replace(earning, node_id=node_id)
        if holder is not None:
            return replace(earning, waits=because("gate_not_met", condition=holder.condition.text))
        return earning if decides == month else earning.from_day(_last_day(decides))

    def _met_in(self, payee_id: str, month: str) -> str | None:
        """Return the first month from one on that meets the gates, if one does.

        Raises:
            NotCalculated: if a gate asks for something that is missing in that month.
        """
        workings, later = self._workings, month
        while later <= workings.until:
            try:
                if held_by(self._holding, workings.scope(payee_id, later, later)) is None:
                    return later
            except NotCalculated:
                if later == month:
                    raise
            later = next_period(later)
        return None

    def _tell(self, earning: Earning, refused: NotCalculated) -> None:
        payee_id, month = earning.payee_id or "", last_month(earning.competence)
        if (payee_id, month) in self._told:
            return
        self._told.add((payee_id, month))
        self._book.exception(
            refused.reason.code,
            f"The steps of the plan for {payee_id} {month}: {refused.reason.text}",
            refused.to_do,
            payee_id=payee_id,
            month=month,
        )


def _last_day(month: str) -> date:
    return end_day(month) - timedelta(days=1)
