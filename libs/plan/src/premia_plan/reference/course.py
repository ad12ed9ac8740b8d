"""What an earning is at its close, and what becomes of it in later months."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from premia_plan.period import end_day
from premia_plan.reference.counted_again import Count
from premia_plan.reference.earning import Earning


@dataclass(frozen=True, slots=True)
class Course:
    """An earning with its later counts, each telling what it is from its month on."""

    earning: Earning
    counts: Sequence[Count] = ()

    def at(self, month: str) -> Earning:
        """Return the earning as the last count up to a month leaves it."""
        return self._after([count for count in self.counts if count.event <= month])

    def before(self, month: str) -> Earning:
        """Return the earning as the last count before a month leaves it."""
        return self._after([count for count in self.counts if count.event < month])

    def _after(self, counts: Sequence[Count]) -> Earning:
        if not counts:
            return self.earning
        last = counts[-1]
        return replace(self.earning, units=last.units, node_id=last.node_id, counted_in=last.event)

    def raises(self) -> Iterator[Earning]:
        """Give what each count adds, as an earning of its own that is free from then on."""
        units = self.earning.units
        for count in self.counts:
            yield replace(
                self.earning,
                units=count.units - units,
                node_id=count.difference,
                raised_in=count.event,
                not_before=max(
                    self.earning.not_before or end_day(count.lands) - timedelta(days=1),
                    end_day(count.lands) - timedelta(days=1),
                ),
            )
            units = count.units
