"""Salesforce Outbound Messages, through the public door and with a real SOAP client."""

import asyncio
import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import zeep

from ..conftest import ORG, Tenant  # noqa: TID252

XML = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
HOOK = "/v1/hooks/salesforce/outbound"


async def post(tenant: Tenant, token: str, body: str | bytes) -> httpx.Response:
    content = body.encode() if isinstance(body, str) else body
    return await tenant.call("POST", f"{HOOK}/{token}", headers=XML, content=content)


@pytest.fixture(scope="session")
def envelope(samples: Path) -> str:
    return (samples / "outbound_message_order.xml").read_text()


async def test_salesforces_own_text_is_acknowledged_and_the_bad_notification_waits_in_quarantine(
    tenant: Tenant, envelope: str
) -> None:
    token = await tenant.salesforce()

    answer = await post(tenant, token, envelope)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert "<Ack>true</Ack>" in answer.text
    (event,) = await tenant.events("premia.order.recorded.v1")
    assert event["data"]["record_id"] == "8015g000000abcDAAQ"
    assert event["data"]["record_version"] == "2026-03-05T09:58:14.000000Z"
    assert event["data"]["amount"] == {"amount": "1234.56", "currency": "EUR"}
    assert event["data"]["raw"]["part"] == "1"
    waiting = (await tenant.call("GET", "/v1/quarantine", "auditor")).json()["items"]
    assert [(entry["part"], entry["code"]) for entry in waiting] == [("2", "MISSING_FIELD")]


async def test_the_raw_bytes_hash_to_what_the_fact_names_and_hold_no_session_id(
    tenant: Tenant, envelope: str
) -> None:
    token = await tenant.salesforce()
    await post(tenant, token, envelope)
    (event,) = await tenant.events("premia.order.recorded.v1")
    raw = event["data"]["raw"]

    found = await tenant.call("GET", f"/v1/messages/{raw['message_id']}/raw", "auditor")

    assert hashlib.sha256(found.content).hexdigest() == raw["sha256"]
    assert b"AQcAQFsecret" not in found.content
    assert b"<SessionId>redacted</SessionId>" in found.content


async def test_the_zeep_client_pushes_orders_from_the_served_wsdl(tenant: Tenant) -> None:
    token = await tenant.salesforce()

    ack = await asyncio.to_thread(_push_with_zeep, f"{tenant.url}{HOOK}/{token}?wsdl")

    assert ack is True
    events = await tenant.events("premia.order.recorded.v1")
    assert [event["data"]["record_id"] for event in events] == [
        "8015g000000000AAAA",
        "8015g000000000BAAA",
    ]
    assert {event["data"]["amount"]["amount"] for event in events} == {"99.90"}
    assert events[0]["data"]["attributes"] == {"annual_kwh": "2700"}


def _push_with_zeep(wsdl: str) -> Any:
    client = zeep.Client(wsdl)
    order = client.get_type("{urn:sobject.enterprise.soap.sforce.com}Order")
    notification = client.get_type("{http://soap.sforce.com/2005/09/outbound}OrderNotification")
    notifications = [
        notification(
            Id=f"04l5g00000000{letter}AAAA",
            sObject=order(
                Id=f"8015g000000000{letter}AAA",
                OrderNumber=f"N-{letter}",
                SystemModstamp=datetime(2026, 3, 5, 9, 58, 14, tzinfo=UTC),
                Company_Code__c="1000",
                Signed_Date__c=date(2026, 3, 1),
                Agency_Code__c="AG-0042",
                TotalAmount=99.9,
                Annual_kWh__c=2700,
                Status="Signed",
            ),
        )
        for letter in ("A", "B")
    ]
    return client.service.notifications(
        OrganizationId=ORG,
        ActionId="04k5g000000TNaAAAW",
        SessionId=None,
        EnterpriseUrl="https://acme.my.salesforce.com",
        PartnerUrl="https://acme.my.salesforce.com",
        Notification=notifications,
    )


