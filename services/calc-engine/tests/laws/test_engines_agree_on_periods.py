"""Two engines, one answer: for components that pay payees' periods, whatever they read.

And for whoever is not in the plan in a period the answer is nothing, whatever is recorded.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from calc_engine.engine.choice import unsupported
from calc_engine.engine.set_based_calculator import SetBasedCalculator
from premia_common.periods import Month
from premia_plan.checked import CellComponent, CheckedPlan
from premia_plan.period import end_day, first_day
from premia_plan.reference import calculate
from premia_plan.relations import AssignmentRow, PayeeRow, Relations
from premia_plan.results import Calculation

from ..generated.group_plans import group_plans  # noqa: TID252
from ..generated.period_plans import period_plans  # noqa: TID252
from ..generated.period_worlds import period_worlds  # noqa: TID252

EXAMPLES = 25
UNTIL = st.sampled_from([Month(2026, 3), Month(2026, 5), Month(2026, 6), Month(2027, 1)])
SINCE = st.sampled_from([None, None, Month(2026, 3), Month(2026, 5)])


@st.composite
def cases(draw: st.DrawFn) -> tuple[CheckedPlan, Relations]:
    plan = draw(st.one_of(period_plans(), group_plans()))
    component = next(iter(plan.components.values()))
    over = component.over if isinstance(component, CellComponent) else "month"
    return plan, draw(period_worlds(plan.currency, over))


# A world is drawn from one number, so there is little to shrink, and a case takes half a second.
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(case=cases(), until=UNTIL, since=SINCE)
def test_both_engines_give_the_same_for_whole_periods_and_nobody_outside_anything(
    case: tuple[CheckedPlan, Relations], until: Month, since: Month | None
) -> None:
    plan, facts = case
    assert unsupported(plan) == ()
    plain = calculate(plan, facts, since=since, until=until)

    by_sets = SetBasedCalculator().calculate(plan, facts, since=since, until=until)

    assert by_sets.exceptions == plain.exceptions
    assert by_sets.lines == plain.lines
    assert by_sets.cells == plain.cells
    assert by_sets.nodes == plain.nodes
    assert by_sets.digest() == plain.digest()
    pays_nobody_outside(plan, facts, by_sets)


def pays_nobody_outside(plan: CheckedPlan, facts: Relations, found: Calculation) -> None:
    """Fail if somebody is paid, or holds a run up, for a period in which no day is in the plan."""
    cells = {(line.payee_id, line.competence) for line in found.lines}
    told = {(e.payee_id, e.month) for e in found.exceptions if e.order_id is None and e.month}
    outside = {cell for cell in {*cells, *told} if not is_in_plan(plan, facts, *cell)}
    assert not outside & told
    for line in found.lines:
        if (line.payee_id, line.competence) in outside:
            assert (line.what, line.amount) == ("not_paid", 0)
            assert line.reason_code in {"payee_not_participating", "payee_not_assigned"}


def is_in_plan(plan: CheckedPlan, facts: Relations, payee_id: str | None, period: str) -> bool:
    """Say whether a payee takes part and is assigned on some day, looked at day by day."""
    first, end = max(first_day(period), plan.valid_from), min(end_day(period), plan.valid_to)
    if first >= end:
        first, end = plan.valid_to - timedelta(days=1), plan.valid_to
    days = [first + timedelta(days=count) for count in range((end - first).days)]
    rows = [row for row in facts.payees if row.payee_id == payee_id]
    held = [row for row in facts.assignments if row.payee_id == payee_id]
    return any(
        any(_holds(row, day) for row in held)
        and plan.participants.evaluate(_As([row for row in rows if _holds(row, day)]))
        for day in days
    )


def _holds(row: AssignmentRow | PayeeRow, day: date) -> bool:
    return (row.valid_from or day) <= day and (row.valid_to is None or day < row.valid_to)


class _As:
    """A payee as the rows of a day describe one."""

    def __init__(self, rows: Sequence[PayeeRow]) -> None:
        self._known = {name: value for row in rows for name, value in row.attributes.items()}

    def value(self, name: str) -> str | None:
        found = self._known.get(name.removeprefix("payee."))
        return found if isinstance(found, str) else None

    def day_reached(self, state: str) -> date | None:
        return None
