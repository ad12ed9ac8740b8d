"""Loans: paid with a month's pay, and taken back in instalments."""

from fractions import Fraction

from premia_plan.paying.accounts import LoanAccount
from premia_plan.paying.moved import Moved
from premia_plan.reference.figure import Figure


def lend(account: LoanAccount, moved: Moved) -> None:
    """Pay a loan in its month."""
    loan = account.loan
    if loan.month == moved.write.month:
        lent = moved.write.given("loan", loan.loan_id, Fraction(loan.amount), source=loan.source)
        moved.move("loan", loan.loan_id, lent)


def take_instalment(account: LoanAccount, carried: Figure | None, moved: Moved) -> None:
    """Take an instalment as far as there is pay; all that is owed from who leaves."""
    loan, write, debts = account.loan, moved.write, account.debts
    debts.move("loan_owed_before", loan.loan_id, moved, "loan")
    owed = debts.owed
    if owed is None or not owed.value:
        return
    if moved.has_left:
        due = write.opposite("loan_due", loan.loan_id, owed)
        moved.move("loan_recovery", loan.loan_id, due)
    elif loan.recovered_from <= write.month:
        before = [moved.earnings]
        if carried is not None:
            before.insert(0, write.opposite("carried_in", "", carried))
        before += moved.of("draw", "draw_recovery", "loan_recovery")
        inputs = {
            "owed": owed,
            "instalment": write.given(
                "loan_instalment", loan.loan_id, Fraction(loan.instalment), source=loan.source
            ),
            "pay": write.total("pay_before_instalment", loan.loan_id, before),
        }
        text = "-min(owed, instalment, max(0, pay))"
        clause = "/payment"
        taken = write.formula("loan_recovery", loan.loan_id, text, inputs, clause=clause)
        moved.move("loan_recovery", loan.loan_id, taken)
    debts.move("loan_owed", loan.loan_id, moved, "loan_recovery")
