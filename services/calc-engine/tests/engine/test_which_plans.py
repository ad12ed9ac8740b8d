"""Which plans of the library run by sets, and what keeps the others on the reference engine."""

from pathlib import Path

from calc_engine.engine.choice import unsupported
from calc_engine.engine.understood import not_understood
from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.library import PLANS, library_plan, metric, metric_ids

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "set-based-engine.md"
BY_SETS = "set-based"


def test_the_page_says_of_every_plan_of_the_library_which_engine_runs_it() -> None:
    found = [_row(name, library_plan(name)) for name in PLANS]
    found += [_row(f"metric {name}", metric(name).worked_plan()) for name in metric_ids()]

    written = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]

    assert written == found, "the page should read:\n" + "\n".join(found)


def test_most_plans_of_the_library_run_by_sets() -> None:
    refused = [name for name in PLANS if _refused(_typed(library_plan(name)))]

    assert len(PLANS) - len(refused) >= 11, refused


def _row(name: str, text: str) -> str:
    refused = _refused(_typed(text))
    engine = "reference" if refused else BY_SETS
    return f"| `{name}` | {engine} | {'; '.join(refused)} |"


def _refused(plan: CheckedPlan) -> tuple[str, ...]:
    """Return what of a plan is not lowered, by name."""
    return not_understood(plan) or unsupported(plan)


def _typed(text: str) -> CheckedPlan:
    found = check_plan(parse_plan(text))
    assert found.plan is not None, [str(item) for item in found.errors]
    return found.plan
