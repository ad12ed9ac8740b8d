"""Components: what is paid, on credits or on cells."""

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from premia_plan.apportion import LARGEST_FRACTION, Leftover
from premia_plan.checked.formulas import formulas_in
from premia_plan.checked.measures import PAYEE, Per
from premia_plan.checked.steps import GroupLimit, RoundStep, Step
from premia_plan.checked.tiers import Tiers
from premia_plan.language import Formula
from premia_plan.period import PeriodKind


@dataclass(frozen=True, slots=True)
class CreditComponent:
    """Pays on each credit."""

    name: str
    of: str
    amount: Formula
    path: str
    steps: tuple[Step, ...]

    @property
    def rounds_at_once(self) -> bool:
        """Say whether the amount is rounded to the cent before any other step."""
        first = self.steps[0]
        return isinstance(first, RoundStep) and first.is_plain

    @property
    def limits(self) -> tuple[GroupLimit, ...]:
        """The limits over several of its earnings."""
        return tuple(step for step in self.steps if isinstance(step, GroupLimit))

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulas of its amount and its steps."""
        parts = [getattr(step, field.name) for step in self.steps for field in fields(step)]
        return (self.amount, *(part for part in parts if isinstance(part, Formula)))


@dataclass(frozen=True, slots=True)
class Objective:
    """One line of a scorecard: its part of the amount."""

    name: str
    amount: Formula
    path: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Objectives whose parts add up to the amount.

    `weights` is the sum of their weights where it is known only of a payee; it must be 100 %.
    """

    objectives: tuple[Objective, ...]
    path: str
    weights: Formula | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What the places from one to another of a rank are paid."""

    first: int
    last: int
    pays: Fraction


@dataclass(frozen=True, slots=True)
class RankPay:
    """An amount for a place in a rank; ties that share pay get the average of their places."""

    rank: str
    places: tuple[Place, ...]
    path: str


@dataclass(frozen=True, slots=True)
class PoolShare:
    """A payee's share of a pool."""

    pool: str
    path: str


HEAD: Final = "the head of the team"


@dataclass(frozen=True, slots=True)
class Given:
    """Among whom what a team, territory, category or plan earns is shared, and by what.

    `among` names a population; None means the team itself: its head and those below. `weights`
    is a formula of each payee's own period, None where all have the same part.
    """

    among: str | None
    weights: Formula | None
    path: str


CellAmount: TypeAlias = Formula | Tiers | Scorecard | RankPay | PoolShare


@dataclass(frozen=True, slots=True)
class CellComponent:
    """Pays on a subject's period by tiers or by a formula over the period's figures.

    The subject is a payee, or as `per` says; `given_to` then tells to whom the result goes, unless
    it is spread. `spread` names the measure by whose credits the result is pushed back to the
    orders; where it is None the payee is paid as a whole. `spread_by` weighs the credits, None by
    their amounts. With `true_up` the amount is that of the quarter or year so far, less that of a
    month before. `lands_after` is how many months after the period it lands. `scaled_to` names the
    pool to whose amount all payees' results are scaled. `leftover` says who takes leftover cents
    of what is spread or given.
    """

    name: str
    amount: CellAmount
    steps: tuple[Step, ...]
    path: str
    spread: str | None
    over: PeriodKind = "month"
    spread_by: Formula | Literal["equally"] | None = None
    true_up: Literal["quarter", "year"] | None = None
    lands_after: int = 0
    scaled_to: str | None = None
    leftover: Leftover = LARGEST_FRACTION
    per: Per = PAYEE
    given_to: Given | Literal["the head of the team"] | None = None

    @property
    def amount_formulas(self) -> tuple[Formula, ...]:
        """The formulas that its amount is worked out of; none where places or a pool tell it."""
        match self.amount:
            case Formula() as formula:
                return (formula,)
            case Tiers() as tiers:
                return tiers.looked_up, tiers.base
            case Scorecard() as card:
                return tuple(objective.amount for objective in card.objectives)
        return ()

    @property
    def own_formulas(self) -> tuple[Formula, ...]:
        """The formulas about the subject's own period: of its amount and the steps on it."""
        steps = [step for step in self.steps if not isinstance(step, GroupLimit)]
        return (*formulas_in(self.amount), *formulas_in(steps))

    @property
    def limits(self) -> tuple[GroupLimit, ...]:
        """The limits over several of its earnings."""
        return tuple(step for step in self.steps if isinstance(step, GroupLimit))


Component: TypeAlias = CreditComponent | CellComponent
