"""Earnings limited together at their closes, and again when some of them change."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from premia_plan.checked import CellComponent, GroupLimit
from premia_plan.period import next_period
from premia_plan.quantities import Unit
from premia_plan.reasons import because
from premia_plan.reference.counted_again import Count
from premia_plan.reference.course import Course
from premia_plan.reference.earning import Earning
from premia_plan.reference.figure import Figure
from premia_plan.reference.limited_group import LimitedGroup
from premia_plan.reference.movement import Movement
from premia_plan.reference.recount import difference_node
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.spread import Part
from premia_plan.results import PAID

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


@dataclass(slots=True)
class _Member:
    """One course on its way through the months: what the limit made of it last."""

    course: Course
    first: Earning
    now: Earning
    counts: list[Count] = field(default_factory=list)

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

        What is taken back of an order leaves its room to the others, from that month on. What
        stays of such an order fills its room, and is not raised.
        """
        group = self._group([course.earning for course in self.courses], "")
        try:
            allowed = group.allowed()
            found = {earning.key: earning for earning in group.limited(allowed)}
        except NotCalculated as refused:
            return self._waiting(refused)
        members = [
            _Member(course, found[course.earning.key], found[course.earning.key])
            for course in self.courses
        ]
        for month in self._months():
            self._count_again(members, month, allowed)
        return [member.limited for member in members]

    def _group(self, earnings: Sequence[Earning], month: str) -> LimitedGroup:
        return LimitedGroup(self.limit, self.place, earnings, self.workings, month, self.guarantee)

    def _months(self) -> Sequence[str]:
        """Return the months in which some course changes, in order."""
        found = {count.event for course in self.courses for count in course.counts}
        return sorted(found.union(*(self._reversed_in(course) for course in self.courses)))

    def _reversed_in(self, course: Course) -> frozenset[str]:
        """Return the months in which something is taken back of an order, or given back."""
        order, name = course.earning.order, course.earning.component
        takes_back = self.workings.recorder.takes_back(name)
        return order.reversal_months if takes_back and order is not None else frozenset()

    def _count_again(self, members: Sequence[_Member], month: str, allowed: Figure) -> None:
        gone = [
            item for item in members if any(at <= month for at in self._reversed_in(item.course))
        ]
        standing = [item for item in members if item not in gone]
        room = allowed if not gone else self._room(allowed, gone, month)
        earnings = [item.course.at(month) for item in standing]
        found = {item.key: item for item in self._group(earnings, month).limited(room)}
        for item, earning in zip(standing, earnings, strict=True):
            self._note(item, found[earning.key], month)

    def _note(self, member: _Member, now: Earning, month: str) -> None:
        """Note what a count makes of a member, if that is something else."""
        before, member.now = member.now, now
        if now.units == before.units:
            return
        raw = next((count for count in member.course.counts if count.event == month), None)
        unlimited = member.course.before(month)
        if raw and (before.node_id, now.node_id) == (unlimited.node_id, raw.node_id):
            member.counts.append(raw)
            return
        name, component = now.component, self.workings.plan.components[now.component]
        after = component.lands_after if isinstance(component, CellComponent) else 0
        then, after_it = (Part(item.credit, item.units, item.node_id) for item in (before, now))
        key = (f"{name} {self.limit.path}", now.payee_id or "", now.competence, month)
        member.counts.append(
            Count(
                event=month,
                lands=raw.lands if raw else next_period(month, after),
                units=now.units,
                node_id=now.node_id,
                difference=difference_node(then, after_it, key, self.workings.book),
                reason=raw.reason
                if raw
                else because("limited_again", month=now.competence, event_month=month),
            )
        )

    def _room(self, allowed: Figure, gone: Sequence[_Member], month: str) -> Figure:
        """Return what a limit leaves beside what is kept of reversed orders at a month's end."""
        book, key = self.workings.book, self._group((), month).key
        kept = [move for member in gone for move in self._kept(member, month)]
        units = sum(move.units for move in kept)
        kept_node = book.node(
            *key,
            "kept",
            kind="kept_of_reversed",
            value=book.money(units),
            unit="money",
            operation="sum" if kept else "given",
            detail={"clause": self.limit.path, "month": month},
            children=tuple(move.node_id for move in kept),
        )
        formula = "max(0, limit - kept)" if self.limit.kind == "cap" else "limit - kept"
        value = allowed.value - Fraction(units, 10**book.places)
        value = max(Fraction(0), value) if self.limit.kind == "cap" else value
        node_id = book.node(
            *key,
            "room",
            kind="room_of_limit",
            value=book.text(value, Unit.MONEY),
            unit="money",
            operation="formula",
            detail={
                "clause": self.limit.path,
                "formula": formula,
                "inputs": ("limit", "kept"),
            },
            children=(allowed.node_id, kept_node),
        )
        return Figure(value, node_id)

    def _kept(self, member: _Member, month: str) -> Sequence[Movement]:
        """Return what stays of an order after what was taken of it by a month's end."""
        recorder, course = self.workings.recorder, member.limited
        moves = [
            move
            for earning in (course.earning, *course.raises())
            for move in recorder.record(earning)
        ]
        undone = {"reversal", "reinstatement"}
        return [
            move
            for move in moves
            if (move.what == "held" or move.what in PAID)
            and (move.what not in undone or (move.month or "") <= month)
        ]

    def _waiting(self, refused: NotCalculated) -> Sequence[Course]:
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
            Course(replace(course.earning, waits=refused.reason), course.counts)
            for course in self.courses
        ]