async def test_an_envelope_of_another_organisation_is_refused_and_not_stored(
    tenant: Tenant, envelope: str
) -> None:
    token = await tenant.salesforce()

    answer = await post(tenant, token, envelope.replace(ORG, "00D5g000009OtherEA"))

    assert answer.status_code == 403
    assert answer.json()["code"] == "wrong-organisation"
    assert "Ack" not in answer.text
    assert await tenant.events() == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<soapenv:Envelope", "well-formed"),
        ("", "well-formed"),
        ("<a/>", "SOAP 1.1 Envelope"),
        ("<a>" * 200_000 + "</a>" * 200_000, "more than 32 deep"),
        ("<a>" + "<b/>" * 100_001 + "</a>", "more than 100000 elements"),
        (
            '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>',
            "entities are not allowed",
        ),
        (
            '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>',
            "entities are not allowed",
        ),
        ('<?xml version="1.0" encoding="UTF-16"?><a/>', "UTF-8"),
    ],
    ids=[
        "cut off",
        "empty",
        "no envelope",
        "200,000 deep",
        "too many",
        "bomb",
        "external",
        "utf16",
    ],
)
async def test_a_body_that_is_no_envelope_gets_400_and_leaves_nothing_behind(
    tenant: Tenant, body: str, why: str
) -> None:
    token = await tenant.salesforce()

    answer = await post(tenant, token, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-envelope")
    assert why in answer.json()["detail"]


async def test_a_body_over_four_mebibytes_is_refused(tenant: Tenant) -> None:
    token = await tenant.salesforce()

    answer = await post(tenant, token, b" " * (4 * 1024 * 1024 + 1))

    assert answer.status_code == 413


async def test_a_compressed_body_is_refused(tenant: Tenant, envelope: str) -> None:
    token = await tenant.salesforce()

    answer = await tenant.call(
        "POST",
        f"{HOOK}/{token}",
        headers={**XML, "Content-Encoding": "gzip"},
        content=envelope.encode(),
    )

    assert answer.status_code == 415


async def test_a_forged_token_finds_nothing(tenant: Tenant, envelope: str) -> None:
    token = await tenant.salesforce()
    forged = token[:-4] + ("AAAA" if not token.endswith("AAAA") else "BBBB")

    answer = await post(tenant, forged, envelope)

    assert answer.status_code == 404


async def test_a_replaced_token_stops_working(tenant: Tenant, envelope: str) -> None:
    token = await tenant.salesforce()
    made = await tenant.call("POST", "/v1/sources/salesforce/token", "admin")

    assert (await post(tenant, token, envelope)).status_code == 404
    assert (await post(tenant, made.json()["source_token"], envelope)).status_code == 200


async def test_the_same_envelope_again_is_acknowledged_and_has_no_second_effect(
    tenant: Tenant, envelope: str
) -> None:
    token = await tenant.salesforce()
    await post(tenant, token, envelope)

    again = await post(tenant, token, envelope)

    assert "<Ack>true</Ack>" in again.text
    assert len(await tenant.events("premia.order.recorded.v1")) == 1


async def test_the_same_notification_id_with_newer_values_is_a_new_version(
    tenant: Tenant, envelope: str
) -> None:
    token = await tenant.salesforce()
    await post(tenant, token, envelope)
    newer = envelope.replace("2026-03-05T09:58:14.000Z", "2026-03-06T10:00:00.000Z")

    await post(tenant, token, newer.replace("1234.56", "1200.00"))

    events = await tenant.events("premia.order.recorded.v1")
    assert [event["data"]["amount"]["amount"] for event in events] == ["1234.56", "1200.00"]


async def test_fields_without_a_mapping_are_reported_as_drift(
    tenant: Tenant, envelope: str
) -> None:
    token = await tenant.salesforce()

    await post(tenant, token, envelope)

    drift = (await tenant.call("GET", "/v1/sources/salesforce/drift", "admin")).json()
    assert [item["field"] for item in drift["items"]] == ["Commodity__c"]
