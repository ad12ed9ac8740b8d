"""Payees on a day: what they are, whether they take part and are assigned."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from premia_plan.checked import CheckedPlan
from premia_plan.language import Scope, Value
from premia_plan.quantities import Unit
from premia_plan.reasons import because
from premia_plan.reference.attribute import attribute_value, value_text
from premia_plan.reference.book import Book
from premia_plan.reference.period_standing import PeriodStandings
from premia_plan.reference.standing import Standing
from premia_plan.relations import AssignmentRow, PayeeRow, PositionRow, Relations

POSITION = "position."
ABOUT_PAYEE = ("payee.", POSITION)
"""How the names of what is asked of a payee begin."""


def holds_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Say whether a half-open validity holds on a day; None is without limit.

    >>> holds_on(date(2026, 1, 31), date(2026, 1, 1), date(2026, 1, 31))
    False
    """
    return (valid_from is None or valid_from <= day) and (valid_to is None or day < valid_to)


@dataclass(frozen=True, slots=True)
class _PayeeScope:
    payee_id: str
    attributes: Mapping[str, Value | None]
    held: Mapping[str, Value | None]

    def value(self, name: str) -> Value | None:
        if name.startswith(POSITION):
            return self.held.get(name)
        attribute = name.removeprefix("payee.")
        return self.payee_id if attribute == "id" else self.attributes.get(attribute)

    def day_reached(self, state: str) -> date | None:  # noqa: ARG002 - payees reach no states
        return None


