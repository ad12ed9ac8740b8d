"""For which part of a period a payee is in the plan."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from premia_plan.checked import Proration
from premia_plan.period import end_day, first_day
from premia_plan.proration import Part, Stretch, part_of
from premia_plan.relations import Relations


class Presence:
    """Answers by payee; a payee without an assignment to the plan was never in it."""

    def __init__(self, proration: Proration, relations: Relations) -> None:
        self._proration = proration
        self._holidays = frozenset(row.on for row in relations.holidays)
        self._held: dict[str, list[Stretch]] = defaultdict(list)
        self._away: dict[str, list[Stretch]] = defaultdict(list)
        self._parts: dict[tuple[str, str], Part] = {}
        for row in relations.assignments:
            self._held[row.payee_id].append((row.valid_from, row.valid_to))
        if not proration.leave_counts:
            for leave in relations.leaves:
                self._away[leave.payee_id].append((leave.valid_from, leave.valid_to))

    @property
    def held(self) -> Mapping[str, Sequence[Stretch]]:
        """Return when each payee is assigned."""
        return self._held

    def joined(self, payee_id: str) -> date:
        """Return the first day on which a payee is assigned; the first of all without limit."""
        starts = [start or date.min for start, _ in self._held.get(payee_id, ())]
        return min(starts, default=date.min)

    def part(self, payee_id: str, period: str) -> Part:
        """Return for which part of a period a payee is in the plan, leave counted as it says."""
        found = self._parts.get((payee_id, period))
        if found is None:
            found = self._parts[payee_id, period] = self._count(payee_id, period)
        return found

    def _count(self, payee_id: str, period: str) -> Part:
        held = self._held.get(payee_id, ())
        start, end = first_day(period), end_day(period)
        away = [
            (first, last)
            for first, last in self._away.get(payee_id, ())
            if (first is None or first < end) and (last is None or last > start)
        ]
        is_all = any(
            (first is None or first <= start) and (last is None or last >= end)
            for first, last in held
        )
        if is_all and not away:
            return Part(1, 1)
        return part_of(period, held, away, self._proration.basis, self._holidays)
