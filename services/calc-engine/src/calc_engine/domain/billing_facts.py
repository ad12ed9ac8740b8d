"""What billing says, as facts that can earn and be measured: bills, payments, credit notes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from calc_engine.domain.fact import Fact
from calc_engine.domain.order_states import source_of
from premia_plan.relations import FactRow, OrderRow

KINDS: Mapping[str, Literal["bill", "payment", "credit note"]] = {
    "invoice.issued": "bill",
    "invoice.paid": "payment",
    "credit_note.issued": "credit note",
}
"""Which fact a billing signal is, if it has an amount; others only move an order's states."""


def billing_facts(
    orders: Iterable[OrderRow],
    signals_by_order: Mapping[str, Iterable[Fact]],
    wanted: Collection[str],
) -> Iterator[FactRow]:
    """Give the bills, payments and credit notes of orders, of the kinds that are wanted."""
    for order in orders if wanted else ():
        for signal in signals_by_order.get(order.order_id, ()):
            kind, amount = KINDS.get(signal.body["signal"]), signal.body["amount"]
            if kind is None or kind not in wanted or amount is None:
                continue
            label = f"{signal.body['signal']} {signal.body['signal_id']} of {signal.body['source']}"
            yield FactRow(
                kind=kind,
                fact_id=signal.key,
                order_id=order.order_id,
                principal=order.principal,
                on=date.fromisoformat(signal.body["on"]),
                source=source_of(signal, label),
                currency=amount["currency"],
                category=order.category,
                territory=order.territory,
                amount=abs(Decimal(amount["amount"]))
                if kind == "credit note"
                else Decimal(amount["amount"]),
            )
