from typing import Any

from ..conftest import Office  # noqa: TID252
from ..samples import above_target, ident, master_data, order  # noqa: TID252
from .flows import settle


async def test_a_late_cancellation_is_restated_in_the_next_month(office: Office) -> None:
    payee = ident(office.tenant, "payee", "A1")
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    march = await office.statement_of(payee, "2026-03")
    late = order(
        office.tenant,
        "O2",
        "26000.00",
        version=2,
        states={"activated": "2026-03-20", "cancelled": "2026-03-28"},
    )

    await office.arrive([late])
    await office.run("2026-04")

    april = await office.statement_of(payee, "2026-04")
    lines = (await office.analyst.get(f"/v1/statements/{april['id']}/lines")).json()["items"]
    by_component: dict[tuple[str, str], str] = {
        (line["component"], line["what"]): line["amount"]["amount"] for line in lines
    }
    assert by_component[("base", "release")] == "420.00"
    assert by_component[("base", "restatement")] == "-507.00"
    restated = [line for line in lines if line["what"] == "restatement"]
    assert sum(float(line["amount"]["amount"]) for line in restated) == -507.00 - 367.50
    assert {line["original_period"] for line in restated} == {"2026-03"}
    assert {line["corrects"] for line in restated} == {march["id"]}
    assert april["payable"]["amount"] == "0.00"
    assert april["carried_forward"]["amount"] == "-454.50"


async def test_an_approved_statement_is_never_touched_by_a_later_run(office: Office) -> None:
    payee = ident(office.tenant, "payee", "A1")
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    march = await office.statement_of(payee, "2026-03")

    refused = await office.analyst.post("/v1/runs", {"period": "2026-03"})

    assert refused.status_code == 409
    assert refused.json()["code"] == "period-not-open"
    assert await office.statement_of(payee, "2026-03") == march


async def test_what_landed_before_go_live_is_on_no_statement(office: Office) -> None:
    payee = ident(office.tenant, "payee", "A1")
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-04")

    await office.run("2026-04")

    april = await office.statement_of(payee, "2026-04")
    assert [total["amount"]["amount"] for total in april["totals"]] == ["420.00"]


async def test_a_negative_balance_is_carried_into_the_next_statement(office: Office) -> None:
    payee = ident(office.tenant, "payee", "A1")
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    states = {"activated": "2026-03-20", "cancelled": "2026-03-28"}
    await office.arrive([order(office.tenant, "O2", "26000.00", version=2, states=states)])
    await settle(office, "2026-04")

    await office.run("2026-05")

    may = await office.statement_of(payee, "2026-05")
    ledger: dict[str, Any] = (await office.analyst.get(f"/v1/ledger/{payee}")).json()
    carried = {item["account"]: item["amount"]["amount"] for item in ledger["balances"]}
    assert may["brought_forward"]["amount"] == "-454.50"
    assert may["payable"]["amount"] == "0.00"
    assert may["carried_forward"]["amount"] == "-454.50"
    assert carried["carried"] == "-454.50"
    assert carried["payable"] == "1654.50"
