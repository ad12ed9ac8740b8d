"""How far a fact reaches in a plan: read off the typed plan once, before any fact is seen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from premia_plan.checked import (
    FACT_KINDS,
    FACT_WORDS,
    AttainmentRule,
    CellComponent,
    CheckedPlan,
    CreditComponent,
    DirectCredit,
    GateStep,
    GroupLimit,
    LimitStep,
    LoadedMeasure,
    OverlayCredit,
    PoolShare,
    RankPay,
    RollupCredit,
    SummedMeasure,
)
from premia_plan.checked.formulas import formulas_in
from premia_plan.language import Formula, read_expression
from premia_plan.language.references import AGGREGATES
from premia_plan.language.syntax import DayOf, Name, Reference
from premia_plan.period import PeriodKind
from premia_plan.reference.asked_cells import pays_only_where_known

LENGTHS: tuple[PeriodKind, ...] = ("month", "quarter", "half", "year")
OF_A_CREDIT = (
    "credit.",
    "payee.",
    "period.",
    "reversal.",
    "reached ",
    "day of ",
    *FACT_WORDS,
    *(f"{kind} reached " for kind in FACT_KINDS),
)
"""What names start with that say something of one deal, one payee or one period alone."""
OF_OTHERS = frozenset({*AGGREGATES, "rank of", "among", "below along", "of the team along"})
"""Words that ask a figure of others than the cell's own payee."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a fact reaches in a plan.

    What an order pays by a component that is not in `by_payee` rests on that order alone. What
    one in `by_payee` pays somebody rests on everything that payee is credited with. With `climbs`
    that is also what those below were credited with. `has_cells` says whether anything rests on
    more than one order. `period` is the kind of period within which what rests on a payee's figures
    stays: it rests on the deals with a day in that period alone; None where it rests on others too.
    `unbounded` names what rests on more payees than can be told before the facts are seen; with
    any of it, a change reaches the whole plan.
    """

    by_payee: frozenset[str]
    climbs: bool
    has_cells: bool
    period: PeriodKind | None
    counted: frozenset[str]
    """The credits that figures count."""
    unbounded: tuple[str, ...]


def reach_of(plan: CheckedPlan) -> Reach:
    """Return how far a fact reaches in a plan; a construct it does not know reaches everything."""
    walk = _Walk(plan)
    if plan.change is not None:
        walk.unbounded.add("the version before is counted too")
    for name, component in plan.components.items():
        if walk.reads_figures(name):
            walk.by_payee.add(name)
        walk.limits(component.limits, (name,))
    walk.plan_steps()
    walk.limits(plan.limits, tuple(plan.components))
    walk.campaigns()
    for name, measure in plan.measures.items():
        if isinstance(measure, SummedMeasure):
            walk.figure(name)
    climbs = walk.climbs or any(walk.is_rolled_up(name) for name in walk.by_payee)
    return Reach(
        frozenset(walk.by_payee),
        climbs,
        bool(walk.by_payee or walk.figures),
        walk.period(),
        frozenset(walk.counted),
        tuple(sorted(walk.unbounded)),
    )


class _Walk:
    """Follows names from components to figures, credits and tables, each once."""

    def __init__(self, plan: CheckedPlan) -> None:
        self._plan = plan
        self.by_payee: set[str] = set()
        self.climbs = False
        self.unbounded: set[str] = set()
        self.figures: set[str] = set()
        self.counted: set[str] = set()
        self._credits: set[str] = set()
        self._leaves_its_period = False
        self._periods: set[PeriodKind] = {"month"}

    def period(self) -> PeriodKind | None:
        """Return the longest kind of period anything is of, if nothing looks beyond its own."""
        on_credits = any(
            isinstance(self._plan.components[name], CreditComponent) for name in self.by_payee
        )
        if self._leaves_its_period or on_credits:
            return None
        return max(self._periods, key=LENGTHS.index)

    def reads_figures(self, name: str) -> bool:
        """Follow a component, and say whether what it pays rests on a payee's figures."""
        plan, component = self._plan, self._plan.components[name]
        settled = [*formulas_in(plan.release.get(name)), *formulas_in(plan.storno)]
        match component:
            case CreditComponent():
                self._credit(component.of)
                names_figures = self._any_figure([*formulas_in(component), *settled])
                if names_figures and _holds_back(component.steps):
                    self._leaves_its_period = True
                return names_figures
            case CellComponent():
                self._cell_component(component)
                self._any_figure([*formulas_in(component), *settled])
                return True

    def _cell_component(self, component: CellComponent) -> None:
        if isinstance(component.amount, RankPay | PoolShare) or component.scaled_to is not None:
            self.unbounded.add(f"{component.name} compares payees")
        elif component.per.kind != "payee":
            self.unbounded.add(f"{component.name} is of a {component.per.kind}")
        elif not pays_only_where_known(component, self._plan.measures):
            # From when on a missing figure is told depends on the first thing known of anybody.
            self.unbounded.add(f"{component.name} is asked of everybody")
        self._periods.add(component.over)
        steps = component.steps
        if (
            component.true_up is not None
            or component.limits
            or _holds_back(steps)
            or any(isinstance(step, LimitStep) and step.surplus != "lost" for step in steps)
        ):
            self._leaves_its_period = True
        storno = self._plan.storno
        effects = (
            [] if storno is None else [rule.effect.get(component.name) for rule in storno.rules]
        )
        if any(formulas_in(effects)):
            self._leaves_its_period = True
        if component.spread is not None:
            self.figure(component.spread)

    def figure(self, key: str) -> None:
        """Follow a figure of a cell, by its name or a reference."""
        if key in self.figures:
            return
        self.figures.add(key)
        path = key
        if " " in key:
            expression = read_expression(key)
            if not isinstance(expression, Reference):
                self.unbounded.add(key)
                return
            words = {*expression.before, *(item.words for item in expression.after)}
            if words & OF_OTHERS:
                self.unbounded.add(key)
            self._leaves_its_period = True
            path = expression.path
            self.figures.add(path)
        self._named(path)

    def _named(self, path: str) -> None:
        plan = self._plan
        target = path.removeprefix("target.")
        if target != path and target in plan.targets:
            self._target(target)
        elif path in plan.attainments:
            self._attainment(plan.attainments[path])
        elif path in plan.components:
            self.reads_figures(path)
            self.climbs = self.climbs or self.is_rolled_up(path)
            if isinstance(plan.components[path], CreditComponent):
                self._leaves_its_period = True
        elif path in plan.measures:
            self._measure(path)
        else:
            self.unbounded.add(path)

    def _attainment(self, rule: AttainmentRule) -> None:
        self.figure(rule.of)
        self.figure(f"target.{rule.target}")

    def _target(self, name: str) -> None:
        rule = self._plan.targets[name]
        self._periods.add(rule.over)
        if rule.per.kind != "payee":
            self.unbounded.add(f"target.{name} is of a {rule.per.kind}")
        self._any_figure(formulas_in(rule))

    def _measure(self, name: str) -> None:
        measure = self._plan.measures[name]
        if measure.per.kind != "payee":
            self.unbounded.add(f"{name} is of a {measure.per.kind}")
        self._periods.add(measure.over)
        if isinstance(measure, SummedMeasure):
            self._credit(measure.of)
            self._count(measure.of)
            self.climbs = self.climbs or self._is_rollup(measure.of)
            plain = isinstance(measure.dated_by.expression, Name | DayOf)
            if measure.window is not None or not plain:
                self._leaves_its_period = True
        if name in self._plan.targets:
            self.figure(f"target.{name}")
        if isinstance(measure, LoadedMeasure):
            if measure.missing == "last known":
                self._leaves_its_period = True
        else:
            self._any_figure(formulas_in(measure))

    def _credit(self, name: str) -> None:
        if name in self._credits:
            return
        self._credits.add(name)
        rule = self._plan.credits[name]
        if self._any_figure(formulas_in(rule)):
            self.unbounded.add(f"{name} is credited by figures")
        match rule:
            case DirectCredit(first=first, years=years):
                if first is not None:
                    self.unbounded.add(f"{name} counts only the first ones")
                if years is not None:
                    self._leaves_its_period = True
            case OverlayCredit(of=below) | RollupCredit(of=below):
                self._credit(below)

    def _count(self, name: str) -> None:
        """Keep a credit that is counted, and those it is made of."""
        self.counted.add(name)
        rule = self._plan.credits[name]
        if isinstance(rule, OverlayCredit | RollupCredit):
            self._count(rule.of)

    def is_rolled_up(self, component: str) -> bool:
        """Say whether a component pays on credits of those below."""
        found = self._plan.components[component]
        return isinstance(found, CreditComponent) and self._is_rollup(found.of)

    def _is_rollup(self, credit: str) -> bool:
        return isinstance(self._plan.credits[credit], RollupCredit)

    def limits(self, limits: Iterable[GroupLimit], under: tuple[str, ...]) -> None:
        """Follow limits over what several earnings of some components make together."""
        for limit in limits:
            self._leaves_its_period = True
            self._any_figure([limit.limit])
            self._any_figure(formulas_in(limit.pushed_back))
            if limit.over == "payee":
                self.by_payee |= set(under)
            elif limit.over == "plan" or self.by_payee & set(under):
                self.unbounded.add(f"a limit over a {limit.over}")

    def plan_steps(self) -> None:
        """Follow the other steps of the plan, which look at figures of each earning's payee."""
        plain = [step for step in self._plan.steps if not isinstance(step, GroupLimit)]
        if _holds_back(plain):
            self._leaves_its_period = True
        if self._any_figure(formulas_in(plain)) or plain:
            self.by_payee |= set(self._plan.components)

    def campaigns(self) -> None:
        """Follow campaigns: one with a budget is used up by everybody's orders."""
        for name, campaign in self._plan.campaigns.items():
            together = {campaign.component, *campaign.against}
            if campaign.budget is not None or self._any_figure(formulas_in(campaign)):
                self.unbounded.add(f"campaign {name} has a budget")
            if together & self.by_payee:
                self.by_payee |= together

    def _any_figure(self, formulas: Iterable[Formula]) -> bool:
        """Follow all figures that formulas name, and say whether there is one."""
        found = False
        for formula in formulas:
            for name in formula.names:
                table = self._plan.tables.get(name)
                if table is not None:
                    found = self._any_figure(self._rated_by(name)) or found
                elif not name.startswith(OF_A_CREDIT):
                    self.figure(name)
                    found = True
        return found

    def _rated_by(self, name: str) -> Iterator[Formula]:
        """Return the formulas of a table's keys, and of the one that it multiplies."""
        table = self._plan.tables[name]
        yield from formulas_in(table.keys)
        yield from formulas_in(table.dated_by)
        if table.multiplies is not None:
            yield from self._rated_by(table.multiplies)


def _holds_back(steps: Iterable[object]) -> bool:
    """Say whether a gate among some steps holds pay until a later month meets it."""
    return any(isinstance(step, GateStep) and step.holds for step in steps)
