"""What billing says, as facts that can earn and be measured: bills, payments, credit notes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal, TypeAlias

from calc_engine.domain.bill_payments import REVERSED, BillPayments, Paid
from calc_engine.domain.fact import Fact
from calc_engine.domain.order_states import source_of
from calc_engine.domain.payee_directory import PayeeDirectory
from premia_plan.relations import FactRow, OrderRow, PayeeRef, ReversalRow, StateReached

Kind: TypeAlias = Literal["bill", "payment", "credit note"]
KINDS: Mapping[str, Kind] = {
    "invoice.issued": "bill",
    "invoice.paid": "payment",
    "invoice.partially_paid": "payment",
    "credit_note.issued": "credit note",
}
"""Which fact a billing signal is, if it has an amount; others only move states."""
BILL_STATES: Mapping[str, str] = {
    "invoice.issued": "issued",
    "invoice.partially_paid": "partially_paid",
    "invoice.paid": "paid",
    "invoice.overdue": "overdue",
    "invoice.cancelled": "cancelled",
    "payment.reversed": "payment_reversed",
    "credit_note.issued": "credited",
    "writeoff.posted": "written_off",
}
"""The states of a bill that signals about it say it reached."""
_BEFORE_ALL_IS_PAID = "invoice.partially_paid"


def kind_of(signal: Fact) -> Kind | None:
    """Return which fact a signal is, None if it is none.

    What was paid of a bill so far can only be told from what was paid before if it names the bill.
    """
    name = signal.body["signal"]
    if signal.body["amount"] is None or (name == _BEFORE_ALL_IS_PAID and not _document(signal)):
        return None
    return KINDS.get(name)


def billing_facts(
    orders: Iterable[OrderRow],
    signals_by_order: Mapping[str, Sequence[Fact]],
    wanted: Collection[str],
    directory: PayeeDirectory,
    *,
    undoes: bool,
) -> Iterator[FactRow]:
    """Give the bills, payments and credit notes of orders, of the kinds that are wanted.

    `undoes`: what was paid before payments of a bill were reversed counts no more, see
    `payments_undone`; else no bill is ever paid more than once over.
    """
    for order in orders if wanted else ():
        signals = signals_by_order.get(order.order_id, ())
        added = {
            key: more for bill in _bills(signals, undoes=undoes) for key, more in bill.added.items()
        }
        for signal in signals:
            kind = kind_of(signal)
            if kind is not None and kind in wanted:
                yield _fact(order, kind, signal, signals, directory, added=added.get(signal.key))


def payments_undone(
    orders: Iterable[OrderRow], signals_by_order: Mapping[str, Sequence[Fact]]
) -> Iterator[ReversalRow]:
    """Give the reversals of payments that billing signals of reversed payments are."""
    for order in orders:
        for bill in _bills(signals_by_order.get(order.order_id, ()), undoes=True):
            for part in bill.undone:
                body, key = part.signal.body, part.payment.key
                yield ReversalRow(
                    f"{part.signal.key} of {key}",
                    order.order_id,
                    date.fromisoformat(body["on"]),
                    None if part.amount == bill.added[key].amount else part.amount,
                    None,
                    body["cause"],
                    body["imputable_to"],
                    source_of(part.signal, _label(part.signal)),
                    kind="payment",
                    fact_id=key,
                )


def _bills(signals: Iterable[Fact], *, undoes: bool) -> Iterator[BillPayments]:
    """Give what was paid of each bill that is named."""
    said: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for signal in signals:
        if _document(signal):
            said[signal.body["source"], _document(signal)].append(signal)
    for about in said.values():
        yield BillPayments.of(
            (each for each in about if kind_of(each) == "payment"),
            (each for each in about if undoes and each.body["signal"] == REVERSED),
        )


def _fact(
    order: OrderRow,
    kind: Kind,
    signal: Fact,
    signals: Iterable[Fact],
    directory: PayeeDirectory,
    *,
    added: Paid | None,
) -> FactRow:
    body, on = signal.body, date.fromisoformat(signal.body["on"])
    own = Paid.said_by(signal) if added is None else added
    if kind == "credit note":
        own = replace(own, amount=abs(own.amount), tax=abs(own.tax))
    return FactRow(
        kind=kind,
        fact_id=signal.key,
        order_id=order.order_id,
        principal=order.principal,
        on=on,
        source=source_of(signal, _label(signal)),
        currency=body["amount"]["currency"],
        payees=_payees(signal, on, directory),
        category=body.get("category") or order.category,
        territory=body.get("territory") or order.territory,
        amount=own.amount,
        tax=own.tax,
        quantity=own.quantity,
        quantity_unit=body.get("quantity_unit", ""),
        attributes=body.get("attributes", {}),
        states=tuple(_states(signal, signals)) if kind == "bill" else (),
    )


def _payees(signal: Fact, on: date, directory: PayeeDirectory) -> Mapping[str, PayeeRef]:
    named = signal.body.get("payees", {}).items()
    found = {role: directory.resolve(reference, on) for role, reference in named}
    return {role: payee for role, payee in found.items() if payee is not None}


def _states(bill: Fact, signals: Iterable[Fact]) -> Iterator[StateReached]:
    """Give the states of a bill; that it was issued is what it says itself."""
    for signal in (bill, *(each for each in _about_same_bill(bill, signals) if each is not bill)):
        state = BILL_STATES.get(signal.body["signal"])
        if state is not None:
            on = date.fromisoformat(signal.body["on"])
            yield StateReached(state, on, None, source_of(signal, _label(signal)))


def _about_same_bill(signal: Fact, signals: Iterable[Fact]) -> Iterator[Fact]:
    named = (signal.body["source"], _document(signal))
    if named[1]:
        yield from (each for each in signals if (each.body["source"], _document(each)) == named)


def _document(signal: Fact) -> str:
    return str(signal.body.get("document", ""))


def _label(signal: Fact) -> str:
    body = signal.body
    return f"{body['signal']} {body['signal_id']} of {body['source']}"
