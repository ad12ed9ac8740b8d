"""Who takes part in a plan, in several, in none; and why."""

from typing import Any

from .conftest import Office, Person
from .flows import draft, mandate, publish, warnings_about
from .samples import payee, plan_text, principal

DAY = "2026-03-31"


async def _published(office: Office, designer: Person) -> tuple[str, dict[str, Any]]:
    path, plan = await draft(designer)
    await publish(office, designer, path)
    return path, plan


async def _assign(designer: Person, plan: str, mandate_id: str, **changes: Any) -> dict[str, Any]:
    body = {"plan": plan, "mandate_id": mandate_id, "valid_from": "2026-01-01"}
    return await designer.created("/v1/assignments", body | changes)


async def _participant(designer: Person, path: str, on: str = DAY) -> dict[str, Any]:
    answer = await designer.get(f"{path}/versions/1/participants", on=on)
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["items"]
    found: dict[str, Any] = item
    return found


async def test_an_assigned_payee_who_meets_the_condition_takes_part(
    office: Office, designer: Person
) -> None:
    path, plan = await _published(office, designer)
    contract = await mandate(designer, plan["principal_id"])
    assignment = await _assign(designer, plan["name"], contract["id"])

    item = await _participant(designer, path)

    assert item["takes_part"] is True
    assert item["assignment_id"] == assignment["id"]
    assert item["values"] == {"payee.kind": "agency", "payee.channel": "field"}
    assert [reason["code"] for reason in item["reasons"]] == ["assigned", "condition_met"]
    assert item["reasons"][0]["message"] == {
        "it": "assegnato dal 2026-01-01",
        "en": "assigned 2026-01-01 onwards",
    }


async def test_a_payee_who_is_not_assigned_is_told_so(office: Office, designer: Person) -> None:
    path, plan = await _published(office, designer)
    await mandate(designer, plan["principal_id"])

    item = await _participant(designer, path)

    assert item["takes_part"] is False
    against = [reason for reason in item["reasons"] if not reason["is_for"]]
    assert [reason["code"] for reason in against] == ["not_assigned"]
    assert against[0]["message"]["en"] == (
        "no mandate of the payee is assigned to the plan on 2026-03-31"
    )


async def test_a_payee_of_another_kind_is_told_which_value_fails(
    office: Office, designer: Person
) -> None:
    path, plan = await _published(office, designer)
    installer = await designer.created("/v1/payees", payee(kind="installer", attributes={}))
    contract = await designer.created(
        "/v1/mandates",
        {
            "principal_id": plan["principal_id"],
            "payee_id": installer["id"],
            "valid_from": "2025-01-01",
        },
    )
    await _assign(designer, plan["name"], contract["id"])

    item = await _participant(designer, path)

    assert item["takes_part"] is False
    assert item["values"] == {"payee.kind": "installer", "payee.channel": None}
    assert item["reasons"][-1]["code"] == "condition_not_met"
    assert 'payee.kind = "agency"' in item["reasons"][-1]["message"]["it"]


async def test_nobody_takes_part_outside_the_days_of_the_version(
    office: Office, designer: Person
) -> None:
    path, plan = await _published(office, designer)
    contract = await mandate(designer, plan["principal_id"])
    await _assign(designer, plan["name"], contract["id"])

    last = await _participant(designer, path, "2026-12-31")
    after = await _participant(designer, path, "2027-01-01")

    assert last["takes_part"] is True
    assert after["takes_part"] is False
    assert [item["code"] for item in after["reasons"] if not item["is_for"]] == [
        "version_not_valid"
    ]


async def test_nobody_takes_part_from_the_day_of_retirement(
    office: Office, designer: Person
) -> None:
    path, plan = await _published(office, designer)
    contract = await mandate(designer, plan["principal_id"])
    await _assign(designer, plan["name"], contract["id"])
    await office.person("plan_approver").post(
        f"{path}/versions/1/retire", {"retired_from": DAY, "reason": "replaced"}, if_match=3
    )

    before = await _participant(designer, path, "2026-03-30")
    after = await _participant(designer, path, DAY)
    without = (await designer.get("/v1/payees/without-plan", on=DAY)).json()["items"]

    assert (before["takes_part"], after["takes_part"]) == (True, False)
    assert [item["payee_code"] for item in without] == ["AG-1"]


async def test_participants_can_be_asked_for_alone_and_page_by_page(
    office: Office, designer: Person
) -> None:
    path, plan = await _published(office, designer)
    contract = await mandate(designer, plan["principal_id"])
    await _assign(designer, plan["name"], contract["id"])
    await designer.created("/v1/payees", payee("AG-2"))
    versions = f"{path}/versions/1/participants"

    inside = (await designer.get(versions, on=DAY, takes_part=True)).json()["items"]
    outside = (await designer.get(versions, on=DAY, takes_part=False)).json()["items"]
    first = (await designer.get(versions, on=DAY, limit=1)).json()
    second = (await designer.get(versions, on=DAY, limit=1, cursor=first["next_cursor"])).json()

    assert [item["payee_code"] for item in inside] == ["AG-1"]
    assert [item["payee_code"] for item in outside] == ["AG-2"]
    both = [item["payee_code"] for page in (first, second) for item in page["items"]]
    assert sorted(both) == ["AG-1", "AG-2"]
    assert second["next_cursor"] is None


