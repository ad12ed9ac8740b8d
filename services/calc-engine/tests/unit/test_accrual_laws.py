"""Laws of accruals: whatever closes find, the ledger adds up and only the last batch counts."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from calc_engine.domain.accrual import (
    AccrualBatch,
    AccrualKey,
    Amounts,
    accrual_lines,
    postings_of,
)
from calc_engine.domain.ledger import Account, balances

AT = datetime(2026, 4, 2, tzinfo=UTC)
keys = st.builds(
    AccrualKey,
    st.sampled_from([UUID(int=1), UUID(int=2)]),
    st.sampled_from([UUID(int=9), UUID(int=10)]),
    st.just("plan"),
    st.sampled_from(["base", "override"]),
    st.just("commission"),
    st.sampled_from(["EUR", "CHF"]),
)
cents = st.integers(-1_000_000, 1_000_000).map(lambda number: Decimal(number).scaleb(-2))
amounts = st.dictionaries(keys, cents, max_size=6)
closes = st.lists(st.tuples(amounts, amounts), min_size=1, max_size=5)


@given(found=closes)
def test_after_every_close_the_ledger_is_zero_and_accrued_is_the_last_batch(
    found: list[tuple[Amounts, Amounts]],
) -> None:
    entries = []
    before: AccrualBatch | None = None
    for number, (unapproved, held) in enumerate(found, start=1):
        batch = AccrualBatch(
            UUID(int=100 + number),
            number,
            "2026-03",
            None,
            before.batch_id if before else None,
            UUID(int=7),
            AT,
            accrual_lines(unapproved, held),
        )
        for posting in postings_of(batch, before):
            assert sum(entry.amount.amount for entry in posting.entries) == 0
            entries += posting.entries
        sums = balances(entries)
        for currency in ("EUR", "CHF"):
            accrued = sums.get((Account.ACCRUED, "", currency))
            expected = sum(
                amount
                for side in (unapproved, held)
                for key, amount in side.items()
                if key.currency == currency
            )
            assert (accrued.amount if accrued else 0) == expected
        before = batch


def test_a_component_that_is_neither_held_nor_unapproved_is_on_no_line() -> None:
    key = AccrualKey(UUID(int=1), UUID(int=9), "plan", "base", "commission", "EUR")

    assert accrual_lines({key: Decimal("0.00")}, {}) == ()
