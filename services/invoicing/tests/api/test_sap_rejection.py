"""SAP refuses an invoice: the document says so until SAP has posted it."""

from datetime import timedelta

import pytest

from premia_common.contracts.invoices import InvoicePosted
from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new


@pytest.fixture
async def approved(house):
    payee = new_id()
    await house.with_profile(payee)
    sent = await house.sent(payee, "1000.00")
    partner = house.person("payee", payee_id=payee)
    accepted = await partner.post(f"/v1/pro-formas/{sent['id']}/accept", if_match=sent["version"])
    approver = house.person("finance_approver")
    done = await approver.post(
        f"/v1/invoices/{sent['id']}/approve", if_match=accepted.json()["version"]
    )
    assert done.status_code == 200, done.text
    return {**done.json(), "partner": partner, "approver": approver}


async def shown(person, invoice):
    return (await person.get(f"/v1/invoices/{invoice['id']}")).json()


async def test_the_approver_reads_what_sap_said_and_the_payee_does_not(house, approved):
    rejected = house.sap_rejected(approved["id"], approved["number"])

    [first] = await house.hear(rejected)
    [again] = await house.hear(rejected)

    assert (first.answers, again.answers) == (["done"], ["done"])
    seen = await shown(approved["approver"], approved)
    assert (seen["status"], seen["version"]) == ("approved", approved["version"])
    assert seen["rejection"] == {
        "message_class": "F5",
        "message_number": "117",
        "text": "Account 100234 is blocked for posting",
        "retryable": True,
        "rejected_at": "2026-04-09T22:30:00Z",
    }
    assert (await shown(approved["partner"], approved))["rejection"] is None
    assert len(await house.rows("select 1 from document_rejections")) == 1


async def test_the_last_rejection_is_shown_whatever_order_they_arrive_in(house, approved):
    earlier = house.sap_rejected(approved["id"], approved["number"], text="the earlier one")
    later = house.sap_rejected(
        approved["id"],
        approved["number"],
        text="the later one",
        occurred_at=earlier.occurred_at + timedelta(minutes=5),
    )

    await house.hear(later)
    await house.hear(earlier)

    assert (await shown(approved["approver"], approved))["rejection"]["text"] == "the later one"


@pytest.mark.parametrize("order", ["rejected first", "posted first"])
async def test_a_posting_wins_over_a_rejection_in_either_order(house, approved, order):
    rejected = house.sap_rejected(approved["id"], approved["number"])
    posted = house.sap_posted(approved["id"], approved["number"])
    events = [rejected, posted] if order == "rejected first" else [posted, rejected]

    for event in events:
        [delivery] = await house.hear(event)
        assert delivery.answers == ["done"]

    seen = await shown(approved["approver"], approved)
    assert seen["status"] == "posted"
    assert seen["posting"]["accounting_document"] == "5100000017"
    assert seen["rejection"] is None
    assert len(await house.announced(InvoicePosted)) == 1
    assert len(await house.rows("select 1 from document_rejections")) == 1


async def test_a_rejection_of_what_was_never_approved_is_not_kept(house):
    payee = new_id()
    await house.with_profile(payee)
    sent = await house.sent(payee, "1000.00")

    [delivery] = await house.hear(house.sap_rejected(sent["id"], sent["number"]))

    assert delivery.answers == ["again after 0.2"]
    assert await house.rows("select 1 from document_rejections") == []
