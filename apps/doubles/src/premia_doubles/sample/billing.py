"""What the customer's billing says: first bills paid, later bills, contracts ended."""

from datetime import date, timedelta
from random import Random

from premia_doubles.sample.orders import Record
from premia_doubles.sample.shape import Shape

FIELDS = (
    "signal_id",
    "signal",
    "version",
    "order_id",
    "contract",
    "on",
    "first_for_contract",
    "amount",
    "currency",
    "cause",
    "imputable_to",
)


def _signal(record: Record, name: str, kind: str, on: date, amount: str) -> Record:
    return {
        "signal_id": f"{name}-{record['OrderNumber']}",
        "signal": kind,
        "version": "1",
        "order_id": record["Id"],
        "contract": f"CT-{record['OrderNumber']}",
        "on": on.isoformat(),
        "first_for_contract": "true" if name == "VK" else "false",
        "amount": amount,
        "currency": "EUR",
        "cause": "",
        "imputable_to": "",
    }


def signals(
    random: Random, shape: Shape, records: list[Record]
) -> tuple[list[Record], list[Record]]:
    """Return the signals up to the last day, and the first bills paid in the fortnight after it.

    No bill follows a cancellation or a churn.
    """
    known: list[Record] = []
    later: list[Record] = []
    last, fortnight = shape.last_day, shape.last_day + timedelta(days=14)
    for record in records:
        if not record["Activated_Date__c"]:
            continue
        activated = date.fromisoformat(record["Activated_Date__c"])
        ended = record["Cancelled_Date__c"] or record["Churned_Date__c"]
        paid = activated + timedelta(days=random.randrange(25, 75))
        chance = random.random()
        amount = f"{random.randrange(40, 260)}.{random.randrange(100):02d}"
        if chance > 0.94 or (ended and paid.isoformat() >= ended):
            continue
        first = _signal(record, "VK", "invoice.paid", paid, amount)
        if paid > last:
            if paid <= fortnight and not ended:
                later.append(first)
            continue
        known.append(first)
        second = paid + timedelta(days=61)
        if chance < 0.08 and second <= last and not ended:
            known.append(_signal(record, "VB", "invoice.paid", second, amount))
        terminated = paid + timedelta(days=random.randrange(10, 120))
        if chance > 0.925 and terminated <= last and not ended:
            signal = _signal(record, "CE", "contract.terminated", terminated, "")
            known.append({**signal, "cause": "switch away", "imputable_to": "customer"})
    return known, later
