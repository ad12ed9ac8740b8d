"""Facts other than orders read: those of orders under the plan, and those without an order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import cast
from zoneinfo import ZoneInfo

from premia_plan.checked import (
    CheckedPlan,
    FactKind,
    FactWords,
    prefix_of,
)
from premia_plan.language import Value
from premia_plan.period import month_of
from premia_plan.quantities import Unit
from premia_plan.reference.attribute import attribute_value
from premia_plan.reference.book import Book
from premia_plan.reference.fact import FactFacts
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.orders import reference_text
from premia_plan.reference.rate_table import Rates
from premia_plan.reference.reversal import find_reversals
from premia_plan.reference.states import arrivals, note_states
from premia_plan.relations import (
    Attribute,
    FactRow,
    OrderLineRow,
    OrderRow,
    PayeeRef,
    Relations,
    ReversalRow,
    SourceRef,
    StateReached,
)

Facts = Mapping[FactKind, list[FactFacts]]


@dataclass(frozen=True, slots=True)
class _Read:
    """What is known of a fact before it is put under the plan."""

    kind: FactKind
    fact_id: str
    on: date
    category: str
    territory: str
    numbers: Mapping[str, Decimal]
    quantity_unit: str
    attributes: Mapping[str, Attribute]
    payees: Mapping[str, PayeeRef]
    states: tuple[StateReached, ...]
    source: SourceRef


class FactReader:
    """Reads the facts of a plan, as known before the day `end`."""

    def __init__(
        self, plan: CheckedPlan, relations: Relations, end: date, rates: Rates, book: Book
    ) -> None:
        self._plan = plan
        self._relations = relations
        self._end = end
        self._rates = rates
        self._book = book
        self._zone = ZoneInfo(plan.time_zone)
        self._recorded: dict[tuple[str, ...], list[ReversalRow]] = defaultdict(list)
        for row in relations.reversals:
            if row.kind != "order":
                self._recorded[row.kind, *row.fact_key].append(row)

    def read(self, orders: Iterable[OrderFacts]) -> Facts:
        """Return the facts that credits of the plan are made from, by kind."""
        by_id = {order.row.order_id: order for order in orders}
        found: dict[FactKind, list[FactFacts]] = defaultdict(list)
        if "line" in self._plan.facts:
            for order in by_id.values():
                for line in order.row.lines:
                    read = _line(line, order.row)
                    if read.on < self._end:
                        facts = self._facts(read, order.row, order)
                        if order.conversion is not None:
                            facts.convert(order.conversion)
                        found["line"].append(facts)
        known = {row.order_id for row in self._relations.orders}
        for row in self._latest():
            parent = by_id.get(row.order_id or "")
            if self._is_under_plan(row, parent, known):
                stands_in = _stands_in(row) if parent is None else parent.row
                found[row.kind].append(self._facts(_other(row), stands_in, parent))
        return found

    def _latest(self) -> list[FactRow]:
        latest: dict[tuple[str, str], FactRow] = {}
        for row in self._relations.facts:
            if row.kind not in self._plan.facts:
                continue
            previous = latest.get((row.kind, row.fact_id))
            if previous is not None and previous.version == row.version:
                self._tell(
                    "fact_ambiguous",
                    row,
                    f"has two different contents as version {row.version}",
                    "Send it again as a new version",
                    blocks=True,
                )
            latest[row.kind, row.fact_id] = row
        return list(latest.values())

    def _is_under_plan(self, row: FactRow, parent: OrderFacts | None, known: set[str]) -> bool:
        """Say whether a fact belongs to the plan; tell of one that cannot be placed."""
        if row.on >= self._end:
            return False
        if parent is None and row.order_id is not None:
            if row.order_id not in known:
                message = f"names the order {row.order_id}, which is not known"
                self._tell("fact_of_unknown_order", row, message, "Send the order as well")
            return False
        if parent is None and not self._plan.valid_from <= row.on < self._plan.valid_to:
            return False
        if row.currency != self._plan.currency:
            message = f"is in {row.currency}, the plan in {self._plan.currency}"
            to_do = "Correct its currency, or pay it by a plan in its currency"
            self._tell("fact_currency", row, message, to_do)
            return False
        return True

    def _tell(
        self, code: str, row: FactRow, message: str, to_do: str, *, blocks: bool = False
    ) -> None:
        self._book.exception(
            code,
            f"{row.kind.capitalize()} {row.fact_id} {message}",
            to_do,
            order_id=row.order_id,
            month=month_of(row.on),
            blocks=blocks,
        )

    def _facts(self, read: _Read, row: OrderRow, parent: OrderFacts | None) -> FactFacts:
        plan, kind = self._plan, read.kind
        words = plan.facts[kind]
        model = next((item for item in plan.state_models if item.of == kind), None)
        own_days, sources = arrivals(read.states, model, self._zone, self._end)
        values = self._values(read, words, own_days)
        by_day = read.on if parent is None else parent.by_day
        facts = FactFacts(
            replace(
                row,
                category=read.category or row.category,
                territory=read.territory or row.territory,
            ),
            values if parent is None else {**parent.values, **values},
            own_days if parent is None else {**parent.days, **own_days},
            sources if parent is None else {**parent.sources, **sources},
            _units(words, kind),
            by_day,
            self._book,
            self._rates,
            kind=kind,
            fact_id=read.fact_id,
            parent=parent,
            payees=read.payees,
            own_days=own_days,
            own_states=words.states,
            origin=read.source,
        )
        note_states(facts, model, read.states, zone=self._zone, end=self._end, book=self._book)
        self._note_unreadable(facts, read, words)
        if plan.storno is not None:
            last_day = self._end - timedelta(days=1)
            recorded = self._recorded.get((kind, *facts.key), ())
            own = find_reversals(plan.storno, facts, recorded, last_day)
            above = () if parent is None else parent.reversals
            facts.reversals = tuple(sorted((*above, *own), key=lambda item: (item.day, item.key)))
        landings = [month for item in facts.reversals for month in (item.month, *item.months)]
        latest = month_of(max((read.on, by_day, *facts.days.values())))
        facts.last_month = max((latest, *landings))
        return facts

    def _values(
        self,
        read: _Read,
        words: FactWords,
        own_days: Mapping[str, date],
    ) -> dict[str, Value | None]:
        prefix = prefix_of(read.kind)
        found: dict[str, Value | None] = {
            f"{prefix}id": read.fact_id,
            f"{prefix}day": read.on,
            f"{prefix}category": read.category or None,
            f"{prefix}territory": read.territory or None,
        }
        found |= {f"{prefix}{name}": Fraction(value) for name, value in read.numbers.items()}
        for role in words.roles:
            found[f"{prefix}{role}"] = reference_text(read.payees.get(role))
        for name, unit in words.attributes.items():
            if name == "quantity":
                fits = read.quantity_unit in {"", unit}
                found[f"{prefix}quantity"] = Fraction(read.numbers["quantity"]) if fits else None
            else:
                found[f"{prefix}{name}"] = attribute_value(read.attributes.get(name), unit)
        for state in words.states:
            day = own_days.get(state)
            found[f"{read.kind} reached {state}"] = day is not None
            found[f"day of {read.kind} {state}"] = day
        return found

    def _note_unreadable(self, facts: FactFacts, read: _Read, words: FactWords) -> None:
        """Tell of attributes that are there and not in their declared unit; they are unknown."""
        for name, unit in words.attributes.items():
            written = read.quantity_unit if name == "quantity" else read.attributes.get(name)
            known = facts.values[f"{prefix_of(read.kind)}{name}"]
            if written not in {None, ""} and known is None:
                self._book.exception(
                    "attribute_unreadable",
                    f"{read.kind.capitalize()} {read.fact_id}: {name} is {written!r}, "
                    f"which is no {unit}",
                    "Correct it at its source and send it again",
                    order_id=facts.order_id,
                    month=month_of(facts.by_day),
                    blocks=False,
                )


def _units(words: FactWords, kind: FactKind) -> dict[str, Unit]:
    named = {
        "day": Unit.DATE,
        "amount": Unit.MONEY,
        "tax": Unit.MONEY,
        "quantity": Unit.COUNT,
        **words.attributes,
    }
    return {f"{prefix_of(kind)}{name}": unit for name, unit in named.items()}


def _line(line: OrderLineRow, order: OrderRow) -> _Read:
    return _Read(
        "line",
        line.line_id,
        order.signed_on if line.on is None else line.on,
        line.category,
        order.territory,
        {"amount": line.amount, "quantity": line.quantity},
        line.quantity_unit,
        line.attributes,
        line.payees,
        line.states,
        order.source,
    )


def _other(row: FactRow) -> _Read:
    return _Read(
        cast("FactKind", row.kind),
        row.fact_id,
        row.on,
        row.category,
        row.territory,
        {"amount": row.amount, "tax": row.tax, "quantity": row.quantity},
        row.quantity_unit,
        row.attributes,
        row.payees,
        row.states,
        row.source,
    )


def _stands_in(row: FactRow) -> OrderRow:
    """Return what settlement asks of an order, for a fact that has none."""
    return OrderRow(
        order_id=f"{row.kind} {row.fact_id}",
        record_id=row.fact_id,
        principal=row.principal,
        signed_on=row.on,
        seller=None,
        partner=None,
        category=row.category,
        territory=row.territory,
        amount=row.amount,
        currency=row.currency,
        attributes={},
        lines=(),
        states=(),
        imputable_to=None,
        cause=None,
        source=row.source,
    )
