"""The figures that a plan names, made from their rules."""

from premia_plan.checked import FormulaMeasure, LoadedMeasure, SummedMeasure
from premia_plan.language import Formula
from premia_plan.reference.attainment import AttainmentFigures
from premia_plan.reference.cell import CellFigure
from premia_plan.reference.formula_amount import FormulaAmount
from premia_plan.reference.inputs import inputs_of
from premia_plan.reference.loaded import LoadedFigures
from premia_plan.reference.opening import OpeningBalances
from premia_plan.reference.ranks import RankFigures
from premia_plan.reference.refer import referred
from premia_plan.reference.summed import SummedFigures
from premia_plan.reference.target import TargetFigures
from premia_plan.reference.target_part import TargetPart
from premia_plan.reference.workings import TARGET, Workings


def make_figure(name: str, workings: Workings) -> CellFigure:
    """Return the cells of what a name or a reference means."""
    plan = workings.plan
    if " " in name:
        return referred(name, workings)
    if name.startswith(TARGET):
        return _target(name.removeprefix(TARGET), workings)
    if name in plan.attainments:
        rule = plan.attainments[name]
        measure, target = workings.figure(rule.of), workings.target(rule.target)
        return AttainmentFigures(rule, measure, target, measure.over, workings.book)
    if name in plan.ranks:
        return RankFigures(plan.ranks[name], workings)
    if name in plan.components:
        return workings.component(name).figures()
    return _measure(name, workings)


def _measure(name: str, workings: Workings) -> CellFigure:
    measure, book = workings.plan.measures[name], workings.book
    match measure:
        case SummedMeasure():
            rows = workings.relations.openings
            return SummedFigures(
                measure,
                workings.credits(measure.of),
                subjects=workings.subjects,
                openings=OpeningBalances(rows, measure, workings.until, book),
                until=workings.until,
                book=book,
                counts=workings.counted(name),
                component=workings.seen_by,
            )
        case LoadedMeasure():
            loaded = workings.relations.measurements
            return LoadedFigures(measure, loaded, workings.subjects, book)
        case FormulaMeasure():
            return FormulaAmount(
                name,
                measure.formula,
                workings,
                over=measure.over,
                unit=measure.unit,
                kind="measure_worked_out",
            )


def _target(name: str, workings: Workings) -> CellFigure:
    rule, relations = workings.plan.targets[name], workings.relations
    formulas = [source for source in rule.sources if isinstance(source, Formula)]
    found = TargetFigures(
        rule,
        relations.targets,
        subjects=workings.subjects,
        inputs=[figure for formula in formulas for figure in inputs_of(formula, workings)],
        scope=workings.scope,
        book=workings.book,
    )
    if not rule.by_days:
        return found
    return TargetPart(
        rule,
        found,
        workings.presence,
        proration=workings.plan.proration,
        book=workings.book,
    )
