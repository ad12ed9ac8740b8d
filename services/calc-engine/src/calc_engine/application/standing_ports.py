"""What renewing standings needs: facts found by whom they speak of, and what stands now."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from calc_engine.domain.fact import Fact
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.restatement import ApprovedStatements
from calc_engine.domain.run import Run
from calc_engine.domain.standing import Replaced, Replacement, Standing, StandingLine
from calc_engine.domain.statement_line import PostedLine
from premia_common.periods import Month
from premia_plan.results import Exception_


class FactReferences(Protocol):
    """Facts by what they name."""

    async def naming(self, references: Collection[str], kinds: Collection[str]) -> Sequence[Fact]:
        """Return every version of the facts of some kinds that ever named one of some things."""
        ...

    async def of_keys(self, kind: str, keys: Collection[str]) -> Sequence[Fact]:
        """Return every version of some facts of a kind."""
        ...

    async def chain_above(self, payees: Collection[str]) -> Sequence[Fact]:
        """Return every version of the positions of some payees and above, and of who holds them."""
        ...

    async def paying(self, names: Collection[str]) -> Sequence[Fact]:
        """Return every version of the loans and adjustments of payees by their ids and codes."""
        ...

    async def other_than(self, kinds: Collection[str]) -> Sequence[Fact]:
        """Return every version of all facts that are of none of some kinds."""
        ...

    async def arrived_since(self, standing: Standing, limit: int) -> Sequence[tuple[str, str]]:
        """Return kind and key of at most so many facts that a standing does not know."""
        ...


class StandingRepository(Protocol):
    """What payees stand at."""

    async def lock(self) -> bool:
        """Take the tenant's standings until the transaction ends; False if somebody has them."""
        ...

    async def open_ones(self) -> Sequence[Standing]:
        """Return the standings of all open periods, oldest first; others wait from now on."""
        ...

    async def of(self, period: Month) -> Standing | None:
        """Return a period's standing, if a run of it completed."""
        ...

    async def start(
        self,
        run: Run,
        go_live: Month,
        snapshot: str,
        lines: Sequence[StandingLine],
        exceptions: Sequence[Exception_],
        *,
        at: datetime,
    ) -> None:
        """Begin a period's standing anew from a run whose facts a snapshot sees."""
        ...

    async def replace(self, standing: Standing, replacement: Replacement, *, at: datetime) -> None:
        """Put the new lines and exceptions where the old ones of their keys were."""
        ...

    async def wait(self, standing: Standing, because: str, *, at: datetime) -> None:
        """Say that a standing waits for the next run."""
        ...

    async def posted(self, period: Month, keys: Sequence[Replaced]) -> Sequence[PostedLine]:
        """Return what approved statements of earlier periods paid of the lines of some keys."""
        ...

    async def approved(self, period: Month, payees: Collection[str]) -> ApprovedStatements:
        """Return the approved statements of some payees' earlier periods."""
        ...

    async def lines(self, period: Month, payee_id: UUID) -> Sequence[StandingLine]:
        """Return a payee's lines, in the order of plan, component and id."""
        ...

    async def stated(self, period: Month, payee_id: UUID) -> Sequence[StatementKey]:
        """Return the keys of the statements that a payee has already in a period."""
        ...

    async def exceptions(self, period: Month, payee_id: UUID) -> Sequence[Exception_]:
        """Return a payee's exceptions, and those of the orders in its lines."""
        ...

    async def is_current(self, standing: Standing) -> bool:
        """Say whether a standing knows every fact that is stored."""
        ...