async def test_payees_whom_no_plan_pays_are_listed(office: Office, designer: Person) -> None:
    _, plan = await _published(office, designer)
    contract = await mandate(designer, plan["principal_id"])
    await _assign(designer, plan["name"], contract["id"])
    await designer.created("/v1/payees", payee("AG-2"))
    await designer.created("/v1/payees", payee("AG-3", valid_to="2026-01-01"))

    without = await designer.get("/v1/payees/without-plan", on=DAY)

    assert [item["payee_code"] for item in without.json()["items"]] == ["AG-2"]


async def test_a_plan_that_claims_the_orders_of_another_is_not_published(
    office: Office, designer: Person
) -> None:
    _, plan = await _published(office, designer)
    other = plan_text().replace("plan: agency-energy-2026", "plan: second-plan")
    second = await designer.created(
        "/v1/plans", {"principal_id": plan["principal_id"], "document": other}
    )
    version = f"/v1/plans/{second['id']}/versions/1"
    await designer.post(f"{version}/submit", if_match=1)
    approver = office.person("plan_approver")
    body = {"accepted_warnings": await warnings_about(approver, version)}

    refused = await approver.post(f"{version}/publish", body, if_match=2)

    assert refused.status_code == 409
    problem = refused.json()
    assert problem["code"] == "orders-claimed-twice"
    assert "`beside: {agency-energy-2026: adds to}`" in problem["detail"]
    assert [error["pointer"] for error in problem["errors"]] == ["/credits/sale"]


async def test_another_principals_plan_claims_other_orders(
    office: Office, designer: Person
) -> None:
    await _published(office, designer)
    other = plan_text().replace("plan: agency-energy-2026", "plan: second-plan")
    owner = await designer.created("/v1/principals", principal(code="BETA", name="Beta Luce"))
    second = await designer.created("/v1/plans", {"principal_id": owner["id"], "document": other})

    published = await publish(office, designer, f"/v1/plans/{second['id']}")

    assert published["status"] == "published"


async def test_two_plans_that_claim_the_same_payee_are_listed(
    office: Office, designer: Person
) -> None:
    _, plan = await _published(office, designer)
    beside = "plan: second-plan\nbeside: {agency-energy-2026: adds to}"
    other = plan_text().replace("plan: agency-energy-2026", beside)
    second = await designer.created(
        "/v1/plans", {"principal_id": plan["principal_id"], "document": other}
    )
    await publish(office, designer, f"/v1/plans/{second['id']}")
    contract = await mandate(designer, plan["principal_id"])
    await _assign(designer, plan["name"], contract["id"])
    await _assign(designer, "second-plan", contract["id"], valid_from="2026-03-01")

    before = (await designer.get("/v1/plans/overlaps", on="2026-02-28")).json()["items"]
    (overlap,) = (await designer.get("/v1/plans/overlaps", on=DAY)).json()["items"]

    assert before == []
    assert overlap["payee_code"] == "AG-1"
    assert overlap["shares_every_order"] is True
    names = [(claim["plan_name"], claim["version"], claim["covers"]) for claim in overlap["plans"]]
    assert sorted(names) == [("agency-energy-2026", 1, None), ("second-plan", 1, None)]


async def test_plans_that_cover_different_orders_are_shown_with_what_they_cover(
    office: Office, designer: Person
) -> None:
    gas = 'covers: order.category = "gas"\n'
    power = 'covers: order.category = "power"\n'
    text = plan_text().replace("participants:", f"{gas}participants:")
    path, plan = await draft(designer, text)
    await publish(office, designer, path)
    other = plan_text().replace("participants:", f"{power}participants:")
    other = other.replace("plan: agency-energy-2026", "plan: power-plan")
    for row in ("category: gas", "category: gas,"):
        other = other.replace(row, row.replace("gas", "power"))
    second = await designer.created(
        "/v1/plans", {"principal_id": plan["principal_id"], "document": other}
    )
    await publish(office, designer, f"/v1/plans/{second['id']}")
    contract = await mandate(designer, plan["principal_id"])
    await _assign(designer, plan["name"], contract["id"])
    await _assign(designer, "power-plan", contract["id"])

    (overlap,) = (await designer.get("/v1/plans/overlaps", on=DAY)).json()["items"]

    assert overlap["shares_every_order"] is False
    assert {claim["covers"] for claim in overlap["plans"]} == {
        'order.category = "gas"',
        'order.category = "power"',
    }


async def test_a_draft_with_errors_has_no_participants_yet(designer: Person) -> None:
    path, _ = await draft(designer, plan_text().replace("payee.kind =", "payee.knid ="))

    refused = await designer.get(f"{path}/versions/1/participants", on=DAY)

    assert refused.status_code == 422
    assert refused.json()["code"] == "plan-not-acceptable"


async def test_another_tenants_payees_are_not_seen(
    office: Office, other_office: Office, designer: Person
) -> None:
    path, plan = await _published(office, designer)
    await mandate(designer, plan["principal_id"])
    stranger = other_office.person("plan_designer")

    assert (await stranger.get(f"{path}/versions/1/participants", on=DAY)).status_code == 404
    assert (await stranger.get("/v1/payees/without-plan", on=DAY)).json()["items"] == []
