"""Two plans over one folder of facts: what each payee would win or lose, and what it costs."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from pathlib import Path
from random import Random

import pytest

from calc_engine.engine.arrange import arrange
from calc_engine.engine.back_test_files import ComponentsDiffer, compare_files
from calc_engine.engine.lowering.calculation import Lowering
from calc_engine.engine.segments import read_segments
from calc_engine.engine.side_by_side import OF_THE_OTHER, side_by_side
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import calculate
from premia_plan.relations import Relations

from ..generated.worlds import world  # noqa: TID252
from .plain_plans import typed
from .segment_files import write_segments

UNTIL = Month(2026, 6)
RAISED = (
    "gives: 3 %}\n      - {territory: italia",
    "gives: 5 %}\n      - {territory: italia",
)

DATED = (
    "from: 2026-01-01, to: 2027-01-01, gives: 3 %",
    "from: 2026-03-10, to: 2027-01-01, gives: 3 %",
)
LEVEL = ("{level: 1, gives: 0.5 %}", "{level: 1, gives: 0.7 %}")
WINDOW = ("{days: 180, after: activated}", "{days: 30, after: activated}")


def written(folder: Path, plan: CheckedPlan) -> Relations:
    facts = world(Random(21), "EUR", 90)
    write_segments(arrange(plan, facts).arranged, folder)
    return facts


def month_of(number: int) -> str:
    return f"{number // 100}-{number % 100:02d}"


def paying(sums: Iterable[tuple[Hashable, int]]) -> dict[Hashable, int]:
    return {key: units for key, units in sums if units}


@pytest.mark.parametrize("change", [RAISED, DATED, LEVEL, WINDOW])
def test_the_sums_of_both_sides_are_those_of_the_reference_engine(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    before, after = typed("agency-energy"), typed("agency-energy", change)
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
        # A row is there for what one of the plans pays: the other then pays nothing.
        assert paying(
            ((payees[row["payee_no"] - 1], month_of(row["month"])), row[side])
            for row in found.payees.to_pylist()
        ) == paying(months.items())
        names = list(plan.components)
        assert paying(
            ((names[row["component"]], row["territory"], row["category"]), row[side])
            for row in found.orders.to_pylist()
        ) == paying(sold.items())
    costs = {
        row["component"]: (row["before"], row["after"]) for row in found.components.to_pylist()
    }
    assert any(one != other for one, other in costs.values())


def test_what_two_plans_agree_on_is_worked_out_once(tmp_path: Path) -> None:
    before, after = typed("agency-energy"), typed("agency-energy", RAISED)
    written(tmp_path, before)
    arranged = read_segments(tmp_path)

    programs = [
        Lowering(plan, arranged, since=None, until=UNTIL, beside=beside).sums()
        for plan, beside in ((before, after), (after, before))
    ]

    both = side_by_side(*programs)
    twice = {name for name in both.before if both.before[name] != both.after[name]}
    assert twice == {"paid_base", "sold_base"}
    again = [step.name for step in both.program.steps if step.name.endswith(OF_THE_OTHER)]
    assert not any(name.startswith(("under_plan", "credits_sale", "counted_")) for name in again)


def test_plans_of_other_components_are_not_compared(tmp_path: Path) -> None:
    before, after = typed("agency-energy"), typed("installer-fee")
    written(tmp_path, before)

    with pytest.raises(ComponentsDiffer, match="order by order"):
        compare_files(before, after, tmp_path, since=None, until=UNTIL)
