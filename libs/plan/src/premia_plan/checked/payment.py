"""How what is released is paid: draws, reserves, balances."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """Months from one up to and including another; None is without limit."""

    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class JoinedSpan:
    """Months counted from the one in which a payee joins the plan, which is 1."""

    first: int
    last: int | None


Span: TypeAlias = CalendarSpan | JoinedSpan


@dataclass(frozen=True, slots=True)
class Draw:
    """An advance, or a guaranteed level that earnings are topped up to.

    `amount` is about the payee on the last day of the month. What is recoverable is owed and
    taken back by `recovery_share` of all earnings, or of those above the level; unless
    `may_fall_below`, recovery never takes pay below the level.
    """

    name: str
    who: Formula | None
    amount: Formula
    is_level: bool
    is_recoverable: bool
    recovered_from: Literal["all earnings", "above the level"]
    recovery_share: Fraction
    drawn: Span
    recovered: Span
    may_fall_below: bool
    at_leaving: Literal["due", "forgiven"]
    path: str


@dataclass(frozen=True, slots=True)
class ReserveBand:
    """From which balance on which share of the earnings is withheld."""

    starts: Fraction
    share: Fraction
    path: str


@dataclass(frozen=True, slots=True)
class AfterMonths:
    """Each month's part is released so many months later."""

    months: int


@dataclass(frozen=True, slots=True)
class OnDate:
    """The whole balance is released in the month of a day."""

    day: date


@dataclass(frozen=True, slots=True)
class AfterLeaving:
    """The whole balance is released so many months after the payee left the plan."""

    months: int


@dataclass(frozen=True, slots=True)
class WithinCap:
    """What a cap on a month's releases keeps back is released as far as later months have room."""

    most: Fraction


ReserveRelease: TypeAlias = AfterMonths | OnDate | AfterLeaving | WithinCap


@dataclass(frozen=True, slots=True)
class Reserve:
    """An account per payee that a share of the earnings goes into; `of` None is all components.

    Reversals that are met from it are what is negative of a month's total; with `meets_each`
    every reversal, whatever else the month brought.
    """

    name: str
    of: frozenset[str] | None
    bands: tuple[ReserveBand, ...]
    ceiling: Fraction | None
    meets_reversals: bool
    refills: bool
    release: ReserveRelease
    path: str
    meets_each: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """The terms of payment; by default what is released is paid, and a debt is carried."""

    negative_balance: Literal["carried", "forgiven", "due at leaving"] = "carried"
    minimum: Fraction = Fraction(0)
    draws: Mapping[str, Draw] = field(default_factory=dict)
    reserves: Mapping[str, Reserve] = field(default_factory=dict)
    path: str = "/payment"
