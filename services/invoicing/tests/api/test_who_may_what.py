"""Payees, people of finance and strangers at the same documents."""

import pytest

from premia_common.contracts.invoices import InvoiceApproved
from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new


@pytest.fixture
async def ours(house):
    payee = new_id()
    await house.with_profile(payee)
    clerk = house.person("finance_clerk", "finance_approver")
    sent = await house.sent(payee, "1000.00", clerk=clerk)
    return {
        "payee": payee,
        "clerk": clerk,
        "id": sent["id"],
        "version": sent["version"],
        "partner": house.person("payee", payee_id=payee),
    }


async def test_another_payee_sees_and_changes_nothing(house, ours):
    stranger = house.person("payee", payee_id=new_id())

    for path in ("", "/pdf"):
        response = await stranger.get(f"/v1/pro-formas/{ours['id']}{path}")
        assert (response.status_code, response.json()["code"]) == (404, "document-not-found")
    for verb, body in (("accept", None), ("dispute", {"reason": "not mine"})):
        response = await stranger.post(
            f"/v1/pro-formas/{ours['id']}/{verb}", body, if_match=ours["version"]
        )
        assert (response.status_code, response.json()["code"]) == (404, "document-not-found")
    for path in ("/v1/pro-formas", "/v1/invoices"):
        assert (await stranger.get(path, payee_id=ours["payee"])).json()["items"] == []
    [mine] = (await ours["partner"].get("/v1/pro-formas")).json()["items"]
    assert mine["id"] == ours["id"]


async def test_staff_cannot_accept_for_the_partner(house, ours):
    for role in ("finance_clerk", "finance_approver", "admin", "auditor", "compensation_analyst"):
        response = await house.person(role).post(
            f"/v1/pro-formas/{ours['id']}/accept", if_match=ours["version"]
        )
        assert (response.status_code, response.json()["code"]) == (403, "not-permitted")


async def test_a_document_is_no_invoice_before_its_payee_accepts(house, ours):
    path = f"/v1/invoices/{ours['id']}"

    before = await house.person("auditor").get(path)
    await ours["partner"].post(f"/v1/pro-formas/{ours['id']}/accept", if_match=ours["version"])
    after = await house.person("auditor").get(path)

    assert (before.status_code, before.json()["code"]) == (404, "document-not-found")
    assert after.json()["status"] == "accepted"


async def test_a_payee_role_without_a_payee_accepts_nothing(house, ours):
    response = await house.person("payee").post(
        f"/v1/pro-formas/{ours['id']}/accept", if_match=ours["version"]
    )

    assert response.status_code == 404


async def test_the_sender_cannot_approve_the_invoice_alone_or_in_a_batch(house, ours):
    accepted = await ours["partner"].post(
        f"/v1/pro-formas/{ours['id']}/accept", if_match=ours["version"]
    )
    version = accepted.json()["version"]

    alone = await ours["clerk"].post(f"/v1/invoices/{ours['id']}/approve", if_match=version)
    batch = await ours["clerk"].post(
        "/v1/invoices:approve", {"items": [{"id": ours["id"], "version": version}]}
    )

    assert (alone.status_code, alone.json()["code"]) == (403, "approver-is-maker")
    [item] = batch.json()["items"]
    assert (item["result"], item["problem"]["code"]) == ("refused", "approver-is-maker")
    assert await house.announced(InvoiceApproved) == []
    second = await house.person("finance_approver").post(
        "/v1/invoices:approve", {"items": [{"id": ours["id"], "version": version}]}
    )
    assert second.json()["items"][0]["result"] == "approved"


async def test_a_payee_does_not_see_what_was_not_sent(house):
    payee = new_id()
    await house.with_profile(payee)
    document = await house.prepared(payee, "10.00")
    partner = house.person("payee", payee_id=payee)

    assert (await partner.get(f"/v1/pro-formas/{document['id']}")).status_code == 404
    assert (await partner.get("/v1/pro-formas")).json()["items"] == []
    assert (await partner.get("/v1/pro-formas", status="prepared")).json()["items"] == []
    refused = await partner.post(f"/v1/pro-formas/{document['id']}/accept", if_match=1)
    assert refused.status_code == 404


async def test_a_payee_reads_the_tax_items_of_its_own_statement_only(house):
    payee = new_id()
    statement = house.calculated(payee, "10.00")
    await house.hear(statement)
    path = "/v1/tax-items"

    own = await house.person("payee", payee_id=payee).get(path, statement_id=statement.statement_id)
    other = await house.person("payee", payee_id=new_id()).get(
        path, statement_id=statement.statement_id
    )

    assert [item["status"] for item in own.json()["items"]] == ["blocked"]
    assert other.json()["items"] == []


async def test_another_tenant_finds_nothing(house, other_house, ours):
    theirs = other_house.person("finance_clerk", "finance_approver", "auditor")

    for path in (f"/v1/pro-formas/{ours['id']}", f"/v1/invoices/{ours['id']}"):
        assert (await theirs.get(path)).status_code == 404
    for path in ("/v1/pro-formas", "/v1/invoices", "/v1/fiscal-profiles"):
        assert (await theirs.get(path)).json()["items"] == []
    batch = await theirs.post("/v1/pro-formas:send", {"items": [{"id": ours["id"], "version": 1}]})
    assert batch.json()["items"][0]["problem"]["code"] == "document-not-found"


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("payee", "get", "/v1/fiscal-profiles"),
        ("finance_approver", "post", "/v1/pro-formas:send"),
        ("finance_clerk", "post", "/v1/invoices:approve"),
        ("finance_clerk", "post", "/v1/fiscal-profiles:approve"),
        ("finance_approver", "post", "/v1/fiscal-profiles:batch"),
        ("machine_sap", "get", "/v1/invoices"),
    ],
)
async def test_a_role_without_the_permission_is_refused(house, role, method, path):
    person = house.person(role)
    items = [{"id": str(new_id()), "profile_id": str(new_id()), "version": 1}]
    bodies = {
        "/v1/fiscal-profiles:approve": {"items": [{"profile_id": str(new_id()), "version": 1}]}
    }
    body = bodies.get(path, {"items": [{"id": items[0]["id"], "version": 1}]})

    response = await (person.get(path) if method == "get" else person.post(path, body))

    assert (response.status_code, response.json()["code"]) == (403, "not-permitted")
