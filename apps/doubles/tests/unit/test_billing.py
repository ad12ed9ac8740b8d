"""Billing signals as CloudEvents."""

from premia_doubles.billing import batches, cloud_event

PAID = {
    "signal_id": "VK-1",
    "signal": "invoice.paid",
    "version": "1",
    "order_id": "8015g0000000001AAA",
    "contract": "CT-1",
    "on": "2026-03-04",
    "first_for_contract": "true",
    "amount": "120.50",
    "currency": "EUR",
    "cause": "",
    "imputable_to": "",
}


def test_a_first_bill_paid_becomes_a_cloud_event() -> None:
    event = cloud_event(PAID)

    assert event["type"] == "premia.billing.invoice.paid.v1"
    assert event["data"] == {
        "order_ref": {"system": "salesforce", "sobject": "Order", "id": "8015g0000000001AAA"},
        "contract_ref": "CT-1",
        "currency": "EUR",
        "is_first_for_contract": True,
        "version": 1,
        "paid_on": "2026-03-04",
        "paid_total": "120.50",
    }


def test_signals_travel_in_batches_of_at_most_500() -> None:
    assert [len(batch) for batch in batches([PAID] * 1001)] == [500, 500, 1]
