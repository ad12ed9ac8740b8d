"""Rows that people load: good ones count, bad ones wait for repair and stop none of them."""

import json
from typing import Any

import pytest

from ..conftest import Office  # noqa: TID252
from ..samples import order  # noqa: TID252
from .flows import settle
from .test_terms_of_payment import (
    PLAIN,
    accounts_of,
    ledger_of,
    lines_of,
    sold,
    staffed,
    statement,
    with_terms,
)

OPENING = {
    "balance": "draw",
    "payee": "A1",
    "name": "newcomer",
    "period": "2026-01",
    "amount": "300.00",
    "currency": "EUR",
    "on": "2026-01-31",
}
LOAN = {
    "loan_id": "L1",
    "payee": "A1",
    "principal": "1000",
    "month": "2026-02",
    "amount": {"amount": "500.00", "currency": "EUR"},
    "instalment": {"amount": "200.00", "currency": "EUR"},
    "recovered_from": "2026-03",
}


async def load(office: Office, kind: str, *rows: dict[str, Any]) -> dict[str, Any]:
    answer = await office.analyst.post(f"/v1/records/{kind}", {"source": "test", "rows": [*rows]})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def approved(office: Office, kind: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """Load rows that two people decide, and approve them as the second."""
    found = await load(office, kind, *rows)
    path = f"/v1/records/proposed/{found['proposed_load']}/approve"
    answer = await office.approver.post(path)
    assert answer.status_code == 200, answer.text
    return found


async def test_an_opening_balance_starts_the_account_and_the_ledger(office: Office) -> None:
    # 300.00 owed from before; 2 000.00 earned, half of the 800.00 above the level goes to it.
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "50000", "2026-03": "40000"}))
    await approved(office, "opening", OPENING)

    await settle(office, "2026-02")
    await settle(office, "2026-03")

    assert await lines_of(office, "2026-02") == {"release": "2000.00", "draw_recovery": "-300.00"}
    assert await accounts_of(office, "2026-02") == {("draw", "newcomer"): ("0.00", "0.00")}
    assert await lines_of(office, "2026-03") == {"release": "1600.00"}
    assert await ledger_of(office) == {
        ("payable", ""): "3300.00",
        ("opening", ""): "300.00",
        ("earned", ""): "-3600.00",
    }


async def test_an_opening_balance_that_changes_after_it_counted_is_told_and_made_good(
    office: Office,
) -> None:
    # February took back 300.00; only 250.00 had been owed, so March gives 50.00 back.
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "50000", "2026-03": "40000"}))
    await approved(office, "opening", OPENING)
    await settle(office, "2026-02")
    await approved(office, "opening", {**OPENING, "amount": "250.00"})

    await settle(office, "2026-03")
    await settle(office, "2026-04")

    assert await lines_of(office, "2026-03") == {"release": "1600.00", "draw_recovery": "50.00"}
    assert await accounts_of(office, "2026-03") == {("draw", "newcomer"): ("0.00", "0.00")}
    assert await lines_of(office, "2026-04") == {"draw": "1200.00"}
    assert (await ledger_of(office))["opening", ""] == "250.00"


async def test_a_debt_from_before_is_brought_forward_once(office: Office) -> None:
    await staffed(office, with_terms("{negative_balance: carried}"))
    await office.arrive(sold(office, {"2026-02": "10000", "2026-03": "10000"}))
    debt = {**OPENING, "balance": "balance", "name": "", "amount": "-500.00"}
    await approved(office, "opening", debt)

    for month in ("2026-02", "2026-03"):
        await settle(office, month)

    february, march = await statement(office, "2026-02"), await statement(office, "2026-03")
    assert february["brought_forward"]["amount"] == "-500.00"
    assert february["carried_forward"]["amount"] == "-100.00"
    assert march["brought_forward"]["amount"] == "-100.00"
    assert march["payable"]["amount"] == "300.00"
    assert await ledger_of(office) == {
        ("payable", ""): "300.00",
        ("opening", ""): "500.00",
        ("earned", ""): "-800.00",
    }


