import pytest

from ..conftest import NEW, Office  # noqa: TID252


@pytest.mark.parametrize(
    "path",
    [
        "/v1/facts/order?key=%00",
        "/v1/facts/%00",
        "/v1/facts/order?version=a%00",
        "/v1/exceptions?code=%00",
        "/v1/exceptions?period=2026-13",
        "/v1/statements?period=0000-01",
        "/v1/statements?status=paid",
        "/v1/statements?limit=501",
        "/v1/statements/not-an-id",
    ],
)
async def test_a_query_that_cannot_be_meant_is_refused(office: Office, path: str) -> None:
    answer = await office.analyst.get(path)

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"]


async def test_a_month_that_is_none_is_told_how_to_be_written(office: Office) -> None:
    answer = await office.analyst.post("/v1/runs", {"period": "2026-13"})

    assert answer.status_code == 422
    assert "write a month as its year and number, such as 2026-03" in answer.json()["detail"]


async def test_a_path_that_leads_nowhere_says_so(office: Office) -> None:
    answer = await office.analyst.get("/v1/exceptions/groups")

    assert answer.status_code == 404
    assert "There is nothing at /v1/exceptions/groups" in answer.json()["detail"]


async def test_a_cursor_that_the_list_did_not_give_is_refused(office: Office) -> None:
    answer = await office.analyst.get("/v1/statements", cursor="bWFkZSB1cA")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor")


async def test_a_reason_with_a_nul_is_refused(office: Office) -> None:
    body = {"accept": [{"code": "target_missing", "reason": "a\x00b"}]}

    answer = await office.analyst.post(f"/v1/runs/{NEW.new()}/submit", body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/accept/0/reason"


async def test_a_bulk_approval_takes_no_more_than_500(office: Office) -> None:
    item = {"statement_id": str(NEW.new()), "revision": 1, "digest": "0" * 64}

    many = await office.approver.post("/v1/statements:approve", {"items": [item] * 501})
    none = await office.approver.post("/v1/statements:approve", {"items": []})

    assert many.status_code == none.status_code == 422
