"""The steps from what tiers give to whole minor units: rounding, gates and caps, as listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from calc_engine.engine.codes import Refusal
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Value
from calc_engine.engine.lowering.measured import CELL
from calc_engine.engine.lowering.on_record import Recorded, recorded_rows, with_recorded
from calc_engine.engine.lowering.tiers import Climbed
from calc_engine.engine.ratio import Ratio, either, roomy
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    case,
    compare,
    every,
    is_unknown,
    some,
    whole,
)
from premia_plan.checked import CapStep, GateStep, LoadedMeasure, RoundStep, Step

MOST_UNITS = 1 << 62
"""Rounded amounts are checked to fit in 63 bits."""


@dataclass(frozen=True, slots=True)
class _LoadedScope:
    values: Mapping[str, Ratio]

    def value(self, name: str) -> Value:
        if name not in self.values:
            raise NotLowered(f"gates that ask for {name}")
        return self.values[name]

    def day_reached(self, state: str) -> Expression:
        raise NotLowered(f"gates that ask for the state {state}")


def stepped(
    context: Context, component: str, steps: tuple[Step, ...], climbed: Climbed
) -> tuple[Scan, int]:
    """Return the stages with `units`, what they pay after all steps, and each step's amount.

    The number with them is the largest size of these units.

    A stage that cannot be paid ends its cell: it is kept, with its reason, and later ones are not.
    """
    relation, amount = climbed.relation, climbed.amount
    for place, step in enumerate(steps):
        match step:
            case RoundStep():
                relation = extended(relation, **{f"step_{place}": amount.rounded(context.places)})
                amount = _of(context, place, min(amount.most_rounded(context.places), MOST_UNITS))
            case GateStep():
                relation, amount = _gated(context, relation, amount, step, place)
            case CapStep():
                limit = Ratio.written(Fraction(step.limit))
                over = amount.compared(">", limit)
                relation, amount = _kept(relation, either(over, limit, amount), place)
                relation = extended(relation, **{f"met_{place}": over})
    paid = extended(relation, units=amount.rounded(context.places))
    tried = context.program.name(f"tried_{component}", paid, kept=True)
    refused = Filter(tried, compare("!=", column(tried, "refusal"), whole(0)))
    stopped = Aggregate(refused, CELL, {"stopped_at": ("min", column(refused, "as_of"))})
    same = tuple((name, name) for name in CELL)
    ended = Join(tried, stopped, same, {"stopped_at": "stopped_at"}, keeps_left=True)
    stopped_at = Column("stopped_at", Kind.WHOLE)
    goes_on = some(is_unknown(stopped_at), compare("<=", column(ended, "as_of"), stopped_at))
    kept = Filter(ended, goes_on)
    staged = context.program.name(f"stages_{component}", only(kept, *columns_of(paid)), kept=True)
    return staged, min(amount.most_rounded(context.places), MOST_UNITS)


def _of(context: Context, place: int, most: int) -> Ratio:
    return Ratio.scaled(Column(f"step_{place}", Kind.WHOLE), int(10**context.places), most)


def _kept(relation: Relation, amount: Ratio, place: int) -> tuple[Relation, Ratio]:
    """Write an exact amount down after a step."""
    name, below = f"exact_{place}", f"exact_units_{place}"
    upper = roomy(amount.numerator, amount.most)
    under = roomy(amount.denominator, amount.most_below)
    written = extended(relation, **{name: upper, below: under})
    divisor: Expression = Column(below, under.kind)
    if amount.fixed_denominator is not None:
        divisor = amount.denominator
    return written, Ratio(Column(name, upper.kind), divisor, amount.most, amount.most_below)


def _gated(
    context: Context, relation: Relation, amount: Ratio, step: GateStep, place: int
) -> tuple[Relation, Ratio]:
    asked = compare("!=", amount.numerator, whole(0))
    values: dict[str, Ratio] = {}
    refusals: list[tuple[Expression, Expression]] = [
        (compare("!=", column(relation, "refusal"), whole(0)), column(relation, "refusal"))
    ]
    joined = relation
    for number, name in enumerate(step.condition.names):
        found = _loaded(context, joined, name, f"{place}_{number}")
        joined, values[name] = found.relation, found.value
        refusals.append((every(asked, found.nothing), whole(Refusal.MEASUREMENT_MISSING)))
        refusals.append((every(asked, found.ambiguous), whole(Refusal.MEASUREMENT_AMBIGUOUS)))
    passed = lower(step.condition.expression, _LoadedScope(values)).condition
    kept = either(
        some(passed, compare("=", amount.numerator, whole(0))),
        amount,
        Ratio.written(Fraction(step.otherwise)),
    )
    first_at = _refused_at(refusals, place, len(step.condition.names))
    marked = extended(
        joined,
        refusal=case(refusals, whole(Refusal.NONE)),
        refused_at=case(
            [
                (
                    compare("!=", column(relation, "refusal"), whole(0)),
                    column(relation, "refused_at"),
                )
            ],
            first_at,
        ),
        **{f"met_{place}": asked, f"passed_{place}": passed},
    )
    return _kept(marked, kept, place)


def _refused_at(
    refusals: list[tuple[Expression, Expression]], place: int, names: int
) -> Expression:
    """Return which value is missing: a hundred times its step's place, and its own."""
    own = [
        (condition, whole(100 * place + number // 2))
        for number, (condition, _) in enumerate(refusals[1 : 1 + 2 * names])
    ]
    return case(own, whole(0))


def _loaded(context: Context, relation: Relation, name: str, suffix: str) -> Recorded:
    """Add a loaded value of the cell's payee and month."""
    if not isinstance(context.plan.measures.get(name), LoadedMeasure):
        raise NotLowered(f"gates that ask for {name}")
    return with_recorded(
        context,
        relation,
        "measurements",
        recorded_rows(context, "measurements", name),
        count=f"loaded_rows_{suffix}",
        figure=f"loaded_{suffix}",
    )
