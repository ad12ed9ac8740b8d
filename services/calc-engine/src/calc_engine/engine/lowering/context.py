"""What every part of the lowering knows: the plan, the facts' layout and the program it builds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date

from calc_engine.engine.ir import Scan
from calc_engine.engine.layout import Arranged
from calc_engine.engine.program import Program
from premia_common.money import minor_digits
from premia_common.periods import Month
from premia_plan.checked import (
    CheckedPlan,
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
    the last one that is looked at.
    """

    plan: CheckedPlan
    arranged: Arranged
    program: Program
    since: int
    until: Month

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


def formulas_in(value: object) -> Iterator[Formula]:
    """Yield every formula of a typed plan or a part of it, without its examples."""
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, (tuple, Mapping)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from formulas_in(item)
    elif is_dataclass(value):
        for item in fields(value):
            if item.name not in {"document", "examples"}:
                yield from formulas_in(getattr(value, item.name))


def states_of(plan: CheckedPlan) -> tuple[str, ...]:
    """Return the states that a plan's formulas, releases and storno speak of, in order."""
    found = {state for formula in formulas_in(plan) for state in formula.states}
    for shares in plan.release.values():
        found.update(share.state for share in shares if share.state is not None)
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
