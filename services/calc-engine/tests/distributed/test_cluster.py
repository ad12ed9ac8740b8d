"""The same program over a cluster's workers gives what DuckDB gives, to the last digit."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.compiled import UNTIL as BENCH_UNTIL
from bench.compiled import typed_plan
from bench.data import prepared
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from calc_engine.engine.choice import EngineChoice
from calc_engine.engine.cluster import Cluster, open_cluster
from calc_engine.engine.database import Database
from calc_engine.engine.duck import Duck
from calc_engine.engine.ir import Aggregate, Column, Kind, Project, Relation, Scan, Window
from calc_engine.engine.program import Program
from calc_engine.engine.ratio import WHOLE_MOST, Ratio
from calc_engine.engine.refusal import ClusterFailed, FigureTooLarge
from calc_engine.engine.result_files import calculate_files
from calc_engine.engine.set_based_calculator import SetBasedCalculator
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import calculate
from premia_plan.relations import Relations

from ..engine.plain_plans import typed  # noqa: TID252
from ..generated.plans import plans  # noqa: TID252
from ..generated.worlds import world, worlds  # noqa: TID252

EXAMPLES = 12
BENCH_ORDERS = 20_000
UNTIL = st.sampled_from([Month(2026, 3), Month(2026, 5), Month(2027, 1)])
VALUE = Column("value", Kind.WHOLE)
THIRD = Ratio.written(Fraction(1, 3))
GIVEN = Scan("given", {"key": Kind.WHOLE, "value": Kind.WHOLE})


@st.composite
def cases(draw: st.DrawFn) -> tuple[CheckedPlan, Relations]:
    plan = draw(plans())
    return plan, draw(worlds(plan.currency))


def test_at_least_two_workers_run(cluster: Cluster) -> None:
    session = SparkSession.builder.remote(cluster.url).create()
    # Sail starts them with a session's first work; on Spark this is for who started it to know.
    session.range(0, 100_000, 1, 8).selectExpr("sum(id)").toArrow()
    if session.sql("SHOW CATALOGS LIKE 'system'").toArrow().num_rows:
        running = session.sql("SELECT status FROM system.cluster.workers").toArrow()
        assert running.column("status").to_pylist().count("RUNNING") >= 2
    session.stop()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(case=cases(), until=UNTIL)
def test_generated_plans_give_the_same_lines_cells_exceptions_and_explanations(
    cluster: Cluster, case: tuple[CheckedPlan, Relations], until: Month
) -> None:
    plan, facts = case
    here = SetBasedCalculator().calculate(plan, facts, since=None, until=until)

    there = SetBasedCalculator(open_database=open_cluster(cluster)).calculate(
        plan, facts, since=None, until=until
    )

    assert there.lines == here.lines
    assert there.cells == here.cells
    assert there.exceptions == here.exceptions
    assert there.nodes == here.nodes
    assert there.digest() == here.digest()
    assert list(cluster.exchange.iterdir()) == []


def test_the_measured_plan_gives_the_same_files(cluster: Cluster, tmp_path: Path) -> None:
    """Lines and every relation of their lineage, of so many orders that all workers have some."""
    source = prepared(BENCH_ORDERS).folder
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    plan = typed_plan()
    ours = calculate_files(plan, source, here, since=None, until=BENCH_UNTIL)

    theirs = calculate_files(
        plan, source, there, since=None, until=BENCH_UNTIL, database=open_cluster(cluster)()
    )

    assert set(theirs) == set(ours)
    assert pq.read_metadata(ours["lines"]).num_rows > 4 * BENCH_ORDERS
    for name, path in ours.items():
        first, second = rows_of(path), rows_of(theirs[name])
        assert second.cast(first.schema).equals(first), name
        assert second.schema.types == first.schema.types, name
        assert payees_of(theirs[name]) == sorted(payees_of(theirs[name])), name


def rows_of(path: Path) -> pa.Table:
    """Return a file's rows in an order of their own: as they lie does not matter."""
    table = pq.read_table(path)
    return table.sort_by([(name, "ascending") for name in table.column_names])


def payees_of(path: Path) -> list[int]:
    table = pq.read_table(path)
    if "payee_no" not in table.column_names:
        return []
    return [payee for payee in table.column("payee_no").to_pylist() if payee is not None]


def evaluated(database: Database, values: list[int], relation: Relation) -> pa.Table:
    rows = {"key": [1] * len(values), "value": values}
    program = Program()
    program.result("found", relation, kept=True)
    with database:
        database.load({"given": pa.table({n: pa.array(v, pa.int64()) for n, v in rows.items()})})
        database.run(program)
        return database.read("result_found")


MOST = [WHOLE_MOST, WHOLE_MOST - 1]
TEN_DIGITS = Ratio.scaled(VALUE, 1, 10**10)
TOO_LARGE: dict[str, tuple[list[int], Relation]] = {
    "a sum": (MOST, Aggregate(GIVEN, ("key",), {"found": ("sum", VALUE)})),
    "a running sum": (
        MOST,
        Window(GIVEN, "found", "running", VALUE, ("key",), (("value", "rising"),)),
    ),
    "a rounded quotient": (
        [10**10, 1],
        Project(GIVEN, {"found": (TEN_DIGITS * TEN_DIGITS * THIRD).rounded(0)}),
    ),
}


@pytest.mark.parametrize(("values", "relation"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_figure_that_leaves_63_bits_is_an_error_there_as_it_is_here(
    cluster: Cluster, values: list[int], relation: Relation
) -> None:
    for database in (Duck(), open_cluster(cluster)()):
        with pytest.raises(FigureTooLarge, match="no line was written"):
            evaluated(database, values, relation)


def test_what_is_worked_out_in_127_bits_comes_back_whole(cluster: Cluster) -> None:
    below = Ratio.written(Fraction(1, 7 * 10**14))
    shrunk = Project(GIVEN, {"found": (TEN_DIGITS * TEN_DIGITS * below).rounded(0)})
    values = [10**10, -(10**10) + 5, 3, -7]

    here = evaluated(Duck(), values, shrunk)
    there = evaluated(open_cluster(cluster)(), values, shrunk)

    assert sorted(here["found"].to_pylist()) == [0, 0, 142857, 142857]
    assert sorted(there["found"].to_pylist()) == [0, 0, 142857, 142857]


def test_a_run_of_so_many_orders_goes_to_the_cluster_and_a_smaller_one_does_not(
    cluster: Cluster,
) -> None:
    plan, facts = typed("agency-energy"), world(Random(9), "EUR", 60)
    plain = calculate(plan, facts, since=None, until=Month(2026, 6))
    count = len(facts.orders)

    for orders_from, goes in ((count, True), (count + 1, False)):
        choice = EngineChoice(1, cluster=replace(cluster, orders_from=orders_from))
        chosen = choice.choose(plan, facts)
        assert (chosen is choice.choose(plan, replace(facts, orders=facts.orders[1:]))) is not goes
        found = chosen.calculate(plan, facts, since=None, until=Month(2026, 6))
        assert found.digest() == plain.digest()


def test_a_cluster_that_does_not_answer_is_named_with_what_to_look_at(tmp_path: Path) -> None:
    plan, facts = typed("agency-energy"), world(Random(9), "EUR", 60)
    nowhere = SetBasedCalculator(open_database=open_cluster(Cluster("sc://127.0.0.1:9", tmp_path)))

    with pytest.raises(ClusterFailed, match="PREMIA_SPARK_CONNECT_URL"):
        nowhere.calculate(plan, facts, since=None, until=Month(2026, 6))

    assert list(tmp_path.iterdir()) == []
