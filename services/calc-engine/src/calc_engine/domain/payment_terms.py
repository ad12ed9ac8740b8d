"""Terms of payment that a run does not apply: said aloud, never passed over."""

from collections.abc import Iterator

from premia_plan.checked import CheckedPlan
from premia_plan.results import Exception_


def unapplied_terms(plan: CheckedPlan) -> Iterator[Exception_]:
    """Give an exception for a plan whose draws, reserves or balances a run would leave out.

    Runs carry negative balances and pay everything else in full.
    """
    payment = plan.payment
    found = [f"the draw {name}" for name in payment.draws]
    found += [f"the reserve {name}" for name in payment.reserves]
    if payment.minimum > 0:
        found.append("the least payment")
    if payment.negative_balance != "carried":
        found.append(f"a negative balance that is {payment.negative_balance}")
    if found:
        yield Exception_(
            "payment_terms_not_applied",
            f"{plan.name} states {', '.join(found)}, which runs do not apply yet",
            "Take it out in a new version of the plan, or pay it by hand and accept this by name.",
            None,
            None,
            None,
            blocks=True,
        )
