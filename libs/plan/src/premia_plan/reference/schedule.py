"""A component's release schedule: its slots, and the day on which each is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import assert_never
from uuid import UUID

from premia_plan.checked import (
    AtClose,
    AtState,
    Instalments,
    Later,
    Moment,
    OnDay,
    PartByFact,
    Proviso,
    ReleaseShare,
)
from premia_plan.language import FactMissing, Formula, Value, evaluate_inputs
from premia_plan.language.dates import add_days, add_months, last_day
from premia_plan.quantities import exact_text
from premia_plan.reference.credit import Credit
from premia_plan.reference.earning import Earning
from premia_plan.reference.order import OrderFacts
from premia_plan.results import Detail

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Slot:
    """One payment of an earning: a release share, or one instalment of it.

    `months` is how long after the share's moment it is due. With `by_fact` it is all that facts
    release, part by part.
    """

    index: int
    ratio: Fraction | None
    at: Moment
    months: int
    proviso: Proviso | None
    detail: Mapping[str, Detail]
    by_fact: PartByFact | None = None

    @property
    def state(self) -> str | None:
        """The state its moment counts from, if it counts from one."""
        base = self.at.after if isinstance(self.at, Later) else self.at
        return base.state if isinstance(base, AtState) else None

    def is_open(self, order: OrderFacts, since: str) -> bool:
        """Say whether it can still come due in a month from `since` on, or stay held for good."""
        if self.state is not None and self.state not in order.days:
            return True
        if self.proviso is not None and self.proviso.otherwise == "held":
            return True
        return not isinstance(self.at, AtState) or self.months > 0 or since == ""

    def due(self, earning: Earning) -> date | None:
        """Return the day it is payable, or None while that is open."""
        return self.due_for(earning.credit, earning.close)

    def due_for(self, credit: Credit | None, close: date | None = None) -> date | None:
        """Return the day it is payable for a credit, or for a period that closed on a day."""
        day = _moment(self.at, credit, close)
        return add_months(day, self.months) if day is not None and self.months else day

    def causes(self, earning: Earning) -> tuple[UUID, ...]:
        """Return the nodes of what its day follows from."""
        order, credit = earning.order, earning.credit
        if order is None or credit is None:
            return ()
        states = () if self.state is None else (order.state_node(self.state),)
        formula = _formula(self.at)
        inputs = () if formula is None else tuple(credit.node(name) for name in formula.inputs)
        return (*states, *inputs)


def slots(shares: tuple[ReleaseShare, ...], places: int) -> tuple[Slot, ...]:
    """Return the slots of a schedule; the last one takes what is left."""
    cut = [part for share in shares for part in _parts(share, shares)]
    texts = [exact_text(ratio) for _, ratio, _ in cut[:-1]] + ["rest"]
    return tuple(
        Slot(
            index,
            ratio if index < len(cut) - 1 else None,
            share.at,
            months,
            share.proviso,
            {
                "clause": share.path,
                "shares": texts,
                "index": index,
                "at": moment_words(share.at, months),
                "places": places,
            },
            share.by_fact,
        )
        for index, (share, ratio, months) in enumerate(cut)
    )


def _parts(
    share: ReleaseShare, shares: tuple[ReleaseShare, ...]
) -> list[tuple[ReleaseShare, Fraction, int]]:
    """Return a share's instalments: the ratio of each, and the months after the first."""
    ratio = share.ratio
    if ratio is None:
        ratio = 1 - sum((item.ratio for item in shares if item.ratio is not None), Fraction(0))
    plan = share.instalments or Instalments(1, "month")
    step = _MONTHS[plan.every]
    return [(share, ratio / plan.count, number * step) for number in range(plan.count)]


def moment_words(at: Moment, months: int) -> str:
    """Return a moment in words, with how many months after it something is due."""
    match at:
        case AtState(state):
            text = state
        case AtClose():
            text = "close"
        case Later(number, unit, after, day):
            base = after.state if isinstance(after, AtState) else "close"
            text = f"{number.text} {unit} after {base}"
            if day is not None:
                text = f"day {day} of the month {text}"
        case OnDay(formula):
            text = formula.text
        case _:
            assert_never(at)
    return f"{text} + {months} months" if months else text


def _formula(at: Moment) -> Formula | None:
    match at:
        case Later(number):
            return number
        case OnDay(formula):
            return formula
    return None


def _moment(at: Moment, credit: Credit | None, close: date | None) -> date | None:
    """Return a moment's day; what is paid for no order has no states, and is due at its close."""
    match at:
        case AtState(state):
            return close if credit is None else credit.order.days.get(state)
        case AtClose():
            return close
        case Later():
            return _later(at, credit, close)
        case OnDay(formula):
            day = _day(formula, credit)
            return close if day is None and credit is None else day
        case _:
            assert_never(at)


def _later(at: Later, credit: Credit | None, close: date | None) -> date | None:
    start = _moment(at.after, credit, close)
    number = _evaluated(at.number, credit)
    if start is None or not isinstance(number, Fraction):
        return start if credit is None else None
    day = add_days(start, number) if at.unit == "days" else add_months(start, number)
    if at.day_of_month is None:
        return day
    last = last_day(day, "month")
    return last.replace(day=min(at.day_of_month, last.day))


def _day(formula: Formula, credit: Credit | None) -> date | None:
    found = _evaluated(formula, credit)
    return found if isinstance(found, date) else None


def _evaluated(formula: Formula, credit: Credit | None) -> Value | None:
    """Return what a formula about the order gives; without an order only literals are known."""
    try:
        if credit is None:
            return evaluate_inputs(formula.text, {})
        return formula.evaluate(credit)
    except FactMissing:
        return None
