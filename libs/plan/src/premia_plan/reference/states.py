"""States that were reached: the day of each, what they imply, and what is wrong with them."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby, pairwise
from typing import Protocol
from zoneinfo import ZoneInfo

from premia_plan.checked import StateModel
from premia_plan.period import month_of
from premia_plan.reference.book import Book
from premia_plan.relations import SourceRef, StateReached


class Told(Protocol):
    """A fact of which exceptions are told."""

    by_day: date

    @property
    def order_id(self) -> str | None:
        """Its order, if it has one."""

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from others."""


def arrivals(
    states: Iterable[StateReached], model: StateModel | None, zone: ZoneInfo, end: date
) -> tuple[dict[str, date], dict[str, SourceRef]]:
    """Return the day and the source of the first arrival at each state before a day.

    A state that the model says is implied by a later one counts as reached on that one's day,
    unless it was reached before.
    """
    first: dict[str, tuple[date, str, SourceRef]] = {}
    for reached in states:
        day = _day(reached, zone)
        if day < end:
            implied = () if model is None else model.implies.get(reached.state, ())
            for state in (reached.state, *implied):
                arrival = (day, reached.source.id, reached.source)
                known = first.get(state)
                if known is None or arrival[:2] < known[:2]:
                    first[state] = arrival
    days = {state: arrival[0] for state, arrival in first.items()}
    return days, {state: arrival[2] for state, arrival in first.items()}


def note_states(
    fact: Told,
    model: StateModel | None,
    states: Sequence[StateReached],
    *,
    zone: ZoneInfo,
    end: date,
    book: Book,
) -> None:
    """Tell of states that the model does not know, and of moves it does not allow."""
    if model is None or model.is_plain:
        return
    reached = sorted({(_day(item, zone), item.state) for item in states if _day(item, zone) < end})
    what = f"{model.of.capitalize()} {'/'.join(fact.key)}"
    if model.unmapped == "exception":
        for state in sorted({state for _, state in reached} - model.states):
            book.exception(
                "state_unmapped",
                f"{what}: the state {state} is none that the plan knows",
                "Map it to a state of the plan's state model, or correct it at its source",
                order_id=fact.order_id,
                month=month_of(fact.by_day),
                blocks=False,
            )
    known = [(day, state) for day, state in reached if state in model.states]
    days = [[state for _, state in group] for _, group in groupby(known, key=lambda item: item[0])]
    for before, after in pairwise(days):
        for state in after:
            others = (*before, *(other for other in after if other != state))
            if not any(_may_follow(model, other, state) for other in others):
                book.exception(
                    "state_move_not_allowed",
                    f"{what}: {state} cannot follow {' or '.join(before)}",
                    "Correct the states at their source, or allow the move in the state model",
                    order_id=fact.order_id,
                    month=month_of(fact.by_day),
                    blocks=False,
                )


def _may_follow(model: StateModel, before: str, after: str) -> bool:
    allowed = model.moves.get(before)
    return allowed is None or after in allowed


def _day(reached: StateReached, zone: ZoneInfo) -> date:
    return reached.on if reached.at is None else reached.at.astimezone(zone).date()
