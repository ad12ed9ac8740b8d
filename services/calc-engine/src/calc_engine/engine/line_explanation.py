"""One line of a run in files explained: worked out again from the facts it rests on alone.

A run of millions of orders writes its lines and what they rest on as rows, and no node. A line
names its order or its payee's month, and the rows beside it the orders of that month. These few
facts are read, and the reference engine walks them: its nodes are the explanation, under the ids
that a run which stores nodes would have given them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pyarrow.parquet as pq

from calc_engine.engine.id_halves import split
from calc_engine.engine.layout import NOBODY, attribute_column
from calc_engine.engine.trace.rows import month_text
from premia_common.money import minor_digits
from premia_common.periods import Month
from premia_plan.checked import (
    PAYEE,
    CellComponent,
    CheckedPlan,
    Component,
    CreditComponent,
    SummedMeasure,
)
from premia_plan.language.syntax import Reference, inputs_of
from premia_plan.linting.edges import formulas_of
from premia_plan.reference import calculate
from premia_plan.relations import (
    AssignmentRow,
    EdgeRow,
    MeasurementRow,
    OrderRow,
    PayeeRef,
    PayeeRow,
    Relations,
    SourceRef,
    StateReached,
    TargetRow,
    TreeRow,
)
from premia_plan.results import Line, Node

Row = Mapping[str, Any]

_ORDER_COLUMNS = "* EXCLUDE (plan_no, id_high, id_low)"


class LineNotFound(LookupError):
    """Raised when a run has no such line of a payee."""

    def __init__(self, payee_id: str | None, line_id: UUID) -> None:
        super().__init__(
            f"payee {payee_id or '(nobody)'} has no line {line_id} in this run; "
            "take both from one line of it"
        )


class ResultDiffers(Exception):
    """Raised when a stored line is not what its facts give."""

    def __init__(self, line_id: UUID, stored: Decimal, found: Decimal | None) -> None:
        super().__init__(
            f"line {line_id} says {stored} and its facts give {found}: the files are damaged or "
            "of different runs; replay the run"
        )


class RestsOnMore(Exception):
    """Raised for a plan whose lines rest on more than an order or their payee's own month."""

    def __init__(self, plan: str) -> None:
        super().__init__(
            f"lines of {plan} rest on more than their order or their payee's own month; let a run "
            "of the service calculate it, which keeps all that each line rests on"
        )


@dataclass(frozen=True, slots=True)
class LineExplained:
    """A line and every node it rests on, down to the sources."""

    line: Line
    nodes: tuple[Node, ...]


