"""Compare a month as an inquiry states it with what approved statements paid for it."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from calc_engine.domain.order_difference import (
    DifferenceKey,
    OrderDifference,
    PostedAmount,
    StatedAmount,
)

KEYS_AT_ONCE = 1_000
"""How many keys of either side are read together."""

Amount_co = TypeVar("Amount_co", covariant=True)


class AmountsAfter(Protocol[Amount_co]):
    """Reads one side's sums in the order of their keys."""

    async def __call__(self, after: DifferenceKey | None, limit: int) -> Sequence[Amount_co]:
        """Return the first sums after a key."""
        ...


async def differences(
    stated: AmountsAfter[StatedAmount],
    posted: AmountsAfter[PostedAmount],
    *,
    after: DifferenceKey | None,
    limit: int,
    only_changed: bool,
    at_once: int = KEYS_AT_ONCE,
) -> Sequence[OrderDifference]:
    """Return the first differences after a key, in the order of their keys.

    Both sides are read a part at a time, so a month of any size takes the same room.

    Args:
        stated: what a run of the month states.
        posted: what was paid for the month, then and later.
        after: the last key that was shown.
        limit: how many are wanted.
        only_changed: leaves out what was paid as it is due now.
        at_once: how many keys of either side are read together.
    """
    found: list[OrderDifference] = []
    while len(found) < limit:
        now = {item.key: item for item in await stated(after, at_once)}
        paid = {item.key: item for item in await posted(after, at_once)}
        # Up to the last key of a side that may go on, the other side is known too.
        ends = [max(side) for side in (now, paid) if len(side) == at_once]
        for key in sorted({*now, *paid}):
            if ends and key > min(ends):
                break
            item = OrderDifference.between(key, now.get(key), paid.get(key))
            if item.difference or not only_changed:
                found.append(item)
        if not ends:
            break
        after = min(ends)
    return found[:limit]
