"""What every part of the lowering knows: the plan, the facts' layout and the program it builds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date

from calc_engine.engine.ir import Scan
from calc_engine.engine.layout import Arranged
from calc_engine.engine.program import Program
from calc_engine.engine.slots import base_state
from premia_common.money import minor_digits
from premia_common.periods import Month
from premia_plan.checked import (
    CheckedPlan,
    RateRow,
    RateTable,
    Storno,
    TakeBack,
    TakesBySteps,
    TakesInProportion,
)
from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class Context:
    """One lowering.

    `since` is the first month whose lines are wanted as 202603, 0 for all; `end` is the day after
    the last one that is looked at. `beside` has the tables of a plan that is lowered as well, so
    that both ask for rates in the same words. `plans` are those of a shape that are lowered as one,
    by number; `plan` then stands for all of them.
    """

    plan: CheckedPlan
    arranged: Arranged
    program: Program
    since: int
    until: Month
    beside: Mapping[str, RateTable] = field(default_factory=dict)
    plans: Mapping[int, CheckedPlan] = field(default_factory=dict)

    @property
    def numbered(self) -> Mapping[int, CheckedPlan]:
        """The plans by the numbers that facts name them by; a single one is 0."""
        return self.plans or {0: self.plan}

    @property
    def first_month(self) -> int:
        """The month in which the plan begins, as 202601: nothing is paid for those before."""
        begins = self.plan.valid_from
        return begins.year * 100 + begins.month

    @property
    def end(self) -> date:
        """The first day that is not looked at."""
        return self.until.period.end

    @property
    def places(self) -> int:
        """The decimals of the plan's currency."""
        return minor_digits(self.plan.currency)

    def scan(self, relation: str) -> Scan:
        """Return one of the arranged relations."""
        return Scan(relation, self.arranged.columns(relation))

    def rows_like(self, table: RateTable) -> tuple[RateRow, ...]:
        """Return a table's rows with those of the other plan's table of the same keys."""
        other = self.beside.get(table.name)
        alike = other is not None and _asked(other) == _asked(table)
        return (*table.rows, *other.rows) if other is not None and alike else table.rows


def _asked(table: RateTable) -> tuple[object, ...]:
    """Return what is asked of a table, whatever its rows are."""
    dated = None if table.dated_by is None else table.dated_by.expression
    keys = [(key.name, key.match, key.tree, key.value.expression) for key in table.keys]
    return dated, *keys


def formulas_in(value: object) -> Iterator[Formula]:
    """Yield every formula of a typed plan or a part of it, without its examples."""
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, (tuple, Mapping)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from formulas_in(item)
    elif is_dataclass(value):
        # What a table's rows say are values: there may be many, and no formula is among them.
        left_out = {"document", "examples", "rows" if isinstance(value, RateTable) else ""}
        for item in fields(value):
            if item.name not in left_out:
                yield from formulas_in(getattr(value, item.name))


def states_of(plan: CheckedPlan) -> tuple[str, ...]:
    """Return the states that a plan's formulas, releases and storno speak of, in order."""
    found = {state for formula in formulas_in(plan) for state in formula.states}
    for shares in plan.release.values():
        found.update(state for share in shares if (state := base_state(share.at)) is not None)
    if plan.storno is not None:
        found.update(_states_of_storno(plan.storno))
    return tuple(sorted(found))


def _states_of_storno(storno: Storno) -> Iterator[str]:
    """Yield the states from which a storno counts time."""
    if storno.after is not None:
        yield storno.after
    for effect in storno.effect.values():
        takes = effect.takes if isinstance(effect, TakeBack) else None
        if isinstance(takes, (TakesBySteps, TakesInProportion)):
            yield takes.since


def names_of(plan: CheckedPlan) -> frozenset[str]:
    """Return everything that a plan's formulas look up."""
    return frozenset(name for formula in formulas_in(plan) for name in formula.names)
