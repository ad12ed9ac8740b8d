import time
from uuid import uuid4  # noqa: TID251

from .conftest import NOW, Office, Person
from .samples import payee, principal


async def test_a_payee_is_created_and_read_back_with_its_etag(designer: Person) -> None:
    created = await designer.post("/v1/payees", payee("AG-1"))

    read = await designer.get(created.headers["Location"])

    assert created.status_code == 200
    assert created.headers["ETag"] == '"1"'
    assert read.headers["ETag"] == '"1"'
    assert read.json() == created.json()
    assert read.json()["code"] == "AG-1"
    assert read.json()["made_by"] == str(designer.id)
    assert read.json()["external_ids"] == [
        {"system": "salesforce", "code": "SF-AG-1", "valid_from": "2025-01-01", "valid_to": None}
    ]


async def test_the_same_payee_again_changes_nothing(designer: Person) -> None:
    first = await designer.created("/v1/payees", payee())

    again = await designer.created("/v1/payees", payee())

    assert again == first
    history = await designer.get(f"/v1/payees/{first['id']}/history")
    assert [item["version"] for item in history.json()["items"]] == [1]


async def test_another_payee_with_the_same_code_is_told_to_use_put(designer: Person) -> None:
    await designer.created("/v1/payees", payee())

    refused = await designer.post("/v1/payees", payee(name="Another"))

    assert refused.status_code == 409
    assert refused.json()["code"] == "exists-with-other-content"
    assert 'PUT with If-Match: "1"' in refused.json()["detail"]


async def test_a_change_makes_the_next_version_and_keeps_the_first(designer: Person) -> None:
    first = await designer.created("/v1/payees", payee())
    path = f"/v1/payees/{first['id']}"

    changed = await designer.put(path, payee(name="Bianchi & Figli"), if_match=1)

    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"2"'
    history = (await designer.get(f"{path}/history")).json()["items"]
    assert [(item["version"], item["name"]) for item in history] == [
        (1, "Agenzia AG-1"),
        (2, "Bianchi & Figli"),
    ]


async def test_a_change_needs_if_match(designer: Person) -> None:
    first = await designer.created("/v1/payees", payee())

    refused = await designer.put(f"/v1/payees/{first['id']}", payee(name="New"))

    assert refused.status_code == 428


async def test_a_stale_if_match_is_refused_and_names_the_current_version(designer: Person) -> None:
    first = await designer.created("/v1/payees", payee())
    path = f"/v1/payees/{first['id']}"
    await designer.put(path, payee(name="Second"), if_match=1)

    refused = await designer.put(path, payee(name="Third"), if_match=1)

    assert refused.status_code == 412
    assert 'If-Match: "2"' in refused.json()["detail"]
    assert (await designer.get(path)).json()["name"] == "Second"


async def test_the_key_never_changes(designer: Person) -> None:
    first = await designer.created("/v1/payees", payee("AG-1"))

    refused = await designer.put(f"/v1/payees/{first['id']}", payee("AG-2"), if_match=1)

    assert refused.status_code == 409
    assert refused.json()["code"] == "key-is-fixed"


async def test_the_same_key_with_another_body_is_refused(designer: Person) -> None:
    await designer.post("/v1/payees", payee("AG-1"), key="once")

    refused = await designer.post("/v1/payees", payee("AG-2"), key="once")

    assert refused.status_code == 422
    assert refused.json()["code"] == "idempotency-key-reused"


async def test_a_repeated_key_is_answered_as_the_first_time(designer: Person) -> None:
    first = await designer.post("/v1/payees", payee(), key="once")

    again = await designer.post("/v1/payees", payee(), key="once")

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content == first.content


async def test_an_unknown_field_is_refused_by_name(designer: Person) -> None:
    refused = await designer.post("/v1/payees", payee(nickname="Gino"))

    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/nickname"]


async def test_a_window_that_ends_before_it_starts_is_refused(designer: Person) -> None:
    refused = await designer.post("/v1/payees", payee(valid_to="2024-01-01"))

    assert refused.status_code == 422
    assert "valid_to 2024-01-01 must be after valid_from 2025-01-01" in refused.json()["detail"]


