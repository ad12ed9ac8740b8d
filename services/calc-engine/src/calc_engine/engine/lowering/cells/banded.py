"""What tiers give for a cell: bands of any mode, each with its part, and limits on the rate."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from calc_engine.engine.banding import Case, Part, cases, limits_formula
from calc_engine.engine.ir import Column, Constant, Expression, Join, Kind, Relation, extended
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Gap, Lowered, Value, chosen, guarded
from calc_engine.engine.lowering.measured import CELL
from calc_engine.engine.lowering.stepping import keep, kept
from calc_engine.engine.ratio import Ratio, least_of
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    TRUE,
    case,
    compare,
    every,
    is_known,
    is_unknown,
    known_or,
    negated,
    whole,
)
from premia_plan.checked import CellComponent, Tiers
from premia_plan.language import Formula, read_expression
from premia_plan.language.syntax import Name, Reference

ONE = Ratio.written(Fraction(1))


class Cells(Protocol):
    """The sheet that tiers are worked out on."""

    relation: Relation

    def cut(self) -> None:
        """Give what was worked out so far a name."""

    def value(self, name: str) -> Value:
        """Return a figure of the cell."""

    def formula(self, name: str, formula: Formula) -> Ratio:
        """Write down what a formula gives."""

    def known_cells(self, formula: Formula) -> Relation:
        """Return the cells of which something is known that a formula reads."""


@dataclass(frozen=True, slots=True)
class _Names:
    """The names in the formula of a part."""

    values: Mapping[str, Ratio]

    def value(self, name: str) -> Value:
        return self.values[name]

    def day_reached(self, state: str) -> Expression:
        raise NotLowered(f"bands that ask for {state}")


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a result is: paid on, looked up, and what turns an edge into the base's unit."""

    base: Ratio
    looked_up: Ratio
    edge: Ratio


def figure_name(component: str, word: str, formula: Formula) -> str:
    """Return under which name what tiers look up, or pay on, is written down."""
    named = isinstance(formula.expression, (Name, Reference))
    if named and not formula.names[0].startswith(("payee.", "period.")):
        return formula.names[0]
    return f"{component} {word}"


def banded(sheet: Cells, component: CellComponent, tiers: Tiers) -> Lowered:
    """Return what the bands give together, written down with each band's part.

    `<name>_case` says which place the result has, `<name>_b2` what the third band pays and
    `<name>_q2` on what; `<name>_nothing` says that nothing is known to pay on.
    """
    if any(band.table is not None for band in tiers.bands):
        raise NotLowered("bands that multiply a table's rate")
    name = component.name
    base = _figure(sheet, name, "base", tiers.base)
    looked_up = _figure(sheet, name, "looked up", tiers.looked_up)
    nothing = _nothing(sheet, name, tiers, base)
    asked = negated(nothing)
    gaps = [
        _gap(base, figure_name(name, "base", tiers.base)),
        *guarded((_gap(looked_up, figure_name(name, "looked up", tiers.looked_up)),), asked),
    ]
    edge = ONE
    if tiers.attainment is not None:
        target = f"target.{tiers.attainment.target or tiers.attainment.of}"
        edge = _number(sheet.value(target))
        gaps.extend(guarded((_gap(edge, target),), asked))
    if tiers.is_plain:
        total = _plain(sheet, name, tiers, _Reach(base, looked_up, edge))
    else:
        if tiers.below_first == "exception":
            low = looked_up.compared("<", Ratio.written(tiers.bands[0].starts))
            gaps.append(Gap(every(asked, low), "below_first_band", stops=True))
        total = _of_any_mode(sheet, name, tiers, _Reach(base, looked_up, edge))
    amount = kept(sheet, f"{name}_tiers", total)
    return Lowered(_limited(sheet, name, tiers, amount, base), tuple(gaps), is_clean=False)


def _number(value: Value) -> Ratio:
    if not isinstance(value, Ratio):
        raise NotLowered("tiers over something else than numbers")
    return value


def _gap(value: Ratio, name: str) -> Gap:
    return Gap(is_unknown(value.numerator), name, stops=True)


def _figure(sheet: Cells, component: str, word: str, formula: Formula) -> Ratio:
    name = figure_name(component, word, formula)
    if name == f"{component} {word}":
        return sheet.formula(name, formula)
    return _number(sheet.value(name))


def _nothing(sheet: Cells, name: str, tiers: Tiers, base: Ratio) -> Expression:
    """Write down whether the base is zero because nothing is known of the cell."""
    known = extended(sheet.known_cells(tiers.base), is_known=TRUE)
    sheet.relation = Join(
        sheet.relation,
        known,
        tuple((key, key) for key in CELL),
        {f"{name}_known": "is_known"},
        keeps_left=True,
    )
    unknown = is_unknown(Column(f"{name}_known", Kind.BOOL))
    nothing = FALSE if tiers.pays_on_nothing else known_or(every(unknown, base.is_zero()), FALSE)
    keep(sheet, **{f"{name}_nothing": nothing})
    return Column(f"{name}_nothing", Kind.BOOL)


