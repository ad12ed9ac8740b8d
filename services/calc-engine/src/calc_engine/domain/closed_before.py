"""Where payees stood after their last approved statement before a period."""

from collections.abc import Iterable, Iterator

from calc_engine.domain.payment_accounts import ClosedAccounts
from calc_engine.domain.proposal import StatementKey
from premia_common.periods import Month
from premia_plan.period import next_period


class ClosedBefore:
    """The last approved statement of each key before a period."""

    def __init__(
        self, closed: Iterable[tuple[StatementKey, ClosedAccounts]], go_live: Month
    ) -> None:
        self._closed = dict(closed)
        self._go_live = str(go_live)

    def find(self, key: StatementKey) -> ClosedAccounts | None:
        """Return it, if there is one."""
        return self._closed.get(key)

    @property
    def keys(self) -> Iterator[StatementKey]:
        """Give the keys whose accounts there is something to go on with."""
        return (key for key, item in self._closed.items() if not item.is_empty)

    def first_open(self, key: StatementKey) -> str:
        """Return the first month that is not paid yet."""
        found = self._closed.get(key)
        return self._go_live if found is None else next_period(found.after)
