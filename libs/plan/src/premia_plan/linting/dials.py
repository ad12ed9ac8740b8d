"""What can be turned in a plan's examples: one number at a time, all else as given."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, TypeAlias, TypeVar

from premia_common.money import minor_digits
from premia_plan.checked import CheckedPlan, Example, LoadedMeasure
from premia_plan.language import Words
from premia_plan.linting.amounts import amount_text
from premia_plan.quantities import Unit, exact_text, percent_text
from premia_plan.relations import MeasurementRow, OrderRow, PayeeRef, Relations

Row = TypeVar("Row")
MANY = (Fraction(1000), Fraction(2000))
"""So many orders of one kind no payee has in a month; tried in one example, for it takes long."""


@dataclass(frozen=True, slots=True)
class AmountDial:
    """The amount of an order."""

    example: Example
    row: OrderRow
    currency: str
    most: ClassVar[Fraction] = Fraction(10**7)
    """It is turned up to here."""
    far: ClassVar[tuple[Fraction, Fraction] | None] = (Fraction(10**7), Fraction(10**8))
    """Two values beyond what plans are about; None where a number has natural limits."""
    steeper: ClassVar[int] = 10
    """So many times what the steps beside it pay makes a step a cliff."""

    names: ClassVar[frozenset[str]] = frozenset({"order.amount", "credit.amount"})
    """What formulas call the number."""

    @property
    def step(self) -> Fraction:
        """Return the smallest turn."""
        return Fraction(1, 10 ** minor_digits(self.currency))

    @property
    def value(self) -> Fraction:
        """Return where it stands in the example."""
        return Fraction(self.row.amount)

    @property
    def payees(self) -> frozenset[str]:
        """Return whose number it is; nobody's where more of it may be worse."""
        return frozenset(_payees(self.row))

    def turned(self, value: Fraction) -> Relations:
        """Return the example's facts with the number at a value."""
        return _with_order(self.example, self.row, replace(self.row, amount=_decimal(value)))

    def told(self, value: Fraction) -> Words:
        """Return the number in words, at a value."""
        key, amount = self.row.order_id, amount_text(value, self.currency)
        return Words(f"order {key} of {amount}", f"l'ordine {key} di {amount}")


@dataclass(frozen=True, slots=True)
class AttributeDial:
    """A number among the attributes of an order."""

    example: Example
    row: OrderRow
    name: str
    most: ClassVar[Fraction] = AmountDial.most
    far: ClassVar[tuple[Fraction, Fraction] | None] = AmountDial.far
    steeper: ClassVar[int] = 10

    @property
    def names(self) -> frozenset[str]:
        """Return what formulas call the number."""
        return frozenset({f"order.{self.name}"})

    @property
    def step(self) -> Fraction:
        """Return the smallest turn: one piece, or a hundredth where the example has parts."""
        return Fraction(1) if self.value.denominator == 1 else Fraction(1, 100)

    @property
    def value(self) -> Fraction:
        """Return where it stands in the example."""
        return Fraction(str(self.row.attributes[self.name]))

    @property
    def payees(self) -> frozenset[str]:
        """Return whose number it is."""
        return frozenset(_payees(self.row))

    def turned(self, value: Fraction) -> Relations:
        """Return the example's facts with the number at a value."""
        attributes = {**self.row.attributes, self.name: _decimal(value)}
        return _with_order(self.example, self.row, replace(self.row, attributes=attributes))

    def told(self, value: Fraction) -> Words:
        """Return the number in words, at a value."""
        key, number = self.row.order_id, f"{self.name} {exact_text(value)}"
        return Words(f"order {key} with {number}", f"l'ordine {key} con {number}")


