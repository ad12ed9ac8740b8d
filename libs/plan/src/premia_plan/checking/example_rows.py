"""Worked examples read into the relations they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from premia_common.money import minor_digits, round_half_up
from premia_plan.checked import Component, Example, LoadedMeasure, SummedMeasure
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import suggestion
from premia_plan.quantities import NotAQuantity, Unit, parse_day
from premia_plan.relations import (
    AssignmentRow,
    Attribute,
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

PRINCIPAL = "example"
FIXED_COLUMNS = frozenset(
    {"id", "signed_on", "seller", "partner", "category", "territory", "amount", "states"}
)


@dataclass(frozen=True, slots=True)
class ExampleNames:
    """What the rows of an example may name."""

    words: Vocabulary
    measures: Mapping[str, SummedMeasure | LoadedMeasure]
    targets: Mapping[str, Unit]
    components: Mapping[str, Component]


@dataclass(frozen=True, slots=True)
class _Reader:
    example: Clause
    given: Mapping[str, Clause]
    names: ExampleNames
    payees: frozenset[str]

    def payee(self, clause: Clause) -> str:
        if clause.text not in self.payees:
            message = f"the payee {clause.text} is not given"
            hint = f"{suggestion(clause.text, self.payees)} Payees stand under given: payees"
            raise clause.refuse("example.unknown_payee", message, hint)
        return clause.text

    def source(self, kind: str, key: str) -> SourceRef:
        return SourceRef(f"example_{kind}", f"{self.example.word('name')}/{key}", None, key)

    def rows(self, key: str) -> list[Clause]:
        return self.given[key].entries() if key in self.given else []

    def day(self, clause: Clause) -> date:
        try:
            return parse_day(clause.text)
        except ValueError as error:
            hint = "Write a day like 2026-03-31"
            raise clause.refuse("value.pattern", str(error), hint) from None

    def decimal(self, clause: Clause, unit: Unit) -> Decimal:
        try:
            value = clause.amount(unit, self.names.words.currency).value
        except NotAQuantity as error:
            raise clause.refuse("value.pattern", str(error), "Write it like 12 EUR") from None
        return _decimal(value)

    def edges(self) -> list[EdgeRow]:
        return [
            EdgeRow(
                hierarchy,
                self.payee(row.part("payee")),
                self.payee(row.part("reports_to")),
                None,
                None,
            )
            for hierarchy, rows in (
                self.given["hierarchy"].parts() if "hierarchy" in self.given else {}
            ).items()
            for row in rows.entries()
        ]

    def trees(self) -> list[TreeRow]:
        return [
            TreeRow(tree, row.word("code"), row.word("parent") or None)
            for tree, rows in (self.given["trees"].parts() if "trees" in self.given else {}).items()
            for row in rows.entries()
        ]

    def monthly(self, key: str, units: Mapping[str, Unit]) -> list[tuple[str, str, str, Decimal]]:
        """Return (payee, month, name, value) of rows such as `{payee, month, kpi: 95 %}`."""
        found = []
        for row in self.rows(key):
            for column in ("payee", "month"):
                if row.optional(column) is None:
                    raise row.refuse("key.missing", f"{column!r} is missing", f"Add {column}: …")
            payee, month = self.payee(row.part("payee")), row.word("month")
            for name, cell in row.parts().items():
                if name in {"payee", "month"}:
                    continue
                if name not in units:
                    message = f"{name!r} is not known here"
                    raise cell.refuse("name.unknown", message, suggestion(name, units))
                found.append((payee, month, name, self.decimal(cell, units[name])))
        return found

    def orders(self) -> list[OrderRow]:
        rows = self.rows("orders")
        reversals = {row.word("order"): row for row in self.rows("reversals")}
        known = [row.word("id") for row in rows]
        for order_id, row in reversals.items():
            if order_id not in known:
                message = f"the order {order_id} is not given"
                raise row.refuse("name.unknown", message, suggestion(order_id, known))
        return [self.order(row, reversals.get(row.word("id"))) for row in rows]

    def order(self, row: Clause, reversal: Clause | None) -> OrderRow:
        order_id, source = row.word("id"), self.source("order", row.word("id"))
        states = row.optional("states")
        return OrderRow(
            order_id=order_id,
            record_id=order_id,
            principal=PRINCIPAL,
            signed_on=self.day(row.part("signed_on")),
            seller=self.reference(row.optional("seller")),
            partner=self.reference(row.optional("partner")),
            category=row.word("category"),
            territory=row.word("territory"),
            amount=self.decimal(row.part("amount"), Unit.MONEY),
            currency=self.names.words.currency,
            attributes=self.attributes(row),
            lines=(),
            states=tuple(
                self.state(name, cell, source)
                for name, cell in (states.parts() if states is not None else {}).items()
            ),
            imputable_to=None if reversal is None else reversal.word("imputable_to") or None,
            cause=None if reversal is None else reversal.word("cause") or None,
            source=source,
        )

    def reference(self, clause: Clause | None) -> PayeeRef | None:
        return None if clause is None else PayeeRef.known(self.payee(clause))

    def state(self, name: str, clause: Clause, source: SourceRef) -> StateReached:
        if name not in self.names.words.states:
            hint = suggestion(name, self.names.words.states)
            raise clause.refuse("state.unknown", f"the state {name} is not known here", hint)
        return StateReached(name, self.day(clause), None, source)

    def attributes(self, row: Clause) -> dict[str, Attribute]:
        declared = self.names.words.order_attributes
        found: dict[str, Attribute] = {}
        for name, cell in row.parts().items():
            if name in FIXED_COLUMNS:
                continue
            if name not in declared:
                hint = suggestion(name, [*FIXED_COLUMNS, *declared])
                raise cell.refuse("name.unknown", f"{name!r} is not known of an order", hint)
            unit = declared[name]
            found[name] = cell.text if unit is Unit.TEXT else self.decimal(cell, unit)
        return found


def _decimal(value: Fraction) -> Decimal:
    """Return a fraction that was written with a decimal point as exactly that decimal."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def read_example(clause: Clause, siblings: Mapping[str, Clause], names: ExampleNames) -> Example:
    """Read a worked example.

    Raises:
        ClauseRefused: after noting what keeps it from being run.
    """
    given = _inherit(clause, siblings)
    payees = given["payees"].entries() if "payees" in given else []
    reader = _Reader(clause, given, names, frozenset(row.word("id") for row in payees))
    targets = reader.monthly("targets", names.targets)
    loaded = {key: item.unit for key, item in names.measures.items() if key not in names.targets}
    kpis = reader.monthly("kpis", loaded)
    relations = Relations(
        payees=tuple(
            PayeeRow(
                row.word("id"),
                None,
                None,
                {key: cell.text for key, cell in row.parts().items() if key != "id"},
            )
            for row in payees
        ),
        orders=tuple(reader.orders()),
        edges=tuple(reader.edges()),
        trees=tuple(reader.trees()),
        targets=tuple(
            TargetRow(payee, name, month, value, reader.source("target", f"{payee} {month}"))
            for payee, month, name, value in targets
        ),
        measurements=tuple(
            MeasurementRow(payee, name, month, value, reader.source("kpi", f"{payee} {month}"))
            for payee, month, name, value in kpis
        ),
        assignments=tuple(
            AssignmentRow(payee, payee, PRINCIPAL, payee, None, None)
            for payee in sorted(reader.payees)
        ),
    )
    expected = _read_expected(clause.part("expect"), reader)
    wanted = clause.optional("exceptions")
    return Example(
        clause.word("name"),
        relations,
        expected,
        frozenset(entry.text for entry in wanted.entries()) if wanted is not None else frozenset(),
        _last_month(relations, expected),
        clause.path,
    )


