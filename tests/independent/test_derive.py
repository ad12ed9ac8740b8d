"""The second opinion itself, against figures worked out by hand."""

import csv
import json
import subprocess
import sys
from pathlib import Path

DERIVE = Path(__file__).with_name("derive.py")

ORDER = {
    "Company_Code__c": "1000",
    "Agency_Code__c": "SF-1",
    "Partner_Code__c": "",
    "Category_Code__c": "gas-casa",
    "Territory_Code__c": "verona",
    "Product_Code__c": "gas",
    "KWp__c": "",
    "Cancelled_Date__c": "",
    "Churned_Date__c": "",
    "Cancellation_Imputable_To__c": "",
}
FIRST = ORDER | {
    "Id": "1",
    "OrderNumber": "1",
    "SystemModstamp": "2026-02-04T10:00:00.000Z",
    "Signed_Date__c": "2026-01-20",
    "TotalAmount": "40000.00",
    "Activated_Date__c": "2026-02-04",
}
SECOND = FIRST | {
    "Id": "2",
    "OrderNumber": "2",
    "SystemModstamp": "2026-02-20T10:00:00.000Z",
    "Signed_Date__c": "2026-01-27",
    "TotalAmount": "26000.00",
    "Activated_Date__c": "2026-02-20",
}
CANCELLED = SECOND | {
    "SystemModstamp": "2026-03-05T10:00:00.000Z",
    "Cancelled_Date__c": "2026-02-25",
    "Cancellation_Imputable_To__c": "customer",
}
BILL = {"signal": "invoice.paid", "order_id": "1", "on": "2026-03-10", "first_for_contract": "true"}
AGENT = {"role": "agent", "regime": "RF01", "has_employees": False}


def payee(code: str, superior: str | None) -> dict:
    since = {"valid_from": "2024-01-01", "valid_to": None}
    return {
        "code": code,
        "kind": "agency",
        "channel": "field",
        "principals": ["1000"],
        "salesforce_codes": [{"code": f"SF-{code}", **since}],
        "superiors": [{"superior": superior, **since}] if superior else [],
        "fiscal": AGENT,
    }


def write_table(path: Path, rows: list[dict], header: list[str]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)


def derived(folder: Path, *, blame: str = "customer", partner: str = "") -> dict:
    orders = [row | {"Partner_Code__c": partner} for row in (FIRST, SECOND)]
    late = CANCELLED | {"Cancellation_Imputable_To__c": blame, "Partner_Code__c": partner}
    for name, rows in (("orders", orders), ("orders_amended", []), ("orders_late", [late])):
        write_table(folder / f"{name}.csv", rows, list(FIRST))
    write_table(folder / "bills.csv", [], list(BILL))
    write_table(folder / "bills_later.csv", [BILL], list(BILL))
    goals = [
        {"payee": code, "month": month, "amount": "50000.00"}
        for code in ("1", "2")
        for month in ("2026-02", "2026-03")
    ]
    write_table(folder / "targets.csv", goals, ["payee", "month", "amount"])
    quality = [
        {"payee": f"SF-{row['payee']}", "month": row["month"], "value": "0.95"} for row in goals
    ]
    write_table(folder / "kpis.csv", quality, ["payee", "month", "value"])
    rates = [
        {"territory": "nord", "category": "gas", "from": "2026-01-01", "to": "2027-01-01"}
        | {"gives": "3 %"},
        {"territory": "italia", "category": "any", "from": "2025-09-01", "to": "2027-01-01"}
        | {"gives": "2.5 %"},
    ]
    write_table(folder / "commission_rates.csv", rates, list(rates[0]))
    for name, line in (
        ("territories", ["italia", "nord", "verona"]),
        ("categories", ["any", "gas", "gas-casa"]),
    ):
        nodes = [
            {"code": code, "parent": line[place - 1] if place else None}
            for place, code in enumerate(line)
        ]
        (folder / f"{name}.json").write_text(json.dumps(nodes))
    people = [payee("1", "9"), payee("2", "9"), payee("9", None)]
    (folder / "payees.json").write_text(json.dumps(people))
    answer = subprocess.run(
        [sys.executable, str(DERIVE), str(folder)], capture_output=True, text=True, check=True
    )
    return json.loads(answer.stdout)


def test_the_worked_example_of_the_plan_is_paid_as_printed(tmp_path: Path) -> None:
    february = derived(tmp_path)["2026-02"]

    assert february["1/1000"]["components"] == {"accelerator": 367_50, "base": 1287_00}
    assert february["9/1000"]["components"] == {"override": 214_50}


def test_vat_is_added_and_half_is_withheld_at_23_percent(tmp_path: Path) -> None:
    agent = derived(tmp_path)["2026-02"]["1/1000"]

    assert (agent["payable"], agent["vat"]) == (1654_50, 363_99)
    assert (agent["withholding"], agent["net"]) == (190_27, 1828_22)


def test_a_late_cancellation_takes_back_what_the_closed_month_released(tmp_path: Path) -> None:
    found = derived(tmp_path)

    assert found["restated"]["1/1000"] == {"accelerator": -367_50, "base": -507_00}
    assert found["restated"]["9/1000"] == {"override": -84_50}
    assert found["2026-03"]["1/1000"]["components"] == {"accelerator": -367_50, "base": -87_00}
    assert found["2026-03"]["1/1000"]["carried_forward"] == -454_50
    assert found["2026-03"]["1/1000"]["payable"] == 0


def test_a_cancellation_the_principal_caused_releases_the_rest(tmp_path: Path) -> None:
    found = derived(tmp_path, blame="principal")

    assert found["restated"] == {"1/1000": {"base": 273_00}, "9/1000": {"override": 45_50}}


def test_a_partner_takes_a_quarter_and_its_superior_is_paid_for_it(tmp_path: Path) -> None:
    february = derived(tmp_path, partner="SF-2")["2026-02"]

    assert february["2/1000"]["components"] == {"base": 321_75}
    assert february["1/1000"]["components"]["base"] == 965_25
    assert february["9/1000"]["components"] == {"override": 97_50 + 32_50 + 63_38 + 21_13}
