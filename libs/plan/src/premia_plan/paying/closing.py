"""The end of a month: what is due, and what is carried on to the next."""

from premia_plan.checked import Payment
from premia_plan.paying.moved import Moved
from premia_plan.reference.figure import Figure


def close_month(
    payment: Payment, carried: Figure | None, moved: Moved
) -> tuple[Figure, Figure | None]:
    """Return what is due, and what is carried on; None where nothing is.

    Who has left is paid even the smallest amount.
    """
    write = moved.write
    if carried is not None:
        moved.move("carried_in", "", write.opposite("carried_in", "", carried))
    own = moved.of("carried_in", "draw", "draw_recovery", "loan", "loan_recovery")
    before = write.total("pay_before_carrying", "", [*own[:1], moved.earnings, *own[1:]])
    kept: Figure | None = None
    if before.value < 0 and not (payment.negative_balance == "due at leaving" and moved.has_left):
        is_forgiven = payment.negative_balance == "forgiven"
        kind = "forgiven" if is_forgiven else "carried_out"
        clause = f"{payment.path}/negative_balance"
        left = write.formula(kind, "", "-balance", {"balance": before}, clause=clause)
        moved.move("forgiven" if is_forgiven else "carried_out", "", left)
        kept = None if is_forgiven else left
    elif 0 < before.value < payment.minimum and not moved.has_left:
        clause = f"{payment.path}/minimum"
        least = write.given("payment_minimum", "", payment.minimum, clause=clause)
        text, inputs = "if pay < minimum then -pay else 0", {"pay": before, "minimum": least}
        kept = write.formula("carried_out", "", text, inputs, clause=clause)
        moved.move("carried_out", "", kept)
    paid = [before, *moved.of("carried_out", "forgiven")]
    return write.sum_of("paid_in_month", "", paid), kept
