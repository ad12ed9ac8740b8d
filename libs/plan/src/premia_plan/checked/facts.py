"""Kinds of facts that can earn, be measured and be settled, and the states they can reach."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from premia_plan.unit import Unit

FactKind: TypeAlias = Literal["order", "line", "activity", "bill", "payment", "credit note"]
FACT_KINDS: Final[tuple[FactKind, ...]] = (
    "order",
    "line",
    "activity",
    "bill",
    "payment",
    "credit note",
)


def prefix_of(kind: FactKind) -> str:
    """Return what names of a kind's values start with.

    >>> prefix_of("credit note")
    'credit_note.'
    """
    return f"{kind.replace(' ', '_')}."


FACT_WORDS: Final = tuple(prefix_of(kind) for kind in FACT_KINDS)


@dataclass(frozen=True, slots=True)
class StateModel:
    """The states a kind of fact can reach.

    `implies` names, for a state, those before it that count as reached on its day where nothing
    says otherwise. `moves` names those that may follow; any may follow a state it does not name.
    `unmapped` says whether another state than these is an exception on the fact.
    """

    of: FactKind
    states: frozenset[str]
    implies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moves: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unmapped: Literal["ignored", "exception"] = "ignored"

    @property
    def is_plain(self) -> bool:
        """Say whether states are only counted at their first arrival."""
        return not self.implies and not self.moves and self.unmapped == "ignored"


@dataclass(frozen=True, slots=True)
class FactWords:
    """What a plan says of the facts of one kind: attributes, states and the payees' roles."""

    attributes: Mapping[str, Unit] = field(default_factory=dict)
    states: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
