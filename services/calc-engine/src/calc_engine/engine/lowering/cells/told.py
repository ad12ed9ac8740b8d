"""The cells that a result tells: what each subject reached, restated up to the last month."""

from collections.abc import Mapping

from calc_engine.engine.ir import (
    Aggregate,
    Distinct,
    Filter,
    Join,
    Relation,
    Union,
    column,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.asked import Asked
from calc_engine.engine.lowering.cells.counted import Counted
from calc_engine.engine.lowering.cells.measures import in_periods, later_months
from calc_engine.engine.lowering.cells.periods import FACTS, periods
from calc_engine.engine.lowering.cells.sheet import CellSheet
from calc_engine.engine.lowering.cells.subjects import subject_numbers
from calc_engine.engine.lowering.cells.told_sheets import tell_groups, tell_places
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.measured import CELL, STAGE
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import compare, whole
from premia_plan.checked import SummedMeasure


def told_cells(context: Context, rule: SummedMeasure, counted: Mapping[str, Counted]) -> None:
    """Ask for the cells of a measure as `cells_<measure>`, with target and attainment.

    Raises:
        NotLowered: if a cell could be of nothing without a value for that.
    """
    if rule.function == "average" and rule.empty is None:
        raise NotLowered(f"{rule.name}, an average without a value for nothing,")
    name, plan = rule.name, context.plan
    if name in plan.targets and (rule.per.kind, plan.targets[name].per.kind) != ("payee", "payee"):
        raise NotLowered(f"targets of other subjects than payees, such as {name},")
    asked = Asked(context, rule.over, counted)
    parts = [asked.of_subjects(name)]
    if name in plan.targets:
        parts.append(asked.of_name(f"target.{name}"))
    cells = Distinct(Union(tuple(only(part, *CELL) for part in parts)))
    wanted: Relation = cells
    if context.since:
        wanted = Filter(cells, compare(">=", column(cells, "month"), whole(context.since)))
    kept = context.program.name(f"told_{name}", wanted, kept=True)
    close = only(extended(kept, as_of=column(kept, "month")), *STAGE)
    later = later_months(in_periods(context, counted[name], rule.over))
    until = whole(context.until.year * 100 + context.until.number)
    seen = Filter(later, compare("<=", column(later, "as_of"), until))
    same = tuple((key, key) for key in CELL)
    both = Union((close, only(Join(seen, kept, same, {}), *STAGE)))
    last = Aggregate(both, CELL, {"as_of": ("max", column(both, "as_of"))})
    dated = Join(
        only(last, *STAGE),
        periods(context, rule.over),
        (("plan_no", "plan_no"), ("month", "month")),
        {fact: fact for fact in FACTS},
    )
    staged = context.program.name(f"told_stages_{name}", dated, kept=True)
    sheet = CellSheet(context, f"cells_{name}", rule.over, staged, counted, asked)
    sheet.is_of_subjects = rule.per.kind != "payee"
    sheet.value(name)
    rules = [each for each in plan.attainments.values() if each.of == name]
    if rules:
        if name not in plan.targets:
            raise NotLowered(f"attainments of {name} against another measure's target")
        sheet.value(f"target.{name}")
        sheet.value(rules[-1].name)
    context.program.result(f"cells_{name}", sheet.relation)
    numbers = f"numbers_{rule.per.kind}"
    if rule.per.kind in {"territory", "category"} and numbers not in context.program.results:
        context.program.result(numbers, subject_numbers(context, rule.per.kind))
    tell_places(sheet, f"cells_{name}")
    tell_groups(sheet)
