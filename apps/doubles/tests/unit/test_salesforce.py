"""Notification ids: the same for a retry, others for another version."""

from premia_doubles.salesforce import notification_id

RECORD = {"OrderNumber": "00000042", "SystemModstamp": "2026-02-03T10:11:12.000Z"}


def test_a_retry_carries_the_same_id() -> None:
    assert notification_id(RECORD) == notification_id(dict(RECORD))
    assert len(notification_id(RECORD)) == 18
    assert notification_id(RECORD).startswith("04l")


def test_another_version_and_another_order_carry_another_id() -> None:
    later = RECORD | {"SystemModstamp": "2026-03-03T10:11:12.000Z"}
    other = RECORD | {"OrderNumber": "00000043"}

    assert len({notification_id(record) for record in (RECORD, later, other)}) == 3
