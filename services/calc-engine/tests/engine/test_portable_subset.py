"""Every statement is written of the few operations that other servers read as DuckDB does."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
import sqlglot
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from calc_engine.engine.arrange import arrange
from calc_engine.engine.duck import Duck
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Constant,
    Filter,
    Join,
    Kind,
    Operation,
    Relation,
    Scan,
    Union,
    Window,
    columns_of,
)
from calc_engine.engine.lowering.calculation import Lowering
from calc_engine.engine.program import Program, Step
from calc_engine.engine.prune import pruned
from calc_engine.engine.sql import Printer
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.relations import Relations

from ..generated.group_plans import group_plans  # noqa: TID252
from ..generated.plans import plans  # noqa: TID252
from ..generated.worlds import world  # noqa: TID252
from .plain_plans import typed
from .portable_statements import departures

ONE = Constant(1, Kind.WHOLE)
SINCE, UNTIL = Month(2026, 2), Month(2026, 6)
drawn = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def program(plan: CheckedPlan, facts: Relations = Relations()) -> Program:  # noqa: B008 - frozen
    arranged = arrange(plan, facts).arranged
    return pruned(Lowering(plan, arranged, since=SINCE, until=UNTIL).program())


def found_in(found: Program) -> set[str]:
    """Return what any statement of a program holds beyond the subset."""
    printer = Printer("spark")
    return {
        departure for step in found.steps for departure in departures(printer.tree(step.relation))
    }


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee", "pharma-ranking"])
def test_a_plan_of_the_library_is_written_in_the_portable_subset(name: str) -> None:
    assert found_in(program(typed(name))) == set()


@drawn
@given(plan=st.one_of(plans(), group_plans()))
def test_any_plan_is_written_in_the_portable_subset(plan: CheckedPlan) -> None:
    assert found_in(program(plan)) == set()


@pytest.mark.parametrize(
    ("text", "departure"),
    [
        ("SELECT SUM(a) AS s FROM t", "a total without a type: SUM(a)"),
        ("SELECT a / b AS q FROM t", "a fraction: a / "),
        ("SELECT ROUND(a, 2) AS r FROM t", "a Round: ROUND(a, 2)"),
        ("SELECT CAST(a AS DOUBLE) AS d FROM t", "a cast to DOUBLE"),
        ("WITH w AS (SELECT a FROM t) SELECT a FROM w", "a With: WITH w AS (SELECT a FROM t)"),
        ("SELECT * FROM t", "a Star: *"),
        ("SELECT percentile(a, 1) AS p FROM t", "a Quantile: "),
        (
            "SELECT CAST(ROW_NUMBER() OVER (PARTITION BY a) AS BIGINT) AS n FROM t",
            "a window without an order: ROW_NUMBER() OVER (PARTITION BY a)",
        ),
        (
            "SELECT CAST(SUM(b) OVER (ORDER BY a) AS BIGINT) AS n FROM t",
            "a running total over rows that are not told: SUM(b) OVER (ORDER BY a)",
        ),
        ("SELECT a FROM t LIMIT 1", "a Limit: LIMIT 1"),
        ("SELECT some_function(a) AS f FROM t", "a Anonymous: SOME_FUNCTION"),
    ],
)
def test_what_leaves_the_subset_is_named(text: str, departure: str) -> None:
    assert any(
        found.startswith(departure) for found in departures(sqlglot.parse_one(text, read="spark"))
    )


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee", "pharma-ranking"])
def test_every_statement_reads_back_as_spark_sql(name: str) -> None:
    printer = Printer("spark")

    for step in program(typed(name)).steps:
        text = printer.text(step.relation)
        assert sqlglot.parse_one(text, read="spark").named_selects == list(
            printer.tree(step.relation).named_selects
        )


def windows(relation: Relation) -> Iterator[Window]:
    if isinstance(relation, Window):
        yield relation
    match relation:
        case Scan():
            return
        case Join():
            inner: tuple[Relation, ...] = (relation.left, relation.right)
        case Union():
            inner = relation.parts
        case _:
            inner = (relation.source,)
    for each in inner:
        yield from windows(each)


def with_ties(found: Program) -> Program:
    """Return a program whose results are the rows that an ordered window could take in any order."""
    steps: list[Step] = []
    results: dict[str, Scan] = {}
    for step in found.steps:
        for place, window in enumerate(each for each in windows(step.relation) if each.order):
            keys = (*window.partition, *(name for name, _ in window.order))
            rows = Aggregate(
                window.source, tuple(dict.fromkeys(keys)), {"rows_found": ("count", ONE)}
            )
            more = Operation("more", (Column("rows_found", Kind.WHOLE), ONE), Kind.BOOL)
            tied = Filter(rows, more)
            name = f"ties_{step.name}_{place}"
            steps.append(Step(name, tied, is_kept=True))
            results[name] = Scan(name, dict(columns_of(tied)))
        steps.append(step)
    return pruned(replace(found, steps=steps, results=results))


def ties(plan: CheckedPlan, facts: Relations) -> tuple[int, list[str]]:
    """Return how many windows were looked at, and those whose order leaves rows that are alike."""
    arranged = arrange(plan, facts).arranged
    asked = with_ties(program(plan, facts))
    with Duck() as duck:
        duck.open(arranged)
        duck.run(asked)
        found = [name for name, scan in asked.results.items() if duck.read(scan.name).num_rows]
    return len(asked.results), found


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee"])
def test_the_windows_of_a_plan_of_the_library_have_total_orders(name: str) -> None:
    looked_at, found = ties(typed(name), world(Random(9), "EUR", 60))

    assert looked_at > 0
    assert found == []


@drawn
@given(plan=plans())
def test_the_windows_of_any_plan_have_total_orders(plan: CheckedPlan) -> None:
    assert ties(plan, world(Random(plan.name), plan.currency, 40))[1] == []


def test_plans_that_differ_only_in_their_numbers_are_the_same_program() -> None:
    plan = typed(
        "agency-energy",
        ("gives: 3 %}\n      - {territory: italia", "gives: 4 %}\n      - {territory: italia"),
    )

    assert program(plan).steps == program(typed("agency-energy")).steps
