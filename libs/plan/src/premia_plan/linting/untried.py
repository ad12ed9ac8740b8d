"""What no example shows: the linter looks around the examples, so it may know nothing about it."""

from collections.abc import Iterable, Iterator

from premia_plan.checked import CheckedPlan, Example, Storno
from premia_plan.language import Formula, Words
from premia_plan.language.words import same
from premia_plan.linting.curves import Curve
from premia_plan.linting.edges import formulas_of
from premia_plan.linting.outcome import Outcome, outcome
from premia_plan.linting.remark import Remark

_TO_DO = Words(
    "Write an example in which it changes what is paid",
    "Scrivi un esempio in cui cambia quanto si paga",
)


def untried(plan: CheckedPlan, curves: Iterable[Curve]) -> Iterator[Remark]:
    """Yield the components, their tables and the stornos that no example as written shows."""
    drawn = tuple(curves)
    worlds = list(_as_written(plan, drawn))
    shown = {name for world in worlds for name in world.shown}
    for component in plan.components.values():
        if component.name not in shown:
            case = _made_up(component.name, drawn)
            yield _remark(plan, component.path, same(component.name), case)
    said = {clause for world in worlds for clause in world.clauses}
    for table in plan.tables.values():
        if _is_of_amounts(plan, table.name) and not _is_within(table.path, said):
            yield _remark(plan, table.path, same(table.name))
    for rule in () if plan.storno is None else plan.storno.rules:
        if not any(_is_reversed(rule, example) for example in plan.examples):
            named = f" {rule.name}" if rule.name else ""
            yield _remark(plan, rule.path, Words(f"the storno{named}", f"lo storno{named}"))


def _is_of_amounts(plan: CheckedPlan, table: str) -> bool:
    """Say whether only amounts of components ask a table: their figures say which row it was."""
    asked = [formula.path for formula in formulas_of(plan) if table in formula.names]
    amounts = [
        component.amount.path
        for component in plan.components.values()
        if isinstance(component.amount, Formula)
    ]
    return bool(asked) and set(asked) <= set(amounts)


def _is_reversed(rule: Storno, example: Example) -> bool:
    """Say whether an example has a reversal that is one of a rule, as far as states tell."""
    given, states = example.relations, rule.when.states
    reached = {item.state for order in given.orders for item in order.states}
    reached |= {
        item.state for order in given.orders for line in order.lines for item in line.states
    }
    reached |= {item.state for fact in given.facts for item in fact.states}
    return not states or bool(given.reversals) or bool(states & reached)


def _as_written(plan: CheckedPlan, curves: Iterable[Curve]) -> Iterator[Outcome]:
    """Yield what each example pays, where a curve did not work it out before."""
    known = {
        curve.dial.example.name: curve.known[curve.dial.value]
        for curve in curves
        if curve.dial.value in curve.known
    }
    for example in plan.examples:
        found = known.get(example.name)
        yield outcome(plan, example.relations, example.until) if found is None else found


def _made_up(component: str, curves: Iterable[Curve]) -> Words | None:
    """Return a case that is paid by a component, if one was found by turning the examples."""
    for curve in curves:
        for trace in curve.traces():
            if trace.component == component:
                paid = [value for value in curve.values if trace.pay(value)]
                if paid:
                    return trace.told(min(paid, key=lambda value: abs(value - curve.dial.value)))
    return None


def _is_within(path: str, clauses: Iterable[str]) -> bool:
    return any(clause == path or clause.startswith(f"{path}/") for clause in clauses)


def _remark(plan: CheckedPlan, path: str, name: Words, case: Words | None = None) -> Remark:
    """Say that no example shows what a clause does, with a case that does if one was found."""
    said = Words(
        f"no example shows what {name.en} does", f"nessun esempio mostra che cosa fa {name.it}"
    )
    if case is not None:
        return Remark("untried", path, said, _TO_DO, case)
    return Remark(
        "untried",
        path,
        Words(
            f"{said.en}, and no other warning looks at it",
            f"{said.it}, e nessun altro avviso lo esamina",
        ),
        _TO_DO,
        _nowhere(len(plan.examples)),
    )


def _nowhere(examples: int) -> Words:
    if examples == 1:
        return Words(
            "nothing in the plan's one example depends on it",
            "nulla nell'unico esempio del piano ne dipende",
        )
    return Words(
        f"nothing in the plan's {examples} examples depends on it",
        f"nulla nei {examples} esempi del piano ne dipende",
    )
