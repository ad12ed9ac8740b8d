"""The customer's billing as a sender: its signals as CloudEvents."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from premia_doubles.sample.orders import Record

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"
MEDIA_TYPE = "application/cloudevents-batch+json"
LARGEST_BATCH = 500


def cloud_event(signal: Record, *, system: str = "urn:billing:isu:prd") -> dict[str, Json]:
    """Return a billing signal as a structured CloudEvent."""
    data: dict[str, Json] = {
        "order_ref": {"system": "salesforce", "sobject": "Order", "id": signal["order_id"]},
        "contract_ref": signal["contract"],
        "currency": signal["currency"],
        "is_first_for_contract": signal["first_for_contract"] == "true",
        "version": int(signal["version"]),
    }
    if signal["signal"] == "invoice.paid":
        data |= {"paid_on": signal["on"], "paid_total": signal["amount"]}
    else:
        data |= {"terminated_on": signal["on"], "reason": signal["cause"]}
        data["imputable_to"] = signal["imputable_to"] or None
    return {
        "specversion": "1.0",
        "id": signal["signal_id"],
        "source": system,
        "type": f"premia.billing.{signal['signal']}.v1",
        "subject": f"contract/{signal['contract']}",
        "time": f"{signal['on']}T12:00:00Z",
        "datacontenttype": "application/json",
        "partitionkey": signal["contract"],
        "data": data,
    }


def batches(signals: Sequence[Record], size: int = LARGEST_BATCH) -> Iterator[list[Json]]:
    """Yield the signals as batches of events."""
    for start in range(0, len(signals), size):
        yield [cloud_event(signal) for signal in signals[start : start + size]]
