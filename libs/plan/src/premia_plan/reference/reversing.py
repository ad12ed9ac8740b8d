"""An earning's shares followed through the reversals and reinstatements of its order."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from premia_plan.checked import TakeBack
from premia_plan.language import FactMissing
from premia_plan.reference.reversal import Reversal
from premia_plan.reference.reversed_earning import Blow, ReversedEarning, effect_on
from premia_plan.reference.reversed_share import ReversedShare
from premia_plan.reference.share import NOTHING, Share
from premia_plan.reference.taking import Taken, part_taken
from premia_plan.reference.taking_of_earned import TakingOfEarned


class _Event(NamedTuple):
    """A reversal that comes (`restores` False), or one that is undone; those come last in a day."""

    day: date
    restores: bool
    place: int
    blow: Blow


def settle_reversed(whose: ReversedEarning, shares: Sequence[Share]) -> None:
    """Write the lines of all shares of an earning whose order was reversed.

    What happens on a day changes nothing of what was released and taken back before it.
    """
    blows = [
        Blow(item, _taken(whose, item, effect), effect)
        for item in whose.order.reversals
        if (effect := effect_on(whose.earning.component, item)) is not None
    ]
    ways = [ReversedShare(whose, share) for share in shares]
    taking = TakingOfEarned(whose, ways)
    for day, restores, _, blow in sorted(_events(blows)):
        if restores:
            for way in ways:
                way.restore(blow, day)
            taking.restore(blow, day)
            continue
        released = [way for way in ways if way.meet(blow)]
        if blow.effect.out_of == "earned":
            taking.meet(blow, released)
    for way in ways:
        way.finish()


def _events(blows: Sequence[Blow]) -> Iterator[_Event]:
    for place, blow in enumerate(blows):
        yield _Event(blow.reversal.day, False, place, blow)
        if blow.reversal.restored_on is not None:
            yield _Event(blow.reversal.restored_on, True, place, blow)


def _taken(whose: ReversedEarning, reversal: Reversal, effect: TakeBack) -> Taken:
    credit = whose.earning.credit
    if credit is None or not reversal.takes_effect:
        return Taken(NOTHING, None)
    try:
        return part_taken(effect.takes, credit, reversal)
    except FactMissing as missing:
        whose.book.exception(
            "storno_size_unknown",
            f"Order {whose.earning.order_id}: what the reversal of {reversal.day} takes back "
            f"is unknown, because {missing.name} is",
            "Send the order again with it; until then nothing is taken back",
            payee_id=whose.earning.payee_id,
            order_id=whose.earning.order_id,
            month=reversal.month,
        )
        return Taken(NOTHING, None)
