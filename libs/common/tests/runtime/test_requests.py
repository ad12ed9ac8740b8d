"""What a client sees: repeated writes, problems, tokens, cursors."""

import asyncio

import pytest
from sqlalchemy import text

from premia_runtime.cursor import Cursors
from premia_runtime.problems import BadRequest


def key(designer: dict[str, str], value: str) -> dict[str, str]:
    return {**designer, "Idempotency-Key": value}


async def test_a_repeated_request_has_one_effect_and_the_first_answer(client, designer):
    first = await client.post("/v1/notes", json={"text": "a"}, headers=key(designer, "k1"))
    again = await client.post("/v1/notes", json={"text": "a"}, headers=key(designer, "k1"))

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert len((await client.get("/v1/notes", headers=designer)).json()) == 1


async def test_another_persons_key_is_another_key(client, make_token, tenant):
    answers = []
    for _ in range(2):
        token = make_token(tenant=tenant, roles=["plan_designer"])
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "the same"}
        answers.append(await client.post("/v1/notes", json={"text": "a"}, headers=headers))

    first, second = answers
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]
    assert "Idempotency-Replayed" not in second.headers


async def test_the_same_key_with_another_body_is_refused(client, designer):
    await client.post("/v1/notes", json={"text": "a"}, headers=key(designer, "k1"))

    other = await client.post("/v1/notes", json={"text": "b"}, headers=key(designer, "k1"))

    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_write_without_a_key_is_refused(client, designer):
    answer = await client.post("/v1/notes", json={"text": "a"}, headers=designer)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")


async def test_a_key_still_in_use_is_a_conflict(client, designer, runtime):
    requests = [
        client.post("/v1/notes", json={"text": "a"}, headers=key(designer, "race"))
        for _ in range(6)
    ]

    answers = await asyncio.gather(*requests)

    statuses = {answer.status_code for answer in answers}
    assert 201 in statuses
    assert statuses <= {201, 409}
    assert len((await client.get("/v1/notes", headers=designer)).json()) == 1


async def test_an_effect_that_fails_stores_nothing_and_may_be_tried_again(client, designer):
    refused = await client.post("/v1/notes", json={"text": "no"}, headers=key(designer, "k2"))
    again = await client.post("/v1/notes", json={"text": "no"}, headers=key(designer, "k2"))

    for answer in (refused, again):
        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "note-refused"
        assert "write something else" in answer.json()["detail"]
    assert (await client.get("/v1/notes", headers=designer)).json() == []


@pytest.mark.parametrize(
    ("method", "path", "content", "headers", "status", "code"),
    [
        ("GET", "/nowhere", None, {}, 404, "not-found"),
        ("DELETE", "/v1/notes", None, {}, 405, "method-not-allowed"),
        ("POST", "/v1/notes", b"{", {"Idempotency-Key": "a"}, 400, "bad-request"),
        ("POST", "/v1/notes", b'{"text": 1}', {"Idempotency-Key": "a"}, 422, "invalid"),
        (
            "POST",
            "/v1/notes",
            b'{"text": "a", "tenant_id": "x"}',
            {"Idempotency-Key": "a"},
            422,
            "invalid",
        ),
        ("POST", "/v1/notes", b" " * 5_000_000, {"Idempotency-Key": "a"}, 413, "too-large"),
        ("GET", "/v1/notes?limit=0", None, {}, 422, "invalid"),
        ("GET", "/v1/notes?cursor=forged", None, {}, 400, "bad-cursor"),
        (
            "GET",
            "/v1/notes/boom?secret=IT60X0542811101000000123456",
            None,
            {},
            500,
            "internal-error",
        ),
        (
            "PUT",
            "/v1/notes/0193a000-0000-7000-8000-000000000001",
            None,
            {},
            428,
            "precondition-required",
        ),
        (
            "PUT",
            "/v1/notes/0193a000-0000-7000-8000-000000000001",
            None,
            {"If-Match": "*"},
            400,
            "bad-request",
        ),
    ],
)
async def test_every_failure_is_a_problem(
    client, designer, method, path, content, headers, status, code
):
    sent = {**designer, "Content-Type": "application/json", **headers}
    answer = await client.request(method, path, content=content, headers=sent)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code
    assert body["trace_id"] == answer.headers["x-correlation-id"]
    assert "IT60X" not in body["detail"]


async def test_an_invalid_field_is_named_with_its_value(client, designer):
    answer = await client.post("/v1/notes", json={"text": 5}, headers=key(designer, "k"))

    [error] = answer.json()["errors"]
    assert (error["pointer"], error["value"]) == ("/text", "5")


async def test_no_token_a_weak_role_and_every_hostile_token_are_refused(client, make_token, tenant):
    bare = await client.get("/v1/notes")
    assert (bare.status_code, bare.headers["www-authenticate"]) == (401, "Bearer")
    weak = make_token(tenant=tenant, roles=["machine_sap"])
    refused = await client.get("/v1/notes", headers={"Authorization": f"Bearer {weak}"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")
    for reason, token in make_token.hostile(tenant=tenant, roles=["plan_designer"]).items():
        answer = await client.get("/v1/notes", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, reason


async def test_health_says_what_is_missing(client, runtime, monkeypatch):
    assert (await client.get("/livez")).status_code == 200
    assert (await client.get("/readyz")).status_code == 200

    async def broken() -> None:
        raise ConnectionError

    monkeypatch.setattr(type(runtime.database), "check", lambda _: broken())
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["detail"]) == (503, "database: ConnectionError")


async def test_the_metrics_count_requests_by_route(client, designer):
    await client.get("/v1/notes", headers=designer)

    shown = (await client.get("/metrics")).text

    assert 'premia_http_requests_total{method="GET",route="/v1/notes",status="200"} 1.0' in shown


def test_a_cursor_of_another_list_or_another_service_is_refused():
    cursors = Cursors("the secret of this service")
    written = cursors.write("orders", 1)

    for reader, kind in ((cursors, "statements"), (Cursors("another secret entirely"), "orders")):
        with pytest.raises(BadRequest, match="start without one"):
            reader.read(kind, written)


async def test_the_schema_lists_problems_only_as_problem_json(app):
    operation = app.openapi()["paths"]["/v1/notes"]["post"]["responses"]

    assert list(operation["409"]["content"]) == ["application/problem+json"]
    assert list(operation["422"]["content"]) == ["application/problem+json"]


async def test_the_connection_given_back_carries_no_tenant(runtime, tenant):
    async with runtime.open_work(tenant):
        pass
    async with runtime.database.engine.begin() as connection:
        left = await connection.scalar(text("select current_setting('app.tenant', true)"))
        assert not left
