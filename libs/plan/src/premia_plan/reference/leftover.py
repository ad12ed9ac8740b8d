"""Who takes leftover cents, as the node of a divided amount says it."""

from collections.abc import Mapping

from premia_plan.apportion import LARGEST_FRACTION, Leftover
from premia_plan.results import Detail


def leftover_detail(leftover: Leftover) -> Mapping[str, Detail]:
    """Return what a node says of it: nothing where it is the largest lost fractions."""
    return {} if leftover == LARGEST_FRACTION else {"leftover": leftover}
