"""What landed of the components that a reserve covers, and what of it the reserve can meet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from premia_plan.checked import Reserve, WithinCap
from premia_plan.paying.figures import MonthFigures
from premia_plan.paying.moved import Moved
from premia_plan.paying.results import PaymentWhat
from premia_plan.reference.figure import Figure
from premia_plan.results import Line

REVERSED = frozenset({"reversal", "reinstatement"})


@dataclass(frozen=True, slots=True)
class Capped:
    """By component, what a payee's cap takes, and what it took before that is not taken back.

    What is taken of amounts that waited over a cap on releases is left out: they landed before.
    """

    returned: Mapping[str, Figure]
    taken: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Covered:
    """What landed of what a reserve covers.

    `earned` is what it withholds a part of; `reversed` what it meets, below zero. `together` is
    that of it and all reserves before it which are tied to it, as they cover some of the same, and
    `met` what those met.
    """

    earned: Figure
    reversed: Figure
    together: Figure | None
    met: Figure | None


def covered(
    reserve: Reserve,
    before: Sequence[Reserve],
    lines: Sequence[Line],
    capped: Capped,
    moved: Moved,
) -> Covered:
    """Return what landed of the components of a reserve, within the payee's cap.

    `before` are the reserves that were moved before it. By default only what is negative of the
    month's total is met; if each reversal is, they stand apart from what was earned.
    """
    write, own = moved.write, [line for line in lines if covers(reserve, line)]
    name = "" if reserve.of is None else reserve.name
    earned, turned = own, own
    if reserve.meets_each:
        turned = [line for line in own if line.what in REVERSED]
        if sum(line.amount for line in turned) < 0:
            earned = [line for line in own if line.what not in REVERSED]
            name = reserve.name
        else:
            turned = []
    others = _tied(reserve, before)
    met = [figure for each in others for figure in moved.of(*_meets(each), name=each.name)]
    all_turned = [
        line
        for line in lines
        if any(covers(each, line) for each in (reserve, *others))
        and (not reserve.meets_each or line.what in REVERSED)
    ]
    back = [capped.returned[each] for each in sorted(capped.returned) if _names(reserve, each)]
    taken = [
        write.opposite("payee_cap_taken_off", each, capped.taken[each])
        for each in sorted(capped.taken)
        if _names(reserve, each)
    ]
    is_whole = earned is turned
    own_name = reserve.name if back or taken else name
    figure = write.total(
        "landed_within_cap",
        own_name,
        [landed(write, name, earned), *taken, *(back if is_whole else [])],
    )
    return Covered(
        figure,
        figure
        if is_whole
        else write.total(
            "reversed_within_cap",
            reserve.name,
            [landed(write, reserve.name, turned, "reversed_in_month"), *back],
        ),
        _together(others, reserve, all_turned, capped, write) if met else None,
        write.total("met_before", reserve.name, met) if met else None,
    )


def _together(
    others: Sequence[Reserve],
    reserve: Reserve,
    lines: Sequence[Line],
    capped: Capped,
    write: MonthFigures,
) -> Figure:
    """Return what landed of what tied reserves cover, less what of it was never paid."""
    back = [
        figure
        for name, figure in sorted(capped.returned.items())
        if any(_names(each, name) for each in (reserve, *others))
    ]
    own = landed(write, reserve.name, lines, "landed_together")
    return write.total("landed_together_within_cap", reserve.name, [own, *back])


def _meets(reserve: Reserve) -> Sequence[PaymentWhat]:
    """Return the movements that meet what is taken back; what waited over a cap is released."""
    is_cap = isinstance(reserve.release, WithinCap)
    return ("reserve_released",) if is_cap else ("reserve_used",)


def within_limits(
    reserve: Reserve, before: Sequence[Reserve], lines: Sequence[Line], moved: Moved
) -> Figure:
    """Return what landed of what a cap on releases covers, as the caps before it left it."""
    own = landed(moved.write, reserve.name, [line for line in lines if covers(reserve, line)])
    kept = [
        figure
        for each in before
        if _overlap(each, reserve)
        for figure in moved.of("reserve_withheld", "reserve_released", name=each.name)
    ]
    return moved.write.total("landed_within_limits", reserve.name, [own, *kept])


def _tied(reserve: Reserve, before: Sequence[Reserve]) -> Sequence[Reserve]:
    """Return the reserves before one that cover some of the same, by themselves or over others."""
    found, apart = [reserve], [*before]
    while near := [each for each in apart if any(_overlap(each, one) for one in found)]:
        found += near
        apart = [each for each in apart if each not in near]
    return found[1:]


def covers(reserve: Reserve, line: Line) -> bool:
    """Say whether a reserve covers what a line's component pays."""
    return _names(reserve, line.component)


def _names(reserve: Reserve, component: str) -> bool:
    return reserve.of is None or component in reserve.of


def _overlap(one: Reserve, other: Reserve) -> bool:
    return one.of is None or other.of is None or bool(one.of & other.of)


def landed(
    write: MonthFigures, name: str, lines: Sequence[Line], kind: str = "earned_in_month"
) -> Figure:
    """Return the sum of lines, whose nodes stand in the plan's own calculation."""
    return write.sum_of(kind, name, [Figure(Fraction(line.amount), line.node_id) for line in lines])
