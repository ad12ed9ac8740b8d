"""The rows of a folder's tables as the relations a calculation reads."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias, TypeVar

from premia_cli.offline import payment_rows, rows, tables
from premia_cli.offline.cells import (
    CellRefused,
    Read,
    read_day,
    read_flag,
    read_number,
    read_ratio,
    read_text,
)
from premia_cli.offline.columns import Table
from premia_cli.offline.reading import FileRead, Row, TableReader
from premia_cli.offline.rejects import RejectedRow, Rejects
from premia_cli.offline.reversed_facts import placed, read_reversals, told_apart
from premia_cli.offline.rows import (
    day_of,
    number_of,
    optional_text,
    source_of,
    text_of,
    validity_of,
)
from premia_plan.checked import CheckedPlan
from premia_plan.quantities import Unit
from premia_plan.relations import (
    Attribute,
    FactRow,
    OrderLineRow,
    OrderRow,
    PayeeRef,
    PayeeRow,
    PositionRow,
    Relations,
    ReversalRow,
    StateReached,
)

UNKNOWN_PAYEE = "payees"
"""The system that a payee's code belongs to where the table of payees has no such payee."""

Made = TypeVar("Made")
_READS: Mapping[Unit, Read] = {
    Unit.TEXT: read_text,
    Unit.DATE: read_day,
    Unit.BOOL: read_flag,
    Unit.RATE: read_ratio,
}


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder of tables says, and what was read of it."""

    relations: Relations
    files: tuple[FileRead, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a plan declares beyond the columns that all orders and all payees have."""

    orders: Mapping[str, Unit]
    payees: Mapping[str, Unit]
    positions: Mapping[str, Unit] = field(default_factory=dict)


def declared_by(plan: CheckedPlan) -> Attributes:
    """Return the attributes that a plan declares."""
    return Attributes(plan.order_attributes, plan.payee_attributes, plan.position_attributes)


def read_folder(path: Path, attributes: Attributes, rejects: Rejects) -> Folder:
    """Read every table of a folder.

    Args:
        path: the folder.
        attributes: what the plan declares.
        rejects: told of every row that is left out.

    Raises:
        TableUnreadable: if a file as a whole cannot be used.
    """
    return _Builder(path, attributes, rejects).build()


Roles: TypeAlias = Mapping[tuple[str, str, str], Mapping[str, PayeeRef]]
"""Payees by role, by what they had a part in: its kind, its id, and a line's id or ""."""


@dataclass(slots=True)
class _OrderParts:
    """What other tables say of orders; each is taken by its order."""

    states: dict[str, list[tuple[Row, StateReached]]]
    lines: dict[str, list[tuple[Row, OrderLineRow]]]
    reversals: dict[str, list[tuple[Row, ReversalRow | None]]]
    roles: "Roles"
    """By whom and as what, all of them; those of orders and lines are looked up here."""

    def lines_of(self, order_id: str) -> tuple[OrderLineRow, ...]:
        """Return the lines of an order, each with its own states and payees."""
        return tuple(
            replace(
                line,
                states=self.states_of(order_id, line.line_id),
                payees=self.roles.get(("line", order_id, line.line_id), {}),
            )
            for _, line in self.lines.get(order_id, ())
        )

    def states_of(self, order_id: str, line_id: str | None) -> tuple[StateReached, ...]:
        """Return the states of an order, or of one of its lines."""
        return tuple(
            state
            for row, state in self.states.get(order_id, ())
            if optional_text(row, "line_id") == line_id
        )

    def causes(self, order_id: str) -> list[Row]:
        """Return the rows that tell the cause of the reversal which a state is."""
        return [row for row, own in self.reversals.get(order_id, ()) if own is None]


