"""Pools and limits over all payees name figures of the plan or among payees, no one payee's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace

from premia_plan.checked import Component, GroupLimit, Per, Pool, Step
from premia_plan.checking.clause import Clause
from premia_plan.checking.surroundings import Surroundings
from premia_plan.language import Formula


def check_figures_of_plan(
    clause: Clause,
    pools: Mapping[str, Pool],
    components: Mapping[str, Component],
    steps: Iterable[Step],
    around: Surroundings,
) -> None:
    """Note where a pool, or a limit over all payees, asks for what only one payee has.

    Raises:
        ClauseRefused: after noting it.
    """
    figures = replace(around.figures_of(Per("plan")), populations={})
    limits = [limit for component in components.values() for limit in component.limits]
    limits += [step for step in steps if isinstance(step, GroupLimit)]
    for pool in pools.values():
        for formula in (pool.amount, *_formulas(pool.steps)):
            figures.check(clause, formula)
    for limit in limits:
        if limit.over == "plan":
            figures.check(clause, limit.limit)


def _formulas(steps: Iterable[Step]) -> Iterator[Formula]:
    for step in steps:
        for item in fields(step):
            formula = getattr(step, item.name)
            if isinstance(formula, Formula):
                yield formula
