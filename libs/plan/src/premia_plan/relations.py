"""The calculation's input: dated rows of what was recorded, resolved to our own ids.

Days are business days. Every validity is half-open: the first day is in, `valid_to` is out,
and None means without limit. Months are written `2026-03`. The order of the rows never matters,
and a row given twice counts once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias, TypeVar

Attribute: TypeAlias = str | Decimal | date | bool

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where a fact came from: a source message with its digest, or an event."""

    kind: str
    id: str
    sha256: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class PayeeRow:
    """A payee's attributes (kind, channel and whatever a plan declares) while they were valid."""

    payee_id: str
    valid_from: date | None
    valid_to: date | None
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PayeeRef:
    """A payee as an order names it: resolved to our id, or still the source's own code."""

    payee_id: str | None
    system: str = ""
    code: str = ""

    @classmethod
    def known(cls, payee_id: str) -> "PayeeRef":
        """Return a reference that is resolved.

        >>> PayeeRef.known("A1").is_resolved
        True
        """
        return cls(payee_id)

    @classmethod
    def unknown(cls, system: str, code: str) -> "PayeeRef":
        """Return a reference that no payee answers to yet.

        >>> PayeeRef.unknown("salesforce", "AG-9").is_resolved
        False
        """
        return cls(None, system, code)

    @property
    def is_resolved(self) -> bool:
        """Say whether the payee is known."""
        return self.payee_id is not None


@dataclass(frozen=True, slots=True)
class StateReached:
    """A state an order or a line reached.

    `on` is the business day as recorded. Where the source gives the instant `at` (with its
    offset), the plan's time zone turns it into the day instead.
    """

    state: str
    on: date
    at: datetime | None
    source: SourceRef


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    """One line of an order."""

    line_id: str
    category: str
    amount: Decimal
    quantity: Decimal
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One version of an order; of several versions the highest is the order.

    `imputable_to` and `cause` speak of the reversal, when the order was cancelled.
    """

    order_id: str
    record_id: str
    principal: str
    signed_on: date
    seller: PayeeRef | None
    partner: PayeeRef | None
    category: str
    territory: str
    amount: Decimal
    currency: str
    attributes: Mapping[str, Attribute]
    lines: tuple[OrderLineRow, ...]
    states: tuple[StateReached, ...]
    imputable_to: str | None
    cause: str | None
    source: SourceRef
    version: int = 1


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """Who reports to whom in a hierarchy, while it was so."""

    hierarchy: str
    payee_id: str
    reports_to: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A node of the `territory` or `category` tree; a root has no parent."""

    tree: str
    code: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class TargetRow:
    """The last accepted target of a payee for a measure and a month, in the plan's currency."""

    payee_id: str
    name: str
    month: str
    amount: Decimal
    source: SourceRef


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """A measured value that was loaded, such as a KPI; a percentage is its ratio (95 % is 0.95)."""

    payee_id: str
    name: str
    month: str
    value: Decimal
    source: SourceRef


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A payee assigned to the plan under a mandate, and whether the payee accepted the plan."""

    assignment_id: str
    mandate_id: str
    principal: str
    payee_id: str
    valid_from: date | None
    valid_to: date | None
    accepted: bool = True


def _text(row: object) -> str:
    """Return the row's content as text, the same for equal rows."""
    return repr([_stable(getattr(row, field.name)) for field in fields(row)])  # type: ignore[arg-type]


def _stable(value: object) -> object:
    if isinstance(value, Mapping):
        return sorted((key, _stable(item)) for key, item in value.items())
    if isinstance(value, Decimal):
        return value.normalize()
    if isinstance(value, tuple):
        return sorted(repr(_stable(item)) for item in value)
    if hasattr(value, "__dataclass_fields__"):
        return _text(value)
    return value


def _sorted_once(rows: Iterable[Row], key: Callable[[Row], tuple[object, ...]]) -> tuple[Row, ...]:
    """Return the rows in one order, equal ones once, whatever order they came in."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        group = groups.setdefault(key(row), [])
        if row not in group:
            group.append(row)
    ordered: list[Row] = []
    for name in sorted(groups, key=lambda parts: tuple((p is not None, p) for p in parts)):
        group = groups[name]
        ordered.extend(group if len(group) == 1 else sorted(group, key=_text))
    return tuple(ordered)


@dataclass(frozen=True, slots=True)
class Relations:
    """Everything a calculation reads besides the plan.

    Two rows with the same key and different content are both kept, next to each other; the
    calculation names them in an exception rather than choosing by the order of arrival.
    `closed_before` is the first day that is still open. A line lands in the month of its event
    all the same; whoever compares two results moves differences of closed months.
    """

    payees: tuple[PayeeRow, ...] = ()
    orders: tuple[OrderRow, ...] = ()
    edges: tuple[EdgeRow, ...] = ()
    trees: tuple[TreeRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    measurements: tuple[MeasurementRow, ...] = ()
    assignments: tuple[AssignmentRow, ...] = ()
    closed_before: date | None = None

    def __post_init__(self) -> None:
        arrange = object.__setattr__
        arrange(self, "payees", _sorted_once(self.payees, lambda r: (r.payee_id, r.valid_from)))
        arrange(self, "orders", _sorted_once(self.orders, lambda r: (r.order_id, r.version)))
        arrange(
            self,
            "edges",
            _sorted_once(
                self.edges, lambda r: (r.hierarchy, r.payee_id, r.valid_from, r.reports_to)
            ),
        )
        arrange(self, "trees", _sorted_once(self.trees, lambda r: (r.tree, r.code)))
        arrange(
            self, "targets", _sorted_once(self.targets, lambda r: (r.payee_id, r.name, r.month))
        )
        arrange(
            self,
            "measurements",
            _sorted_once(self.measurements, lambda r: (r.payee_id, r.name, r.month)),
        )
        arrange(self, "assignments", _sorted_once(self.assignments, lambda r: (r.assignment_id,)))
