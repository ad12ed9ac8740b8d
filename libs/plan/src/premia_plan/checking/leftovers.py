"""Who takes leftover cents, read wherever cents are divided."""

from typing import cast

from premia_plan.apportion import LARGEST_FRACTION, Leftover
from premia_plan.checking.clause import Clause
from premia_plan.language.words import Words


def read_leftover(clause: Clause) -> Leftover:
    """Return who takes the cents that are left over where a clause divides an amount."""
    return cast("Leftover", clause.word("leftover", LARGEST_FRACTION))


def refuse_leftover(clause: Clause, why: Words, hint: Words) -> None:
    """Note that a clause names who takes leftover cents where there are none.

    Raises:
        ClauseRefused: if it does.
    """
    named = clause.optional("leftover")
    if named is not None:
        raise named.refuse("leftover.none", why, hint)
