"""A draft plan on history: winners, losers, cost; nothing is posted."""

from datetime import date
from typing import Any

from ..conftest import Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    above_target,
    agency_plan_text,
    assignment,
    ident,
    mandate,
    master_data,
    order,
    payee,
)
from .flows import settle

NORD_RATE = "category: gas, from: 2026-01-01, to: 2027-01-01, gives: 3 %"
ITALIA_RATE = "category: any, from: 2026-01-01, to: 2027-01-01, gives: 2.5 %"
MONTHS = {"from": "2026-01", "to": "2026-04"}


def draft() -> str:
    """More for gas in the north, less elsewhere."""
    text = agency_plan_text()
    text = text.replace(NORD_RATE, NORD_RATE.replace("3 %", "4 %"), 1)
    return text.replace(ITALIA_RATE, ITALIA_RATE.replace("2.5 %", "2 %"), 1)


async def history(office: Office) -> None:
    """A1 sells in the north in March, A2 in the south in February."""
    south = order(
        office.tenant,
        "S1",
        "20000.00",
        seller="A2",
        states={"activated": "2026-02-10"},
        signed_on=date(2026, 1, 20),
    ).model_copy(update={"territory": "italia"})
    await office.arrive(
        [
            *master_data(office.tenant),
            *above_target(office.tenant),
            payee(office.tenant, "A2"),
            mandate(office.tenant, "A2"),
            assignment(office.tenant, "A2", "agency-energy-2026"),
            south,
        ]
    )
    await office.open("2026-01")


async def back_tested(office: Office, body: dict[str, Any]) -> dict[str, Any]:
    started = await office.analyst.post("/v1/back-tests", body)
    assert started.status_code == 202, started.text
    await office.work()
    found: dict[str, Any] = (await office.analyst.get(started.headers["Location"])).json()
    assert found["status"] == "completed", found["failure"]
    return found


def three(rows: list[dict[str, Any]], name: str) -> dict[str, tuple[str, str, str]]:
    return {
        row[name]: tuple(row[side]["amount"] for side in ("before", "after", "difference"))  # type: ignore[misc]
        for row in rows
    }


async def test_a_back_test_tells_cost_by_month_component_territory_and_category(
    office: Office,
) -> None:
    await history(office)

    result = (await back_tested(office, {**MONTHS, "document": draft()}))["result"]

    # A2 never accepted the plan in force, so its pay is held; the draft is taken as accepted.
    assert three(result["months"], "month") == {
        "2026-02": ("0.00", "260.00", "260.00"),
        "2026-03": ("1869.00", "2298.00", "429.00"),
        "2026-04": ("490.00", "630.00", "140.00"),
    }
    assert three(result["components"], "component") == {
        "accelerator": ("367.50", "367.50", "0.00"),
        "base": ("1707.00", "2536.00", "829.00"),
        "override": ("284.50", "284.50", "0.00"),
    }
    assert three(result["territories"], "territory") == {
        "italia": ("0.00", "260.00", "260.00"),
        "nord": ("2359.00", "2928.00", "569.00"),
    }
    assert set(three(result["categories"], "category")) == {"gas"}
    assert "has accepted the draft" in " ".join(result["assumes"])


async def test_winners_and_losers_are_listed_with_their_worst_month(office: Office) -> None:
    await history(office)
    low = agency_plan_text().replace(NORD_RATE, NORD_RATE.replace("3 %", "2 %"), 1)

    found = await back_tested(office, {**MONTHS, "document": low})
    path = f"/v1/back-tests/{found['id']}/payees"
    losers = (await office.analyst.get(path, limit=1)).json()
    rest = (await office.analyst.get(path, limit=1, cursor=losers["next_cursor"])).json()
    winners = (await office.analyst.get(path, first="winners", limit=1)).json()

    a1, a2, m1 = (str(ident(office.tenant, "payee", code)) for code in ("A1", "A2", "M1"))
    [worst] = losers["items"]
    assert worst["payee_id"] == a1
    assert worst["difference"]["amount"] == "-569.00"
    assert (worst["worst_month"], worst["worst_difference"]["amount"]) == ("2026-03", "-429.00")
    assert rest["items"][0]["payee_id"] == m1
    assert winners["items"][0]["payee_id"] == a2
    counts = {name: found["result"][name] for name in ("winners", "losers", "unchanged")}
    assert counts == {"winners": 1, "losers": 1, "unchanged": 1}


async def test_the_payees_of_a_back_test_are_downloaded_as_csv(office: Office) -> None:
    await history(office)
    found = await back_tested(office, {**MONTHS, "document": draft()})

    answer = await office.analyst.get(f"/v1/back-tests/{found['id']}/payees.csv")

    a1 = ident(office.tenant, "payee", "A1")
    lines = answer.text.splitlines()
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert lines[0] == "payee_id,currency,before,after,difference,worst_month,worst_difference"
    assert f"{a1},EUR,2074.50,2643.50,569.00,2026-04,140.00" in lines
    assert len(lines) == 4


async def test_a_back_test_of_the_plan_in_force_gives_what_was_paid(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")

    found = await back_tested(
        office, {"from": "2026-03", "to": "2026-03", "document": agency_plan_text()}
    )

    statements = await office.statements("2026-03")
    paid = sorted(item["payable"]["amount"] for item in statements)
    csv = (await office.analyst.get(f"/v1/back-tests/{found['id']}/payees.csv")).text
    assert sorted(line.split(",")[3] for line in csv.splitlines()[1:]) == paid
    assert found["result"]["unchanged"] == 2


async def test_missing_rates_of_the_draft_are_told_beside_those_in_force(office: Office) -> None:
    await history(office)
    lines = agency_plan_text().splitlines()
    gap = "\n".join(line for line in lines if ITALIA_RATE not in line)

    result = (await back_tested(office, {**MONTHS, "document": gap}))["result"]

    after = {group["code"]: group["count"] for group in result["exceptions_after"]}
    before = {group["code"] for group in result["exceptions_before"]}
    assert after["rate_missing"] == 1
    assert "rate_missing" not in before


async def test_a_draft_may_stand_in_for_plans_of_other_names(office: Office) -> None:
    await history(office)
    renamed = draft().replace("plan: agency-energy-2026", "plan: agency-energy-2027", 1)

    unplaced = await office.analyst.post("/v1/back-tests", {**MONTHS, "document": renamed})
    await office.work()
    failed = (await office.analyst.get(unplaced.headers["Location"])).json()
    placed = await back_tested(
        office, {**MONTHS, "document": renamed, "replaces": ["agency-energy-2026"]}
    )

    assert failed["status"] == "failed"
    assert "name the plans that the draft replaces" in failed["failure"]
    assert three(placed["result"]["components"], "component")["base"][1] == "2536.00"
