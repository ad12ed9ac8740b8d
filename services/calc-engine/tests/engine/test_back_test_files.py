"""Two plans over one folder of facts: what each payee would win or lose, and what it costs."""

from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

from calc_engine.engine.arrange import arrange
from calc_engine.engine.back_test_files import ComponentsDiffer, compare_files
from calc_engine.engine.segments import write_segments
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import calculate
from premia_plan.relations import Relations

from ..generated.worlds import world  # noqa: TID252
from .plain_plans import typed

UNTIL = Month(2026, 6)
RAISED = (
    "gives: 3 %}\n      - {territory: italia",
    "gives: 5 %}\n      - {territory: italia",
)


def written(folder: Path, plan: CheckedPlan) -> Relations:
    facts = world(Random(21), "EUR", 90)
    write_segments(arrange(plan, facts).arranged, folder)
    return facts


def test_the_sums_of_both_sides_are_those_of_the_reference_engine(tmp_path: Path) -> None:
    before, after = typed("agency-energy"), typed("agency-energy", RAISED)
    facts = written(tmp_path, before)
    payees = sorted(
        {row.payee_id for row in facts.payees}
        | {name for row in facts.edges for name in (row.payee_id, row.reports_to)}
        | {row.payee_id for row in (*facts.targets, *facts.measurements, *facts.assignments)}
        | {
            payee.payee_id
            for row in facts.orders
            for payee in (row.seller, row.partner)
            if payee is not None and payee.payee_id is not None
        }
    )

    found = compare_files(before, after, tmp_path, since=None, until=UNTIL)

    for side, plan in (("before", before), ("after", after)):
        months: dict[tuple[str | None, str], int] = defaultdict(int)
        sold: dict[tuple[str, str | None, str | None], int] = defaultdict(int)
        orders = {row.order_id: row for row in facts.orders}
        for line in calculate(plan, facts, until=UNTIL).lines:
            if line.month is not None:
                months[line.payee_id, line.month] += int(line.amount * 100)
                order = orders[line.order_id or ""]
                sold[line.component, order.territory or None, order.category or None] += int(
                    line.amount * 100
                )
        assert {
            (payees[row["payee_no"] - 1], f"{row['month'] // 100}-{row['month'] % 100:02d}"): row[
                side
            ]
            for row in found.payees.to_pylist()
        } == months
        names = list(plan.components)
        assert {
            (names[row["component"]], row["territory"], row["category"]): row[side]
            for row in found.orders.to_pylist()
        } == sold
    costs = {
        row["component"]: (row["before"], row["after"]) for row in found.components.to_pylist()
    }
    assert costs[0][0] < costs[0][1]


def test_plans_of_other_components_are_not_compared(tmp_path: Path) -> None:
    before, after = typed("agency-energy"), typed("installer-fee")
    written(tmp_path, before)

    with pytest.raises(ComponentsDiffer, match="order by order"):
        compare_files(before, after, tmp_path, since=None, until=UNTIL)
