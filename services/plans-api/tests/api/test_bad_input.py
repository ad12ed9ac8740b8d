"""What comes through the public door and cannot be right is refused, never a 500."""

import json

import pytest

from .conftest import NEW
from .flows import draft
from .samples import payee, plan_text, principal

MILLION_LAUGHS = "plan: p\na: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(9)
)


async def raw(person, method, path, body):
    return await person.client.request(
        method,
        path,
        content=body,
        headers={
            "Authorization": f"Bearer {person.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(NEW.new()),
            "If-Match": '"1"',
        },
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' * 100_000,
        b"[" * 100_000,
        b'{"code": ' + b"9" * 5000 + b"}",
        b'{"code": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"code": "a\\u0000b"}',
        b'{"valid_from": NaN}',
        b"\xff\xfe",
        b"",
        b"null",
    ],
)
@pytest.mark.parametrize("path", ["/v1/payees", "/v1/payees:batch", "/v1/plans", "/v1/plans:check"])
async def test_a_body_that_is_none_is_refused(designer, path, body):
    answer = await raw(designer, "POST", path, body)

    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    json.loads(answer.content)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "a\x00b"},
        {"name": "\ud800"},
        {"\ud800": "unknown"},
        {"name": "x" * 100_000},
        {"valid_from": "0000-01-01"},
        {"valid_from": "9999-12-31", "valid_to": "9999-12-31"},
        {"valid_from": 10**30},
        {"attributes": {"a": "\x00"}},
        {"attributes": {"\ud800": "a"}},
        {"external_ids": [{"system": "s", "code": "\x00", "valid_from": "2025-01-01"}]},
    ],
)
async def test_a_bad_payee_in_a_batch_leaves_its_neighbour_alone(designer, change):
    body = json.dumps({"items": [payee("AG-1") | change, payee("AG-2")]}).encode()

    answer = await raw(designer, "POST", "/v1/payees:batch", body)

    assert answer.status_code == 200, answer.text
    outcomes = [item["outcome"] for item in answer.json()["items"]]
    assert outcomes == ["refused", "created"]


@pytest.mark.parametrize("month", ["0000-01", "9999-12", "2026-13", "x"])
async def test_a_target_outside_the_calendar_is_refused(designer, month):
    paid = await designer.created("/v1/payees", payee())
    values = [{"month": month, "amount": {"amount": "1.00", "currency": "EUR"}}]

    answer = await designer.post(
        "/v1/targets", {"payee_id": paid["id"], "name": "value", "values": values}
    )

    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    "document",
    [
        "plan: p\x00",
        'plan: "p\\0"',
        'plan: p\nnote: "\\uD800"',
        "plan: \ud800",
        "plan: p\na: 100000000000000000000000000000",
        {"plan": "p", "a": 10**30},
        {"plan": "p", "a": "\x00"},
        {"plan": "p", "a": "\ud800"},
        {"plan": "p", "\x00": "a"},
        "plan: p\nplan: q",
        "[" * 5_000,
        "a: " * 5_000,
        MILLION_LAUGHS,
        "plan: p\na: 2026-01-01",
        "plan: p\na: .nan",
        "plan: p\na: &a [*a]",
        "%YAML 9.9\n---\nplan: p",
        "- plan",
        "",
        "plan: 3",
        "plan: " + "p" * 5000,
    ],
    ids=lambda document: ascii(document)[:30],
)
async def test_a_document_that_is_no_plan_is_never_a_failure_of_ours(designer, document):
    owner = await designer.created("/v1/principals", principal())

    checked = await raw(
        designer, "POST", "/v1/plans:check", json.dumps({"document": document}).encode()
    )
    created = await raw(
        designer,
        "POST",
        "/v1/plans",
        json.dumps({"principal_id": owner["id"], "document": document}).encode(),
    )

    assert checked.status_code in {200, 422}, checked.text
    if checked.status_code == 200:
        assert checked.json()["publishable"] is False
    assert created.status_code in {200, 422}, created.text


async def test_lists_refuse_what_is_no_filter(designer):
    for path, query in (
        ("/v1/plans", {"name": "\x00"}),
        ("/v1/plans", {"cursor": "\x00"}),
        ("/v1/payees", {"code": "a\x00"}),
        ("/v1/payees", {"limit": "9" * 5000}),
        ("/v1/participants", {"plan": "\x00", "on": "2026-01-01"}),
        ("/v1/participants", {"plan": "p", "on": "0000-01-01"}),
        ("/v1/targets", {"name": "\x00"}),
        ("/v1/positions", {"hierarchy": "\x00"}),
        (f"/v1/plans/{NEW.new()}/versions/{10**30}", {}),
    ):
        answer = await designer.get(path, **query)
        assert answer.status_code == 422 or ("cursor" in query and answer.status_code == 400), (
            path,
            query,
            answer.text,
        )


async def test_a_change_whose_answer_was_lost_may_be_sent_again(designer):
    made = await designer.created("/v1/payees", payee())
    path, changed = f"/v1/payees/{made['id']}", payee(name="Agenzia Nuova")

    first = await designer.put(path, changed, if_match=1)
    again = await designer.put(path, changed, if_match=1)
    other = await designer.put(path, payee(name="Agenzia Terza"), if_match=1)

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 412)
    assert first.json() == again.json()
    history = (await designer.get(f"{path}/history")).json()["items"]
    assert [item["version"] for item in history] == [1, 2]


async def test_a_revised_draft_whose_answer_was_lost_may_be_sent_again(designer):
    path, _ = await draft(designer)
    text = plan_text().replace("language: 1", "language: 1 # corrected")
    changed = {"document": text.replace("currency: EUR", "currency: USD")}

    first = await designer.put(f"{path}/versions/1", changed, if_match=1)
    again = await designer.put(f"{path}/versions/1", changed, if_match=1)
    other = await designer.put(f"{path}/versions/1", {"document": plan_text()}, if_match=1)

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 412)
    assert again.json() == first.json()
    assert first.json()["version"] == 2
