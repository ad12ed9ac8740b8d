"""What comes through the public door and cannot be right is refused, never a 500."""

import asyncio
import json

import pytest

from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new


async def raw(person, method, path, body, **headers):
    return await person.send(
        method,
        path,
        content=body,
        headers={"Content-Type": "application/json", "Idempotency-Key": str(new_id()), **headers},
    )


def preview(**changes):
    body = {
        "role": "agent",
        "legal_form": "individual",
        "residence": "IT",
        "tax_regime": "RF01",
        "invoice_on": "2026-04-01",
        "payment_on": "2026-05-01",
        "employees_declared": False,
        "amounts": [
            {"ref": "a", "kind": "commission", "amount": {"amount": "1.00", "currency": "EUR"}}
        ],
    }
    return body | changes


HUGE = {"ref": "a", "kind": "commission", "amount": {"amount": "9" * 15, "currency": "EUR"}}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"a":' * 100_000, {400, 422}),
        (b"[" * 100_000, {400, 422}),
        (b'{"payee_id": ' + b"9" * 5000 + b"}", {400, 422}),
        (b'{"legal_name": "\\ud800"}', {422}),
        (b'{"\\ud800": 1}', {422}),
        (b'{"legal_name": "a\\u0000b"}', {422}),
        (b'{"valid_from": NaN}', {422}),
        (b"\xff\xfe", {400, 422}),
        (b"", {422}),
        (b"null", {422}),
    ],
)
async def test_a_profile_that_is_no_profile_is_refused(house, body, status):
    answer = await raw(house.person("finance_clerk"), "POST", "/v1/fiscal-profiles", body)

    assert answer.status_code in status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "change",
    [
        {"legal_name": "a\x00b"},
        {"legal_name": "\ud800"},
        {"\ud800": "unknown"},
        {"valid_from": "9999-12-31", "valid_to": "9999-12-31"},
        {"valid_from": "0000-01-01"},
        {"legal_name": "x" * 201},
        {"payee_id": 10**30},
    ],
)
async def test_a_bad_profile_in_a_batch_leaves_its_neighbour_alone(house, change):
    good, bad = house.profile(new_id()), house.profile(new_id()) | change
    body = json.dumps({"items": [bad, good]}).encode()

    answer = await raw(house.person("finance_clerk"), "POST", "/v1/fiscal-profiles:batch", body)

    assert answer.status_code == 200, answer.text
    assert [item["result"] for item in answer.json()["items"]] == ["refused", "created"]


@pytest.mark.parametrize(
    "changes",
    [
        {"amounts": [HUGE] * 20},
        {"invoice_on": "0001-01-01"},
        {"payment_on": "0001-01-01"},
        {"amounts": []},
        {"amounts": [HUGE, HUGE | {"amount": {"amount": "1.00", "currency": "USD"}}]},
    ],
)
async def test_a_preview_that_cannot_be_calculated_is_refused(house, changes):
    answer = await house.person("finance_clerk").post("/v1/tax:preview", preview(**changes))

    assert answer.status_code == 422, answer.text


async def test_lists_refuse_what_is_no_filter(house):
    clerk = house.person("finance_clerk")

    for query in (
        {"period": "2026-13"},
        {"cursor": "é" * 10},
        {"cursor": "\x00"},
        {"status": "\x00"},
        {"limit": "9" * 5000},
        {"payee_id": "\x00"},
    ):
        answer = await clerk.get("/v1/pro-formas", **query)
        assert answer.status_code in {400, 422}, (query, answer.text)


async def test_two_people_who_replace_posting_rules_at_once_do_not_both_win(house):
    await house.hear(house.principal_changed())
    rules = {"cost_center": "A", "gl_accounts": {}, "vat_codes": {}, "withholding_codes": {}}
    path = f"/v1/posting-rules/{house.principal}"
    clerk = house.person("finance_clerk")

    answers = await asyncio.gather(*(clerk.put(path, rules, if_match=0) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_an_unknown_principal_has_no_posting_rules(house):
    answer = await house.person("finance_clerk").get(f"/v1/posting-rules/{new_id()}")

    assert (answer.status_code, answer.json()["code"]) == (404, "principal-not-known")
