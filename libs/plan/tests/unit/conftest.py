"""What tests of the checker share."""

from collections.abc import Callable

import pytest

from premia_plan.checking import Finding, check_plan
from premia_plan.document import parse_plan


@pytest.fixture
def findings() -> Callable[[str, str, str], tuple[Finding, ...]]:
    """Return what is found in a plan in which a piece is written otherwise."""

    def found(text: str, old: str, new: str) -> tuple[Finding, ...]:
        assert text.count(old) >= 1, old
        return check_plan(parse_plan(text.replace(old, new, 1))).findings

    return found
