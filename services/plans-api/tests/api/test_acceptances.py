"""A payee reads and accepts the plan it is assigned to, and no other."""

from typing import Any

from .conftest import Office, Person
from .flows import draft, mandate, publish
from .samples import changed


async def _assigned_payee(office: Office, designer: Person) -> tuple[str, dict[str, Any], Person]:
    path, plan = await draft(designer)
    await publish(office, designer, path)
    contract = await mandate(designer, plan["principal_id"])
    await designer.created(
        "/v1/assignments",
        {"plan": plan["name"], "mandate_id": contract["id"], "valid_from": "2026-01-01"},
    )
    return path, plan, office.person("payee", payee_id=contract["payee_id"])


async def test_a_payee_accepts_exactly_the_document_it_read(
    office: Office, designer: Person
) -> None:
    path, plan, partner = await _assigned_payee(office, designer)
    content_hash = (await partner.get(f"{path}/versions/1/document")).json()["content_hash"]

    accepted = await partner.post(f"{path}/versions/1/acceptances", {"content_hash": content_hash})

    assert accepted.status_code == 200
    assert accepted.json()["payee_id"] == partner.payee_id
    assert accepted.json()["accepted_on"] == "2026-04-01"
    listed = (await designer.get(f"{path}/versions/1/acceptances")).json()["items"]
    assert [item["content_hash"] for item in listed] == [plan["version"]["content_hash"]]


async def test_a_payee_cannot_accept_another_document(office: Office, designer: Person) -> None:
    path, _, partner = await _assigned_payee(office, designer)

    refused = await partner.post(f"{path}/versions/1/acceptances", {"content_hash": "0" * 64})

    assert refused.status_code == 409
    assert refused.json()["code"] == "accepted-content-differs"


async def test_a_payee_who_is_not_assigned_sees_no_plan(office: Office, designer: Person) -> None:
    path, plan, _ = await _assigned_payee(office, designer)
    content_hash = plan["version"]["content_hash"]
    stranger = office.person("payee", payee_id="0193a000-0000-8000-8000-000000000099")

    read = await stranger.get(path)
    accepted = await stranger.post(f"{path}/versions/1/acceptances", {"content_hash": content_hash})

    assert read.status_code == 404
    assert accepted.status_code == 404
    assert (await stranger.get("/v1/plans")).json()["items"] == []


async def test_a_payee_sees_no_draft(office: Office, designer: Person) -> None:
    path, _, partner = await _assigned_payee(office, designer)
    await designer.created(f"{path}/versions", {"document": changed("2 500 EUR", "3 000 EUR")})

    seen = (await partner.get(path)).json()["versions"]
    second = await partner.get(f"{path}/versions/2")

    assert [version["number"] for version in seen] == [1]
    assert second.status_code == 404


async def test_only_a_payee_accepts(office: Office, designer: Person) -> None:
    path, plan, _ = await _assigned_payee(office, designer)
    body = {"content_hash": plan["version"]["content_hash"]}

    by_designer = await designer.post(f"{path}/versions/1/acceptances", body)
    by_nobody = await office.person("payee").post(f"{path}/versions/1/acceptances", body)

    assert by_designer.status_code == 403
    assert by_nobody.status_code == 403
    assert by_nobody.json()["code"] == "not-a-payee"
