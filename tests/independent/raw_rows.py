"""The rows of a sample folder, read as they lie there."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Order:
    number: str
    principal: str
    signed: date
    seller: str
    partner: str
    category: str
    territory: str
    cents: int
    product: str
    size: str
    activated: date | None
    paid: date | None
    ended: date | None
    blame: str


@dataclass(frozen=True)
class Folder:
    orders: list[Order]
    payees: dict[str, dict]
    targets: dict[tuple[str, str], int]
    quality: dict[tuple[str, str], str]
    territory_parent: dict[str, str | None]
    category_parent: dict[str, str | None]
    rates: list[dict[str, str]]


def cents(text: str) -> int:
    """Whole cents of an amount written with two decimals."""
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int((rest + "00")[:2])


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _earliest(*days: date | None) -> date | None:
    known = [one for one in days if one is not None]
    return min(known) if known else None


def _newest(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    newest: dict[str, dict[str, str]] = {}
    for row in rows:
        held = newest.get(row["Id"])
        if held is None or row["SystemModstamp"] > held["SystemModstamp"]:
            newest[row["Id"]] = row
    return newest


def _payee_of(codes: dict[str, list[tuple[str, str, str | None]]], code: str, on: str) -> str:
    for payee, first, end in codes.get(code, []):
        if first <= on and (end is None or on < end):
            return payee
    return ""


def _billed(folder: Path, names: list[str]) -> tuple[dict[str, date], dict[str, date]]:
    """When each order was first paid, and when its contract ended."""
    first_paid: dict[str, date] = {}
    left: dict[str, date] = {}
    for name in names:
        for row in table(folder / name):
            on = date.fromisoformat(row["on"])
            where = None
            if row["signal"] == "invoice.paid" and row["first_for_contract"] == "true":
                where = first_paid
            elif row["signal"] == "contract.terminated":
                where = left
            if where is not None and on < where.get(row["order_id"], date.max):
                where[row["order_id"]] = on
    return first_paid, left


def _codes_of(payees: dict[str, dict]) -> dict[str, list[tuple[str, str, str | None]]]:
    """Which payee each code of another system means, and from when to when."""
    codes: dict[str, list[tuple[str, str, str | None]]] = {}
    for payee in payees.values():
        for known in payee["salesforce_codes"]:
            codes.setdefault(known["code"], []).append(
                (payee["code"], known["valid_from"], known["valid_to"])
            )
    return codes


def _order(
    row: dict[str, str],
    codes: dict[str, list[tuple[str, str, str | None]]],
    paid: date | None,
    left: date | None,
) -> Order:
    signed = row["Signed_Date__c"]
    return Order(
        number=row["OrderNumber"],
        principal=row["Company_Code__c"],
        signed=date.fromisoformat(signed),
        seller=_payee_of(codes, row["Agency_Code__c"], signed),
        partner=_payee_of(codes, row["Partner_Code__c"], signed),
        category=row["Category_Code__c"],
        territory=row["Territory_Code__c"],
        cents=cents(row["TotalAmount"]),
        product=row["Product_Code__c"],
        size=row["KWp__c"],
        activated=day(row["Activated_Date__c"]),
        paid=paid,
        ended=_earliest(day(row["Cancelled_Date__c"]), day(row["Churned_Date__c"]), left),
        blame=row["Cancellation_Imputable_To__c"],
    )


def _parents(path: Path) -> dict[str, str | None]:
    return {row["code"]: row["parent"] for row in json.loads(path.read_text())}


def read(folder: Path, *, late: bool) -> Folder:
    """Read a folder; `late` adds what became known after the first month was paid."""
    order_files = ["orders.csv", "orders_amended.csv"] + (["orders_late.csv"] if late else [])
    bill_files = ["bills.csv"] + (["bills_later.csv"] if late else [])
    first_paid, left = _billed(folder, bill_files)
    payees = {row["code"]: row for row in json.loads((folder / "payees.json").read_text())}
    codes = _codes_of(payees)
    newest = _newest([row for name in order_files for row in table(folder / name)])
    code_of_payee = {
        known["code"]: payee["code"]
        for payee in payees.values()
        for known in payee["salesforce_codes"]
    }
    return Folder(
        orders=[
            _order(row, codes, first_paid.get(row["Id"]), left.get(row["Id"]))
            for row in newest.values()
        ],
        payees=payees,
        targets={
            (row["payee"], row["month"]): cents(row["amount"])
            for row in table(folder / "targets.csv")
        },
        quality={
            (code_of_payee[row["payee"]], row["month"]): row["value"]
            for row in table(folder / "kpis.csv")
        },
        territory_parent=_parents(folder / "territories.json"),
        category_parent=_parents(folder / "categories.json"),
        rates=table(folder / "commission_rates.csv"),
    )
