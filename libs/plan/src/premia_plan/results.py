"""The calculation's result: lines, the nodes that explain them, exceptions and cells.

Ids are computed from keys (plan name, component, payee, order, credit, what, share), never
drawn, and the plan's hash is in none of them: a later run's difference is a comparison by id.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Literal, TypeAlias
from uuid import UUID

from premia_common.canonical import canonical_json
from premia_plan.relations import SourceRef

LineKind: TypeAlias = Literal["commission", "bonus"]
What: TypeAlias = Literal["release", "reversal", "void_release", "held", "not_paid"]
Detail: TypeAlias = "str | int | bool | Sequence[Detail] | Mapping[str, Detail] | None"

PAID: frozenset[What] = frozenset({"release", "reversal", "void_release"})
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
        for texts in (
            map(_line_text, sorted(self.lines, key=_LINE_ORDER)),
            self._node_texts(),
            sorted(ascii(_EXCEPTION_VALUES(item)) for item in self.exceptions),
            sorted(ascii(_cell_values(cell)) for cell in self.cells),
        ):
            for text in texts:
                hasher.update(text.encode())
            hasher.update(b"\n")
        return hasher.hexdigest()

    def _node_texts(self) -> Iterator[str]:
        """Return the nodes' content as text; they share details and sources, each told once."""
        details: dict[int, str] = {}
        sources: dict[int, str] = {}
        for node in sorted(self.nodes, key=_NODE_ORDER):
            detail, source = node.detail, node.source
            told = details.get(id(detail))
            if told is None:
                told = details[id(detail)] = ascii(canonical_json(detail))
            origin = sources.get(id(source))
            if origin is None:
                values = None if source is None else _SOURCE_VALUES(source)
                origin = sources[id(source)] = ascii(values)
            children = [child.int for child in node.children]
            yield f"{node.node_id.int}{_NODE_WORDS(node)!a}{told}{origin}{children}"


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
_SOURCE_VALUES = attrgetter("kind", "id", "sha256", "label")
_EXCEPTION_VALUES = attrgetter(
    "code", "message", "what_to_do", "payee_id", "order_id", "month", "blocks"
)
# The values of a text are quoted or numbers, so that no two contents give the same text.


def _line_text(line: Line) -> str:
    words, ids = _LINE_WORDS(line), (line.line_id.int, line.node_id.int)
    return f"{ids}{words!a}{line.amount}"


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
