"""What formulas may name in each scope of a plan, for checking one formula by itself."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Names

SCOPES: Final = ("order", "credit", "cell", "payee", "reversal")
"""Where formulas stand in a plan."""


def scopes_of(words: Vocabulary) -> Mapping[str, Names]:
    """Return the names of each scope, with all that the plan declares.

    Of cells they are those of every kind of subject that a component is of.
    """
    cells = words
    for per in words.figures.subjects.values():
        cells = cells.about(per)
    return {
        "order": words.order_in_time,
        "credit": words.rated_credit.with_states(words.states),
        "cell": cells.cell,
        "payee": words.payee,
        "reversal": words.reversal,
    }


def common_scopes(currency: str) -> Mapping[str, Names]:
    """Return the names of each scope that every plan has, for a formula without a plan."""
    words = Vocabulary(currency, {}, {}, frozenset(), {})
    return {scope: replace(names, currency=currency) for scope, names in scopes_of(words).items()}