class LineExplainer:
    """Explains lines of one run of one plan; who is who is read once, orders when asked for."""

    def __init__(self, plan: CheckedPlan, source: Path, results: Path, *, until: Month) -> None:
        """Read who is who.

        Raises:
            RestsOnMore: if lines of the plan rest on other months, other payees or groups.
        """
        if _rests_on_more(plan):
            raise RestsOnMore(plan.name)
        self._plan = plan
        self._source = source
        self._results = results
        self._until = until
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET threads = 1")
        # Which rows lie where in a file is read once, not for every line.
        self._connection.execute("SET parquet_metadata_cache = true")
        self._payees = _column(source, "payees", "payee_id")
        self._number_of = {payee: number for number, payee in enumerate(self._payees, start=1)}
        self._principals = _column(source, "principals", "principal")
        self._attributes = _by_payee(source, "payee_attributes")
        self._edges = _by_payee(source, "edges")
        kinds = pq.read_table(results / "kinds.parquet", columns=["kind", "component"]).to_pylist()
        self._component_of = {row["kind"]: row["component"] for row in kinds}
        self._assignments = _by_payee(source, "assignments")
        trees = pq.read_table(source / "trees.parquet").to_pylist()
        self._trees = tuple(TreeRow(row["tree"], row["code"], row["parent"]) for row in trees)

    def explain(self, payee_id: str | None, line_id: UUID) -> LineExplained:
        """Return a line with the nodes it rests on; `payee_id` is None for lines of nobody.

        Raises:
            LineNotFound: if the run has no such line of this payee.
            ResultDiffers: if the facts give another amount than the line says.
        """
        row = self._line(payee_id, line_id)
        component = list(self._plan.components.values())[row["component"]]
        numbers = {row["order_no"]} - {None}
        if isinstance(component, CellComponent):
            numbers.update(self._counted(row))
        facts = self._relations(numbers, row, is_measured=self._is_measured(component))
        found = calculate(self._plan, facts, until=self._until)
        line = next((each for each in found.lines if each.line_id == line_id), None)
        stored = Decimal(row["units"]).scaleb(-minor_digits(self._plan.currency))
        if line is None or line.amount != stored:
            raise ResultDiffers(line_id, stored, None if line is None else line.amount)
        return LineExplained(line, _below(found.nodes, line.node_id))

    def _is_measured(self, component: Component) -> bool:
        """Say whether a component reads more than orders: targets, or what was measured."""
        if not isinstance(component, CreditComponent):
            return True
        plan = self._plan
        figures = plan.measures.keys() | plan.targets.keys() | plan.attainments.keys()
        return any(name.partition(".")[0] in figures for name in component.amount.names)

    def _read(
        self, relation: Path, condition: str, values: Sequence[object], columns: str = "*"
    ) -> list[Row]:
        query = f"SELECT {columns} FROM read_parquet(?) WHERE {condition}"  # noqa: S608 - ours
        found = self._connection.execute(query, [str(relation), *values])
        names = [item[0] for item in found.description or ()]
        return [dict(zip(names, values, strict=True)) for values in found.fetchall()]

    def _line(self, payee_id: str | None, line_id: UUID) -> Row:
        whose, asked = "coalesce(payee_no, 0) = 0", list(split(line_id))
        if payee_id is not None:
            whose = "payee_no = ?"
            asked.insert(0, self._number_of.get(payee_id, -1))
        found = self._read(
            self._results / "lines.parquet",
            f"{whose} AND id_high = ? AND id_low = ?",
            asked,
            "kind, payee_no, order_no, competence, units",
        )
        if not found:
            raise LineNotFound(payee_id, line_id)
        return {**found[0], "component": self._component_of[found[0]["kind"]]}

    def _counted(self, row: Row) -> Iterator[int]:
        """Yield the orders that count in the month of a line, in any measure."""
        for name, measure in self._plan.measures.items():
            if not isinstance(measure, SummedMeasure):
                continue
            counted = self._results / f"counted_{name}.parquet"
            condition, path = "month = ?", counted
            if not counted.exists():
                condition, path = (
                    f"counts_in_{name} = ?",
                    self._results / f"credits_{measure.of}.parquet",
                )
            values = [row["payee_no"], row["competence"]]
            for each in self._read(path, f"payee_no = ? AND {condition}", values, "order_no"):
                yield each["order_no"]

    def _relations(self, numbers: Iterable[int], row: Row, *, is_measured: bool) -> Relations:
        """Return the facts of some orders, of everybody above their payees, and of a month."""
        orders = tuple(self._orders(sorted(numbers)))
        involved = {row["payee_no"]} - {None, NOBODY}
        for order in orders:
            for payee in (order.seller, order.partner):
                if payee is not None and payee.payee_id is not None:
                    involved.add(self._number_of[payee.payee_id])
        everybody = self._with_superiors(involved)
        own = [row["payee_no"], row["competence"]]
        condition = "payee_no = ? AND month = ?"
        files = {name: self._source / f"{name}.parquet" for name in ("targets", "measurements")}
        recorded = {
            name: self._read(file, condition, own) if is_measured else []
            for name, file in files.items()
        }
        return Relations(
            payees=tuple(self._payee_rows(everybody)),
            orders=orders,
            edges=tuple(self._edge_rows(everybody)),
            trees=self._trees,
            targets=tuple(
                TargetRow(*self._recorded(each), each["amount"], _source("target", each))
                for each in recorded["targets"]
            ),
            measurements=tuple(
                MeasurementRow(*self._recorded(each), each["value"], _source("measurement", each))
                for each in recorded["measurements"]
            ),
            assignments=tuple(self._assignment_rows(everybody)),
        )

    def _recorded(self, row: Row) -> tuple[str, str, str]:
        return self._payee(row["payee_no"]), row["name"], month_text(row["month"])

    def _payee_rows(self, numbers: Iterable[int]) -> Iterator[PayeeRow]:
        for number in numbers:
            for row in self._attributes[number]:
                known = {n[2:]: v for n, v in row.items() if n.startswith("a_") and v is not None}
                yield PayeeRow(self._payee(number), row["valid_from"], row["valid_to"], known)

    def _edge_rows(self, numbers: Iterable[int]) -> Iterator[EdgeRow]:
        for number in numbers:
            for row in self._edges[number]:
                yield EdgeRow(
                    row["hierarchy"],
                    self._payee(number),
                    self._payee(row["reports_to"]),
                    row["valid_from"],
                    row["valid_to"],
                )

    def _assignment_rows(self, numbers: Iterable[int]) -> Iterator[AssignmentRow]:
        for number in numbers:
            for place, row in enumerate(self._assignments[number]):
                yield AssignmentRow(
                    f"{number}/{place}",
                    f"{number}/{place}",
                    self._principals[row["principal_no"] - 1],
                    self._payee(number),
                    row["valid_from"],
                    row["valid_to"],
                    row["accepted"],
                )

    def _with_superiors(self, payees: Iterable[int]) -> list[int]:
        found, waiting = set(payees), list(payees)
        while waiting:
            above = {each["reports_to"] for each in self._edges[waiting.pop()]} - found
            found |= above
            waiting.extend(above)
        return sorted(found)

    def _orders(self, numbers: Sequence[int]) -> Iterator[OrderRow]:
        if not numbers:
            return
        among = f"order_no IN ({', '.join(map(str, numbers))})"
        states: dict[int, list[StateReached]] = defaultdict(list)
        for each in self._read(self._source / "states.parquet", among, []):
            number, state, on = each["order_no"], each["state"], each["day"]
            source = SourceRef("state", f"{number} {state}")
            states[number].append(StateReached(state, on, None, source))
        for each in self._read(self._source / "orders.parquet", among, [], _ORDER_COLUMNS):
            yield OrderRow(
                order_id=each["order_id"],
                record_id=each["order_id"],
                principal=self._principals[each["principal_no"] - 1],
                signed_on=each["signed_on"],
                seller=self._named(each["seller_no"], each["seller"]),
                partner=self._named(each["partner_no"], each["partner"]),
                category=each["category"] or "",
                territory=each["territory"] or "",
                amount=each["amount"],
                currency=each["currency"],
                attributes={
                    name: each[attribute_column(name)]
                    for name in self._plan.order_attributes
                    if each[attribute_column(name)] is not None
                },
                lines=(),
                states=tuple(states[each["order_no"]]),
                imputable_to=each["imputable_to"],
                cause=each["cause"],
                source=SourceRef("order", each["order_id"]),
            )

    def _payee(self, number: int) -> str:
        return self._payees[number - 1]

    def _named(self, number: int | None, text: str | None) -> PayeeRef | None:
        if number is None:
            return None
        if number:
            return PayeeRef.known(self._payee(number))
        system, _, code = (text or "").partition("/")
        return PayeeRef.unknown(system, code)


