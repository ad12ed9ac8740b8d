"""What a cap over a payee's periods cuts off, carried into the payee's next period."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from uuid import UUID

from premia_plan.checked import GroupLimit
from premia_plan.period import last_month, next_period
from premia_plan.reasons import because
from premia_plan.reference.counted_again import Count
from premia_plan.reference.course import Course
from premia_plan.reference.earning import Earning
from premia_plan.reference.for_no_order import earning_for_no_order
from premia_plan.reference.joining import joins_in
from premia_plan.reference.kept import kept_of
from premia_plan.reference.landing import months_after
from premia_plan.reference.limited_group import LimitedGroup
from premia_plan.reference.limited_later import LimitedCourses
from premia_plan.reference.recount import difference_node
from premia_plan.reference.spread import Part

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


class _Amount(NamedTuple):
    """An amount in minor units, and its node."""

    units: int
    node_id: UUID


_Both: TypeAlias = tuple[Sequence[_Amount], Sequence[_Amount]]
"""What an earning is without a cap, and within it."""


class CarriedOn(NamedTuple):
    """The courses of a payee within a cap; those of them that were carried; what no period took."""

    courses: Sequence[Course]
    carried: Sequence[Course]
    left: Sequence[Earning]


@dataclass(frozen=True, slots=True)
class PayeePeriods:
    """One payee's periods under a cap that carries its surplus on."""

    limit: GroupLimit
    payee_id: str
    workings: "Workings"

    def limited(self, periods: Mapping[str, Sequence[Course]]) -> CarriedOn:
        """Return what becomes of the courses of each period.

        What is carried joins the next period in which the payee is in the plan, for no order,
        as it is known at the end of that period; what changes it later changes it there.
        """
        pending: dict[str, list[Course]] = defaultdict(list)
        pending.update({period: list(courses) for period, courses in periods.items()})
        found, carried, left = list[Course](), list[Course](), list[Earning]()
        while pending:
            period = min(pending, key=last_month)
            members, place = pending.pop(period), (self.payee_id, period)
            courses = LimitedCourses(self.limit, place, members, self.workings)
            limited = courses.limited()
            found.extend(limited)
            over, following = _by_principal(courses, limited), self._following(period)
            if following is None:
                left.extend(earning for each in over for earning in each.left())
                continue
            for course in (course for each in over for course in each.carried_to(following)):
                pending[following].append(course)
                carried.append(course)
        return CarriedOn(found, carried, left)

    def _following(self, period: str) -> str | None:
        """Return the payee's next period in the plan that has closed, if there is one."""
        workings, later = self.workings, next_period(period)
        closed = workings.periods(self.limit.period or "month")
        while closed and last_month(later) <= last_month(closed[-1]):
            if later in closed and self.payee_id in workings.payees.in_plan(later):
                return later
            later = next_period(later)
        return None


def _by_principal(courses: LimitedCourses, limited: Sequence[Course]) -> Sequence["_Over"]:
    """Return what a period's cap cut off, of each principal who owes some of it."""
    by_key = {course.earning.key: course for course in limited}
    cut: dict[str, list[tuple[Course, Course]]] = defaultdict(list)
    for whole in courses.courses:
        within = by_key[whole.earning.key]
        if joins_in(whole, courses.workings) is not None and within.earning.waits is None:
            cut[whole.earning.principal].append((whole, within))
    return [_Over(courses, principal, cut[principal]) for principal in sorted(cut)]