async def test_a_float_is_no_money(designer: Person) -> None:
    paid = await designer.created("/v1/payees", payee())
    body = {
        "payee_id": paid["id"],
        "name": "activated_value",
        "values": [{"month": "2026-03", "amount": {"amount": 1000.5, "currency": "EUR"}}],
    }

    refused = await designer.post("/v1/targets", body)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/values/0/amount/amount"
    assert "may lose cents" in refused.json()["detail"]


async def test_targets_are_kept_by_month_to_the_cent(designer: Person) -> None:
    paid = await designer.created("/v1/payees", payee())
    values = [
        {"month": "2026-04", "amount": {"amount": "60000.10", "currency": "EUR"}},
        {"month": "2026-03", "amount": {"amount": "50000", "currency": "EUR"}},
    ]

    made = await designer.created(
        "/v1/targets", {"payee_id": paid["id"], "name": "activated_value", "values": values}
    )

    march = {"amount": "50000.00", "currency": "EUR"}
    april = {"amount": "60000.10", "currency": "EUR"}
    assert made["values"] == [
        {"month": "2026-03", "amount": march, "valid_from": None},
        {"month": "2026-04", "amount": april, "valid_from": None},
    ]


async def test_another_tenants_payee_is_not_found(designer: Person, other_office: Office) -> None:
    ours = await designer.created("/v1/payees", payee())
    stranger = other_office.person("plan_designer")

    read = await stranger.get(f"/v1/payees/{ours['id']}")
    changed = await stranger.put(f"/v1/payees/{ours['id']}", payee(name="Mine"), if_match=1)

    assert read.status_code == 404
    assert changed.status_code == 404


async def test_two_tenants_may_use_the_same_codes(designer: Person, other_office: Office) -> None:
    ours = await designer.created("/v1/payees", payee("AG-1"))

    theirs = await other_office.person("plan_designer").created("/v1/payees", payee("AG-1"))

    assert ours["id"] != theirs["id"]


async def test_a_caller_without_token_is_refused(designer: Person) -> None:
    answer = await designer.client.get("/v1/payees")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_forged_tokens_are_refused(office: Office) -> None:
    now = int(NOW.timestamp())
    hostile = office.mint.hostile(tenant=office.tenant, roles=["plan_designer"], now=now)

    statuses = {
        name: (
            await office.client.get("/v1/payees", headers={"Authorization": f"Bearer {token}"})
        ).status_code
        for name, token in hostile.items()
    }

    assert statuses == dict.fromkeys(hostile, 401)


async def test_a_role_without_permission_may_not_write(office: Office) -> None:
    refused = await office.person("plan_approver").post("/v1/payees", payee())

    assert refused.status_code == 403
    assert refused.json()["code"] == "not-permitted"


async def test_a_payee_may_not_list_payees(office: Office) -> None:
    refused = await office.person("payee", payee_id=str(uuid4())).get("/v1/payees")

    assert refused.status_code == 403


