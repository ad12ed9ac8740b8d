"""One answer by however many threads, and by however many workers at once."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from calc_engine.engine.duck import Room
from calc_engine.engine.set_based_calculator import SetBasedCalculator
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import calculate
from premia_plan.relations import Relations

from ..generated.plans import plans  # noqa: TID252
from ..generated.worlds import worlds  # noqa: TID252

UNTIL = Month(2026, 5)
MOST_THREADS = 4

LAW = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[CheckedPlan, Relations]:
    plan = draw(plans())
    return plan, draw(worlds(plan.currency))


def _digest(threads: int, plan: CheckedPlan, facts: Relations) -> str:
    calculator = SetBasedCalculator(Room(threads=threads))
    return calculator.calculate(plan, facts, since=None, until=UNTIL).digest()


@LAW
@given(case=cases(), threads=st.integers(2, MOST_THREADS))
def test_any_number_of_threads_gives_the_same_digest(
    case: tuple[CheckedPlan, Relations], threads: int
) -> None:
    plan, facts = case

    assert _digest(1, plan, facts) == _digest(threads, plan, facts)


@settings(LAW, max_examples=2)
@given(case=cases(), other=cases(), workers=st.integers(2, 3))
def test_several_runs_at_once_by_several_workers_give_each_its_own_digest(
    case: tuple[CheckedPlan, Relations], other: tuple[CheckedPlan, Relations], workers: int
) -> None:
    runs = [case, other, case]
    alone = [calculate(plan, facts, until=UNTIL).digest() for plan, facts in runs]

    with ThreadPoolExecutor(workers) as pool:
        together = list(pool.map(lambda run: _digest(1, *run), runs))

    assert together == alone