def _plain(sheet: Cells, name: str, tiers: Tiers, reach: "_Reach") -> Ratio:
    """Return what bands give that are all marginal or all whole."""
    base, looked_up, edge = reach.base, reach.looked_up, reach.edge
    positive = compare(">", base.numerator, whole(0))
    total = Ratio.written(Fraction(0))
    for index, band in enumerate(tiers.bands):
        start = Ratio.written(band.starts)
        is_last = index + 1 == len(tiers.bands)
        if tiers.mode == "marginal":
            reached = every(positive, base.compared(">", start * edge))
            upper = base
            if not is_last:
                upper = least_of(base, Ratio.written(tiers.bands[index + 1].starts) * edge)
            own = upper - start * edge
        else:
            reached = every(positive, looked_up.compared(">=", start))
            if not is_last:
                above = Ratio.written(tiers.bands[index + 1].starts)
                reached = every(reached, looked_up.compared("<", above))
            own = base
        reached = known_or(reached, FALSE)
        slice_ = kept(sheet, f"{name}_q{index}", _where(reached, own))
        part = kept(sheet, f"{name}_b{index}", slice_ * Ratio.written(band.gives))
        sheet.cut()
        total = _added(sheet, f"{name}_t{index}", total, part)
    return total


def _where(condition: Expression, value: Ratio) -> Ratio:
    """Return a number that is only known where a condition holds."""
    gone = Constant(None, value.numerator.kind)
    own = case([(condition, value.numerator)], gone)
    return Ratio(own, value.denominator, value.most, value.most_below)


def _of_any_mode(sheet: Cells, name: str, tiers: Tiers, reach: "_Reach") -> Ratio:
    base, looked_up, edge = reach.base, reach.looked_up, reach.edge
    found = cases(tiers)
    keep(sheet, **{f"{name}_case": _place(tiers, found, base, looked_up)})
    at = Column(f"{name}_case", Kind.WHOLE)
    total = Ratio.written(Fraction(0))
    for index, band in enumerate(tiers.bands):
        names = {
            "rate": Ratio.written(band.gives),
            "base": base,
            "looked_up": looked_up,
            "edge": edge,
        }
        if index + 1 < len(tiers.bands):
            names["next_rate"] = Ratio.written(tiers.bands[index + 1].gives)
        value: Ratio | None = None
        for number, each in enumerate(found):
            for part in each.parts:
                if part.index == index:
                    own = _part(part, names)
                    is_here = compare("=", at, whole(number))
                    value = (
                        _where(is_here, own)
                        if value is None
                        else _number(chosen(is_here, own, value))
                    )
        if value is not None:
            written = kept(sheet, f"{name}_b{index}", value)
            sheet.cut()
            total = _added(sheet, f"{name}_t{index}", total, written)
    return total


def _added(sheet: Cells, name: str, total: Ratio, part: Ratio) -> Ratio:
    """Return a total with a part added where it is known; in lowest terms, so it stays small."""
    zero = Ratio.written(Fraction(0))
    own = kept(sheet, f"{name}_own", _number(chosen(is_known(part.numerator), part, zero)))
    found = kept(sheet, name, total + own)
    sheet.cut()
    return found


def _part(part: Part, names: Mapping[str, Ratio]) -> Ratio:
    return lower(read_expression(part.formula), _Names(names)).number


def _place(tiers: Tiers, found: tuple[Case, ...], base: Ratio, looked_up: Ratio) -> Expression:
    """Return which case a result is; unknown where nothing is paid on."""
    above = ">" if tiers.edge == "ends" else ">="
    paid_from = ">=" if tiers.pays_on_nothing else ">"
    last = tiers.bands[-1].starts
    branches: list[tuple[Expression, Expression]] = [
        (negated(known_or(compare(paid_from, base.numerator, whole(0)), FALSE)), whole(None))
    ]
    for number, each in reversed(list(enumerate(found))):
        if each.where == "below":
            condition: Expression = is_known(looked_up.numerator)
        elif each.where == "at the end":
            at_end = looked_up.compared("=", Ratio.written(last))
            reached = looked_up.compared(above, Ratio.written(last))
            condition = every(at_end, reached)
        else:
            starts = Ratio.written(tiers.bands[each.place].starts)
            condition = looked_up.compared(above, starts)
        branches.append((condition, whole(number)))
    # At the end is told before beyond it, which holds there too.
    order = [branches[0], *sorted(branches[1:], key=lambda b: _later(found, b))]
    return case(order, whole(None))


def _later(found: tuple[Case, ...], branch: tuple[Expression, Expression]) -> tuple[int, int]:
    number = branch[1]
    place = number.value if isinstance(number, Constant) and isinstance(number.value, int) else 0
    each = found[place]
    return -each.place, 0 if each.where == "at the end" else 1


def _limited(sheet: Cells, name: str, tiers: Tiers, amount: Ratio, base: Ratio) -> Ratio:
    formula = limits_formula(tiers)
    if formula is None:
        return amount
    limited = lower(read_expression(formula), _Names({"amount": amount, "base": base})).number
    positive = compare(">", base.numerator, whole(0))
    value = _number(chosen(known_or(positive, FALSE), limited, amount))
    return kept(sheet, f"{name}_limited", value)