def _rests_on_more(plan: CheckedPlan) -> bool:
    """Say whether some figure is not an order's, or of one payee and one month."""
    if plan.populations or plan.ranks or plan.pools or plan.steps or plan.change is not None:
        return True
    figures = (*plan.measures.values(), *plan.targets.values())
    if any(each.over != "month" or each.per != PAYEE for each in figures):
        return True
    if any(each.window for each in plan.measures.values() if isinstance(each, SummedMeasure)):
        return True
    cells = [each for each in plan.components.values() if isinstance(each, CellComponent)]
    if any(each.over != "month" or each.per != PAYEE or each.true_up for each in cells):
        return True
    looked_up = (item for formula in formulas_of(plan) for item in inputs_of(formula.expression))
    return any(isinstance(item, Reference) for item in looked_up)


def _column(folder: Path, relation: str, column: str) -> Sequence[str]:
    """Return a column of texts in the order of their numbers, which start at 1 without a gap."""
    key = f"{relation.removesuffix('s')}_no"
    table = pq.read_table(folder / f"{relation}.parquet", columns=[key, column]).sort_by(key)
    found: list[str] = table.column(column).to_pylist()
    return found


def _by_payee(folder: Path, relation: str) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in pq.read_table(folder / f"{relation}.parquet").to_pylist():
        found[row["payee_no"]].append(row)
    return found


def _source(kind: str, row: Row) -> SourceRef:
    return SourceRef(kind, f"{row['payee_no']} {row['name']} {row['month']}")


def _below(nodes: Iterable[Node], root: UUID) -> tuple[Node, ...]:
    """Return the nodes that a node rests on, and itself first."""
    known = {node.node_id: node for node in nodes}
    found: dict[UUID, Node] = {}
    waiting = [root]
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found[node_id] = known[node_id]
            waiting.extend(reversed(known[node_id].children))
    return tuple(found.values())
