from decimal import Decimal
from typing import Any

import pytest

from ..conftest import Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    above_target,
    accepted,
    agency_plan_text,
    assignment,
    bill_paid,
    ident,
    mandate,
    master_data,
    measured,
    order,
    payee,
    plan_published,
    position,
    target,
)
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


def late_version(office: Office, change: str) -> list[Any]:
    """Return the facts that become known after March was paid."""
    states = {"activated": "2026-03-20"}
    match change:
        case "cancelled":
            states["cancelled"] = "2026-03-28"
            return [order(office.tenant, "O2", "26000.00", version=2, states=states)]
        case "amount":
            return [order(office.tenant, "O2", "20000.00", version=2, states=states)]
        case "payee":
            return [order(office.tenant, "O2", "26000.00", version=2, states=states, seller="A2")]
        case _:
            return [bill_paid(office.tenant, "O2", "2026-03-28")]


# March paid A1 1287.00 (65 % of 3 % of 66 000) and 367.50 above target, and M1 65 % of 0.5 %.
# April's own lines, the last 35 % of O1: A1 420.00 and M1 70.00.
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "cancelled",
            {
                ("A1", "base"): "-507.00",
                ("A1", "accelerator"): "-367.50",
                ("M1", "override"): "-84.50",
            },
        ),
        (
            "amount",  # 6 000 less: 65 % of 3 % of it; above target 7 500 at 1.5 % and 2 500 at 3 %
            {
                ("A1", "base"): "-117.00",
                ("A1", "accelerator"): "-180.00",
                ("M1", "override"): "-19.50",
            },
        ),
        (
            "payee",  # A2 has nobody above, and stays below its target
            {
                ("A1", "base"): "-507.00",
                ("A1", "accelerator"): "-367.50",
                ("M1", "override"): "-84.50",
                ("A2", "base"): "507.00",
            },
        ),
        ("bill", {("A1", "base"): "273.00", ("M1", "override"): "45.50"}),
    ],
)
async def test_what_is_known_late_is_restated_to_the_cent(
    office: Office, change: str, expected: dict[tuple[str, str], str]
) -> None:
    plan = plan_published(office.tenant, agency_plan_text())
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.arrive(
        [
            payee(office.tenant, "A2"),
            mandate(office.tenant, "A2"),
            position(office.tenant, "A2", None),
            assignment(office.tenant, "A2", plan.plan_name),
            accepted(office.tenant, plan, "A2"),
            target(office.tenant, "A2", {f"2026-{m:02d}": "50000.00" for m in range(1, 13)}),
            *(measured(office.tenant, "A2", f"2026-{m:02d}", "0.95") for m in range(1, 7)),
        ]
    )
    await office.open("2026-03")
    await settle(office, "2026-03")
    march = {item["id"] for item in await office.statements("2026-03")}

    await office.arrive(late_version(office, change))
    run = await office.run("2026-04")

    found: dict[tuple[str, str], Decimal] = {}
    own: dict[tuple[str, str], str] = {}
    codes = {str(ident(office.tenant, "payee", code)): code for code in ("A1", "A2", "M1")}
    for statement in await office.statements("2026-04"):
        answer = await office.analyst.get(f"/v1/statements/{statement['id']}/lines")
        for line in answer.json()["items"]:
            key = (codes[statement["payee_id"]], line["component"])
            if line["what"] == "restatement":
                assert line["original_period"] == "2026-03"
                assert line["corrects"] in march or key == ("A2", "base")
                amount = Decimal(line["amount"]["amount"])
                found[key] = found.get(key, Decimal(0)) + amount
            else:
                own[key] = line["amount"]["amount"]
    assert {key: str(amount) for key, amount in found.items()} == expected
    assert own == {("A1", "base"): "420.00", ("M1", "override"): "70.00"}
    report = await office.analyst.get(f"/v1/runs/{run['id']}/validation-report")
    assert all(item["agrees"] for item in report.json()["control_totals"])


async def test_what_was_carried_is_paid_off_by_later_months(office: Office) -> None:
    tenant, payee_id = office.tenant, ident(office.tenant, "payee", "A1")
    await office.arrive([*master_data(tenant), *above_target(tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    states = {"activated": "2026-03-20", "cancelled": "2026-03-28"}
    later = order(tenant, "O3", "30000.00", states={"activated": "2026-05-05"})
    await office.arrive([order(tenant, "O2", "26000.00", version=2, states=states), later])
    await settle(office, "2026-04")
    await settle(office, "2026-05")

    may = await office.statement_of(payee_id, "2026-05")
    ledger: dict[str, Any] = (await office.analyst.get(f"/v1/ledger/{payee_id}")).json()

    # 65 % of 3 % of 30 000, less the 454.50 that April left.
    assert (may["brought_forward"]["amount"], may["payable"]["amount"]) == ("-454.50", "130.50")
    assert may["carried_forward"]["amount"] == "0.00"
    balances = {item["account"]: Decimal(item["amount"]["amount"]) for item in ledger["balances"]}
    assert balances.pop("carried", Decimal(0)) == 0
    assert balances == {
        "earned": Decimal("-2100.00"),
        "held": Decimal("315.00"),
        "payable": Decimal("1785.00"),
        "accrued": Decimal("315.00"),
        "accrued_against": Decimal("-315.00"),
    }
