"""Limits over several earnings, read from their clauses."""

from typing import Literal, cast

from premia_plan.checked import GroupLimit
from premia_plan.checking.cell_formulas import check_periods
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, Names
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit


def read_limits(clause: Clause | None, words: Vocabulary) -> tuple[GroupLimit, ...]:
    """Read a plan's limits over all its components.

    Raises:
        ClauseRefused: after noting what keeps one from being read.
    """
    entries = [] if clause is None else clause.entries()
    return tuple(read_group_limit(entry, words) for entry in entries)


def read_group_limit(clause: Clause, words: Vocabulary) -> GroupLimit:
    """Read a limit over a deal, a payee, or all payees.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    kind: Literal["cap", "floor"] = "cap" if clause.optional("cap") is not None else "floor"
    limit = clause.part(kind)
    if clause.word("surplus") == "carried":
        hint = "Write surplus: lost"
        raise clause.part("surplus").refuse(
            "limit.not_carried", "the surplus of several earnings is nobody's alone", hint
        )
    over = clause.word("over")
    if not over:
        hint = "Add over: deal, or over: payee and month"
        raise clause.refuse("limit.no_scope", "nothing says over what the limit is", hint)
    whom, period = _scope(over)
    return GroupLimit(
        kind,
        _read_amount(limit, whom, period, words),
        whom,
        period,
        _read_weights(clause.optional("pushed_back"), period, words),
        clause.path,
    )


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
    clause: Clause | None, period: PeriodKind | None, words: Vocabulary
) -> Formula | Literal["by amount", "in order"]:
    """Return how what changes is pushed back; over longer periods what came first keeps its pay."""
    if clause is None:
        return "by amount" if period in {None, "month"} else "in order"
    if clause.text in {"by amount", "in order"}:
        return cast("Literal['by amount', 'in order']", clause.text)
    text = Clause(clause.text.removeprefix("by "), clause.path, clause.report)
    formula = text.formula(words.order)
    if not formula.unit.is_number:
        message = f"{formula.text} gives {formula.unit}"
        raise clause.refuse("unit.unexpected", message, "Weights are numbers of the order")
    return formula
