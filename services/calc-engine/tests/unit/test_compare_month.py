"""Two sides of a month, read a part at a time, give what reading them whole gives."""

from collections.abc import Sequence
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from calc_engine.application.compare_month import differences
from calc_engine.domain.order_difference import (
    DifferenceKey,
    OrderDifference,
    PostedAmount,
    StatedAmount,
)
from premia_common.money import Money

KEYS = [
    DifferenceKey(UUID(int=payee), order, "plan", "base", "EUR")
    for payee in (1, 2)
    for order in ("", "O1", "O10", "O2")
]
CENTS = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 2), max_size=8)
NONE = Money.zero("EUR")


@settings(max_examples=40)
@given(
    now=CENTS, paid=CENTS, at_once=st.integers(1, 9), size=st.integers(1, 4), changed=st.booleans()
)
async def test_pages_of_any_size_give_every_difference_once(
    now: dict[DifferenceKey, int],
    paid: dict[DifferenceKey, int],
    at_once: int,
    size: int,
    changed: bool,
) -> None:
    async def stated(after: DifferenceKey | None, limit: int) -> Sequence[StatedAmount]:
        keys = sorted(key for key in now if after is None or key > after)
        return [StatedAmount(key, Money(now[key], "EUR"), ()) for key in keys[:limit]]

    async def posted(after: DifferenceKey | None, limit: int) -> Sequence[PostedAmount]:
        keys = sorted(key for key in paid if after is None or key > after)
        return [PostedAmount(key, Money(paid[key], "EUR"), NONE, ()) for key in keys[:limit]]

    pages: list[OrderDifference] = []
    last: DifferenceKey | None = None
    while page := await differences(
        stated, posted, after=last, limit=size, only_changed=changed, at_once=at_once
    ):
        pages += page
        last = pages[-1].key

    expected = {key: now.get(key, 0) - paid.get(key, 0) for key in {*now, *paid}}
    assert [item.key for item in pages] == sorted(
        key for key, amount in expected.items() if amount or not changed
    )
    assert all(item.difference == Money(expected[item.key], "EUR") for item in pages)
