"""Two engines, one answer: for components that pay payees' periods, whatever they read."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from calc_engine.engine.choice import unsupported
from calc_engine.engine.set_based_calculator import SetBasedCalculator
from premia_common.periods import Month
from premia_plan.checked import CellComponent, CheckedPlan
from premia_plan.reference import calculate
from premia_plan.relations import Relations

from ..generated.period_plans import period_plans  # noqa: TID252
from ..generated.period_worlds import period_worlds  # noqa: TID252

EXAMPLES = 25
UNTIL = st.sampled_from([Month(2026, 3), Month(2026, 5), Month(2026, 6), Month(2027, 1)])
SINCE = st.sampled_from([None, None, Month(2026, 3), Month(2026, 5)])


@st.composite
def cases(draw: st.DrawFn) -> tuple[CheckedPlan, Relations]:
    plan = draw(period_plans())
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
def test_both_engines_give_the_same_for_whole_periods(
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