@dataclass(frozen=True)
class _Over:
    """What a period's cap cut off of what one principal owes, month by month.

    `cut` has each earning without the cap and within it.
    """

    courses: LimitedCourses
    principal: str
    cut: Sequence[tuple[Course, Course]]

    def carried_to(self, period: str) -> Sequence[Course]:
        """Return what joins a later period, if there is something, with what changes it later."""
        close = last_month(period)
        first = self._at(close, period)
        counts = self._counts(first, close)
        return (Course(first, counts),) if first.units or counts else ()

    def left(self) -> Sequence[Earning]:
        """Return what no period took as far as one looks, if there is something."""
        found = self._at(self.courses.workings.until, self.courses.place[1])
        return (found,) if found.units else ()

    def _counts(self, first: Earning, close: str) -> Sequence[Count]:
        workings, found, before = self.courses.workings, list[Count](), first
        path, (whose, own) = self.courses.limit.path, self.courses.place
        for month in self._months:
            now = self._at(month, first.competence) if month > close else before
            if now.units == before.units:
                continue
            then, after_it = (Part(None, item.units, item.node_id) for item in (before, now))
            clause = f"{first.component} {path} carried"
            key = (clause, f"{whose}/{self.principal}", first.competence, month)
            difference = difference_node(then, after_it, key, workings.book)
            reason = because("limited_again", month=own, event_month=month)
            lands = next_period(month, months_after(first.component, workings.plan))
            found.append(Count(month, lands, now.units, now.node_id, difference, reason))
            before = now
        return found

    @cached_property
    def _months(self) -> Sequence[str]:
        """The months in which what was cut off can change."""
        found: set[str] = set()
        for whole, within in self.cut:
            found.update(count.event for course in (whole, within) for count in course.counts)
            found |= self.courses.reversed_in(whole.earning)
            found.add(joins_in(whole, self.courses.workings) or "")
        return sorted(found)

    def _at(self, month: str, period: str) -> Earning:
        """Return what is over the cap at a month's end, as an earning of a period for no order."""
        workings, (payee_id, own) = self.courses.workings, self.courses.place
        parts = [parts for pair in self.cut if (parts := self._parts(*pair, month)) is not None]
        whole, within = (
            self._sum(kind, month, [amount for both in parts for amount in both[index]])
            for index, kind in enumerate(("before_cap", "within_cap"))
        )
        units, some = whole.units - within.units, self.cut[0][0].earning
        node_id = workings.book.node(
            *self._key(month),
            kind="surplus",
            value=workings.book.money(units),
            unit="money",
            operation="difference",
            payee_id=payee_id,
            detail={"clause": self.courses.limit.path, "month": own},
            children=(whole.node_id, within.node_id),
        )
        return earning_for_no_order(
            some.component,
            some.kind,
            (payee_id, period),
            units,
            node_id,
            workings=workings,
            principal=self.principal,
        )

    def _parts(self, whole: Course, within: Course, month: str) -> _Both | None:
        """Return an earning without and with the cap at a month's end; None if it is not there.

        Of an order of which something was taken back that is what stays of it.
        """
        courses = self.courses
        since = joins_in(whole, courses.workings)
        if since is None or since > month:
            return None
        group = LimitedGroup(courses.limit, courses.place, (), courses.workings, f"over {month}")
        if any(at <= month for at in courses.reversed_in(whole.earning)):
            kept = (
                kept_of(course, month, courses.workings, f"{courses.limit.path} {word}".rstrip())
                for course, word in ((whole, "uncapped"), (within, ""))
            )
            before, after = (
                [_Amount(move.units, move.node_id) for move in moves] for moves in kept
            )
            return before, after
        earnings = whole.at(month), within.at(month)
        if earnings[0].units == earnings[1].units:
            return None
        before, after = ([_Amount(item.units, group.in_cents(item))] for item in earnings)
        return before, after

    def _sum(self, kind: str, month: str, amounts: Sequence[_Amount]) -> _Amount:
        courses, units = self.courses, sum(amount.units for amount in amounts)
        payee_id, own = courses.place
        node_id = courses.workings.book.node(
            *self._key(month),
            kind,
            kind=kind,
            value=courses.workings.book.money(units),
            unit="money",
            operation="sum" if amounts else "given",
            payee_id=payee_id,
            detail={"clause": courses.limit.path, "month": own},
            children=tuple(amount.node_id for amount in amounts),
        )
        return _Amount(units, node_id)

    def _key(self, month: str) -> tuple[str, ...]:
        return "over the cap", self.courses.limit.path, *self.courses.place, self.principal, month
