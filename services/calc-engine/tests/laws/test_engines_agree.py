"""Two engines, one answer: to the last digit, with the same ids and the same explanation."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from calc_engine.engine.set_based_calculator import SetBasedCalculator
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import calculate
from premia_plan.relations import Relations

from ..generated.plans import plans  # noqa: TID252
from ..generated.worlds import worlds  # noqa: TID252

EXAMPLES = 30
UNTIL = st.sampled_from([Month(2026, 3), Month(2026, 5), Month(2027, 1)])
SINCE = st.sampled_from([None, None, Month(2026, 3), Month(2026, 5)])


@st.composite
def cases(draw: st.DrawFn) -> tuple[CheckedPlan, Relations]:
    plan = draw(plans())
    return plan, draw(worlds(plan.currency))


# A world is drawn from one number, so there is little to shrink, and a case takes half a second.
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(case=cases(), until=UNTIL, since=SINCE)
def test_both_engines_give_the_same_lines_cells_exceptions_and_explanations(
    case: tuple[CheckedPlan, Relations], until: Month, since: Month | None
) -> None:
    plan, facts = case
    plain = calculate(plan, facts, since=since, until=until)

    by_sets = SetBasedCalculator().calculate(plan, facts, since=since, until=until)

    assert by_sets.lines == plain.lines
    assert by_sets.cells == plain.cells
    assert by_sets.exceptions == plain.exceptions
    assert by_sets.nodes == plain.nodes
    assert by_sets.digest() == plain.digest()
