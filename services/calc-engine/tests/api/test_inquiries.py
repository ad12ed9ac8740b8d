"""Looking at a month as it was known, or as it is true by now: nothing of it is posted."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ..conftest import Office  # noqa: TID252
from ..samples import above_target, ident, master_data, order  # noqa: TID252
from .flows import settle


async def inquiry(office: Office, **more: Any) -> dict[str, Any]:
    return await office.run("2026-03", kind="inquiry", **more)


async def stated(office: Office, run: dict[str, Any], code: str) -> tuple[str, str, str]:
    """Return what a run states for a payee, what was approved, and the difference."""
    payee = str(ident(office.tenant, "payee", code))
    items = (await office.analyst.get(f"/v1/runs/{run['id']}/payees")).json()["items"]
    [found] = [item for item in items if item["payee_id"] == payee]
    amounts = (found[name]["amount"] for name in ("stated", "approved", "difference"))
    return tuple(amounts)  # type: ignore[return-value]


async def late_order(office: Office) -> None:
    """An order of March that becomes known on 10 April."""
    late = order(
        office.tenant,
        "O3",
        "1000.00",
        states={"activated": "2026-03-25"},
        signed_on=date(2026, 2, 27),
        known=datetime(2026, 4, 10, 9, 0, tzinfo=UTC),
    )
    await office.arrive([late])


async def test_a_closed_month_is_seen_as_true_by_now_beside_what_was_approved(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    await late_order(office)

    run = await inquiry(office)

    # 19.50 base of the late order and 30.00 more in the band of 3 %.
    assert await stated(office, run, "A1") == ("1704.00", "1654.50", "49.50")
    assert (run["kind"], run["counts"]["statements"]) == ("inquiry", 0)


async def test_a_month_is_seen_as_it_was_known_at_the_end_of_a_day(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    await late_order(office)

    ninth = await inquiry(office, known_on="2026-04-09")
    tenth = await inquiry(office, known_on="2026-04-10")

    assert ninth["as_known_at"] == "2026-04-09T21:59:59.999999Z"
    assert await stated(office, ninth, "A1") == ("1654.50", "1654.50", "0.00")
    assert await stated(office, tenth, "A1") == ("1704.00", "1654.50", "49.50")


async def test_nothing_of_an_inquiry_is_posted_submitted_or_counted_as_latest(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    period_run = await office.run("2026-03")
    before = await office.statements("2026-03")
    await late_order(office)

    run = await inquiry(office)
    submitted = await office.analyst.post(f"/v1/runs/{run['id']}/submit", {})
    still = await office.analyst.post(f"/v1/runs/{period_run['id']}/submit", {})

    assert (submitted.status_code, submitted.json()["code"]) == (409, "run-only-looks")
    assert still.status_code == 200
    after = await office.statements("2026-03")
    assert [item["digest"] for item in after] == [item["digest"] for item in before]


async def test_an_inquiry_runs_beside_the_run_of_its_month_and_does_not_keep_it_open(
    office: Office,
) -> None:
    await office.open("2026-03")

    first = await office.analyst.post("/v1/runs", {"period": "2026-03"})
    looks = await office.analyst.post("/v1/runs", {"period": "2026-03", "kind": "inquiry"})
    also = await office.analyst.post("/v1/runs", {"period": "2026-03", "kind": "inquiry"})
    await office.analyst.post(f"{first.headers['Location']}/cancel")
    closing = await office.analyst.post("/v1/periods/2026-03/close", {})

    assert (first.status_code, looks.status_code, also.status_code) == (202, 202, 202)
    assert closing.json()["status"] == "closing"
    await office.work()


async def test_every_line_of_an_inquiry_is_explained(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    run = await inquiry(office)
    path = f"/v1/runs/{run['id']}/payees/{ident(office.tenant, 'payee', 'A1')}"

    lines = (await office.analyst.get(f"{path}/lines")).json()["items"]
    explained = [
        (await office.analyst.get(f"{path}/explain/{line['node_id']}", words="en")).json()
        for line in lines
    ]

    assert [line["amount"]["amount"] for line in lines] == [
        item["tree"]["value"] for item in explained
    ]
    assert len(lines) == 4
    assert all(item["words"] for item in explained)


async def test_an_inquiry_needs_a_month_that_was_opened_and_one_way_to_look_back(
    office: Office,
) -> None:
    await office.open("2026-03")

    unknown = await office.analyst.post("/v1/runs", {"period": "2026-04", "kind": "inquiry"})
    posted = await office.analyst.post(
        "/v1/runs", {"period": "2026-03", "kind": "period", "known_on": "2026-03-31"}
    )
    both = await office.analyst.post(
        "/v1/runs",
        {"period": "2026-03", "known_on": "2026-03-31", "as_known_at": "2026-03-31T00:00:00Z"},
    )

    assert (unknown.status_code, unknown.json()["code"]) == (404, "period-not-found")
    assert posted.status_code == 422
    assert "for an inquiry, not for a period" in posted.json()["detail"]
    assert both.status_code == 422


async def test_facts_are_listed_as_known_on_a_day(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await late_order(office)

    ninth = await office.analyst.get("/v1/facts/order", known_on="2026-04-09")
    tenth = await office.analyst.get("/v1/facts/order", known_on="2026-04-10")

    assert len(ninth.json()["items"]) == 2
    assert len(tenth.json()["items"]) == 3


async def differences(office: Office, run: dict[str, Any], **wanted: Any) -> list[dict[str, Any]]:
    answer = await office.analyst.get(f"/v1/runs/{run['id']}/differences", **wanted)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def page_by_page(office: Office, run: dict[str, Any], **wanted: Any) -> list[dict[str, Any]]:
    """Return all differences, asked for one by one."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        path = f"/v1/runs/{run['id']}/differences"
        answer = (await office.analyst.get(path, limit=1, **wanted, **cursor)).json()
        found += answer["items"]
        if answer["next_cursor"] is None:
            return found
        cursor = {"cursor": answer["next_cursor"]}


