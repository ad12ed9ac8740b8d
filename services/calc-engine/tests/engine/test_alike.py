"""Plans that differ in their numbers only are worked out in one pass, each as if it were alone."""

from dataclasses import replace
from pathlib import Path
from random import Random
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from calc_engine.engine.alike import by_shape
from calc_engine.engine.arrange import arrange
from calc_engine.engine.layout import Arranged
from calc_engine.engine.result_files import calculate_plans
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import calculate

from ..generated.worlds import world  # noqa: TID252
from .plain_plans import typed
from .segment_files import write_segments

UNTIL = Month(2026, 6)
SIXTY_FOUR = (1 << 64) - 1
NAME = "plan: agency-energy-2026"
RATE = "gives: 3 %}\n      - {territory: italia"
LEVEL = "{level: 1, gives: 0.5 %}"
BANDS = "{from: 0 %, gives: 0 %}, {from: 100 %, gives: 1.5 %}"


def plans() -> dict[int, CheckedPlan]:
    return {
        0: typed("agency-energy"),
        1: typed(
            "agency-energy", (NAME, f"{NAME}-b"), (RATE, RATE.replace("3 %", "3.3333 %")),
            (BANDS, "{from: 0 %, gives: 0.7 %}, {from: 3 %, gives: 2.25 %}"),
        ),
        2: typed("agency-energy", (NAME, f"{NAME}-c"), (LEVEL, LEVEL.replace("0.5 %", "0.125 %"))),
        3: typed("agency-energy", (NAME, f"{NAME}-d"), ("days: 180", "days: 90")),
    }  # fmt: skip


def shared_out(arranged: Arranged, count: int) -> Arranged:
    """Give every plan its share of the orders, and every payee an assignment to each plan."""
    orders, assignments = arranged.tables["orders"], arranged.tables["assignments"]
    numbers = pa.array([row % count for row in range(orders.num_rows)], pa.int32())
    place = orders.schema.get_field_index("plan_no")
    each = [
        assignments.set_column(
            assignments.schema.get_field_index("plan_no"),
            "plan_no",
            pa.array([number] * assignments.num_rows, pa.int32()),
        )
        for number in range(count)
        # Nobody is assigned to the last plan but one: its lines say so.
        if number != count - 2
    ]
    own = {
        "orders": orders.set_column(place, "plan_no", numbers),
        "assignments": pa.concat_tables(each),
    }
    return replace(arranged, tables={**arranged.tables, **own})


def test_a_plan_is_of_the_shape_of_those_that_differ_in_rates_and_bands_only() -> None:
    groups = by_shape(plans())

    assert [sorted(group) for group in groups] == [[0, 1, 2], [3]]


def test_each_plan_pays_in_one_pass_what_it_pays_alone(tmp_path: Path) -> None:
    facts, every = world(Random(3), "EUR", 90), plans()
    source = tmp_path / "segments"
    source.mkdir()
    arranged = arrange(every[0], facts).arranged
    numbers = dict(enumerate(arranged.tables["orders"]["order_id"].to_pylist()))
    write_segments(shared_out(arranged, len(every)), source)
    found: dict[int, dict[UUID, int]] = {number: {} for number in every}

    for group, files in calculate_plans(every, source, tmp_path, since=None, until=UNTIL):
        kinds = {row["kind"]: row for row in pq.read_table(files["kinds"]).to_pylist()}
        for row in pq.read_table(files["lines"]).to_pylist():
            line_id = UUID(int=(row["id_high"] & SIXTY_FOUR) << 64 | row["id_low"] & SIXTY_FOUR)
            plan_no = kinds[row["kind"]]["plan_no"] if len(group) > 1 else min(group)
            assert line_id not in found[plan_no]
            found[plan_no][line_id] = row["units"]

    for number, plan in every.items():
        own = {order_id for place, order_id in numbers.items() if place % len(every) == number}
        alone = replace(
            facts,
            orders=tuple(row for row in facts.orders if row.order_id in own),
            assignments=() if number == len(every) - 2 else facts.assignments,
        )
        assert found[number] == {
            line.line_id: int(line.amount * 100)
            for line in calculate(plan, alone, until=UNTIL).lines
        }, number
        assert found[number]
