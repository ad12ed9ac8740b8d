"""The rates of other currencies read from their clauses."""

from typing import cast

from premia_plan.checked import Currencies, Exchange
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import read_formula
from premia_plan.quantities import Unit
from premia_plan.relations.exchange import RateType

SIGNED = "order.signed_on"


def read_currencies(clause: Clause | None, words: Vocabulary) -> Currencies:
    """Read at which rates other currencies count.

    Raises:
        ClauseRefused: after noting a formula that gives no day.
    """
    if clause is None:
        return Currencies()
    targets = clause.optional("targets")
    return Currencies(
        _read_exchange(clause.part("pay"), words),
        None if targets is None else _read_exchange(targets, words),
    )


def _read_exchange(clause: Clause, words: Vocabulary) -> Exchange:
    dated_by = clause.optional("dated_by")
    if dated_by is None:
        on = read_formula(SIGNED, clause.path, words.order)
    else:
        on = dated_by.formula(words.order, Unit.DATE)
    return Exchange(cast("RateType", clause.word("rate")), on, clause.path)
