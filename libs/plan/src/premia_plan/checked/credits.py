"""Credit rules: who is credited with a fact, who on top of it, and who above them."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from premia_plan.apportion import LARGEST_FRACTION, Leftover
from premia_plan.checked.facts import FactKind
from premia_plan.checked.steps import Surplus
from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a fact's amount; `ratio` is None for the rest, a weight or a formula's value.

    `to` names a role: `order.seller`, `line.specialist`, `activity.payee`. Shares with weights
    divide what the others leave.
    """

    to: str
    ratio: Fraction | None
    when: Formula | None
    path: str
    weight: Fraction | None = None
    value: Formula | None = None

    @property
    def is_rest(self) -> bool:
        """Say whether it takes what the others leave."""
        return self.ratio is None and self.weight is None and self.value is None


@dataclass(frozen=True, slots=True)
class FirstOnes:
    """Only the first so many credits of a payee and period count.

    They are put in order by `dated_by`, then order, line and credit id. A credit takes a place
    when it is made, or when `taken` holds; it has none until then. `reversal` says whether a
    reversed one frees its place for a later one. `count` is about the payee on the first day of
    the period, or of the plan.
    """

    count: Formula
    over: Literal["month", "quarter", "half", "year", "plan"]
    dated_by: Formula
    taken: Formula | None
    reversal: Literal["keeps", "frees"]
    path: str


@dataclass(frozen=True, slots=True)
class ContractYears:
    """One credit for each contract year; `count` says how many, `since` when the first starts."""

    count: Formula
    since: Formula
    path: str


@dataclass(frozen=True, slots=True)
class DealCap:
    """The most of one deal's amount that is credited. It is about the deal.

    What is over it is lost or, where the deal is credited by contract years, deferred into the
    next year; what the last year leaves is lost.
    """

    limit: Formula
    path: str
    surplus: Surplus = "lost"


@dataclass(frozen=True, slots=True)
class DirectCredit:
    """Who is credited with a fact's amount, and in which shares.

    `divides` says what the shares divide: the amount, the pay on the whole amount, or each is
    its part of the exact amount, rounded for itself. With `sums_to_all` shares that do not add
    up to 100 % are an exception on the order. `quota` is what `credit.quota` gives of a whole
    deal, divided as the amount is; None is the amount. `leftover` says who takes leftover cents, in
    the order of the shares.
    """

    name: str
    amount: Formula
    shares: tuple[Share, ...]
    path: str
    source: FactKind = "order"
    where: Formula | None = None
    divides: Literal["base", "commission", "each"] = "base"
    sums_to_all: bool = True
    quota: Formula | None = None
    quantity: Formula | None = None
    first: FirstOnes | None = None
    years: ContractYears | None = None
    cap: DealCap | None = None
    leftover: Leftover = LARGEST_FRACTION

    @property
    def is_plain(self) -> bool:
        """Say whether every order is credited, in shares of its amount that are written down."""
        chosen = (self.where, self.first, self.years, self.cap)
        return (
            self.source == "order"
            and self.divides == "base"
            and all(part is None for part in chosen)
            and all(share.ratio is not None or share.is_rest for share in self.shares)
        )


@dataclass(frozen=True, slots=True)
class OverlayCredit:
    """A further credit on the whole deals of a direct credit, besides its shares."""

    name: str
    of: str
    share: Share
    path: str


@dataclass(frozen=True, slots=True)
class RollupCredit:
    """Superiors credited with what the payees below them were credited with, or a share of it.

    `share` is the part at a level, all of it if None. With `all_levels` the whole chain above is
    credited, and `levels` is its longest.
    """

    name: str
    of: str
    hierarchy: str
    levels: int
    dated_by: Formula
    path: str
    share: Formula | None = None
    all_levels: bool = False


CreditRule: TypeAlias = DirectCredit | OverlayCredit | RollupCredit
