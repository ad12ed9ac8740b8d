"""How pay follows a number: the plan's own examples, calculated around every edge of the plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from premia_plan.checked import CheckedPlan, Example
from premia_plan.language import Words
from premia_plan.linting.amounts import amount_text
from premia_plan.linting.around import Around, on_grid, places_around
from premia_plan.linting.attempts import reaching
from premia_plan.linting.dials import CopiesDial, Dial, dials_of
from premia_plan.linting.edges import edges_of, formulas_of
from premia_plan.linting.outcome import Outcome, outcome

COARSE = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 2), Fraction(2), Fraction(4), Fraction(16))
MAX_TURNS = 400
"""So many calculations are made for one plan; what is left then is not looked at."""
ORDERS_OF_A_TURN = 4
"""An example of so many orders more, such as one of a real order, costs a turn more each time."""


@dataclass(slots=True)
class Curve:
    """What is paid as one dial is turned; each value is calculated once."""

    plan: CheckedPlan
    dial: Dial
    edges: tuple[Around, ...] = ()
    known: dict[Fraction, Outcome] = field(default_factory=dict)
    named_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Which components name a table in their own formulas."""

    def outcome(self, value: Fraction) -> Outcome:
        """Return what the plan pays with the dial at a value."""
        found = self.known.get(value)
        if found is None:
            relations = self.dial.turned(value)
            found = outcome(self.plan, relations, self.dial.example.until)
            self.known[value] = found
        return found

    @property
    def turns(self) -> int:
        """Return how many of a plan's turns it took."""
        return len(self.known) * _turns_of(self.dial.example)

    @property
    def values(self) -> list[Fraction]:
        """Return the values calculated so far, rising."""
        return sorted(self.known)

    def traces(self) -> "list[Trace]":
        """Return a trace of every payee and component that is paid at some value."""
        keys = {key for found in self.known.values() for key in found.pay}
        return [Trace(self, payee, component) for payee, component in sorted(keys)]

    def told(self, value: Fraction) -> Words:
        """Return the case in words, with the dial at a value."""
        name, told = self.dial.example.name, self.dial.told(value)
        return Words(f"example {name!r}: {told.en}", f"esempio {name!r}: {told.it}")


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

    def may_follow(self, path: str) -> bool:
        """Say whether a clause can decide what the component pays.

        That is one of its own, one of a table it names, or one that is no single component's.
        """
        section, _, rest = path.removeprefix("/").partition("/")
        if section == "components":
            return path.startswith(self.path + "/")
        if section != "tables":
            return True
        named_by = self.curve.named_by.get(rest.partition("/")[0], frozenset())
        return not named_by or self.component in named_by

    def pay(self, value: Fraction) -> Decimal:
        """Return what is paid with the dial at a value, all months together."""
        return self.curve.outcome(value).pay.get((self.payee, self.component), Decimal(0))

    def told(self, value: Fraction, beside: Fraction | None = None) -> Words:
        """Return what is paid at a value in words, and at another beside it."""
        plan, dial = self.curve.plan, self.curve.dial
        amount, told = amount_text(self.pay(value), plan.currency), self.curve.told(value)
        case = Words(
            f"{told.en} pays {self.payee} {amount} of {self.component}",
            f"{told.it} paga a {self.payee} {amount} di {self.component}",
        )
        if beside is None:
            return case
        other, instead = amount_text(self.pay(beside), plan.currency), dial.told(beside)
        return Words(f"{case.en}, {instead.en} {other}", f"{case.it}, {instead.it} {other}")


def curves_of(plan: CheckedPlan) -> tuple[Curve, ...]:
    """Return a curve for every dial of the plan's examples, until `MAX_TURNS` is reached.

    Where none of them is paid anything by a component, orders are made up that are.
    """
    drawn = _drawn(plan, plan.examples, ())
    shown = {name for curve in drawn for found in curve.known.values() for name in found.shown}
    left = frozenset(plan.components.keys() - shown)
    return _drawn(plan, reaching(plan, left), drawn) if left else drawn


def _drawn(
    plan: CheckedPlan, examples: Iterable[Example], before: tuple[Curve, ...]
) -> tuple[Curve, ...]:
    """Return the curves drawn before, and those of some examples."""
    edges, named_by = edges_of(plan), _users_of_tables(plan)
    drawn = list(before)
    turns = sum(curve.turns for curve in drawn)
    for dial in dials_of(plan, sorted(examples, key=_turns_of)):
        if turns >= MAX_TURNS:
            break
        curve = Curve(plan, dial, named_by=named_by)
        found = places_around(curve, edges)
        if isinstance(dial, CopiesDial):
            followed = {around.measure for other in drawn for around in other.edges}
            found = (around for around in found if around.measure not in followed)
        curve.edges = tuple(found)
        if isinstance(dial, CopiesDial) and not curve.edges:
            continue
        _draw(curve, (MAX_TURNS - turns) // _turns_of(dial.example))
        turns += curve.turns
        drawn.append(curve)
    return tuple(drawn)


def _turns_of(example: Example) -> int:
    """Return how many turns a calculation of an example counts for."""
    return 1 + len(example.relations.orders) // ORDERS_OF_A_TURN


def _users_of_tables(plan: CheckedPlan) -> dict[str, frozenset[str]]:
    """Return for each table the components that name it in their own formulas."""
    formulas = tuple(formulas_of(plan))
    return {
        table: frozenset(
            name
            for name, component in plan.components.items()
            if any(
                table in formula.names and formula.path.startswith(component.path + "/")
                for formula in formulas
            )
        )
        for table in plan.tables
    }


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
    near = [on_grid(dial.value * factor, dial.step) for factor in COARSE]
    return [*near, *(dial.far or ())]
