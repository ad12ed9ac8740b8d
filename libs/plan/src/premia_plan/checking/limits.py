"""Limits over several earnings, read from their clauses."""

from typing import Literal, cast

from premia_plan.checked import GroupLimit
from premia_plan.checked.steps import Surplus
from premia_plan.checking.cell_formulas import check_periods
from premia_plan.checking.clause import Clause
from premia_plan.checking.leftovers import read_leftover, refuse_leftover
from premia_plan.checking.miswritten import gives_words
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, Names
from premia_plan.language.words import Words
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit
from premia_plan.schema.steps import OVER

OF_PAYEES = tuple(f"payee and {period}" for period in ("month", "quarter", "half", "year"))
OF_PLANS = ("plan and month", "plan and year", "plan")

_IN_ORDER = Words(
    "in order one earning after the other is cut, so no cent is left over",
    "in ordine si taglia un importo dopo l'altro, quindi non avanza alcun centesimo",
)
_BY_AMOUNT = Words(
    "Write pushed_back: by amount, or leave it out", "Scrivi pushed_back: by amount, o toglilo"
)
_ONE_AMOUNT = Words(
    "it limits one amount, which nobody shares", "limita un solo importo, che nessuno divide"
)
_OVER_SEVERAL = Words(
    "Leave it out, or limit over a deal, a payee's period or the plan",
    "Toglilo, oppure limita su deal, su un periodo del beneficiario o sul piano",
)


def is_of_release(clause: Clause) -> bool:
    """Say whether a step limits what is released, and not what is earned."""
    return clause.word("over") == "release"


def check_scope(clause: Clause, over: str, scopes: frozenset[str]) -> None:
    """Note a limit over something that has no place there.

    Raises:
        ClauseRefused: after noting it.
    """
    if not over:
        hint = Words(
            f"Add over: {', or over: '.join(sorted(scopes)[:2])}",
            f"Aggiungi over: {', oppure over: '.join(sorted(scopes)[:2])}",
        )
        raise clause.refuse(
            "limit.no_scope",
            Words("nothing says over what the limit is", "nulla dice su che cosa vale il limite"),
            hint,
        )
    if over not in scopes:
        message = Words(f"nothing here is limited over a {over}", f"qui nulla si limita su {over}")
        hint = Words(
            f"Write one of {', '.join(sorted(scopes.intersection(OVER)))}",
            f"Scrivi uno tra {', '.join(sorted(scopes.intersection(OVER)))}",
        )
        raise clause.part("over").refuse("limit.other_scope", message, hint)


def read_group_limit(clause: Clause, words: Vocabulary, surplus: Surplus) -> GroupLimit:
    """Read a limit over a deal, a payee, or all payees.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    kind: Literal["cap", "floor"] = "cap" if clause.optional("cap") is not None else "floor"
    limit = clause.part(kind)
    whom, period = _scope(clause.word("over"))
    pushed_back = _read_weights(clause.optional("pushed_back"), whom, period, words)
    if pushed_back == "in order":
        refuse_leftover(clause, _IN_ORDER, _BY_AMOUNT)
    return GroupLimit(
        kind,
        _read_amount(limit, whom, period, words),
        whom,
        period,
        pushed_back,
        clause.path,
        read_leftover(clause),
        surplus,
    )


def refuse_pushing_back(clause: Clause) -> None:
    """Note that a limit over one amount says how it is pushed back to several.

    Raises:
        ClauseRefused: if it does.
    """
    named = clause.optional("pushed_back")
    if named is not None:
        raise named.refuse("limit.not_pushed_back", _ONE_AMOUNT, _OVER_SEVERAL)
    refuse_leftover(clause, _ONE_AMOUNT, _OVER_SEVERAL)


def _scope(over: str) -> tuple[Literal["deal", "payee", "plan"], PeriodKind | None]:
    whom, _, period = over.partition(" and ")
    if whom in {"component", "plan"}:
        return "plan", cast("PeriodKind", period) if period else None
    return cast("Literal['deal', 'payee']", whom), cast("PeriodKind", period) if period else None


def _read_amount(
    clause: Clause, whom: str, period: PeriodKind | None, words: Vocabulary
) -> Formula:
    if whom == "deal":
        return clause.formula(words.order_in_time, Unit.MONEY)
    if period is None:
        return clause.formula(Names({}, currency=words.currency), Unit.MONEY)
    formula = clause.formula(words.cell, Unit.MONEY)
    check_periods(clause, formula, words, period)
    return formula


def _read_weights(
    clause: Clause | None, whom: str, period: PeriodKind | None, words: Vocabulary
) -> Formula | Literal["by amount", "in order"]:
    """Return how what changes is pushed back; over longer times what came first keeps its pay."""
    if clause is None:
        return "by amount" if whom == "deal" or period == "month" else "in order"
    if clause.text in {"by amount", "in order"}:
        return cast("Literal['by amount', 'in order']", clause.text)
    text = Clause(clause.text.removeprefix("by "), clause.path, clause.report)
    formula = text.formula(words.order)
    if not formula.unit.is_number:
        message = gives_words(formula)
        raise clause.refuse(
            "unit.unexpected",
            message,
            Words("Weights are numbers of the order", "I pesi sono numeri dell'ordine"),
        )
    return formula