async def test_a_loan_is_paid_and_taken_back_in_instalments(office: Office) -> None:
    await staffed(office, with_terms("{minimum: 0 EUR}"))
    months = dict.fromkeys(("2026-02", "2026-03", "2026-04", "2026-05"), "25000")
    await office.arrive(sold(office, months))
    await approved(office, "loan", LOAN)

    payable = []
    for month in months:
        await settle(office, month)
        payable.append((await statement(office, month))["payable"]["amount"])

    assert payable == ["1500.00", "800.00", "800.00", "900.00"]
    assert await ledger_of(office) == {("payable", ""): "4000.00", ("earned", ""): "-4000.00"}


async def test_a_reversal_of_a_part_of_an_order_takes_its_part_back(office: Office) -> None:
    await staffed(office, with_terms("{minimum: 0 EUR}"))
    await office.arrive(sold(office, {"2026-02": "50000"}))
    row = {
        "reversal_id": "R1",
        "order": {"system": "salesforce", "code": "O2026-02"},
        "on": "2026-03-10",
        "share": "0.25",
    }
    await load(office, "reversal", row)

    await settle(office, "2026-02")
    await office.run("2026-03")

    assert (await statement(office, "2026-02"))["payable"]["amount"] == "2000.00"
    assert await lines_of(office, "2026-03") == {"reversal": "-500.00"}


async def test_leave_shortens_a_guarantee(office: Office) -> None:
    # 14 of February's 28 days: the level is 600.00, and 400.00 were earned.
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "10000"}))
    await load(
        office, "leave", {"payee": "A1", "valid_from": "2026-02-15", "valid_to": "2026-03-01"}
    )

    await office.run("2026-02")

    assert (await statement(office, "2026-02"))["payable"]["amount"] == "600.00"


async def test_a_rate_pays_an_order_in_another_currency(office: Office) -> None:
    text = PLAIN.replace("credits:", "currencies: {pay: {rate: daily}}\ncredits:", 1)
    await staffed(
        office,
        f"{text}examples:\n  - name: nobody sells\n"
        "    given: {payees: [{id: N1, kind: agency}]}\n    expect: {}\n",
    )
    [sale] = sold(office, {"2026-02": "10000"})
    amount = sale.amount.model_copy(update={"currency": "USD"})
    await office.arrive([sale.model_copy(update={"amount": amount})])
    rate = {
        "rate_type": "daily",
        "from_currency": "USD",
        "to_currency": "EUR",
        "on": "2026-02-02",
        "rate": "0.9",
    }

    before = await office.run("2026-02")
    await load(office, "exchange_rate", rate)
    await office.run("2026-02")

    assert before["counts"]["statement_lines"] == 0
    assert (await statement(office, "2026-02"))["payable"]["amount"] == "360.00"


async def test_bad_rows_are_named_and_good_ones_go_through(office: Office) -> None:
    good = {"payee": "A1", "valid_from": "2026-02-15", "valid_to": "2026-03-01"}
    bad = {"payee": "A1", "valid_from": "15 February", "reason": "flu"}

    found = await load(office, "leave", good, bad, good)

    assert (found["recorded"], found["unchanged"]) == (1, 1)
    [rejected] = found["rejected"]
    assert rejected["number"] == 2
    assert rejected["row"] == bad
    problems = {item["field"]: item["value"] for item in rejected["problems"]}
    assert problems == {"valid_from": "15 February", "reason": "flu"}


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800"])
async def test_a_row_with_what_no_text_may_hold_stops_no_other(office: Office, escape: str) -> None:
    good = {
        "reversal_id": "R1",
        "order": {"system": "salesforce", "code": "O1"},
        "on": "2026-03-10",
    }
    bad = {**good, "reversal_id": "R2", "order": {"system": "salesforce", "code": "Oescape"}}
    body = json.dumps({"source": "test", "rows": [good, bad]}).replace("escape", escape)

    answer = await office.service.client.post(
        "/v1/records/reversal",
        content=body,
        headers={
            "Authorization": f"Bearer {office.analyst.token}",
            "Idempotency-Key": "one load",
            "Content-Type": "application/json",
        },
    )

    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["recorded"] == 1
    [rejected] = found["rejected"]
    assert rejected["row"]["order"]["code"] == "O\N{REPLACEMENT CHARACTER}"
    assert [item["field"] for item in rejected["problems"]] == ["order.code"]
    assert len((await office.analyst.get("/v1/records/rejected")).json()["items"]) == 1