def amounts(item: dict[str, Any]) -> dict[str, str]:
    return {
        name: item[name]["amount"]
        for name in ("now", "posted", "restated", "difference")
        if Decimal(item[name]["amount"])
    }


async def test_a_closed_month_differs_order_by_order_and_each_difference_is_explained(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    await late_order(office)
    run = await inquiry(office)
    payee = str(ident(office.tenant, "payee", "A1"))

    every = await differences(office, run, payee_id=payee)
    of_late = await differences(office, run, payee_id=payee, order_id="salesforce/R-O3")
    unchanged = await differences(office, run, payee_id=payee, only_changed=False)

    assert unchanged == await page_by_page(office, run, payee_id=payee, only_changed=False)
    assert sum(Decimal(item["difference"]["amount"]) for item in every) == Decimal("49.50")
    [base] = [item for item in of_late if item["component"] == "base"]
    assert amounts(base) == {"now": "19.50", "difference": "19.50"}
    assert {item["order_id"] for item in of_late} == {"salesforce/R-O3"}
    assert len(unchanged) > len(every)
    path = f"/v1/runs/{run['id']}/payees/{payee}/explain/{base['nodes'][0]}"
    assert (await office.analyst.get(path, words="it")).json()["tree"]["value"] == "19.50"


async def test_as_known_at_the_time_nothing_differed(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    await late_order(office)

    ninth = await inquiry(office, known_on="2026-04-09")

    assert await differences(office, ninth) == []
    assert all(
        item["now"] == item["posted"]
        for item in await differences(office, ninth, only_changed=False)
    )


async def test_what_a_later_month_restated_differs_no_more(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    await late_order(office)
    await settle(office, "2026-04")

    run = await inquiry(office)

    assert await differences(office, run) == []
    [base] = [
        item
        for item in await differences(office, run, order_id="salesforce/R-O3", only_changed=False)
        if item["component"] == "base"
    ]
    assert amounts(base) == {"now": "19.50", "restated": "19.50"}
    april = {item["id"] for item in await office.statements("2026-04")}
    assert set(base["statements"]) <= april


async def test_a_reversed_order_of_a_closed_month_shows_what_is_to_be_taken_back(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    # O2 was 26 000.00 and is corrected to 16 000.00: 65 % of 3 % of the 10 000.00 less.
    corrected = order(
        office.tenant,
        "O2",
        "16000.00",
        version=2,
        states={"activated": "2026-03-20"},
        signed_on=date(2026, 2, 27),
    )
    await office.arrive([corrected])

    run = await inquiry(office)

    payee = str(ident(office.tenant, "payee", "A1"))
    found = await differences(office, run, payee_id=payee, order_id="salesforce/R-O2")
    [base] = [item for item in found if item["component"] == "base"]
    assert amounts(base) == {"now": "312.00", "posted": "507.00", "difference": "-195.00"}
