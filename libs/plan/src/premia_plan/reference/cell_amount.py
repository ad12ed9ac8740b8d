"""What gives the amounts of components on cells, whatever they are worked out by."""

from premia_plan.checked import CellComponent, PoolShare, RankPay, Scorecard, Tiers
from premia_plan.language import Formula
from premia_plan.language.syntax import Name, Reference
from premia_plan.reference.banded_amount import BandedAmount
from premia_plan.reference.cell import CellFigure
from premia_plan.reference.cell_facts import is_cell_fact
from premia_plan.reference.formula_amount import FormulaAmount
from premia_plan.reference.original_bands import OriginalBands
from premia_plan.reference.pools import PoolAmount, PoolShareAmount
from premia_plan.reference.ranks import RankFigures, RankPayAmount
from premia_plan.reference.scorecard import ScorecardAmount
from premia_plan.reference.tier_amount import TiersAmount
from premia_plan.reference.workings import Workings


def amount_of(component: CellComponent, workings: Workings) -> CellFigure:
    """Return what gives a component's amounts."""
    match component.amount:
        case Tiers():
            return tiers_amount(component, component.amount, workings)
        case Scorecard():
            return ScorecardAmount(component, component.amount, workings)
        case RankPay(rank):
            ranks = RankFigures(workings.plan.ranks[rank], workings)
            return RankPayAmount(component.name, component.amount, ranks, workings)
        case PoolShare(name):
            pool = PoolAmount(workings.plan.pools[name], workings)
            if pool.pool.weights is None:
                raise TypeError(f"{name} has no weights")
            return PoolShareAmount(pool.pool.weights, pool, workings)
        case formula:
            return FormulaAmount(
                component.name, formula, workings, over=component.over, per=component.per
            )


def tiers_amount(component: CellComponent, tiers: Tiers, workings: Workings) -> CellFigure:
    """Return what gives the amounts of tiers."""
    looked_up = looked_up_figure(
        f"{component.name} looked up", tiers.looked_up, component, workings
    )
    base = looked_up_figure(f"{component.name} base", tiers.base, component, workings)
    storno = workings.plan.storno
    if tiers.is_plain:
        amount = TiersAmount(component.name, tiers, looked_up, base, workings)
        if storno is not None and storno.keeps_places(component.name):
            measure = workings.summed(tiers.pays_on)
            return OriginalBands(component.name, tiers, amount, measure, workings.book)
        return amount
    return BandedAmount(component.name, tiers, looked_up, base, workings)


def looked_up_figure(
    name: str, formula: Formula, component: CellComponent, workings: Workings
) -> CellFigure:
    """Return the figures of a formula: those it names alone, or what it is worked out as."""
    if isinstance(formula.expression, Name | Reference):
        named = formula.names[0]
        if named not in workings.rates and not is_cell_fact(named):
            return workings.figure(named)
    return FormulaAmount(
        name,
        formula,
        workings,
        over=component.over,
        unit=formula.unit,
        kind="looked_up",
        per=component.per,
    )