async def test_a_repair_that_says_what_is_known_says_so(office: Office) -> None:
    found = await load(office, "holiday", {"on": "2026-02-27"}, {"on": "27 February"})
    path = f"/v1/records/rejected/{found['rejected'][0]['id']}/repair"

    repaired = await office.analyst.post(path, {"row": {"on": "2026-02-27"}})

    assert repaired.json()["outcome"] == "known"
    assert len((await office.analyst.get("/v1/facts/holiday")).json()["items"]) == 1


async def test_a_rejected_row_is_repaired_once(office: Office) -> None:
    found = await load(office, "holiday", {"on": "2026-02-30"})
    path = f"/v1/records/rejected/{found['rejected'][0]['id']}"

    still_bad = await office.analyst.post(f"{path}/repair", {"row": {"on": "30 February"}})
    repaired = await office.analyst.post(f"{path}/repair", {"row": {"on": "2026-02-27"}})
    again = await office.analyst.post(f"{path}/discard", {"reason": "twice"})

    assert still_bad.status_code == 422
    assert repaired.json()["outcome"] == "repaired"
    assert again.status_code == 409
    assert (await office.analyst.get("/v1/records/rejected")).json()["items"] == []
    facts = (await office.analyst.get("/v1/facts/holiday")).json()["items"]
    assert [item["body"]["on"] for item in facts] == ["2026-02-27"]


async def test_another_content_is_the_next_version_and_a_withdrawn_row_counts_no_more(
    office: Office,
) -> None:
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "50000"}))
    await approved(office, "opening", OPENING)
    await approved(office, "opening", {**OPENING, "amount": "250.00"})
    await office.run("2026-02")
    second = (await statement(office, "2026-02"))["payable"]["amount"]

    await approved(office, "opening", {**OPENING, "amount": "250.00", "withdrawn": True})
    await office.run("2026-02")

    facts = (await office.analyst.get("/v1/facts/opening")).json()["items"]
    assert [item["version"] for item in facts] == ["0000000001", "0000000002", "0000000003"]
    assert second == "1750.00"
    assert (await statement(office, "2026-02"))["payable"]["amount"] == "2000.00"


async def test_a_row_about_somebody_unknown_is_told_and_cures_itself(office: Office) -> None:
    await staffed(office)
    await approved(office, "loan", {**LOAN, "payee": "A9"})

    run = await office.run("2026-02")

    report = (await office.analyst.get(f"/v1/runs/{run['id']}/validation-report")).json()
    assert "loan-of-unknown-payee" in {item["code"] for item in report["exceptions"]}


async def test_lines_with_days_and_states_of_their_own_travel_with_the_order(
    office: Office,
) -> None:
    await staffed(office)
    sale = order(
        office.tenant,
        "lines",
        "300.00",
        states={},
        lines=(
            {
                "line_id": "1",
                "product": "gas",
                "quantity": "2",
                "amount": {"amount": "100.00", "currency": "EUR"},
                "on": "2026-02-05",
                "states": [{"state": "activated", "on": "2026-02-07"}],
            },
        ),
    )

    await office.arrive([sale])

    [fact] = (await office.analyst.get("/v1/facts/order")).json()["items"]
    [line] = fact["body"]["lines"]
    assert (line["on"], line["states"][0]["on"]) == ("2026-02-05", "2026-02-07")


@pytest.mark.parametrize("kind", ["order", "nothing"])
async def test_only_tables_of_their_own_are_loaded(office: Office, kind: str) -> None:
    answer = await office.analyst.post(f"/v1/records/{kind}", {"source": "test", "rows": [{}]})

    assert answer.status_code == 404
    assert "the tables are activity" in answer.json()["detail"]


async def test_the_schema_of_a_row_names_its_fields(office: Office) -> None:
    schema = (await office.analyst.get("/v1/records/loan/schema")).json()

    assert {"loan_id", "payee", "instalment", "recovered_from"} <= set(schema["properties"])
    assert "loan_id" in schema["required"]
    assert "source" not in schema["required"], "a request says it once for all its rows"


async def test_a_day_as_italians_write_it_is_refused_with_how_to_write_it(office: Office) -> None:
    row = {"payee": "A1", "valid_from": "09/03/2026", "valid_to": "2026-03-14"}

    answer = await office.analyst.post("/v1/records/leave", {"source": "payroll", "rows": [row]})

    (rejected,) = answer.json()["rejected"]
    assert rejected["problems"] == [
        {
            "field": "valid_from",
            "value": "09/03/2026",
            "message": "it is no day; write it like 2026-03-31",
        }
    ]