def _inherit(clause: Clause, siblings: Mapping[str, Clause]) -> dict[str, Clause]:
    """Return what is given, filled up from the example it is like."""
    given: dict[str, Clause] = {}
    passed = [clause.word("name")]
    current = clause.part("given")
    while True:
        for key, part in current.parts().items():
            given.setdefault(key, part)
        like = current.optional("like")
        if like is None:
            return given
        if like.text in passed:
            message = f"{' → '.join([*passed, like.text])} are like each other"
            raise like.refuse("example.cyclic", message, "Write one of them out")
        if like.text not in siblings:
            hint = suggestion(like.text, siblings)
            raise like.refuse("name.unknown", f"there is no example {like.text!r}", hint)
        passed.append(like.text)
        current = siblings[like.text].part("given")


def _read_expected(clause: Clause, reader: _Reader) -> dict[tuple[str, str, str], Decimal]:
    expected: dict[tuple[str, str, str], Decimal] = {}
    places = minor_digits(reader.names.words.currency)
    for payee, months in clause.parts().items():
        if payee not in reader.payees:
            message, hint = f"the payee {payee} is not given", suggestion(payee, reader.payees)
            raise months.refuse("example.unknown_payee", message, hint)
        for month, components in months.parts().items():
            for name, amount in components.parts().items():
                if name not in reader.names.components:
                    hint = suggestion(name, reader.names.components)
                    raise amount.refuse("name.unknown", f"the component {name} is not known", hint)
                value = reader.decimal(amount, Unit.MONEY)
                expected[payee, month, name] = round_half_up(value, places)
    return expected


def _last_month(relations: Relations, expected: Mapping[tuple[str, str, str], Decimal]) -> str:
    days = [order.signed_on for order in relations.orders]
    days += [state.on for order in relations.orders for state in order.states]
    months = [f"{day:%Y-%m}" for day in days]
    months += [month for _, month, _ in expected]
    months += [row.month for row in relations.targets]
    return max(months, default="1970-01")
