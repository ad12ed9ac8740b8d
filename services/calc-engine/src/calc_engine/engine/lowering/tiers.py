"""Tiers: totals cut into bands, each paid at its own rate, or all of it at the last band's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import pyarrow as pa

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Window,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.attained import Stages
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.measured import STAGE
from calc_engine.engine.ratio import Ratio, either, least_of, roomy
from calc_engine.engine.values import add, case, compare, every, is_unknown, known_or, whole
from premia_plan.checked import Tiers
from premia_plan.checked.tiers import Band

WRITTEN_OUT = 8
"""So many bands are written out rather than joined; more would make a long expression."""


@dataclass(frozen=True, slots=True)
class Climbed:
    """Stages with what the tiers give."""

    relation: Relation
    amount: Ratio


def climbed(context: Context, component: str, tiers: Tiers, found: Stages) -> Climbed:
    """Return what the tiers give for each stage, and ask for the bands that each one reached."""
    written = _written(context, component)
    take = {name: name for name in ("band", "starts", "ends", "gives")}
    pairs = Join(found.relation, written.relation, (("plan_no", "plan_no"),), take)
    edge = found.target if found.target is not None else Ratio.scaled(whole(1), 1, 1)
    starts, ends, gives = written.starts, written.ends, written.gives
    positive = compare(">", found.pays_on.numerator, whole(0))
    if tiers.mode == "marginal":
        reached = Filter(pairs, every(positive, found.pays_on.compared(">", starts * edge)))
        upper = either(
            is_unknown(ends.numerator), found.pays_on, least_of(found.pays_on, ends * edge)
        )
        base = upper - starts * edge
    else:
        fits = Filter(pairs, every(positive, found.looked_up.compared(">=", starts * edge)))
        last = Window(fits, "nearest", "place", None, STAGE, (("band", "falling"),))
        reached = Filter(last, compare("=", Column("nearest", Kind.WHOLE), whole(1)))
        base = found.pays_on
    amount = base * gives
    # A total is of all bands, so that each has room for as much.
    most = amount.most * len(tiers.bands)
    paid = extended(
        reached,
        band_base=roomy(base.numerator, base.most),
        band_base_units=roomy(base.denominator, base.most_below),
        band_amount=roomy(amount.numerator, most),
        band_amount_units=roomy(amount.denominator, amount.most_below),
    )
    named = context.program.name(f"bands_{component}", paid, kept=True)
    refused = column(named, "refusal")
    context.program.result(
        f"bands_{component}",
        only(
            Filter(named, compare("=", refused, whole(0))),
            *STAGE,
            "band",
            "band_base",
            "band_base_units",
            "band_amount",
            "band_amount_units",
        ),
    )
    by_band = None if context.plans else _amounts(tiers, found, edge, amount)
    if by_band is None:
        kept = _added_up(found, named, most)
    else:
        kept = extended(found.relation, tier_amount=_sum(by_band, most))
    return Climbed(
        extended(kept, tier_units=roomy(amount.denominator, amount.most_below)),
        Ratio(
            column(kept, "tier_amount"), amount.denominator, min(most, 1 << 126), amount.most_below
        ),
    )


def _added_up(found: Stages, named: Relation, most: int) -> Relation:
    """Add up what the bands that each stage reached give."""
    total = Aggregate(named, STAGE, {"tier_amount": ("sum", column(named, "band_amount"))})
    joined = Join(
        found.relation,
        total,
        tuple((name, name) for name in STAGE),
        {"summed_amount": "tier_amount"},
        keeps_left=True,
    )
    relation = extended(
        joined, tier_amount=known_or(column(joined, "summed_amount"), roomy(whole(0), most))
    )
    return only(relation, *columns_of(found.relation), "tier_amount")


def _amounts(
    tiers: Tiers, found: Stages, edge: Ratio, joined: Ratio
) -> list[tuple[Expression, Expression]] | None:
    """Return when a stage reaches each band of a single plan, and what the band then gives.

    A few marginal bands are cheaper written out than joined: a stage stays one row. None where
    there are many, one is looked up, or they would not be over the denominator of the joined ones.
    """
    if tiers.mode != "marginal" or len(tiers.bands) > WRITTEN_OUT:
        return None
    bands, scales = tiers.bands, _scales(tiers.bands)
    ends = [band.starts for band in bands[1:]]
    amounts: list[tuple[Expression, Expression]] = []
    for band, end in zip(bands, [*ends, None], strict=True):
        starts, gives = scales.edge(band.starts), scales.gives(band.gives)
        upper = found.pays_on if end is None else least_of(found.pays_on, scales.edge(end) * edge)
        amount = (upper - starts * edge) * gives
        if amount.denominator != joined.denominator:
            return None
        positive = compare(">", found.pays_on.numerator, whole(0))
        reached = every(positive, found.pays_on.compared(">", starts * edge))
        if band.gives:
            amounts.append((reached, amount.numerator))
    return amounts


def _sum(amounts: list[tuple[Expression, Expression]], most: int) -> Expression:
    nothing = roomy(whole(0), most)
    total: Expression = nothing
    for reached, amount in amounts:
        total = add(total, case([(reached, roomy(amount, most))], nothing))
    return total


@dataclass(frozen=True, slots=True)
class _Scales:
    """What the edges of bands and what they give are over, as whole numbers."""

    starts_units: int
    gives_units: int
    most_start: int
    most_gives: int

    def edge(self, value: Fraction) -> Ratio:
        """Return a written edge."""
        units = whole(int(value * self.starts_units))
        return Ratio.scaled(units, self.starts_units, self.most_start)

    def gives(self, value: Fraction) -> Ratio:
        """Return what a band gives."""
        units = whole(int(value * self.gives_units))
        return Ratio.scaled(units, self.gives_units, self.most_gives)


def _scales(bands: Sequence[Band]) -> _Scales:
    starts_units = lcm(*(band.starts.denominator for band in bands))
    gives_units = lcm(*(band.gives.denominator for band in bands))
    return _Scales(
        starts_units,
        gives_units,
        max(int(band.starts * starts_units) for band in bands),
        max(abs(int(band.gives * gives_units)) for band in bands),
    )


@dataclass(frozen=True, slots=True)
class _Written:
    """The bands that plans write, as whole numbers: where each starts, ends, and what it gives."""

    relation: Relation
    starts: Ratio
    ends: Ratio
    gives: Ratio


def _written(context: Context, component: str) -> _Written:
    """Return the bands of each plan's tiers, all in the same units."""
    bands_of = {
        number: tiers.bands
        for number, plan in context.numbered.items()
        if isinstance(tiers := plan.components[component].amount, Tiers)
    }
    scales = _scales([band for own in bands_of.values() for band in own])
    starts_units, most_start = scales.starts_units, scales.most_start
    return _Written(
        _bands(context, component, bands_of, starts_units, scales.gives_units),
        Ratio.scaled(Column("starts", Kind.WHOLE), starts_units, most_start),
        Ratio.scaled(Column("ends", Kind.WHOLE), starts_units, most_start),
        Ratio.scaled(Column("gives", Kind.WHOLE), scales.gives_units, scales.most_gives),
    )


def _bands(
    context: Context,
    component: str,
    bands_of: Mapping[int, tuple[Band, ...]],
    starts_units: int,
    gives_units: int,
) -> Relation:
    schema = pa.schema(
        [
            ("plan_no", pa.int32()),
            ("band", pa.int64()),
            ("starts", pa.int64()),
            ("ends", pa.int64()),
            ("gives", pa.int64()),
        ]
    )
    rows = []
    for number, bands in bands_of.items():
        ends = [int(band.starts * starts_units) for band in bands[1:]]
        rows += [
            (number, place, int(band.starts * starts_units), end, int(band.gives * gives_units))
            for place, (band, end) in enumerate(zip(bands, [*ends, None], strict=True))
        ]
    return context.program.give(f"tiers_{component}", schema, rows)
