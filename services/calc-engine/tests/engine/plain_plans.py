"""The library's plans, typed, for tests of the engines."""

from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.library import library_plan


def typed(name: str, *replaced: tuple[str, str]) -> CheckedPlan:
    """Return a plan of the library, with pieces of its text replaced."""
    text = library_plan(name)
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new)
    found = check_plan(parse_plan(text))
    assert found.plan is not None, [str(item) for item in found.errors]
    return found.plan
