"""What a payee's cap took, by what was earned and released, and what of it was given back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from premia_plan.paying.standing import AccountKind
from premia_plan.reference.figure import Figure


class Earned(NamedTuple):
    """What of a component was earned in a month or period, and released in a month.

    The month of the release is "" where it is not known, as in accounts of earlier versions.
    """

    component: str
    competence: str
    released: str

    @classmethod
    def read(cls, component: str, period: str) -> "Earned":
        """Return it from a component and what `period` gave."""
        competence, _, released = period.partition(" ")
        return cls(component, competence, released)

    @classmethod
    def named(cls, name: str) -> "Earned":
        """Return it from the name of a figure of it, also of one that goes with another."""
        component, _, period = name.partition(" for ")[0].partition(" ")
        return cls.read(component, period)

    @property
    def period(self) -> str:
        """The period and, where it is known, the month of the release, as accounts keep them."""
        return " ".join(filter(None, self[1:]))

    @property
    def name(self) -> str:
        """What its figures are called."""
        return " ".join(filter(None, self))

    def may_be(self, other: "Earned") -> bool:
        """Say whether the other is the same, as far as both know their release."""
        is_known = self.released and other.released
        return self[:2] == other[:2] and (not is_known or self.released == other.released)

    def within(self, other: "Earned") -> str:
        """Return what figures of it are called that go with another."""
        return self.name if self == other else f"{self.name} for {other.name}"


@dataclass(slots=True)
class CapAccount:
    """What caps took of each component's earnings, by period and release.

    What was `given_back` because the earnings were taken back is lost again when they are
    reinstated. `taken_back` is all that was: as much of them has had its cap when it comes again.
    """

    lost: dict[Earned, Figure] = field(default_factory=dict)
    given_back: dict[Earned, Figure] = field(default_factory=dict)
    taken_back: dict[Earned, Figure] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Say whether no cap ever took something, and nothing was taken back under one."""
        return not (self.lost or self.given_back or self.taken_back)

    def stands_at(self, earned: Earned, lost: Figure) -> None:
        """Record what is lost of some earnings; nothing is not kept."""
        keep(self.lost, earned, lost)

    def gives_back(self, earned: Earned, figure: Figure) -> None:
        """Record what of some earnings was given back; nothing is not kept."""
        keep(self.given_back, earned, figure)

    def takes_back(self, earned: Earned, figure: Figure) -> None:
        """Record what of some earnings was taken back; nothing is not kept."""
        keep(self.taken_back, earned, figure)

    def by_component(
        self,
    ) -> Iterator[tuple[AccountKind, str, Fraction, Sequence[tuple[str, Fraction]]]]:
        """Give where each component stands: what caps took of it, and what was taken back."""
        lost = [(earned, figure.value) for earned, figure in self.lost.items()]
        given = [(earned, -figure.value) for earned, figure in self.given_back.items()]
        taken = [(earned, figure.value) for earned, figure in self.taken_back.items()]
        kinds: dict[AccountKind, list[tuple[Earned, Fraction]]] = {
            "capped": lost + given,
            "taken_back": taken,
        }
        for kind, parts in kinds.items():
            for component, own in groupby(sorted(parts), key=lambda part: part[0].component):
                periods = sorted((earned.period, amount) for earned, amount in own)
                total = sum((amount for _, amount in periods if amount > 0), Fraction(0))
                yield kind, component, total, periods


def like(earned: Earned, among: Mapping[Earned, Figure]) -> list[Earned]:
    """Return which of some accounts may be that of some earnings, its very own first."""
    found = [each for each in among if each.may_be(earned)]
    return sorted(found, key=lambda each: (each != earned, each))


def keep(account: dict[Earned, Figure], earned: Earned, figure: Figure) -> None:
    """Let an account stand at a figure; nothing is not kept."""
    if figure.value:
        account[earned] = figure
    else:
        account.pop(earned, None)
