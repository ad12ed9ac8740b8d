"""Earnings limited together, month after month, as they come and as some of them change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from premia_plan.checked import GroupLimit
from premia_plan.period import last_month, month_of
from premia_plan.reference.changed_course import changed_count
from premia_plan.reference.counted_again import Count
from premia_plan.reference.course import Course
from premia_plan.reference.earning import Earning
from premia_plan.reference.figure import Figure
from premia_plan.reference.joining import joins_in
from premia_plan.reference.kept import room_beside
from premia_plan.reference.limited_group import LimitedGroup
from premia_plan.reference.refusal import NotCalculated

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


@dataclass(slots=True)
class _Member:
    """One course on its way through the months: what the limit made of it last.

    It counts from the end of the month `since` on; in `reversed_in` something is taken back of
    its order, or given back.
    """

    course: Course
    since: str
    reversed_in: frozenset[str]
    first: Earning
    now: Earning
    counts: list[Count] = field(default_factory=list)

    def is_gone(self, month: str) -> bool:
        """Say whether something of its order was taken back by a month's end."""
        return any(at <= month for at in self.reversed_in)

    def changes_at_once(self) -> bool:
        """Say whether it is another by the end of its first month than when it came."""
        changes = (*self.reversed_in, *(count.event for count in self.course.counts))
        return any(at <= self.since for at in changes)

    def begin(self, earning: Earning) -> None:
        """Take what the limit makes of it when it comes."""
        self.first = self.now = earning

    @property
    def limited(self) -> Course:
        return Course(self.first, tuple(self.counts))


@dataclass(frozen=True, slots=True)
class LimitedCourses:
    """What a limit makes of the courses that stand under it together."""

    limit: GroupLimit
    place: tuple[str, str]
    courses: Sequence[Course]
    workings: "Workings"
    guarantee: Earning | None = None

    def limited(self) -> Sequence[Course]:
        """Return the courses within the limit; where that is not known all of them wait.

        It is counted at the end of every month in which some come or change, over what is there
        by then: what comes or happens later changes nothing before. What is taken back of an
        order leaves its room to the others, from that month on. What stays of such an order fills
        its room, and is not raised.
        """
        joined = [(course, joins_in(course, self.workings)) for course in self.courses]
        members = [self._member(course, since) for course, since in joined if since is not None]
        apart = [course for course, since in joined if since is None]
        if not members:
            return apart
        begun: list[_Member] = []
        try:
            for month in self._months(members):
                self._count(members, month)
                begun = [item for item in members if item.since <= month]
        except NotCalculated as refused:
            waiting = self._waiting(refused, [item for item in members if item not in begun])
            return [*(item.limited for item in begun), *waiting, *apart]
        return [*(item.limited for item in members), *apart]

    def _member(self, course: Course, since: str) -> _Member:
        earning = course.earning
        return _Member(course, since, self.reversed_in(earning), earning, earning)

    def reversed_in(self, earning: Earning) -> frozenset[str]:
        """Return the months in which something is taken back of an earning's order, or given."""
        order = earning.order
        if order is None or not self.workings.recorder.takes_back(earning.component):
            return frozenset()
        return order.reversal_months(earning.component)

    def _months(self, members: Sequence[_Member]) -> Sequence[str]:
        """Return the months in which some member comes or changes, or the limit begins, in order.

        The first one is that in which the first member comes.
        """
        found = {count.event for item in members for count in item.course.counts}
        found.update(*(item.reversed_in for item in members))
        if self._begins <= self.workings.until:
            found.add(self._begins)
        come = {item.since for item in members}
        return sorted(come.union(month for month in found if month > min(come)))

    @property
    def _begins(self) -> str:
        """The month at whose end the limit is known; "" if it always is.

        Before its period is over nobody knows what a floor has to add, or what a cap is that
        depends on the period.
        """
        limit, (_, period) = self.limit, self.place
        if period:
            return last_month(period) if limit.kind == "floor" or limit.limit.names else ""
        is_of_all = limit.kind == "floor" and limit.over != "deal"
        return month_of(self.workings.plan.valid_to) if is_of_all else ""

    def _count(self, members: Sequence[_Member], month: str) -> None:
        """Count at a month's end; first as if nothing of what came had changed at once."""
        here = [item for item in members if item.since <= month]
        new = [item for item in here if item.since == month]
        standing = [item for item in here if not item.is_gone(month)]
        gone = [item for item in here if item.is_gone(month)]
        moment = "" if len(new) == len(here) else month
        if any(item.changes_at_once() for item in new):
            old = [item for item in standing if item not in new]
            earnings = [*(item.course.at(month) for item in old), *(i.course.earning for i in new)]
            before = [item for item in gone if item not in new]
            found = self._limited(earnings, before, month, f"{moment} at first" if moment else "")
            for item, earning in zip(new, found[len(old) :], strict=True):
                item.begin(earning)
            new, moment = [], month
        earnings = [item.course.at(month) for item in standing]
        for item, now in zip(standing, self._limited(earnings, gone, month, moment), strict=True):
            if item in new:
                item.begin(now)
            else:
                self._note(item, now, month)

    def _limited(
        self, earnings: Sequence[Earning], gone: Iterable[_Member], month: str, moment: str
    ) -> Sequence[Earning]:
        """Return earnings within what the limit leaves beside orders that are gone, in order.

        `moment` tells the nodes of this count from those of others.
        """
        if month < self._begins:
            return earnings
        group = self._group(earnings, moment)
        room, left = self._allowed(), [item.limited for item in gone]
        if left:
            room = room_beside(room, left, month, group)
        found = {earning.key: earning for earning in group.limited(room)}
        return [found[earning.key] for earning in earnings]

    def _allowed(self) -> Figure:
        return self._group([course.earning for course in self.courses], "").allowed()

    def _group(self, earnings: Sequence[Earning], moment: str) -> LimitedGroup:
        return LimitedGroup(self.limit, self.place, earnings, self.workings, moment, self.guarantee)

    def _note(self, member: _Member, now: Earning, month: str) -> None:
        """Note what a count makes of a member, if that is something else."""
        before, member.now = member.now, now
        count = changed_count(
            member.course,
            before,
            now,
            month,
            clause=self.limit.path,
            workings=self.workings,
        )
        if count is not None:
            member.counts.append(count)

    def _waiting(self, refused: NotCalculated, members: Sequence[_Member]) -> Sequence[Course]:
        whose, period = self.place
        self.workings.book.exception(
            refused.reason.code,
            f"The limit {self.limit.limit.text} of {whose} {period}: {refused.reason.text}",
            refused.to_do,
            payee_id=whose if self.limit.over == "payee" else None,
            order_id=whose if self.limit.over == "deal" else None,
            month=period or None,
        )
        return [
            Course(replace(item.course.earning, waits=refused.reason), item.course.counts)
            for item in members
        ]