class Payees:
    """Answers about payees, each question worked out once."""

    def __init__(self, plan: CheckedPlan, relations: Relations) -> None:
        self._plan = plan
        self._rows: dict[str, list[PayeeRow]] = defaultdict(list)
        self._assignments: dict[str, list[AssignmentRow]] = defaultdict(list)
        self._standings: dict[tuple[str, str, date], Standing] = {}
        self._in_plan: dict[date, tuple[str, ...]] = {}
        for row in relations.payees:
            self._rows[row.payee_id].append(row)
        self._positions: dict[str, list[PositionRow]] = defaultdict(list)
        for held in relations.positions:
            self._positions[held.payee_id].append(held)
        for assignment in relations.assignments:
            self._assignments[assignment.payee_id].append(assignment)
        self.in_period = PeriodStandings(plan, self)
        self._changes: dict[str, Sequence[date]] = {}

    @property
    def assigned(self) -> Sequence[str]:
        """The payees who are assigned to the plan at any time, in order."""
        return sorted(self._assignments)

    def principals(self, payee_id: str) -> frozenset[str]:
        """Return under whom a payee is assigned at any time."""
        return frozenset(row.principal for row in self._assignments.get(payee_id, ()))

    def changes(self, payee_id: str) -> Sequence[date]:
        """Return the days from which something about a payee is different, the last first."""
        found = self._changes.get(payee_id)
        if found is None:
            rows = (
                *self._assignments.get(payee_id, ()),
                *self._rows.get(payee_id, ()),
                *self._positions.get(payee_id, ()),
            )
            days = {day for row in rows for day in (row.valid_from, row.valid_to)}
            known = (day for day in days if day is not None)
            found = self._changes[payee_id] = sorted(known, reverse=True)
        return found

    def standing(self, payee_id: str, principal: str, day: date) -> Standing:
        """Return how a payee stands towards the plan for an order of a principal."""
        key = (payee_id, principal, day)
        found = self._standings.get(key)
        if found is None:
            found = self._standings[key] = self._work_out(payee_id, principal, day)
        return found

    def principal_in(self, payee_id: str, first: date, end: date) -> str:
        """Return under whom a payee is assigned in a period: the first by name, or ""."""
        own = [
            row.principal
            for row in self._assignments.get(payee_id, ())
            if (row.valid_from is None or row.valid_from < end)
            and (row.valid_to is None or row.valid_to > first)
        ]
        return min(own, default="")

    def scope(self, payee_id: str, day: date) -> Scope:
        """Return a payee on a day as formulas about payees see it."""
        return _PayeeScope(payee_id, self._attributes(payee_id, day), self._held(payee_id, day))

    def value(self, payee_id: str, day: date, name: str) -> Value | None:
        """Return an attribute of a payee on a day, such as `payee.grade`, or None."""
        return self.scope(payee_id, day).value(name)

    def node(self, payee_id: str, day: date, name: str, book: Book) -> UUID:
        """Return the leaf of an attribute of a payee on a day."""
        carrier, _, attribute = name.partition(".")
        value, known = self.value(payee_id, day, name), self._plan.payee_attributes
        if carrier == "position":
            known = self._plan.position_attributes
        unit = known.get(attribute, Unit.TEXT)
        declared = attribute in known
        return book.node(
            "payee",
            payee_id,
            name,
            day.isoformat(),
            kind="payee_value",
            value=value_text(value),
            unit=unit.value,
            payee_id=payee_id,
            detail={
                "clause": f"/attributes/{carrier}/{attribute}" if declared else "/participants",
                "name": name,
                "day": day.isoformat(),
            },
        )

    def in_plan(self, period: str) -> tuple[str, ...]:
        """Return the payees who take part and are assigned on some day of a period."""
        return self.in_period.members(period)

    def in_plan_on(self, day: date) -> tuple[str, ...]:
        """Return the payees who take part in the plan and are assigned to it on a day."""
        found = self._in_plan.get(day)
        if found is None:
            found = self._in_plan[day] = tuple(
                payee_id for payee_id in self.assigned if self.is_in_plan(payee_id, day)
            )
        return found

    def is_in_plan(self, payee_id: str, day: date) -> bool:
        """Say whether a payee takes part in the plan and is assigned to it on a day."""
        return bool(self._valid(payee_id, day)) and self._takes_part(payee_id, day)

    def has_accepted(self, payee_id: str, day: date) -> bool:
        """Say whether a payee has accepted the plan under anybody by a day, if that is asked."""
        return not self._plan.acceptance_required or any(
            row.accepted for row in self._valid(payee_id, day)
        )

    def _takes_part(self, payee_id: str, day: date) -> bool:
        return self._plan.participants.evaluate(self.scope(payee_id, day)) is True

    def _valid(self, payee_id: str, day: date) -> Sequence[AssignmentRow]:
        return [
            row
            for row in self._assignments.get(payee_id, ())
            if holds_on(day, row.valid_from, row.valid_to)
        ]

    def _attributes(self, payee_id: str, day: date) -> Mapping[str, Value | None]:
        found: dict[str, Value | None] = {}
        for row in self._rows.get(payee_id, ()):
            if holds_on(day, row.valid_from, row.valid_to):
                for name, value in row.attributes.items():
                    unit = self._plan.payee_attributes.get(name, Unit.TEXT)
                    found[name] = attribute_value(value, unit)
        return found

    def _held(self, payee_id: str, day: date) -> Mapping[str, Value | None]:
        """Return what is known of the positions held on a day.

        Where a payee holds several, what they say differently is unknown.
        """
        found: dict[str, Value | None] = {}
        for row in self._positions.get(payee_id, ()):
            if not holds_on(day, row.valid_from, row.valid_to):
                continue
            own: dict[str, Value | None] = {f"{POSITION}code": row.position}
            for name, value in row.attributes.items():
                unit = self._plan.position_attributes.get(name, Unit.TEXT)
                own[POSITION + name] = attribute_value(value, unit)
            for name, told in own.items():
                found[name] = told if found.get(name, told) == told else None
        return found

    def _work_out(self, payee_id: str, principal: str, day: date) -> Standing:
        facts = {"payee": payee_id, "day": day.isoformat(), "principal": principal}
        if not self._takes_part(payee_id, day):
            return _unpaid("payee_not_participating", facts)
        valid = self._valid(payee_id, day)
        if not valid:
            return _unpaid("payee_not_assigned", facts)
        own = [row for row in valid if row.principal == principal]
        if not own:
            return _unpaid("assigned_to_other_principal", facts)
        accepted = not self._plan.acceptance_required or any(row.accepted for row in own)
        return Standing(is_paid=True, is_accepted=accepted)


def _unpaid(code: str, facts: dict[str, str]) -> Standing:
    return Standing(is_paid=False, reason=because(code, **facts))


@dataclass(frozen=True, slots=True)
class PayeeOnDay:
    """The scope of formulas about a payee on a day."""

    payees: Payees
    payee_id: str
    day: date
    book: Book

    def value(self, name: str) -> Value | None:
        """Return an attribute of the payee, or None while it is unknown."""
        return self.payees.value(self.payee_id, self.day, name)

    def day_reached(self, state: str) -> date | None:  # noqa: ARG002 - payees reach no states
        """Return None: a payee reaches no states."""
        return None

    def node(self, name: str) -> UUID:
        """Return the leaf of an attribute."""
        return self.payees.node(self.payee_id, self.day, name, self.book)
