"""Facts for plans that pay whole periods: targets and values of any period, typed attributes."""

from dataclasses import replace
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from premia_plan.period import PeriodKind, enclosing
from premia_plan.relations import MeasurementRow, PayeeRow, Relations, TargetRow

from .worlds import MONTHS, PAYEES, START, _Draw, source, world


def period_worlds(
    currency: str, over: PeriodKind, most_orders: int = 25
) -> st.SearchStrategy[Relations]:
    """Draw the facts of a few payees with targets and values of a kind of period."""
    return st.builds(
        lambda seed, orders: period_world(Random(seed), currency, over, orders),
        st.integers(0, 2**32 - 1),
        st.integers(0, most_orders),
    )


def period_world(random: Random, currency: str, over: PeriodKind, orders: int) -> Relations:
    """Return a world of one principal; the same numbers give the same one."""
    plain, draw = of_one_principal(world(random, currency, orders)), _Draw(random)
    periods = sorted({enclosing(month, over) for month in (*MONTHS, "2026-05", "2026-06")})
    return replace(
        plain,
        orders=tuple(replace(row, principal="P") for row in plain.orders),
        assignments=tuple(replace(row, principal="P") for row in plain.assignments),
        payees=tuple(_described(draw, row) for row in plain.payees),
        targets=tuple(
            TargetRow(
                name,
                "volume",
                period,
                draw.one([Decimal(t) for t in ("900", "2000", "333.33", "0")]),
                source(f"target {name} {period} {again}"),
                None if draw.chance(70) else START,
            )
            for name in PAYEES
            for period in periods
            for again in range(draw.times())
        ),
        measurements=tuple(
            MeasurementRow(
                name,
                "quality",
                period,
                Decimal(draw.one(["0.95", "1", "0.5", "0.4999", "0.98"])),
                source(f"kpi {name} {period} {again}"),
            )
            for name in PAYEES
            for period in periods
            for again in range(draw.times())
        ),
    )


def of_one_principal(facts: Relations) -> Relations:
    """Return facts of one principal: pay of whole periods is not split among several by sets."""
    return replace(
        facts,
        orders=tuple(replace(row, principal="P") for row in facts.orders),
        assignments=tuple(replace(row, principal="P") for row in facts.assignments),
    )


def _described(draw: _Draw, row: PayeeRow) -> PayeeRow:
    attributes = dict(row.attributes)
    if draw.chance(85):
        attributes["grade"] = draw.one([Decimal(1), Decimal("2.5"), "3", "many"])
    if draw.chance(90):
        attributes["pay"] = draw.one([Decimal(1000), "1 234.50", Decimal("0.01"), Decimal(3333)])
    if draw.chance(80):
        attributes["line"] = draw.one(["primary", "specialty"])
    if draw.chance(80):
        attributes["territory"] = draw.one(["nord", "italia", "milano", "elsewhere"])
    if draw.chance(80):
        attributes["category"] = draw.one(["gas", "energy"])
    return replace(row, attributes=attributes)
