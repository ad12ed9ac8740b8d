"""A payee's cap over statements: what lands, what is taken back, and of which release it was."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from calc_engine.domain.payment_rows import PaymentRows
from calc_engine.domain.rate_basis import RateBasis
from premia_plan.relations import PayeeCapRow

from .paid_books import KEY, PAYEE, PRINCIPAL, SOURCE, Books, line_of, proposed, terms_of


def test_what_is_taken_back_of_an_earlier_month_makes_no_room_under_the_cap() -> None:
    # January pays 50.00 of 60.00. February takes them back, and lands 100.00: 60.00 of them are
    # paid, less the 50.00.
    own, books = terms_of("{minimum: 0 EUR}", None), Books([])
    rows = PaymentRows((), (), (), (), ((KEY, _cap("60")),))
    january = proposed([line_of(1, 5_000, 1)], rows, books, 1, own)
    assert january is not None
    books.approve(january)

    reversal = replace(line_of(3, -5_000, 3), what="reversal", competence="2026-01")
    february = proposed([reversal, line_of(2, 10_000, 2)], rows, books, 2, own)

    assert february is not None
    assert february.payable.amount == Decimal(10)


def test_a_cap_gives_back_what_it_took_of_the_release_that_is_taken_back() -> None:
    # January's competence: 100.00 released in January, of which 60.00 are paid, and 50.00 in
    # February, paid in full. What is taken back in March is February's 50.00: all of it is owed.
    own, books = terms_of("{minimum: 0 EUR}", None), Books([])
    rows = PaymentRows((), (), (), (), ((KEY, _cap("60")),))
    for month, cents in ((1, 10_000), (2, 5_000)):
        line = replace(line_of(month, cents, month), competence="2026-01")
        proposal = proposed([line], rows, books, month, own)
        assert proposal is not None
        books.approve(proposal)
    basis = RateBasis.whole("2026-02", Decimal(-50), UUID(int=9))

    reversal = replace(line_of(3, -5_000, 3), competence="2026-01", what="reversal")
    march = proposed([replace(reversal, rates=basis.text())], rows, books, 3, own)

    assert march is not None
    assert march.carried_forward.amount == Decimal(-50)


def _cap(most: str) -> PayeeCapRow:
    return PayeeCapRow(PAYEE, PRINCIPAL, Decimal(most), None, None, SOURCE)
