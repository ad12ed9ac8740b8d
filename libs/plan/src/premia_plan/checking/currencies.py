"""The rates of other currencies read from their clauses."""

from typing import cast

from premia_plan.checked import Currencies, Exchange, StatementCurrency
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Words, read_formula
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
    pay, targets, stated = (clause.optional(key) for key in ("pay", "targets", "statement"))
    if pay is None and targets is not None:
        hint = Words("Add pay: {rate: daily}", "Aggiungi pay: {rate: daily}")
        raise targets.refuse(
            "currencies.no_pay",
            Words(
                "nothing says at which rate pay counts",
                "nulla dice a quale cambio conta il compenso",
            ),
            hint,
        )
    return Currencies(
        None if pay is None else _read_exchange(pay, words),
        None if targets is None else _read_exchange(targets, words),
        None if stated is None else _read_statement(stated, words),
    )


def _read_statement(clause: Clause, words: Vocabulary) -> StatementCurrency:
    currency = clause.part("in").formula(words.payee, Unit.TEXT)
    return StatementCurrency(currency, cast("RateType", clause.word("rate")), clause.path)


def _read_exchange(clause: Clause, words: Vocabulary) -> Exchange:
    dated_by = clause.optional("dated_by")
    if dated_by is None:
        on = read_formula(SIGNED, clause.path, words.order)
    else:
        on = dated_by.formula(words.order, Unit.DATE)
    return Exchange(cast("RateType", clause.word("rate")), on, clause.path)