@dataclass(frozen=True, slots=True)
class CopiesDial:
    """How many orders there are like one of the example's.

    It is turned for what counts orders; what adds up their amounts follows those more finely.
    """

    example: Example
    row: OrderRow
    far: tuple[Fraction, Fraction] | None
    most: ClassVar[Fraction] = Fraction(60)
    steeper: ClassVar[int] = 3
    names: ClassVar[frozenset[str]] = frozenset()
    step: ClassVar[Fraction] = Fraction(1)
    value: ClassVar[Fraction] = Fraction(1)

    @property
    def payees(self) -> frozenset[str]:
        """Return whose orders they are."""
        return frozenset(_payees(self.row))

    def turned(self, value: Fraction) -> Relations:
        """Return the example's facts with so many orders."""
        given = self.example.relations
        others = tuple(order for order in given.orders if order is not self.row)
        copies = tuple(
            replace(self.row, order_id=name, record_id=name)
            for name in (f"{self.row.order_id} {number}" for number in range(1, int(value) + 1))
        )
        return replace(given, orders=(*others, *copies))

    def told(self, value: Fraction) -> Words:
        """Return the number in words, at a value."""
        count, key = int(value), self.row.order_id
        if count == 1:
            return Words(f"1 order like {key}", f"1 ordine come {key}")
        return Words(f"{count} orders like {key}", f"{count} ordini come {key}")


@dataclass(frozen=True, slots=True)
class MeasuredDial:
    """A value measured elsewhere; of some of them more is worse."""

    example: Example
    row: MeasurementRow
    unit: Unit
    most: ClassVar[Fraction] = Fraction(1000)
    far: ClassVar[tuple[Fraction, Fraction] | None] = None
    steeper: ClassVar[int] = 10
    step: ClassVar[Fraction] = Fraction(1, 10_000)
    payees: ClassVar[frozenset[str]] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Return what formulas call the value."""
        return frozenset({self.row.name})

    @property
    def value(self) -> Fraction:
        """Return where it stands in the example."""
        return Fraction(self.row.value)

    def turned(self, value: Fraction) -> Relations:
        """Return the example's facts with the value measured."""
        given = self.example.relations
        measured = replace(self.row, value=_decimal(value))
        return replace(given, measurements=_swapped(given.measurements, self.row, measured))

    def told(self, value: Fraction) -> Words:
        """Return the value in words."""
        is_rate = self.unit is Unit.RATE
        number = percent_text(value) if is_rate else exact_text(value)
        name, payee = self.row.name, self.row.payee_id
        return Words(f"{name} of {payee} at {number}", f"{name} di {payee} a {number}")


Dial: TypeAlias = AmountDial | AttributeDial | CopiesDial | MeasuredDial


def dials_of(plan: CheckedPlan, examples: Iterable[Example]) -> Iterator[Dial]:
    """Yield what can be turned in some examples of a plan, orders that were reversed left out.

    How many orders there are comes last.
    """
    rules = () if plan.storno is None else plan.storno.rules
    reversing = {state for rule in rules for state in rule.when.states}
    copies: list[CopiesDial] = []
    for example in examples:
        orders = [
            order
            for order in example.relations.orders
            if order.amount >= 0 and not any(item.state in reversing for item in order.states)
        ]
        for order in orders:
            yield AmountDial(example, order, plan.currency)
            for name, value in order.attributes.items():
                if isinstance(value, Decimal):
                    yield AttributeDial(example, order, name)
        for row in example.relations.measurements:
            yield MeasuredDial(example, row, _unit(plan, row))
        far = None if copies else MANY
        copies += [CopiesDial(example, order, far) for order in orders[:1]]
    yield from copies


def _unit(plan: CheckedPlan, row: MeasurementRow) -> Unit:
    measure = plan.measures.get(row.name)
    return measure.unit if isinstance(measure, LoadedMeasure) else Unit.COUNT


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _payees(order: OrderRow) -> Iterator[str]:
    """Yield the payees an order names, whatever their roles."""
    for field in fields(order):
        value = getattr(order, field.name)
        named = value.values() if isinstance(value, Mapping) else [value]
        yield from (item.payee_id for item in named if isinstance(item, PayeeRef) and item.payee_id)


def _with_order(example: Example, before: OrderRow, after: OrderRow) -> Relations:
    given = example.relations
    return replace(given, orders=_swapped(given.orders, before, after))


def _swapped(rows: tuple[Row, ...], before: Row, after: Row) -> tuple[Row, ...]:
    return tuple(after if row is before else row for row in rows)
