"""Things that only one owner may have on a day."""

from collections import defaultdict
from collections.abc import Hashable
from typing import Generic, TypeVar
from uuid import UUID

from plans_api.domain.window import Window

K = TypeVar("K", bound=Hashable)


class Occupancy(Generic[K]):
    """Which owner has what on which days.

    >>> from datetime import date
    >>> taken = Occupancy[str]()
    >>> taken.occupy("AG-1", Window(date(2026, 1, 1)), UUID(int=1))
    >>> taken.occupant("AG-1", Window(date(2027, 1, 1)), other_than=UUID(int=2))
    UUID('00000000-0000-0000-0000-000000000001')
    """

    def __init__(self) -> None:
        self._taken: defaultdict[K, list[tuple[Window, UUID]]] = defaultdict(list)

    def occupy(self, thing: K, window: Window, owner: UUID) -> None:
        """Note that an owner has the thing on these days."""
        self._taken[thing].append((window, owner))

    def occupant(self, thing: K, window: Window, *, other_than: UUID) -> UUID | None:
        """Return another owner who has the thing on one of these days, if there is one."""
        for taken, owner in self._taken.get(thing, ()):
            if owner != other_than and taken.meets(window):
                return owner
        return None
