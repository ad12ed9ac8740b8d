"""The calculation's result: lines, the nodes that explain them, exceptions and cells.

Ids are computed from keys (plan name, component, payee, order, credit, what, share), never
drawn, and the plan's hash is in none of them: a later run's difference is a comparison by id.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Literal, TypeAlias
from uuid import UUID

from premia_common.canonical import canonical_json
from premia_plan.relations import SourceRef

LineKind: TypeAlias = Literal["commission", "bonus"]
What: TypeAlias = Literal[
    "release", "reversal", "void_release", "reinstatement", "held", "not_paid"
]
Detail: TypeAlias = "str | int | bool | Sequence[Detail] | Mapping[str, Detail] | None"

PAID: frozenset[What] = frozenset({"release", "reversal", "void_release", "reinstatement"})
"""What lands in a month and is owed; the amounts of `held` and `not_paid` are not."""


@dataclass(frozen=True, slots=True)
class Line:
    """One amount of one payee, to the cent.

    `month` is the month it lands in; None for what is held or not paid. `competence` is the month
    in which it was earned (its first release state, or the order's own date while that is open)
    or measured. `payee_id` is None where an order names a payee nobody knows. `reason` says why
    a line is held, not paid or reversed; `reason_code` is its stable name.
    """

    line_id: UUID
    payee_id: str | None
    principal: str
    component: str
    kind: LineKind
    what: What
    month: str | None
    competence: str
    amount: Decimal
    order_id: str | None
    credit_id: str | None
    share: int | None
    reason: str | None
    reason_code: str | None
    node_id: UUID


@dataclass(frozen=True, slots=True)
class Node:
    """One step of an explanation.

    `value` is exact text: a decimal, a fraction `n/d` where no decimal ends, an ISO date or a
    word, as `unit` says (money, rate, count, date, text). A rate is its ratio: 3 % is 0.03.
    `operation` is how the value follows from the children, in their order; `given` is a leaf.
    `detail` holds what the operation needs besides: the plan clause as a JSON pointer, the
    formula, the rate row with its index and keys, the band, the rounding.
    """

    node_id: UUID
    payee_id: str | None
    kind: str
    value: str
    unit: str
    operation: str
    detail: Mapping[str, Detail]
    source: SourceRef | None
    children: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Exception_:  # noqa: N801 - not an error of the program; the bare word is Python's
    """Something a person must look at; `blocks` keeps the payee's statement from approval."""

    code: str
    message: str
    what_to_do: str
    payee_id: str | None
    order_id: str | None
    month: str | None
    blocks: bool


@dataclass(frozen=True, slots=True)
class Attainment:
    """A measure against its target: the exact ratio as `n/d`, and as a percentage in words."""

    ratio: str
    percent: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A payee's measure in a month, with target and attainment where the plan has them."""

    payee_id: str
    measure: str
    month: str
    value: str
    target: str | None
    attainment: Attainment | None
    node_id: UUID


@dataclass(frozen=True, slots=True)
class Calculation:
    """The whole result, in one order whatever the order of the input."""

    lines: tuple[Line, ...]
    nodes: tuple[Node, ...]
    exceptions: tuple[Exception_, ...]
    cells: tuple[Cell, ...]

    def digest(self) -> str:
        """Return the SHA-256 of the content; equal results have equal digests."""
        hasher = hashlib.sha256()
        lines = sorted(self.lines, key=_LINE_ORDER)
        nodes = sorted(self.nodes, key=_NODE_ORDER)
        told = _Told({}, {})
        for start in range(0, len(lines), _BATCH):
            _hash_lines(hasher, lines[start : start + _BATCH])
        for start in range(0, len(nodes), _BATCH):
            _hash_nodes(hasher, nodes[start : start + _BATCH], told)
        rest = (
            sorted(ascii(_EXCEPTION_WORDS(item)) for item in self.exceptions),
            sorted(ascii(_cell_values(cell)) for cell in self.cells),
        )
        hasher.update(ascii((len(lines), len(nodes), rest)).encode())
        return hasher.hexdigest()


_BATCH = 500
"""So many lines or nodes are hashed at a time: few calls, and little memory."""
_LINE_ORDER = attrgetter("line_id.int")
_NODE_ORDER = attrgetter("node_id.int")
_LINE_WORDS = attrgetter(
    "payee_id",
    "principal",
    "component",
    "kind",
    "what",
    "month",
    "competence",
    "order_id",
    "credit_id",
    "share",
    "reason",
    "reason_code",
)
_NODE_WORDS = attrgetter("payee_id", "kind", "value", "unit", "operation")
_SOURCE_WORDS = attrgetter("kind", "id", "sha256", "label")
_EXCEPTION_WORDS = attrgetter(
    "code", "message", "what_to_do", "payee_id", "order_id", "month", "blocks"
)


@dataclass(frozen=True, slots=True)
class _Told:
    """The words of details and sources by identity: nodes share them, each is told once."""

    details: dict[int, str]
    sources: dict[int, tuple[object, ...] | None]

    def detail(self, detail: Mapping[str, Detail]) -> str:
        found = self.details.get(id(detail))
        if found is None:
            # Decoded at once: the encoder's bytes keep a buffer many times their length.
            found = self.details[id(detail)] = canonical_json(detail).decode()
        return found

    def source(self, source: SourceRef | None) -> tuple[object, ...] | None:
        if source is None:
            return None
        found = self.sources.get(id(source))
        if found is None:
            found = self.sources[id(source)] = _SOURCE_WORDS(source)
        return found


# Words are quoted and ids have one length, and the words say how many ids there are: no two
# contents give the same bytes.


def _hash_lines(hasher: "hashlib._Hash", lines: Sequence[Line]) -> None:
    words = [(_LINE_WORDS(line), str(line.amount)) for line in lines]
    hasher.update(ascii(words).encode())
    hasher.update(_bytes_of([line.line_id for line in lines]))
    hasher.update(_bytes_of([line.node_id for line in lines]))


def _hash_nodes(hasher: "hashlib._Hash", nodes: Sequence[Node], told: _Told) -> None:
    words = [
        (_NODE_WORDS(node), told.detail(node.detail), told.source(node.source), len(node.children))
        for node in nodes
    ]
    hasher.update(ascii(words).encode())
    hasher.update(_bytes_of([node.node_id for node in nodes]))
    hasher.update(_bytes_of([child for node in nodes for child in node.children]))


def _bytes_of(ids: Sequence[UUID]) -> bytes:
    return b"".join([each.int.to_bytes(16, "big") for each in ids])


def _cell_values(cell: Cell) -> tuple[object, ...]:
    reached = cell.attainment
    attainment = None if reached is None else (reached.ratio, reached.percent)
    return (
        cell.payee_id,
        cell.measure,
        cell.month,
        cell.value,
        cell.target,
        attainment,
        cell.node_id.int,
    )
