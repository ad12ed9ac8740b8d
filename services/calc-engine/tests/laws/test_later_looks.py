"""What landed up to a month stays as it is, however far a calculation looks."""

from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CellComponent, CheckedPlan
from premia_plan.reference import calculate
from premia_plan.relations import Relations
from premia_plan.results import Line

from ..generated.period_plans import period_plans  # noqa: TID252
from ..generated.period_worlds import period_worlds  # noqa: TID252
from ..generated.plans import plans  # noqa: TID252
from ..generated.worlds import worlds  # noqa: TID252

EXAMPLES = 25
LAST = Month(2027, 6)
MONTHS = st.sampled_from([Month(2026, number) for number in (1, 2, 3, 4, 5, 7)])

LAW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def on_orders(draw: st.DrawFn) -> tuple[CheckedPlan, Relations]:
    plan = draw(plans())
    return plan, _known_in_time(draw(worlds(plan.currency)))


def _known_in_time(facts: Relations) -> Relations:
    """Leave out states from before an order was signed: an early look cannot know the order."""
    return replace(
        facts,
        orders=tuple(
            replace(
                order, states=tuple(each for each in order.states if each.on >= order.signed_on)
            )
            for order in facts.orders
        ),
    )


@st.composite
def on_periods(draw: st.DrawFn) -> tuple[CheckedPlan, Relations]:
    plan = draw(period_plans())
    component = next(iter(plan.components.values()))
    over = component.over if isinstance(component, CellComponent) else "month"
    return plan, _known_in_time(draw(period_worlds(plan.currency, over)))


@LAW
@given(case=on_orders() | on_periods(), month=MONTHS)
def test_a_later_look_changes_nothing_in_earlier_months(
    case: tuple[CheckedPlan, Relations], month: Month
) -> None:
    plan, facts = case

    early = calculate(plan, facts, until=month)
    late = calculate(plan, facts, until=LAST)

    assert _landed(early.lines, month) == _landed(late.lines, month)


def _landed(lines: tuple[Line, ...], month: Month) -> set[Line]:
    return {line for line in lines if line.month is not None and line.month <= str(month)}