@dataclass(slots=True)
class _Builder:
    folder: Path
    attributes: Attributes
    rejects: Rejects
    files: list[FileRead] = field(default_factory=list)
    payee_ids: set[str] = field(default_factory=set)
    order_ids: set[str] = field(default_factory=set)

    def build(self) -> Folder:
        payees = tuple(self._payees())
        self.payee_ids = {row.payee_id for row in payees}
        roles = self._roles()
        said = read_reversals(self._rows(tables.REVERSALS), self._reject)
        reversals = told_apart(said, self._reject)
        parts = _OrderParts(
            self._by_order(tables.ORDER_STATES, rows.state_row),
            self._by_order(tables.ORDER_LINES, rows.line_row),
            reversals.of_orders,
            roles,
        )
        orders, facts = tuple(self._orders(parts)), tuple(self._facts(roles))
        relations = Relations(
            payees=payees,
            orders=orders,
            edges=self._made(tables.EDGES, rows.edge_row),
            trees=self._made(tables.TREES, rows.tree_row),
            targets=self._made(tables.TARGETS, rows.target_row),
            measurements=self._made(tables.MEASUREMENTS, rows.measurement_row),
            assignments=self._made(tables.ASSIGNMENTS, rows.assignment_row),
            openings=self._made(tables.OPENINGS, rows.opening_row),
            facts=facts,
            leaves=self._made(tables.LEAVES, payment_rows.leave_row),
            holidays=self._made(tables.HOLIDAYS, payment_rows.holiday_row),
            exchange_rates=self._made(tables.EXCHANGE_RATES, payment_rows.exchange_rate_row),
            adjustments=self._made(tables.ADJUSTMENTS, payment_rows.adjustment_row),
            loans=self._made(tables.LOANS, payment_rows.loan_row),
            positions=tuple(self._positions()),
            payee_caps=self._made(tables.PAYEE_CAPS, payment_rows.payee_cap_row),
            paid_before=self._made(tables.PAID_BEFORE, payment_rows.paid_before_row),
            reversals=(
                *(
                    own
                    for order_id, said in parts.reversals.items()
                    for _, own in said
                    if own is not None and order_id in self.order_ids
                ),
                *placed(reversals, parts.lines, facts, self._reject),
            ),
        )
        self._reject_orphans(parts)
        return Folder(relations, tuple(self.files), self._notes())

    def _rows(self, table: Table) -> Iterator[Row]:
        reader = TableReader(table, self.folder, self.rejects)
        yield from reader.rows()
        self.files += reader.files

    def _made(self, table: Table, make: Callable[[Row], Made]) -> tuple[Made, ...]:
        return tuple(make(row) for row in self._rows(table))

    def _by_order(
        self, table: Table, make: Callable[[Row], Made]
    ) -> dict[str, list[tuple[Row, Made]]]:
        found: dict[str, list[tuple[Row, Made]]] = defaultdict(list)
        for row in self._rows(table):
            found[text_of(row, "order_id")].append((row, make(row)))
        return dict(found)

    def _roles(self) -> Roles:
        found: dict[tuple[str, str, str], dict[str, PayeeRef]] = defaultdict(dict)
        for row in self._rows(tables.ROLES):
            key = (text_of(row, "of"), text_of(row, "id"), optional_text(row, "line_id") or "")
            if (key[0] == "line") != bool(key[2]):
                problem = f"it is of {key[0]} and says line_id {key[2]!r}"
                self._reject(row, "line_id", key[2], problem, "Give line_id for a line only")
                continue
            payee = self._payee(text_of(row, "payee"))
            if payee is not None:
                found[key][text_of(row, "role")] = payee
        return found

    def _facts(self, roles: Roles) -> Iterator[FactRow]:
        states: dict[tuple[str, str], list[StateReached]] = defaultdict(list)
        facts = [payment_rows.fact_row(row) for row in self._rows(tables.FACTS)]
        known = {(fact.kind, fact.fact_id) for fact in facts}
        for row in self._rows(tables.FACT_STATES):
            key = (text_of(row, "kind"), text_of(row, "fact_id"))
            if key in known:
                states[key].append(rows.state_row(row, tables.FACT_STATES))
            else:
                problem = f"there is no {key[0]} {key[1]!r}"
                hint = "Add it to the table facts, or mend its row there"
                self._reject(row, "fact_id", key[1], problem, hint)
        for fact in facts:
            yield replace(
                fact,
                states=tuple(states.get((fact.kind, fact.fact_id), ())),
                payees=roles.get((fact.kind, fact.fact_id, ""), {}),
            )

    def _payees(self) -> Iterator[PayeeRow]:
        for row in self._rows(tables.PAYEES):
            typed = self._typed(row, self.attributes.payees)
            if typed is not None:
                start, end = validity_of(row)
                yield PayeeRow(text_of(row, "payee_id"), start, end, {**row.further, **typed})

    def _positions(self) -> Iterator[PositionRow]:
        for row in self._rows(tables.POSITIONS):
            typed = self._typed(row, self.attributes.positions)
            if typed is not None:
                payee_id, position = text_of(row, "payee_id"), text_of(row, "position")
                attributes = {**row.further, **typed}
                yield PositionRow(payee_id, position, *validity_of(row), attributes)

    def _orders(self, parts: _OrderParts) -> Iterator[OrderRow]:
        for row in self._rows(tables.ORDERS):
            self.order_ids.add(text_of(row, "order_id"))
            attributes = self._typed(row, self.attributes.orders)
            if attributes is not None:
                yield self._order(row, attributes, parts)

    def _typed(self, row: Row, declared: Mapping[str, Unit]) -> dict[str, Attribute] | None:
        """Return the attributes that the plan declares; None, and told, if one does not fit."""
        typed: dict[str, Attribute] = {}
        for name, unit in declared.items():
            text = row.further.get(name)
            if text is None:
                continue
            try:
                value = _READS.get(unit, read_number)(text)
            except CellRefused as error:
                self._reject(row, name, text, error.problem, error.what_to_do)
                return None
            if not isinstance(value, datetime):
                typed[name] = value
        return typed

    def _order(self, row: Row, attributes: dict[str, Attribute], parts: _OrderParts) -> OrderRow:
        order_id = text_of(row, "order_id")
        causes = parts.causes(order_id)
        return OrderRow(
            order_id=order_id,
            record_id=optional_text(row, "record_id") or order_id,
            principal=text_of(row, "principal"),
            signed_on=day_of(row, "signed_on"),
            seller=self._payee(optional_text(row, "seller")),
            partner=self._payee(optional_text(row, "partner")),
            category=text_of(row, "category"),
            territory=text_of(row, "territory"),
            amount=number_of(row, "amount"),
            currency=text_of(row, "currency"),
            attributes=attributes,
            lines=parts.lines_of(order_id),
            states=parts.states_of(order_id, None),
            imputable_to=optional_text(causes[0], "imputable_to") if causes else None,
            cause=optional_text(causes[0], "cause") if causes else None,
            source=source_of(row, tables.ORDERS),
            version=int(number_of(row, "version", Decimal(1))),
            payees=parts.roles.get(("order", order_id, ""), {}),
        )

    def _payee(self, code: str | None) -> PayeeRef | None:
        if code is None:
            return None
        return (
            PayeeRef.known(code)
            if code in self.payee_ids
            else PayeeRef.unknown(UNKNOWN_PAYEE, code)
        )

    def _reject_orphans(self, parts: _OrderParts) -> None:
        """Tell of states, lines and reversals whose order is in no table of orders."""
        for by_order in (parts.states, parts.lines, parts.reversals):
            for order_id in sorted(by_order.keys() - self.order_ids):
                for row, _ in by_order[order_id]:
                    problem = f"there is no usable order {order_id!r}"
                    hint = "Add the order to the table orders, or mend its row there"
                    self._reject(row, "order_id", order_id, problem, hint)
        for order_id in sorted(parts.states.keys() & self.order_ids):
            known = {line.line_id for _, line in parts.lines.get(order_id, ())}
            for row, _ in parts.states[order_id]:
                line_id = optional_text(row, "line_id")
                if line_id is not None and line_id not in known:
                    problem = f"order {order_id!r} has no line {line_id!r}"
                    hint = "Add the line to the table order_lines"
                    self._reject(row, "line_id", line_id, problem, hint)
        for order_id in sorted(parts.reversals.keys() & self.order_ids):
            causes = parts.causes(order_id)
            for row in causes:
                if row.sha256 != causes[0].sha256:
                    problem = f"another row tells another cause for {order_id!r}"
                    self._reject(row, "order_id", order_id, problem, "Leave one, or give it a day")

    def _reject(self, row: Row, column: str, value: str, problem: str, what_to_do: str) -> None:
        self.rejects.add(RejectedRow(row.file, row.number, column, value, problem, what_to_do))

    def _notes(self) -> tuple[str, ...]:
        read = {file.path for file in self.files}
        notes = [
            f"{path.name} is not read: no table has that name{_nearest_table(path.stem)}"
            for path in sorted(self.folder.iterdir())
            if path.is_file() and path not in read
        ]
        for file in self.files:
            if file.path.stem.partition("-")[0] == tables.ORDERS.name:
                notes += [
                    f"{file.path.name}: the plan declares no attribute {name}; it is not used"
                    for name in file.further
                    if name not in self.attributes.orders
                ]
        return tuple(notes)


def _nearest_table(stem: str) -> str:
    near = get_close_matches(stem, [table.name for table in tables.TABLES], 1)
    return f"; did you mean {near[0]}?" if near else ""


def empty_tables(relations: Relations) -> Iterable[str]:
    """Yield the names of tables without which nobody can be paid, where they have no row."""
    for name in ("payees", "assignments", "orders"):
        if not getattr(relations, name):
            yield name
