"""Bands and rows that can never change what is paid."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from premia_plan.checked import (
    ANY,
    Band,
    CheckedPlan,
    RateRow,
    RateTable,
    RollupCredit,
    TableKey,
    Tiers,
)
from premia_plan.language import Words
from premia_plan.linting.around import Around
from premia_plan.linting.conditions import can_hold
from premia_plan.linting.curves import Curve, Trace
from premia_plan.linting.edges import rules_of
from premia_plan.linting.remark import Remark
from premia_plan.quantities import exact_text


def dead_bands(plan: CheckedPlan, curves: Iterable[Curve]) -> Iterator[Remark]:
    """Yield bands that were reached and left what is paid as it was just below them.

    A band that gives nothing is meant to change nothing.
    """
    drawn = tuple(curves)
    for tiers in rules_of(plan):
        if not isinstance(tiers, Tiers):
            continue
        measures = _measures(plan, tiers)
        yield from _repeated(tiers)
        for band in tiers.bands:
            cases = list(_reached(band, measures, drawn))
            if cases and _only_ends(tiers, band):
                trace, inside = cases[0]
                yield Remark(
                    "dead_band",
                    band.path,
                    Words(
                        "this band only ends the one before it: what it gives is never paid",
                        "questa fascia chiude soltanto quella prima: ciò che dà non si paga mai",
                    ),
                    Words(
                        "Write above_last: open, or let it give nothing",
                        "Scrivi above_last: open, oppure fa' che non dia nulla",
                    ),
                    trace.told(inside[-1], beside=inside[0]),
                )
                continue
            if cases and all(_is_level(trace, inside) for trace, inside in cases):
                trace, inside = cases[0]
                yield Remark(
                    "dead_band",
                    band.path,
                    Words(
                        "this band is reached and changes nothing",
                        "questa fascia si raggiunge e non cambia nulla",
                    ),
                    Words(
                        "Raise the cap that ends pay before it, or remove the band",
                        "Alza il tetto che ferma il compenso prima, o togli la fascia",
                    ),
                    trace.told(inside[-1], beside=inside[0]),
                )


def _repeated(tiers: Tiers) -> Iterator[Remark]:
    """Yield bands that give what the one before them gives, in the same mode."""
    for before, band in pairwise(tiers.bands):
        starts = exact_text(band.starts)
        if _gives_the_same(tiers, before, band):
            yield Remark(
                "dead_band",
                band.path,
                Words(
                    "this band gives the same as the one before it",
                    "questa fascia dà lo stesso di quella prima",
                ),
                Words("Remove it, or give it another value", "Toglila, o dalle un altro valore"),
                Words(
                    f"a result just below {starts} and one just above are paid alike",
                    f"un risultato appena sotto {starts} e uno appena sopra si pagano uguale",
                ),
            )


def _gives_the_same(tiers: Tiers, before: Band, band: Band) -> bool:
    mode = tiers.mode_of(band)
    if mode not in {"marginal", "whole"} or mode != tiers.mode_of(before) or not band.gives:
        return False
    ends_all = band is tiers.bands[-1] and tiers.above_last != "open"
    adds_up = band.pays == "fixed" and mode == "marginal"
    alike = (band.gives, band.pays, band.table) == (before.gives, before.pays, before.table)
    return alike and not ends_all and not adds_up


def _only_ends(tiers: Tiers, band: Band) -> bool:
    """Say whether a band is the bound beyond which nothing more is earned, and no point either."""
    if tiers.above_last == "open" or band is not tiers.bands[-1] or len(tiers.bands) == 1:
        return False
    return tiers.mode_of(tiers.bands[-2]) != "interpolated between points"


def _measures(plan: CheckedPlan, tiers: Tiers) -> frozenset[str]:
    """Return the measures by which tiers are looked up."""
    named = tiers.looked_up.names
    return frozenset(
        plan.attainments[name].of if name in plan.attainments else name for name in named
    )


def _reached(
    band: Band, measures: frozenset[str], curves: Iterable[Curve]
) -> Iterator[tuple[Trace, list[Fraction]]]:
    """Yield who is paid where a band is reached: the values just below it, at it and beyond."""
    path = band.path
    if band.starts <= 0 or band.gives == 0:
        return
    for curve in curves:
        for around in curve.edges:
            if around.edge.path == path and around.measure in measures:
                values = _inside(curve, around)
                for trace in curve.traces():
                    is_paid_by_it = trace.payee == around.payee and path.startswith(
                        trace.path + "/"
                    )
                    if is_paid_by_it and len(values) > 2 and trace.pay(values[0]) != 0:
                        yield trace, values


def _inside(curve: Curve, around: Around) -> list[Fraction]:
    """Return the value just below an edge and those from it to the next edge above it."""
    later = [item.at for item in curve.edges if item.at > around.at]
    end = min(later, default=None)
    below = around.at - curve.dial.step
    return [
        value
        for value in curve.values
        if below <= value and (end is None or value < end - curve.dial.step)
    ]


def _is_level(trace: Trace, values: list[Fraction]) -> bool:
    return len({trace.pay(value) for value in values}) == 1


def dead_rows(plan: CheckedPlan) -> Iterator[Remark]:
    """Yield rows of rate tables that no order of the plan can fit."""
    for table in plan.tables.values():
        for row in table.rows:
            case = _never_fits(plan, table, row)
            if case is not None:
                yield Remark(
                    "dead_row",
                    row.path,
                    Words(
                        f"no order of this plan can fit the row of {table.name}",
                        f"nessun ordine di questo piano può cadere nella riga di {table.name}",
                    ),
                    Words("Remove it, or correct its keys", "Toglila, o correggi le chiavi"),
                    case,
                )


def _never_fits(plan: CheckedPlan, table: RateTable, row: RateRow) -> Words | None:
    """Return a case that shows why a row fits no order, or None if it may fit one."""
    is_of_the_plan = table.dated_by is not None and table.dated_by.text == plan.by.text
    if is_of_the_plan and row.valid_from is not None and row.valid_from >= plan.valid_to:
        return Words(
            f"an order of {row.valid_from} is no matter of this plan, it ends before",
            f"un ordine del {row.valid_from} non riguarda questo piano, che finisce prima",
        )
    if is_of_the_plan and row.valid_to is not None and row.valid_to <= plan.valid_from:
        last = row.valid_to - timedelta(days=1)
        return Words(
            f"an order of {last} is no matter of this plan, it starts later",
            f"un ordine del {last} non riguarda questo piano, che comincia dopo",
        )
    for key, value in zip(table.keys, row.keys, strict=True):
        case = _never_has(plan, key, value)
        if case is not None:
            return case
    return None


def _never_has(plan: CheckedPlan, key: TableKey, value: str | Fraction) -> Words | None:
    if value == ANY or not key.value.is_bare_name or key.match != "exact":
        return None
    name = key.value.names[0]
    if name == "credit.level":
        levels = [rule.levels for rule in plan.credits.values() if isinstance(rule, RollupCredit)]
        highest = max(levels, default=0)
        if isinstance(value, Fraction) and not 0 <= value <= highest:
            level = exact_text(value)
            return Words(
                f"no credit has level {level}; they end at {highest}",
                f"nessun credito ha livello {level}; si fermano a {highest}",
            )
        return None
    if plan.covers is not None and not can_hold(plan.covers, given={name: value}):
        return Words(
            f"an order whose {name} is {value} is not covered by {plan.covers.text}",
            f"un ordine con {name} {value} non è compreso in {plan.covers.text}",
        )
    return None
