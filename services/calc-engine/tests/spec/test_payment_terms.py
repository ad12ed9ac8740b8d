"""Terms of payment that runs do not apply are exceptions, not silence."""

from dataclasses import replace
from fractions import Fraction

import pytest

from calc_engine.domain.payment_terms import unapplied_terms
from premia_plan.checked.payment import Payment
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.library import library_plan

AGENCY = check_plan(parse_plan(library_plan("agency-energy"))).plan or pytest.fail("findings")


def test_a_plan_that_only_carries_negative_balances_is_paid_as_it_says() -> None:
    assert list(unapplied_terms(AGENCY)) == []


@pytest.mark.parametrize(
    ("payment", "named"),
    [
        (Payment(minimum=Fraction(25)), "the least payment"),
        (Payment(negative_balance="forgiven"), "a negative balance that is forgiven"),
    ],
)
def test_terms_that_runs_leave_out_are_named_and_block(payment: Payment, named: str) -> None:
    [found] = unapplied_terms(replace(AGENCY, payment=payment))

    assert found.code == "payment_terms_not_applied"
    assert named in found.message
    assert found.blocks


def test_a_plan_with_a_draw_is_named_with_it() -> None:
    newcomer = check_plan(parse_plan(library_plan("newcomer-draw"))).plan
    assert newcomer is not None
    assert "the draw" in next(unapplied_terms(newcomer)).message
