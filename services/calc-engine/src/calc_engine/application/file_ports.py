"""The files that the use cases read and write: batches, segments, lineage, lines, manifests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from calc_engine.application.ports import FactRow, StoredFile
from calc_engine.application.read_models import StatedLine, StatedTotal, UnpaidLine
from calc_engine.domain.fact import Fact
from calc_engine.domain.flat_rows import TextRow
from calc_engine.domain.lineage import NodeRow
from calc_engine.domain.order_difference import DifferenceKey, StatedAmount
from calc_engine.domain.proposal import Proposal
from calc_engine.domain.run import Segment
from calc_engine.domain.statement_line import ResultLine


class FileDamaged(Exception):
    """Raised when a file is not what its digest says; nothing must be calculated from it."""

    def __init__(self, address: str) -> None:
        super().__init__(f"the file at {address} is not what was stored; restore it from a backup")


@dataclass(frozen=True, slots=True)
class Batch:
    """A file of facts as it was read."""

    sha256: str
    facts: Sequence[FactRow]


class BatchFiles(Protocol):
    """The handover folder, read only."""

    async def read_batch(self, tenant_id: UUID, address: str) -> Batch:
        """Return a file's digest and rows."""
        ...


class RunFiles(Protocol):
    """The immutable files of runs: segments, baselines, lineage, lines, manifests."""

    async def put_segment(self, tenant_id: UUID, facts: Sequence[FactRow]) -> Segment:
        """Store facts as a segment, addressed by its digest."""
        ...

    async def read_segments(self, tenant_id: UUID, segments: Sequence[Segment]) -> Sequence[Fact]:
        """Return the facts of segments.

        Raises:
            FileDamaged: if a file is not what its digest says.
        """
        ...

    async def put_nodes(self, tenant_id: UUID, run_id: UUID, nodes: list[NodeRow]) -> StoredFile:
        """Store a run's lineage, sorted by payee."""
        ...

    async def put_lines(
        self,
        tenant_id: UUID,
        run_id: UUID,
        proposals: Sequence[Proposal],
        unpaid: Sequence[ResultLine],
    ) -> StoredFile:
        """Store a run's statement lines, and those held or not paid, sorted by payee."""
        ...

    async def put_rows(
        self,
        tenant_id: UUID,
        run_id: UUID,
        name: str,
        columns: Sequence[str],
        rows: Sequence[TextRow],
    ) -> StoredFile:
        """Store a table of texts beside a run's other files."""
        ...

    async def read_rows(
        self, tenant_id: UUID, address: str, sha256: str, columns: Sequence[str]
    ) -> Sequence[TextRow]:
        """Return the rows of a stored table.

        Raises:
            FileDamaged: if the file has another digest.
        """
        ...

    async def put_json(
        self, tenant_id: UUID, run_id: UUID, name: str, content: bytes
    ) -> StoredFile:
        """Store canonical JSON beside a run's other files, addressed by its digest."""
        ...

    async def read_json(
        self, tenant_id: UUID, address: str, sha256: str | None = None
    ) -> Mapping[str, Any]:
        """Return stored JSON.

        Raises:
            FileDamaged: if a digest is given and the file has another.
        """
        ...


class SimulationFiles(Protocol):
    """The answers of simulations, kept for a while."""

    async def put_answer(self, tenant_id: UUID, simulation_id: UUID, content: bytes) -> StoredFile:
        """Store an answer as canonical JSON."""
        ...

    async def put_nodes(
        self, tenant_id: UUID, simulation_id: UUID, side: str, nodes: list[NodeRow]
    ) -> StoredFile:
        """Store what explains one side of an answer, sorted by payee."""
        ...

    async def read_answer(self, tenant_id: UUID, address: str, sha256: str) -> Mapping[str, Any]:
        """Return an answer.

        Raises:
            FileDamaged: if the file has another digest.
        """
        ...

    async def remove(self, tenant_id: UUID, address: str) -> None:
        """Throw a file away; one that is gone already is no error."""
        ...


class Lineage(Protocol):
    """Reads the stored nodes of a run."""

    async def nodes(
        self, tenant_id: UUID, address: str, payee_id: str, roots: Iterable[str]
    ) -> Mapping[str, NodeRow]:
        """Return the nodes reachable from some roots, of one payee and those that are shared."""
        ...


class StatedLines(Protocol):
    """Reads the stored lines of a run that its statements hold, or would hold."""

    async def totals(self, tenant_id: UUID, address: str) -> Sequence[StatedTotal]:
        """Return the sum of each payee's lines, by payee and currency."""
        ...

    async def of_payee(self, tenant_id: UUID, address: str, payee_id: UUID) -> Sequence[StatedLine]:
        """Return one payee's lines, in the order of their ids."""
        ...


class StatedAmounts(Protocol):
    """Adds up the stored lines of a run that its statements hold, by order and component."""

    async def after(
        self,
        tenant_id: UUID,
        address: str,
        key: DifferenceKey | None,
        *,
        payee_id: UUID | None,
        order_id: str | None,
        limit: int,
    ) -> Sequence[StatedAmount]:
        """Return the first sums after a key, perhaps only one payee's or one order's."""
        ...


class UnpaidLines(Protocol):
    """Reads the stored lines of a run that are held or not paid."""

    async def of_payee(self, tenant_id: UUID, address: str, payee_id: UUID) -> Sequence[UnpaidLine]:
        """Return one payee's lines."""
        ...