async def test_a_list_goes_on_where_the_page_before_ended(designer: Person) -> None:
    codes = [f"AG-{number}" for number in range(7)]
    await designer.created("/v1/payees:batch", {"items": [payee(code) for code in codes]})

    seen, cursor = [], None
    for _ in range(4):
        page = (
            await designer.get("/v1/payees", limit=3, **({"cursor": cursor} if cursor else {}))
        ).json()
        seen += [item["code"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert sorted(seen) == codes
    assert cursor is None


async def test_a_made_up_cursor_is_refused(designer: Person) -> None:
    refused = await designer.get("/v1/payees", cursor="AAAA")

    assert refused.status_code == 400
    assert refused.json()["code"] == "bad-cursor"


async def test_a_list_is_filtered_by_code(designer: Person) -> None:
    await designer.created("/v1/payees:batch", {"items": [payee("AG-1"), payee("AG-2")]})

    found = await designer.get("/v1/payees", code="AG-2")

    assert [item["code"] for item in found.json()["items"]] == ["AG-2"]


async def test_one_bad_item_of_a_batch_does_not_stop_the_others(designer: Person) -> None:
    items = [payee("AG-1"), payee("AG-2", language="italiano"), payee("AG-1"), payee("AG-3")]

    answer = (await designer.post("/v1/payees:batch", {"items": items})).json()

    assert [item["outcome"] for item in answer["items"]] == [
        "created",
        "refused",
        "unchanged",
        "created",
    ]
    problem = answer["items"][1]["problem"]
    assert problem["status"] == 422
    assert problem["errors"][0]["pointer"] == "/items/1/language"
    assert (answer["created"], answer["unchanged"], answer["refused"]) == (2, 1, 1)


async def test_a_batch_of_three_hundred_payees_takes_well_under_a_second(designer: Person) -> None:
    seconds = []
    for attempt in "ABC":
        items = [payee(f"{attempt}-{number}") for number in range(300)]
        began = time.perf_counter()
        answer = await designer.post("/v1/payees:batch", {"items": items})
        seconds.append(time.perf_counter() - began)
        assert answer.json()["created"] == 300

    # The best of three, since other tests share the machine.
    assert min(seconds) < 0.7


async def test_a_batch_has_at_most_five_hundred_items(designer: Person) -> None:
    items = [payee(f"AG-{number}") for number in range(501)]

    refused = await designer.post("/v1/payees:batch", {"items": items})

    assert refused.status_code == 422


async def test_two_payees_cannot_have_the_same_code_on_the_same_day(designer: Person) -> None:
    code = {"system": "salesforce", "code": "X", "valid_from": "2026-01-01"}
    first = await designer.created("/v1/payees", payee("AG-1", external_ids=[code]))

    refused = await designer.post("/v1/payees", payee("AG-2", external_ids=[code]))

    assert refused.status_code == 409
    assert refused.json()["code"] == "external-id-taken"
    assert first["id"] in refused.json()["detail"]


async def test_a_code_may_pass_to_another_payee_on_the_day_it_ends(designer: Person) -> None:
    old = {"system": "sap", "code": "X", "valid_from": "2025-01-01", "valid_to": "2026-01-01"}
    new = {"system": "sap", "code": "X", "valid_from": "2026-01-01"}
    items = [payee("AG-1", external_ids=[old]), payee("AG-2", external_ids=[new])]

    answer = await designer.post("/v1/payees:batch", {"items": items})

    assert answer.json()["created"] == 2


async def test_a_code_that_was_given_up_by_a_change_is_free(designer: Person) -> None:
    code = {"system": "sap", "code": "X", "valid_from": "2025-01-01"}
    first = await designer.created("/v1/payees", payee("AG-1", external_ids=[code]))
    await designer.put(f"/v1/payees/{first['id']}", payee("AG-1", external_ids=[]), if_match=1)

    second = await designer.post("/v1/payees", payee("AG-2", external_ids=[code]))

    assert second.status_code == 200


async def test_two_mandates_of_a_pair_cannot_overlap(designer: Person) -> None:
    owner = await designer.created("/v1/principals", principal())
    paid = await designer.created("/v1/payees", payee())
    pair = {"principal_id": owner["id"], "payee_id": paid["id"]}
    await designer.created("/v1/mandates", pair | {"valid_from": "2025-01-01"})

    refused = await designer.post("/v1/mandates", pair | {"valid_from": "2026-01-01"})

    assert refused.status_code == 409
    assert refused.json()["code"] == "mandate-overlaps"


async def test_a_mandate_of_an_unknown_payee_is_refused(designer: Person) -> None:
    owner = await designer.created("/v1/principals", principal())
    body = {"principal_id": owner["id"], "payee_id": str(uuid4()), "valid_from": "2025-01-01"}

    refused = await designer.post("/v1/mandates", body)

    assert refused.status_code == 422
    assert refused.json()["code"] == "reference-unknown"
    assert refused.json()["detail"].startswith("payee_id: there is no payee")


async def test_invisible_characters_are_refused(designer: Person) -> None:
    refused = await designer.post("/v1/payees", payee(name="Bianchi\u0000"))

    assert refused.status_code == 422


async def test_nested_json_without_end_is_refused(designer: Person) -> None:
    answer = await designer.client.post(
        "/v1/payees",
        content=b"[" * 200_000,
        headers={
            "Authorization": f"Bearer {designer.token}",
            "Idempotency-Key": "deep",
            "Content-Type": "application/json",
        },
    )

    assert answer.status_code == 400
