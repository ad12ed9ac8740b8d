"""Assignments to plans within mandates, and who takes part on a day."""

from typing import Any

from .conftest import Office, Person
from .flows import draft, mandate, publish
from .samples import principal


async def test_an_assignment_needs_a_published_plan(designer: Person) -> None:
    _, plan = await draft(designer)
    contract = await mandate(designer, plan["principal_id"])
    body = {"plan": plan["name"], "mandate_id": contract["id"], "valid_from": "2026-01-01"}

    refused = await designer.post("/v1/assignments", body)

    assert refused.status_code == 409
    assert refused.json()["code"] == "plan-not-published"


async def test_an_assignment_is_of_the_plans_principal_within_its_mandate_and_once_a_day(
    office: Office, designer: Person
) -> None:
    path, plan = await draft(designer)
    await publish(office, designer, path)
    contract = await mandate(designer, plan["principal_id"], valid_to="2027-01-01")
    other = await designer.created("/v1/principals", principal("2000"))
    foreign = await designer.created(
        "/v1/mandates",
        {
            "principal_id": other["id"],
            "payee_id": contract["payee_id"],
            "valid_from": "2025-01-01",
        },
    )

    def assignment(mandate_id: str, start: str, end: str | None) -> dict[str, Any]:
        return {
            "plan": plan["name"],
            "mandate_id": mandate_id,
            "valid_from": start,
            "valid_to": end,
        }

    items = [
        assignment(contract["id"], "2026-01-01", "2026-07-01"),
        assignment(contract["id"], "2026-06-01", "2026-08-01"),
        assignment(contract["id"], "2026-07-01", None),
        assignment(foreign["id"], "2026-01-01", None),
        {**assignment(contract["id"], "2026-01-01", None), "plan": "no such plan"},
        assignment(contract["id"], "2026-07-01", "2027-01-01"),
    ]

    answer = await designer.created("/v1/assignments:batch", {"items": items})

    codes = [item["problem"] and item["problem"]["code"] for item in answer["items"]]
    assert codes == [
        None,
        "assignment-overlaps",
        "assignment-outside-mandate",
        "plan-of-another-principal",
        "reference-unknown",
        "key-repeated",
    ]


async def test_a_mandate_cannot_desert_its_assignment(office: Office, designer: Person) -> None:
    path, plan = await draft(designer)
    await publish(office, designer, path)
    contract = await mandate(designer, plan["principal_id"])
    await designer.created(
        "/v1/assignments",
        {"plan": plan["id"], "mandate_id": contract["id"], "valid_from": "2026-01-01"},
    )
    shorter = {
        "principal_id": contract["principal_id"],
        "payee_id": contract["payee_id"],
        "valid_from": "2025-01-01",
        "valid_to": "2026-06-01",
    }

    refused = await designer.put(f"/v1/mandates/{contract['id']}", shorter, if_match=1)

    assert refused.status_code == 409
    assert refused.json()["code"] == "mandate-in-use"


async def test_participants_are_those_assigned_on_the_day(office: Office, designer: Person) -> None:
    path, plan = await draft(designer)
    await publish(office, designer, path)
    contract = await mandate(designer, plan["principal_id"])
    await designer.created(
        "/v1/assignments",
        {
            "plan": plan["name"],
            "mandate_id": contract["id"],
            "valid_from": "2026-01-01",
            "valid_to": "2026-04-01",
        },
    )

    last_day = await designer.get("/v1/participants", plan=plan["name"], on="2026-03-31")
    day_after = await designer.get("/v1/participants", plan=plan["name"], on="2026-04-01")

    assert [item["payee_code"] for item in last_day.json()["items"]] == ["AG-1"]
    assert day_after.json()["items"] == []
