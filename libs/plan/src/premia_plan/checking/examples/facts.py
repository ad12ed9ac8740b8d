"""Lines, activities, bills, payments and credit notes of a worked example."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from premia_plan.checked import FactKind, FactWords
from premia_plan.checking.clause import Clause
from premia_plan.checking.examples.reader import Reader
from premia_plan.checking.miswritten import no_number
from premia_plan.checking.nouns import fact_words, not_known_of
from premia_plan.checking.unknown import order_not_given
from premia_plan.language import Words, suggested
from premia_plan.quantities import NotAQuantity, Unit, written_quantity
from premia_plan.relations import (
    Attribute,
    FactRow,
    OrderLineRow,
    PayeeRef,
    SourceRef,
    StateReached,
)

Other: TypeAlias = Literal["activity", "bill", "payment", "credit note"]
SECTIONS: Final[dict[str, Other]] = {
    "activities": "activity",
    "bills": "bill",
    "payments": "payment",
    "credit_notes": "credit note",
}
_LINE = frozenset({"id", "category", "amount", "quantity", "day", "states"})
_OTHER = _LINE | {"order", "territory", "tax", "principal", "known"}


def facts(reader: Reader) -> Iterator[FactRow]:
    """Give the facts of an example that are neither orders nor lines.

    Raises:
        ClauseRefused: after noting a row that cannot be read.
    """
    for section, kind in SECTIONS.items():
        for row in reader.rows(section):
            yield _fact(reader, row, kind)


def _fact(reader: Reader, row: Clause, kind: Other) -> FactRow:
    key = row.word("id")
    source = reader.source(kind.replace(" ", "_"), key)
    known = [order.word("id") for order in reader.rows("orders")]
    order = row.optional("order")
    if order is not None and order.text not in known:
        hint = suggested(order.text, known)
        raise order.refuse("name.unknown", order_not_given(order.text), hint)
    attributes, payees = _columns(reader, row, kind, _OTHER)
    quantity, unit = _quantity(row.optional("quantity"))
    return FactRow(
        kind=kind,
        fact_id=key,
        order_id=None if order is None else order.text,
        principal=reader.principal(row),
        on=reader.day(row.part("day")),
        source=source,
        currency=reader.names.words.currency,
        payees=payees,
        category=row.word("category"),
        territory=row.word("territory"),
        amount=_money(reader, row.optional("amount")),
        tax=_money(reader, row.optional("tax")),
        quantity=quantity,
        quantity_unit=unit,
        attributes=attributes,
        states=_states(reader, row, kind, source),
    )


def lines(reader: Reader, order: Clause, source: SourceRef) -> tuple[OrderLineRow, ...]:
    """Return the lines of an order.

    Raises:
        ClauseRefused: after noting a row that cannot be read.
    """
    found = order.optional("lines")
    return tuple(_line(reader, row, source) for row in (found.entries() if found else ()))


def _line(reader: Reader, row: Clause, source: SourceRef) -> OrderLineRow:
    attributes, payees = _columns(reader, row, "line", _LINE)
    quantity, unit = _quantity(row.optional("quantity"))
    return OrderLineRow(
        line_id=row.word("id"),
        category=row.word("category"),
        amount=_money(reader, row.part("amount")),
        quantity=quantity if row.optional("quantity") is not None else Decimal(1),
        attributes=attributes,
        on=_day(reader, row.optional("day")),
        states=_states(reader, row, "line", source),
        payees=payees,
        quantity_unit=unit,
    )


def _columns(
    reader: Reader, row: Clause, kind: FactKind, fixed: frozenset[str]
) -> tuple[dict[str, Attribute], dict[str, PayeeRef]]:
    """Return the further columns of a row: attributes, and payees by role."""
    words = reader.names.words.facts.get(kind, FactWords())
    attributes: dict[str, Attribute] = {}
    payees: dict[str, PayeeRef] = {}
    for name, cell in row.parts().items():
        if name in fixed:
            continue
        if name in words.roles:
            payees[name] = PayeeRef.known(reader.payee(cell))
        elif name in words.attributes:
            attributes[name] = reader.attribute(cell, words.attributes[name])
        else:
            hint = suggested(name, [*fixed, *words.attributes, *words.roles])
            raise cell.refuse("name.unknown", not_known_of(repr(name), kind), hint)
    return attributes, payees


def _states(
    reader: Reader, row: Clause, kind: FactKind, source: SourceRef
) -> tuple[StateReached, ...]:
    states = row.optional("states")
    known = reader.names.words.facts.get(kind, FactWords()).states
    found = []
    for name, cell in (states.parts() if states is not None else {}).items():
        if name not in known:
            hint = suggested(name, known)
            raise cell.refuse(
                "state.unknown",
                Words(
                    f"{fact_words(kind).en} has no state {name} here",
                    f"{fact_words(kind).it} qui non ha uno stato {name}",
                ),
                hint,
            )
        found.append(StateReached(name, reader.day(cell), None, source))
    return tuple(found)


def _quantity(clause: Clause | None) -> tuple[Decimal, str]:
    """Return a number and its unit, "" for a plain number."""
    if clause is None:
        return Decimal(0), ""
    try:
        found = written_quantity(clause.text)
    except NotAQuantity as error:
        raise clause.refuse(
            "value.pattern",
            no_number(error),
            Words("Write it like 12 or 12 kWh", "Scrivilo come 12 o 12 kWh"),
        ) from None
    value = Decimal(found.value.numerator) / Decimal(found.value.denominator)
    return value, "" if found.unit is Unit.COUNT else str(found.unit)


def _money(reader: Reader, clause: Clause | None) -> Decimal:
    return Decimal(0) if clause is None else reader.decimal(clause, Unit.MONEY)


def _day(reader: Reader, clause: Clause | None) -> date | None:
    return None if clause is None else reader.day(clause)
