"""Recalculating what a change reaches gives what calculating everything gives, to the byte."""

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.incremental import recalculate
from premia_plan.reference import calculate
from premia_plan.relations import Relations
from premia_plan.results import Calculation

from ..generated.changes import arrivals, changes  # noqa: TID252
from ..generated.plans import plans  # noqa: TID252
from ..generated.worlds import worlds  # noqa: TID252

EXAMPLES = 60
UNTIL = st.sampled_from([Month(2026, 3), Month(2026, 5), Month(2027, 1)])
SINCE = st.sampled_from([None, None, Month(2026, 3)])
SEEDS = st.integers(0, 2**32 - 1)

LAW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[CheckedPlan, Relations, Relations]:
    plan = draw(plans())
    return plan, draw(worlds(plan.currency)), draw(worlds(plan.currency))


@LAW
@given(case=cases(), seed=SEEDS, until=UNTIL, since=SINCE)
def test_a_result_renewed_after_each_change_is_the_result_of_all_facts(
    case: tuple[CheckedPlan, Relations, Relations], seed: int, until: Month, since: Month | None
) -> None:
    plan, before, other = case
    result = calculate(plan, before, since=since, until=until)

    for after in changes(before, other, seed, steps=4):
        found = recalculate(
            plan, result, before, after, calculate=calculate, until=until, since=since
        )
        event("whole plan" if found.scope.everything else "a scope")
        same(found.calculation, calculate(plan, after, since=since, until=until))
        result, before = found.calculation, after


@LAW
@given(case=cases(), seed=SEEDS, batches=st.integers(2, 6), until=UNTIL)
def test_facts_may_arrive_in_any_batches_and_any_order(
    case: tuple[CheckedPlan, Relations, Relations], seed: int, batches: int, until: Month
) -> None:
    plan, facts, _ = case
    before = Relations(trees=facts.trees)
    result = calculate(plan, before, until=until)

    for after in arrivals(facts, seed, batches):
        found = recalculate(plan, result, before, after, calculate=calculate, until=until)
        result, before = found.calculation, after

    same(result, calculate(plan, facts, until=until))


def same(incremental: Calculation, full: Calculation) -> None:
    """Fail with the part that differs, if one does."""
    assert incremental.lines == full.lines
    assert incremental.exceptions == full.exceptions
    assert incremental.cells == full.cells
    assert incremental.nodes == full.nodes
    assert incremental.digest() == full.digest()
