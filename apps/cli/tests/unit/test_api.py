"""Calls to services: problems become clear errors, lost answers are asked for again."""

import httpx
import pytest

from premia_cli.api import Api, Refused
from premia_runtime.http import HttpClient

PROBLEM = {
    "title": "The maker cannot approve",
    "status": 403,
    "code": "approver-is-maker",
    "detail": "Statement 1 was submitted by you. Ask a second person.",
    "errors": [{"pointer": "/digest", "message": "not yours"}],
}


def api(transport: httpx.MockTransport, patience_seconds: float = 0) -> Api:
    http = HttpClient(tries=1, transport=transport)
    return Api("http://service", "token", http, patience_seconds=patience_seconds)


async def test_a_problem_is_told_with_its_title_detail_and_place() -> None:
    service = api(httpx.MockTransport(lambda _: httpx.Response(403, json=PROBLEM)))

    with pytest.raises(Refused) as refused:
        await service.post("/v1/statements/1/approve", {"digest": "x"}, version=1)

    assert (refused.value.status, refused.value.code) == (403, "approver-is-maker")
    assert "Ask a second person. (/digest: not yours)" in str(refused.value)


async def test_a_repeated_request_carries_the_same_idempotency_key() -> None:
    keys = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        return httpx.Response(503 if len(keys) < 3 else 200, json={"ok": True})

    found = await api(httpx.MockTransport(answer), patience_seconds=5).post("/v1/runs", {})

    assert found == {"ok": True}
    assert len(keys) == 3
    assert len(set(keys)) == 1


async def test_a_list_is_read_to_its_last_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        if cursor is None:
            return httpx.Response(200, json={"items": [1, 2], "next_cursor": "more"})
        assert cursor == "more"
        return httpx.Response(200, json={"items": [3], "next_cursor": None})

    service = api(httpx.MockTransport(answer))

    assert [item async for item in service.items("/v1/payees")] == [1, 2, 3]
