"""Requests that meet: what one alone may not do, two together may not do either."""

import asyncio

from .conftest import Office, Person
from .flows import draft, mandate, publish, warnings_about
from .samples import payee, plan_text, position, principal


async def test_of_two_payees_with_the_same_code_one_is_refused(designer: Person) -> None:
    code = {"system": "salesforce", "code": "X", "valid_from": "2026-01-01"}
    bodies = [payee(f"AG-{number}", external_ids=[code]) for number in range(6)]

    answers = await asyncio.gather(*(designer.post("/v1/payees", body) for body in bodies))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5


async def test_two_changes_that_together_make_a_cycle_do_not_both_succeed(
    designer: Person,
) -> None:
    one = await designer.created("/v1/positions", position("A"))
    two = await designer.created("/v1/positions", position("B"))

    answers = await asyncio.gather(
        designer.put(
            f"/v1/positions/{one['id']}", position("A", ("B", "2026-01-01", None)), if_match=1
        ),
        designer.put(
            f"/v1/positions/{two['id']}", position("B", ("A", "2026-01-01", None)), if_match=1
        ),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_the_same_payee_sent_by_many_is_created_once(designer: Person) -> None:
    answers = await asyncio.gather(
        *(designer.post("/v1/payees:batch", {"items": [payee()]}) for _ in range(6))
    )

    outcomes = sorted(answer.json()["items"][0]["outcome"] for answer in answers)
    assert outcomes == ["created"] + ["unchanged"] * 5


async def test_a_version_is_published_once(office: Office, designer: Person) -> None:
    path, _ = await draft(designer)
    await designer.post(f"{path}/versions/1/submit", if_match=1)
    approvers = [office.person("plan_approver") for _ in range(4)]
    version = f"{path}/versions/1"
    body = {"accepted_warnings": await warnings_about(approvers[0], version)}

    answers = await asyncio.gather(
        *(person.post(f"{version}/publish", body, if_match=2) for person in approvers)
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 3


async def test_of_two_plans_that_claim_the_same_orders_one_is_published(
    office: Office, designer: Person
) -> None:
    owner = await designer.created("/v1/principals", principal())
    publishing = []
    for name in ("first-plan", "second-plan", "third-plan"):
        document = plan_text().replace("plan: agency-energy-2026", f"plan: {name}")
        made = await designer.created(
            "/v1/plans", {"principal_id": owner["id"], "document": document}
        )
        version = f"/v1/plans/{made['id']}/versions/1"
        await designer.post(f"{version}/submit", if_match=1)
        approver = office.person("plan_approver")
        accepted = {"accepted_warnings": await warnings_about(approver, version)}
        publishing.append(approver.post(f"{version}/publish", accepted, if_match=2))

    answers = await asyncio.gather(*publishing)

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refused == {"orders-claimed-twice"}


async def test_a_plan_of_a_name_is_created_once(designer: Person) -> None:
    owner = await designer.created("/v1/principals", principal())
    body = {"principal_id": owner["id"], "document": plan_text()}

    answers = await asyncio.gather(*(designer.post("/v1/plans", body) for _ in range(4)))

    assert [answer.status_code for answer in answers] == [200] * 4
    outcomes = sorted(answer.json()["outcome"] for answer in answers)
    assert outcomes == ["created"] + ["unchanged"] * 3


async def test_an_acceptance_is_recorded_once(office: Office, designer: Person) -> None:
    path, plan = await draft(designer)
    await publish(office, designer, path)
    contract = await mandate(designer, plan["principal_id"])
    await designer.created(
        "/v1/assignments",
        {"plan": plan["name"], "mandate_id": contract["id"], "valid_from": "2026-01-01"},
    )
    partner = office.person("payee", payee_id=contract["payee_id"])
    body = {"content_hash": plan["version"]["content_hash"]}

    answers = await asyncio.gather(
        *(partner.post(f"{path}/versions/1/acceptances", body) for _ in range(4))
    )

    assert [answer.status_code for answer in answers] == [200] * 4
    assert len((await designer.get(f"{path}/versions/1/acceptances")).json()["items"]) == 1
