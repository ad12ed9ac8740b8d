"""What happens to an order's pay when it is reversed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from premia_plan.checked.facts import FactKind
from premia_plan.elapsed import Elapsed
from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class TakesPart:
    """One part for every reversal."""

    ratio: Fraction


@dataclass(frozen=True, slots=True)
class TakesBySteps:
    """A part by the time since a state: the first step whose `within` is not passed counts.

    The last moment of a step is inside; after the last one nothing is taken.
    """

    elapsed: Elapsed
    since: str
    steps: tuple[tuple[int, Fraction], ...]

    @property
    def key(self) -> str:
        """What tells it from another rule over the same time, for ids of nodes."""
        return " ".join(f"{within}:{part}" for within, part in self.steps)


@dataclass(frozen=True, slots=True)
class TakesInProportion:
    """The part of a term, counted from a state, that had not passed.

    `each_year`: the term of a credit of one contract year starts with that year.
    """

    elapsed: Elapsed
    since: str
    term: Formula
    each_year: bool

    @property
    def key(self) -> str:
        """What tells it from another rule over the same time, for ids of nodes."""
        return f"{self.term.text}{' each year' if self.each_year else ''}"


@dataclass(frozen=True, slots=True)
class TakesByFormula:
    """What a formula about the reversal gives, between nothing and all."""

    formula: Formula


Takes: TypeAlias = TakesPart | TakesBySteps | TakesInProportion | TakesByFormula


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Takes a part of what was earned, released or paid, never more than was released.

    `paid` is what was released in a month before the reversal's. What was not yet released is
    `dropped`, `kept` on its schedule, or `reduced` by the same part and kept.
    """

    takes: Takes
    out_of: Literal["earned", "released", "paid"]
    unreleased: Literal["dropped", "kept", "reduced"]
    path: str

    @property
    def is_plain(self) -> bool:
        """Say whether it takes one part of what was released and drops the rest."""
        return (
            isinstance(self.takes, TakesPart)
            and self.out_of == "released"
            and self.unreleased == "dropped"
        )

    @property
    def ratio(self) -> Fraction:
        """The one part it takes.

        Raises:
            TypeError: if it depends on the reversal.
        """
        if not isinstance(self.takes, TakesPart):
            raise TypeError("the part depends on the reversal")
        return self.takes.ratio


@dataclass(frozen=True, slots=True)
class Recount:
    """Counts the measured month again without the reversed order.

    Later orders slide down into its place; or, `at_original_bands`, stay in theirs, and what left
    takes away what it gave at the bands of its own place.
    """

    path: str
    at_original_bands: bool = False


@dataclass(frozen=True, slots=True)
class StornoWindow:
    """For how long after a state pay can be taken back; the last day is inside.

    `length` is a formula about the order, in days or months.
    """

    length: Formula
    unit: Literal["days", "months"]
    after: str


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a reversal lands if not so many months after its event.

    So many days later; or at the close of the period it falls in; or in its month if it comes up
    to a day of it, else in the next.
    """

    days: int = 0
    close_of: Literal["month", "quarter", "half", "year"] = "month"
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Storno:
    """When an order's pay is taken back, how much, and when not at all.

    `lands_after` is how many months after the event it lands. `undecided_when`: nothing is taken
    and nothing more released while it holds. `reinstated_when` restores the original result;
    `window_restarts` then says from when a further reversal's window counts. `recorded_when` says
    which reversals recorded with their own size are under it, all if None. `further` are more
    rules, each with its own reversals and for the components that its effect names.
    """

    when: Formula
    days: int | None
    after: str | None
    void_when: Formula | None
    effect: Mapping[str, TakeBack | Recount]
    if_void: Mapping[str, Literal["release the rest", "keep"]]
    path: str
    lands_after: int = 0
    undecided_when: Formula | None = None
    reinstated_when: Formula | None = None
    window_restarts: bool = False
    window: StornoWindow | None = None
    landing: Landing | None = None
    recorded_when: Formula | None = None
    name: str = ""
    of: FactKind = "order"
    further: tuple["Storno", ...] = ()

    @property
    def rules(self) -> tuple["Storno", ...]:
        """All rules, in their order."""
        return (self, *self.further)

    def all_name(self, component: str) -> bool:
        """Say whether every rule says what it does to a component's pay."""
        return all(component in rule.effect for rule in self.rules)

    def keeps_places(self, component: str) -> bool:
        """Say whether a component's orders stay at their bands when others are reversed."""
        effects = (rule.effect.get(component) for rule in self.rules)
        return any(isinstance(item, Recount) and item.at_original_bands for item in effects)

    def counts_again(self, component: str) -> bool:
        """Say whether some rule counts the period again on which a component's pay rests."""
        return any(isinstance(rule.effect.get(component), Recount) for rule in self.rules)
