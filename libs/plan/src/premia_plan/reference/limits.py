"""Limits over several earnings: of a deal, of a payee's period, of all payees."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from premia_plan.checked import CheckedPlan, GroupLimit
from premia_plan.period import enclosing, last_month
from premia_plan.reference.carried_surplus import PayeePeriods
from premia_plan.reference.course import Course
from premia_plan.reference.earning import Earning, place_in_business
from premia_plan.reference.for_no_order import earning_for_no_order
from premia_plan.reference.left_surplus import tell_surplus
from premia_plan.reference.limited_later import LimitedCourses
from premia_plan.reference.plan_steps import PlanSteps
from premia_plan.reference.settlement import Settlement
from premia_plan.reference.subject import PLAN

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings

EarningKey: TypeAlias = tuple[str, str, str]


class Limits:
    """Applies the limits of components, then the plan's steps, each on the result before it.

    They look at what components give at their closes, and again in every month in which some of
    it is counted again or taken back: the room that this leaves is the others'. Earnings for no
    order are left out of a limit over deals. A floor of a payee's period counts for everybody in
    the plan: who has nothing above zero gets it for no order, in the limited component or, where
    the plan limits, in its first.
    """

    def __init__(self, plan: CheckedPlan, workings: "Workings") -> None:
        self._plan = plan
        self._workings = workings
        self._for_no_order: set[EarningKey] = set()
        self._own: dict[str, Sequence[Course]] = {}
        self._stages: list[PlanSteps] = []
        self._left: dict[str, list[Earning]] = defaultdict(list)

    def limited(self, course: Course) -> Course:
        """Return what an earning is after the limits it stands under, from its close on."""
        if not self.are_over(course.earning.component):
            return course
        return self._all.get(course.earning.key, course)

    def are_over(self, component: str) -> bool:
        """Say whether a component's earnings stand under a limit over several."""
        return bool(self._plan.components[component].limits or self._plan.steps)

    def before_plan(self, component: str) -> Sequence[Course]:
        """Return a component's courses within its own limits, before the plan's steps.

        That is what others are told it earned or released: the plan's steps come after them all.
        """
        return [
            course
            for course in self._of(component)
            if course.earning.key not in self._for_no_order or course.earning.units or course.counts
        ]

    def guarantees(self, component: str) -> Sequence[Course]:
        """Return what floors give in a component for no order, where nothing else is earned."""
        if not self.are_over(component):
            return ()
        return [
            course
            for key, course in sorted(self._all.items(), key=lambda item: item[0])
            if course.earning.component == component
            and key in self._for_no_order
            and (course.earning.units or course.counts)
        ]

    def changes_from(self, component: str, month: str) -> bool:
        """Say whether a limit changes some earning of a component in a month or later."""
        return self.are_over(component) and any(
            count.lands >= month
            for course in self._all.values()
            if course.earning.component == component
            for count in course.counts
        )

    @cached_property
    def _all(self) -> Mapping[EarningKey, Course]:
        found: list[Course] = []
        for name, component in self._plan.components.items():
            if component.limits or self._plan.steps:
                found.extend(self._of(name))
        first = next(iter(self._plan.components))
        for is_limit, steps in groupby(self._plan.steps, lambda step: isinstance(step, GroupLimit)):
            if not is_limit:
                self._stages.append(PlanSteps(tuple(steps), self._workings))
                found = [self._stages[-1].applied(course) for course in found]
                continue
            for limit in steps:
                if isinstance(limit, GroupLimit):
                    found = self._applied(limit, found, first)
        return {course.earning.key: course for course in found}

    def _of(self, component: str) -> Sequence[Course]:
        """Return a component's courses within its own limits."""
        found = self._own.get(component)
        if found is None:
            found = list(self._workings.component(component).courses())
            for limit in self._plan.components[component].limits:
                found = self._applied(limit, found, component)
            self._own[component] = found
        return found

    def _applied(
        self, limit: GroupLimit, courses: Sequence[Course], component: str
    ) -> list[Course]:
        """Return courses within a limit; `component` is the one that a floor may add to."""
        groups: dict[tuple[str, str], list[Course]] = defaultdict(list)
        apart = []
        for course in sorted(courses, key=_place):
            place = self._place(limit, course.earning)
            is_nothing = not (course.earning.units or course.counts)
            if place is None or (is_nothing and course.earning.key not in self._for_no_order):
                apart.append(course)
            else:
                groups[place].append(course)
        if limit.surplus != "lost":
            return [*apart, *self._carried(limit, groups, component)]
        added = {(own.payee_id or "", own.competence): own for own in self._added(limit, component)}
        known = {course.earning.key for course in courses}
        for place in {**groups, **added}:
            members, guarantee = groups.get(place, []), added.get(place)
            if guarantee is not None and guarantee.key not in known:
                members = [*members, Course(guarantee)]
                self._for_no_order.add(guarantee.key)
            group = LimitedCourses(limit, place, members, self._workings, guarantee)
            apart.extend(group.limited())
        return apart

    def _carried(
        self,
        limit: GroupLimit,
        groups: Mapping[tuple[str, str], Sequence[Course]],
        component: str,
    ) -> Sequence[Course]:
        """Return the courses of each payee's periods, with what is carried from one to the next."""
        found: list[Course] = []
        for payee_id in sorted({whose for whose, _ in groups}):
            own = ((place, group) for place, group in groups.items() if place[0] == payee_id)
            periods = {period: group for (_, period), group in own}
            done = PayeePeriods(limit, payee_id, self._workings).limited(periods)
            self._for_no_order.update(course.earning.key for course in done.carried)
            self._left[component].extend(done.left)
            found.extend(done.courses)
        return found

    def tell_surplus(self, component: str, settlement: Settlement) -> None:
        """Write what a component's cap carries on to periods that are still to come, or none."""
        if all(limit.surplus == "lost" for limit in self._plan.components[component].limits):
            return
        self._of(component)
        for earning in self._left[component]:
            tell_surplus(earning, earning.payee_id or "", self._workings, settlement)

    def _added(self, limit: GroupLimit, component: str) -> Iterator[Earning]:
        """Give an earning of zero for everybody in the plan in each period of a floor."""
        if limit.kind != "floor" or limit.over != "payee" or limit.period is None:
            return
        for period in self._workings.periods(limit.period):
            for payee_id in self._workings.payees.in_plan(period):
                if not self._is_turned_away(limit, payee_id, period):
                    yield self._nothing(payee_id, period, limit, component)

    def _place(self, limit: GroupLimit, earning: Earning) -> tuple[str, str] | None:
        """Return with what an earning is limited together; None if it is not limited."""
        place = _group(limit, earning)
        if place is None or limit.over != "payee" or limit.period is None:
            return place
        return None if self._is_turned_away(limit, *place) else place

    def _is_turned_away(self, limit: GroupLimit, payee_id: str, period: str) -> bool:
        """Say whether a gate of the plan that was not met keeps a later floor from a period."""
        month = last_month(period)
        return limit.kind == "floor" and any(
            stage.turn_away(payee_id, month) for stage in self._stages
        )

    def _nothing(self, payee_id: str, period: str, limit: GroupLimit, component: str) -> Earning:
        """Return an earning of zero for no order, due at the close of its period."""
        workings = self._workings
        node_id = workings.book.node(
            "guaranteed",
            limit.path,
            component,
            payee_id,
            period,
            kind="nothing_earned",
            value=workings.book.money(0),
            unit="money",
            payee_id=payee_id,
            detail={"clause": limit.path, "month": period},
        )
        return earning_for_no_order(
            component, "bonus", (payee_id, period), 0, node_id, workings=workings
        )


def _place(course: Course) -> tuple[str, str, str, str]:
    return place_in_business(course.earning)


def _group(limit: GroupLimit, earning: Earning) -> tuple[str, str] | None:
    """Return whose and which period's earnings are limited together."""
    period = "" if limit.period is None else enclosing(earning.competence, limit.period)
    match limit.over:
        case "deal":
            return None if earning.order_id is None else (earning.order_id, "")
        case "payee":
            return None if earning.payee_id is None else (earning.payee_id, period)
        case "plan":
            return PLAN, period
