"""In which cells something is known of a team, a territory, a category or the whole plan."""

from collections.abc import Iterable, Iterator

from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    FormulaMeasure,
    Per,
)
from premia_plan.checked.formulas import formulas_in
from premia_plan.language import Formula, read_expression
from premia_plan.language.syntax import Reference
from premia_plan.period import PeriodKind, last_month, periods_within
from premia_plan.reference.cell import CellFigure, CellKey
from premia_plan.reference.subject import PLAN, is_of
from premia_plan.reference.workings import TARGET, Workings


def subject_cells(
    formulas: Iterable[Formula], per: Per, over: PeriodKind, workings: Workings
) -> list[CellKey]:
    """Return the subjects and periods of a kind in which something is known, in order.

    What is known is what is counted, loaded or targeted that the formulas are worked out from.
    Of the plan anything counts that is known of anybody. Periods that close after the last month
    looked at are none yet, and none those that closed before the plan began.
    """
    first, found = workings.first, set[CellKey]()
    for figure in _recorded_in(formulas, workings):
        for subject, period in figure.cells():
            if per.kind != "plan" and not is_of(subject, per):
                continue
            whose = PLAN if per.kind == "plan" else subject
            for within in periods_within(period, over):
                if first <= last_month(within) <= workings.until:
                    found.add((whose, within))
    return sorted(found)


def is_known_by(formulas: Iterable[Formula], per: Per, plan: CheckedPlan) -> bool:
    """Say whether formulas are worked out from a figure that is recorded by such subjects."""
    for name in _names_recorded(formulas, plan):
        target = plan.targets.get(name.removeprefix(TARGET)) if name.startswith(TARGET) else None
        rule = plan.measures.get(name) if target is None else target
        if rule is not None and not isinstance(rule, FormulaMeasure) and rule.per == per:
            return True
    return False


def _recorded_in(formulas: Iterable[Formula], workings: Workings) -> Iterator[CellFigure]:
    """Give the figures that are counted, loaded or targets, whatever leads to them."""
    for name in _names_recorded(formulas, workings.plan):
        yield workings.figure(name)


def _names_recorded(formulas: Iterable[Formula], plan: CheckedPlan) -> Iterator[str]:
    waiting = [name for formula in formulas for name in _names_in(formula, plan)]
    seen = set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        rule, measure = plan.attainments.get(name), plan.measures.get(name)
        component = plan.components.get(name)
        inner: Iterable[Formula] = ()
        if rule is not None:
            waiting.extend((rule.of, TARGET + rule.target))
        elif isinstance(measure, FormulaMeasure):
            inner = [measure.formula]
        elif isinstance(component, CellComponent):
            inner = formulas_in(component)
        elif name.startswith(TARGET):
            yield name
            inner = formulas_in(plan.targets[name.removeprefix(TARGET)])
        elif measure is not None:
            yield name
        waiting.extend(each for formula in inner for each in _names_in(formula, plan))


def _names_in(formula: Formula, plan: CheckedPlan) -> Iterator[str]:
    """Give the figures that a formula names, those of its tables' keys included."""
    for name in formula.names:
        if name in plan.tables:
            for key in plan.tables[name].keys:
                yield from _names_in(key.value, plan)
        elif " " in name:
            expression = read_expression(name)
            if isinstance(expression, Reference):
                yield expression.path
        else:
            yield name
