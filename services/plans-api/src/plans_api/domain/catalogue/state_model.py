"""State models: which raw statuses mean which state, and how states follow each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from plans_api.domain.record import Key


class StateModelNotUsable(ValueError):
    """Raised when a state model speaks of a state it does not have, or contradicts itself."""


@dataclass(frozen=True, slots=True)
class RawStatus:
    """A status as a source writes it, and the state that it means."""

    source: str
    status: str
    state: str


@dataclass(frozen=True, slots=True)
class StateModel:
    """The states of a kind of fact.

    `implies` names the earlier states that a later one proves; `moves` the states that may
    follow each, all where it is empty.
    """

    name: str
    of: str
    label_it: str
    label_en: str
    states: tuple[str, ...]
    implies: Mapping[str, tuple[str, ...]]
    moves: Mapping[str, tuple[str, ...]]
    statuses: tuple[RawStatus, ...]

    def __post_init__(self) -> None:
        known = set(self.states)
        if len(known) != len(self.states):
            raise StateModelNotUsable("a state is written twice; write each once")
        for what, pairs in (("implies", self.implies), ("moves", self.moves)):
            for state, others in pairs.items():
                for name in (state, *others):
                    if name not in known:
                        raise StateModelNotUsable(f"{what} names {name}, which is not in states")
        for item in self.statuses:
            if item.state not in known:
                raise StateModelNotUsable(
                    f"status {item.status} means {item.state}, which is not in states"
                )
        raw = [(item.source, item.status) for item in self.statuses]
        if len(set(raw)) != len(raw):
            raise StateModelNotUsable("a raw status of a source is mapped twice; map each once")
        self._refuse_circles()

    @property
    def key(self) -> Key:
        """The name."""
        return (self.name,)

    def maps(self, source: str, status: str) -> bool:
        """Say whether it knows a raw status."""
        return any(item.source == source and item.status == status for item in self.statuses)

    def _refuse_circles(self) -> None:
        for start in self.implies:
            waiting, seen = [start], set[str]()
            while waiting:
                for earlier in self.implies.get(waiting.pop(), ()):
                    if earlier == start:
                        raise StateModelNotUsable(
                            f"{start} would imply itself; a later state implies earlier ones only"
                        )
                    if earlier not in seen:
                        seen.add(earlier)
                        waiting.append(earlier)


@dataclass(frozen=True, slots=True)
class UnmappedStatus:
    """A status that a source sent and its connector could not read."""

    source: str
    field: str
    status: str
    first_seen: datetime
