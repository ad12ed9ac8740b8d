"""How pay follows a number: the plan's own examples, calculated around every edge of the plan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from premia_plan.checked import CheckedPlan
from premia_plan.linting.amounts import amount_text
from premia_plan.linting.dials import CopiesDial, Dial, dials_of
from premia_plan.linting.edges import Edge, edges_of
from premia_plan.linting.outcome import Outcome, outcome
from premia_plan.results import Cell

COARSE = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 2), Fraction(2), Fraction(4), Fraction(16))
MAX_TURNS = 400
"""So many calculations are made for one plan; what is left then is not looked at."""


class Around(NamedTuple):
    """An edge, and the first value of a dial that is at or above it.

    `measure` is the one that meets the edge there as the dial is turned, and `payee` whose it is;
    both are None for the dial itself.
    """

    edge: Edge
    at: Fraction
    measure: str | None = None
    payee: str | None = None


@dataclass(slots=True)
class Curve:
    """What is paid as one dial is turned; each value is calculated once."""

    plan: CheckedPlan
    dial: Dial
    edges: tuple[Around, ...] = ()
    known: dict[Fraction, Outcome] = field(default_factory=dict)

    def outcome(self, value: Fraction) -> Outcome:
        """Return what the plan pays with the dial at a value."""
        found = self.known.get(value)
        if found is None:
            relations = self.dial.turned(value)
            found = outcome(self.plan, relations, self.dial.example.until)
            self.known[value] = found
        return found

    @property
    def values(self) -> list[Fraction]:
        """Return the values calculated so far, rising."""
        return sorted(self.known)

    def traces(self) -> "list[Trace]":
        """Return a trace of every payee and component that is paid at some value."""
        keys = {key for found in self.known.values() for key in found.pay}
        return [Trace(self, payee, component) for payee, component in sorted(keys)]

    def told(self, value: Fraction) -> str:
        """Return the case in words, with the dial at a value."""
        return f"example {self.dial.example.name!r}: {self.dial.told(value)}"


@dataclass(frozen=True, slots=True)
class Trace:
    """What one payee gets of one component along a curve."""

    curve: Curve
    payee: str
    component: str

    @property
    def path(self) -> str:
        """Return the clause of the component."""
        return self.curve.plan.components[self.component].path

    def pay(self, value: Fraction) -> Decimal:
        """Return what is paid with the dial at a value, all months together."""
        return self.curve.outcome(value).pay.get((self.payee, self.component), Decimal(0))

    def told(self, value: Fraction, beside: Fraction | None = None) -> str:
        """Return what is paid at a value in words, and at another beside it."""
        plan, dial = self.curve.plan, self.curve.dial
        paid = f"pays {self.payee} {amount_text(self.pay(value), plan.currency)}"
        case = f"{self.curve.told(value)} {paid} of {self.component}"
        if beside is None:
            return case
        other = amount_text(self.pay(beside), plan.currency)
        return f"{case}, {dial.told(beside)} {other}"


def curves_of(plan: CheckedPlan) -> tuple[Curve, ...]:
    """Return a curve for every dial of the plan's examples, until `MAX_TURNS` is reached."""
    edges = edges_of(plan)
    drawn: list[Curve] = []
    turns = 0
    for dial in dials_of(plan):
        curve = Curve(plan, dial)
        found = _around(curve, edges)
        if isinstance(dial, CopiesDial):
            followed = {around.measure for other in drawn for around in other.edges}
            found = (around for around in found if around.measure not in followed)
        curve.edges = tuple(found)
        if isinstance(dial, CopiesDial) and not curve.edges:
            continue
        _draw(curve, MAX_TURNS - turns)
        turns += len(curve.known)
        drawn.append(curve)
        if turns >= MAX_TURNS:
            break
    return tuple(drawn)


def _draw(curve: Curve, turns: int) -> None:
    """Calculate values around every edge and far from all, as many as there are turns left."""
    step = curve.dial.step
    for value in _samples(curve.dial):
        curve.outcome(value)
    for around in curve.edges:
        for offset in (-2, -1, 0, 1, 2):
            if len(curve.known) >= turns:
                return
            if around.at + offset * step >= 0:
                curve.outcome(around.at + offset * step)


def _samples(dial: Dial) -> list[Fraction]:
    """Return values far from any edge: smaller, larger, and beyond what plans are about."""
    near = [_on_grid(dial.value * factor, dial.step) for factor in COARSE]
    return [*near, *(dial.far or ())]


def _on_grid(value: Fraction, step: Fraction) -> Fraction:
    return ceil(value / step) * step


def _around(curve: Curve, edges: Iterable[Edge]) -> Iterator[Around]:
    """Yield where a dial meets the edges: itself, or through a measure that follows it."""
    seen = set()
    lines = list(_lines(curve))
    for edge in edges:
        own = Around(edge, _on_grid(edge.at, curve.dial.step))
        for around in (own, *(line.meets(edge, curve.dial.step) for line in lines)):
            if 0 <= around.at <= curve.dial.most and around not in seen:
                seen.add(around)
                yield around


class _Line(NamedTuple):
    """How a measure, or its attainment, follows a dial: on a line, near where the dial stands."""

    measure: str
    payee: str
    start: Fraction
    value: Fraction
    slope: Fraction

    def meets(self, edge: Edge, step: Fraction) -> Around:
        """Return where the dial must stand for the measure to be at an edge."""
        place = self.start + (edge.at - self.value) / self.slope
        return Around(edge, _on_grid(place, step), self.measure, self.payee)


def _lines(curve: Curve) -> Iterator[_Line]:
    start, moved = curve.dial.value, curve.dial.value + _some_steps(curve.dial)
    before = {_place(cell): Fraction(cell.value) for cell in curve.outcome(start).cells}
    for cell in curve.outcome(moved).cells:
        value = before.get(_place(cell))
        if value is None or value == Fraction(cell.value):
            continue
        slope = (Fraction(cell.value) - value) / (moved - start)
        yield _Line(cell.measure, cell.payee_id, start, value, slope)
        if cell.target is not None and Fraction(cell.target):
            target = Fraction(cell.target)
            yield _Line(cell.measure, cell.payee_id, start, value / target, slope / target)


def _some_steps(dial: Dial) -> Fraction:
    return dial.step if dial.step >= 1 else 100 * dial.step


def _place(cell: Cell) -> tuple[str, str, str]:
    return cell.payee_id, cell.measure, cell.month
