"""Steps of any kind in any order, over credits or over cells: what is left after each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from calc_engine.engine.ir import (
    Column,
    Constant,
    Expression,
    Kind,
    Relation,
    columns_of,
    extended,
)
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Lowered, Missing, RowScope, chosen
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    TRUE,
    absolute,
    case,
    common_divisor,
    compare,
    divide,
    every,
    is_unknown,
    known_or,
    negated,
    some,
    whole,
    wide,
)
from premia_plan.checked import CapStep, GateStep, LimitStep, MultiplyStep, RoundStep, Step
from premia_plan.language import Formula

MOST_UNITS = 1 << 62
"""Rounded amounts are checked to fit in 63 bits."""

DAYS_OF_A_YEAR = 366
AMOUNT, ASKED = "amount", "asked"
ZERO = Ratio.written(Fraction(0))


class Sheet(Protocol):
    """Rows that get further columns as they are worked out."""

    relation: Relation

    def cut(self) -> None:
        """Give what was worked out so far a name, so that no statement grows too deep."""


def keep(sheet: Sheet, **columns: Expression) -> None:
    """Add columns to a sheet."""
    sheet.relation = extended(sheet.relation, **columns)


def kept(sheet: Sheet, name: str, value: Ratio) -> Ratio:
    """Write a number down as `<name>` over `<name>_below`, and return it as read from there.

    A fraction is written in its lowest terms where they are known: its parts grow with every
    product, and 127 bits are all there is.
    """
    below = f"{name}_below"
    upper_, below_ = value.numerator, value.denominator
    if not isinstance(below_, Constant):
        upper_, below_ = wide(upper_), wide(below_)
    keep(sheet, **{name: upper_, below: below_})
    if isinstance(value.denominator, Constant):
        return Ratio(
            Column(name, value.numerator.kind), value.denominator, value.most, value.most_below
        )
    upper, lower_ = Column(name, upper_.kind), Column(below, below_.kind)
    common = f"{name}_common"
    keep(sheet, **{common: known_or(common_divisor(absolute(upper), lower_), whole(1))})
    divisor = Column(common, columns_of(sheet.relation)[common])
    keep(sheet, **{name: divide(upper, divisor), below: divide(lower_, divisor)})
    kinds = columns_of(sheet.relation)
    return Ratio(
        Column(name, kinds[name]), Column(below, kinds[below]), value.most, value.most_below
    )


def without(value: Ratio, condition: Expression) -> Ratio:
    """Return a number that is unknown where a condition holds."""
    if condition == FALSE:
        return value
    gone = Constant(None, value.numerator.kind)
    numerator = case([(condition, gone)], value.numerator)
    return Ratio(numerator, value.denominator, value.most, value.most_below)


@dataclass(slots=True)
class Steps:
    """Applies the steps of one component to the rows of a sheet.

    Columns are named after the component: `<name>_x3` is the amount after the fourth step, over
    `<name>_x3_below`; `<name>_m3` says whether the step changed or asked anything, `<name>_p3`
    whether its gate was passed, `<name>_n3` whether it limited the mirror of a negative amount
    (`<name>_l3`: by a limit below zero), `<name>_g3` whether its floor counts in part, and
    `<name>_asked` what a condition asked first said.
    `words` say what may be missing, each with the place it is missing at before a stroke.
    """

    sheet: Sheet
    name: str
    steps: Sequence[Step]
    scope: RowScope
    places: int
    is_negative: Expression = FALSE
    guaranteed: tuple[Expression, Expression] | None = None
    """For how many of so many days floors count; None where they count in full."""
    gaps: list[tuple[Expression, str]] = field(default_factory=list)

    def apply(self, amount: Lowered) -> Ratio:
        """Return the amount after all steps; unknown where something was missing.

        Raises:
            NotLowered: if there is a step that is not lowered.
        """
        value, turned_away = self._begin(amount)
        current = kept(self.sheet, f"{self.name}_x", value)
        for index, step in enumerate(self.steps):
            current, turned_away = self._step(step, index, current, turned_away)
        refused = some(*(condition for condition, _ in self.gaps)) if self.gaps else FALSE
        places = [(condition, whole(place)) for place, (condition, _) in enumerate(self.gaps)]
        keep(self.sheet, **{f"{self.name}_why": case(places, whole(None))})
        return kept(self.sheet, f"{self.name}_pay", without(current, refused))

    @property
    def words(self) -> tuple[str, ...]:
        """What may be missing, by the place that the rows tell."""
        return tuple(word for _, word in self.gaps)

    @property
    def asked_first(self) -> GateStep | None:
        """The condition that is asked before the amount, if there is one."""
        first = self.steps[0] if self.steps else None
        return first if isinstance(first, GateStep) and first.asked_first else None

    def _begin(self, amount: Lowered) -> tuple[Ratio, Expression]:
        gate = self.asked_first
        if gate is None:
            self._miss(AMOUNT, amount.missing)
            return amount.number, FALSE
        found = lower(gate.condition.expression, self.scope)
        self._miss(ASKED, found.missing)
        keep(self.sheet, **{f"{self.name}_asked": found.holds})
        asked = Column(f"{self.name}_asked", Kind.BOOL)
        self._miss(AMOUNT, amount.missing, asked)
        value = chosen(asked, amount.number, ZERO)
        return _number(value), negated(asked)

    def _miss(self, where: str | int, missing: Missing, guard: Expression = TRUE) -> None:
        self.gaps.extend((every(guard, gap.condition), f"{where}|{gap.name}") for gap in missing)

    def _step(
        self, step: Step, index: int, value: Ratio, turned_away: Expression
    ) -> tuple[Ratio, Expression]:
        match step:
            case RoundStep():
                return self._after(index, self._rounded(step, value)), turned_away
            case MultiplyStep():
                factor = self._asked_number(step.factor, index, TRUE)
                return self._after(index, value * factor), turned_away
            case GateStep(holds=False):
                return self._gate(step, index, value, turned_away)
            case CapStep():
                limit = Ratio.written(Fraction(step.limit))
                return self._within(index, value, limit, TRUE, is_floor=False), turned_away
            case LimitStep(surplus="lost"):
                return self._limit(step, index, value, turned_away), turned_away
        raise NotLowered(f"steps such as {type(step).__name__} at {step.path}")

    def _rounded(self, step: RoundStep, value: Ratio) -> Ratio:
        if step.is_plain:
            units = value.rounded(self.places)
            most = min(value.most_rounded(self.places), MOST_UNITS)
            return Ratio.scaled(units, int(10**self.places), most)
        to = Fraction(1, 10**self.places) if step.to is None else step.to
        return value.rounded_to(to, step.mode)

    def _gate(
        self, step: GateStep, index: int, value: Ratio, turned_away: Expression
    ) -> tuple[Ratio, Expression]:
        met: Expression = TRUE
        if not self._tells(step, index):
            met = compare("!=", value.numerator, whole(0))
        if step.asked_first:
            met = every(met, Column(f"{self.name}_asked", Kind.BOOL))
        found = lower(step.condition.expression, self.scope)
        keep(self.sheet, **{f"{self.name}_m{index}": met, f"{self.name}_p{index}": found.holds})
        met = Column(f"{self.name}_m{index}", Kind.BOOL)
        self._miss(index, found.missing, met)
        passed = Column(f"{self.name}_p{index}", Kind.BOOL)
        missed = every(met, negated(passed))
        other = Ratio.written(Fraction(step.otherwise))
        if step.instead is not None:
            other = self._asked_number(step.instead, index, missed)
        elif step.factor is not None:
            other = value * self._asked_number(step.factor, index, missed)
        gone = some(turned_away, missed)
        return self._after(index, _number(chosen(missed, other, value))), gone

    def _tells(self, step: GateStep, index: int) -> bool:
        """Say whether a gate can make a difference to an amount of zero."""
        floors = (
            isinstance(later, LimitStep) and later.kind == "floor"
            for later in self.steps[index + 1 :]
        )
        return step.instead is not None or step.otherwise != 0 or any(floors)

    def _limit(self, step: LimitStep, index: int, value: Ratio, turned_away: Expression) -> Ratio:
        is_floor = step.kind == "floor"
        guard = negated(turned_away) if is_floor and turned_away != FALSE else TRUE
        limit = self._asked_number(step.limit, index, guard)
        if is_floor and self.guaranteed is not None:
            limit = self._in_part(limit, index, self.guaranteed)
        return self._within(index, value, limit, guard, is_floor=is_floor)

    def _in_part(
        self, limit: Ratio, index: int, guaranteed: tuple[Expression, Expression]
    ) -> Ratio:
        """Return what of a floor counts: of one below zero all of it."""
        days, of_days = guaranteed
        in_part = every(compare(">", limit.numerator, whole(0)), compare("<", days, of_days))
        keep(self.sheet, **{f"{self.name}_g{index}": known_or(in_part, FALSE)})
        part = limit * Ratio(days, of_days, DAYS_OF_A_YEAR, DAYS_OF_A_YEAR)
        return _number(chosen(Column(f"{self.name}_g{index}", Kind.BOOL), part, limit))

    def _within(
        self, index: int, value: Ratio, limit: Ratio, guard: Expression, *, is_floor: bool
    ) -> Ratio:
        """Return an amount kept at or below a limit, or at or above it.

        That of a negative credit is limited as its mirror: the opposite of what the opposite of
        the amount would be.
        """
        met = every(guard, value.compared("<" if is_floor else ">", limit))
        given = limit
        if self.is_negative != FALSE:
            size = Ratio(absolute(limit.numerator), limit.denominator, limit.most, limit.most_below)
            turned = every(self.is_negative, compare("<=", value.numerator, whole(0)))
            below = compare("<", limit.numerator, whole(0))
            keep(self.sheet, **{f"{self.name}_n{index}": turned, f"{self.name}_l{index}": below})
            is_turned = Column(f"{self.name}_n{index}", Kind.BOOL)
            opposite = value.negative()
            passes = every(guard, opposite.compared("<" if is_floor else ">", size))
            met = case([(is_turned, passes)], met)
            given = _number(chosen(is_turned, size.negative(), limit))
        keep(self.sheet, **{f"{self.name}_m{index}": met})
        is_met = Column(f"{self.name}_m{index}", Kind.BOOL)
        return self._after(index, _number(chosen(is_met, given, value)))

    def _asked_number(self, formula: Formula, index: int, guard: Expression) -> Ratio:
        found = lower(formula.expression, self.scope)
        self._miss(index, found.missing, guard)
        return found.number

    def _after(self, index: int, value: Ratio) -> Ratio:
        found = kept(self.sheet, f"{self.name}_x{index}", value)
        self.sheet.cut()
        return found


def _number(value: object) -> Ratio:
    if not isinstance(value, Ratio):
        raise NotLowered("steps over something else than a number")
    return value


def known(value: Ratio) -> Expression:
    """Return whether a number is known."""
    return negated(is_unknown(value.numerator))
