"""Orders of a worked example."""

from decimal import Decimal

from premia_plan.checking.clause import Clause
from premia_plan.checking.examples.facts import SECTIONS, lines
from premia_plan.checking.examples.reader import Reader
from premia_plan.checking.nouns import not_known_of
from premia_plan.checking.unknown import order_not_given, unknown_state
from premia_plan.language import Words, suggested
from premia_plan.quantities import Unit, written_quantity
from premia_plan.relations import (
    Attribute,
    OrderRow,
    PayeeRef,
    ReversalRow,
    SourceRef,
    StateReached,
)

FIXED_COLUMNS = frozenset(
    {
        "id",
        "principal",
        "known",
        "signed_on",
        "seller",
        "partner",
        "category",
        "territory",
        "amount",
        "states",
        "lines",
    }
)


def orders(reader: Reader) -> list[OrderRow]:
    """Return the orders of an example, with their reversals.

    Raises:
        ClauseRefused: after noting a row that cannot be read.
    """
    rows = reader.rows("orders")
    known = [row.word("id") for row in rows]
    for row in reader.rows("reversals"):
        if row.optional("fact") is not None and row.optional("day") is None:
            hint = Words("Write the day of the reversal", "Scrivi il giorno dello storno")
            raise row.refuse("key.missing", Words("'day' is missing", "manca 'day'"), hint)
        if row.optional("fact") is not None and row.optional("order") is None:
            continue
        if row.word("order") not in known:
            message = order_not_given(row.word("order"))
            raise row.refuse("name.unknown", message, suggested(row.word("order"), known))
    reversals = {
        row.word("order"): row for row in reader.rows("reversals") if row.optional("day") is None
    }
    return [_order(reader, row, reversals.get(row.word("id"))) for row in rows]


def reversals(reader: Reader) -> list[ReversalRow]:
    """Return the reversals of an example that have a day of their own.

    Raises:
        ClauseRefused: after noting a row that cannot be read.
    """
    rows = [row for row in reader.rows("reversals") if row.optional("day") is not None]
    return [_reversal(reader, number, row) for number, row in enumerate(rows, start=1)]


def _reversal(reader: Reader, number: int, row: Clause) -> ReversalRow:
    amount, share = row.optional("amount"), row.optional("share")
    key = f"R{number}"
    kind, _, fact_id = row.word("fact", "order ").rpartition(" ")
    return ReversalRow(
        reversal_id=key,
        order_id=row.word("order") or _order_of(reader, kind, fact_id),
        on=reader.day(row.part("day")),
        amount=None if amount is None else reader.decimal(amount, Unit.MONEY),
        share=None if share is None else reader.decimal(share, Unit.RATE),
        cause=row.word("cause") or None,
        imputable_to=row.word("imputable_to") or None,
        source=reader.source("reversal", key),
        kind=kind,
        fact_id=fact_id,
    )


def _order_of(reader: Reader, kind: str, fact_id: str) -> str:
    """Return the order of a fact that a reversal names without it, "" if it has none."""
    given = (
        row
        for section, each in SECTIONS.items()
        for row in (reader.rows(section) if each == kind else ())
    )
    return next((row.word("order") for row in given if row.word("id") == fact_id), "")


def _order(reader: Reader, row: Clause, reversal: Clause | None) -> OrderRow:
    order_id, source = row.word("id"), reader.source("order", row.word("id"))
    states = row.optional("states")
    amount, currency = _amount(reader, row.part("amount"))
    return OrderRow(
        order_id=order_id,
        record_id=order_id,
        principal=reader.principal(row),
        signed_on=reader.day(row.part("signed_on")),
        seller=_reference(reader, row.optional("seller")),
        partner=_reference(reader, row.optional("partner")),
        category=row.word("category"),
        territory=row.word("territory"),
        amount=amount,
        currency=currency,
        attributes=_attributes(reader, row),
        lines=lines(reader, row, source),
        states=tuple(
            _state(reader, name, cell, source)
            for name, cell in (states.parts() if states is not None else {}).items()
        ),
        imputable_to=None if reversal is None else reversal.word("imputable_to") or None,
        cause=None if reversal is None else reversal.word("cause") or None,
        source=source,
        payees={
            role: PayeeRef.known(reader.payee(row.part(role)))
            for role in sorted(reader.names.words.roles - FIXED_COLUMNS)
            if row.optional(role) is not None and role not in reader.names.words.order_attributes
        },
    )


def _amount(reader: Reader, clause: Clause) -> tuple[Decimal, str]:
    """Return an order's amount in the currency it is written in, if the plan takes others."""
    own = reader.names.words.currency
    written = written_quantity(clause.text)
    if not reader.names.takes_currencies or written.currency is None or written.currency == own:
        return reader.decimal(clause, Unit.MONEY), own
    return Decimal(written.value.numerator) / Decimal(written.value.denominator), written.currency


def _reference(reader: Reader, clause: Clause | None) -> PayeeRef | None:
    return None if clause is None else PayeeRef.known(reader.payee(clause))


def _state(reader: Reader, name: str, clause: Clause, source: SourceRef) -> StateReached:
    if name not in reader.names.words.states:
        hint = suggested(name, reader.names.words.states)
        raise clause.refuse("state.unknown", unknown_state(name), hint)
    return StateReached(name, reader.day(clause), None, source)


def _attributes(reader: Reader, row: Clause) -> dict[str, Attribute]:
    declared, roles = reader.names.words.order_attributes, reader.names.words.roles
    found: dict[str, Attribute] = {}
    for name, cell in row.parts().items():
        if name in FIXED_COLUMNS or (name in roles and name not in declared):
            continue
        if name not in declared:
            hint = suggested(name, [*FIXED_COLUMNS, *declared, *roles])
            raise cell.refuse("name.unknown", not_known_of(repr(name), "order"), hint)
        unit = declared[name]
        found[name] = reader.attribute(cell, unit)
    return found
