"""Steps read from their clauses."""

from decimal import Decimal

from premia_common.money import minor_digits, round_half_up
from premia_plan.checked import (
    CapStep,
    GateStep,
    RoundStep,
    Step,
)
from premia_plan.checking.clause import Clause
from premia_plan.language import Names
from premia_plan.quantities import Unit


def read_steps(clause: Clause, names: Names, currency: str, each: str) -> tuple[Step, ...]:
    """Read a component's steps; gates may name `names`, and `each` is what it rounds.

    Raises:
        ClauseRefused: after noting what keeps a step from being read.
    """
    steps = tuple(_read_step(entry, names, currency) for entry in clause.entries())
    if not any(isinstance(step, RoundStep) for step in steps):
        hint = f"Add {{round: cent, mode: half_up, each: {each}}}"
        clause.error("steps.no_round", "nothing says where the amount is rounded", hint)
    return steps


def _read_step(clause: Clause, names: Names, currency: str) -> Step:
    if clause.optional("round") is not None:
        return RoundStep(clause.path)
    cap = clause.optional("cap")
    if cap is not None:
        return CapStep(_cents(cap, currency), clause.path)
    condition = clause.part("gate").formula(names, Unit.BOOL)
    return GateStep(condition, _cents(clause.part("otherwise"), currency), clause.path)


def _cents(clause: Clause, currency: str) -> Decimal:
    amount = clause.amount(Unit.MONEY, currency).value
    rounded = round_half_up(amount, minor_digits(currency))
    if amount < 0 or rounded != amount:
        hint = "Write an amount of zero or more, no finer than a cent"
        raise clause.refuse("value.not_possible", f"{clause.text} cannot be a limit", hint)
    return rounded
