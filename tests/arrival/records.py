"""What Salesforce, billing and the quality system know: every version of every record."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .master_data import MONTH

Kind = Literal["orders", "billing-signals", "measurements"]
SALESFORCE, BILLING, QUALITY = "salesforce", "billing", "quality"
SOURCES: Mapping[Kind, str] = {
    "orders": SALESFORCE,
    "billing-signals": BILLING,
    "measurements": QUALITY,
}


@dataclass(frozen=True)
class Record:
    """One version of one record, by the names of a file's columns; every value is text."""

    kind: Kind
    fields: Mapping[str, str]

    @property
    def has_lines(self) -> bool:
        """Say whether it has order lines, which an Outbound Message cannot carry."""
        return "OrderItems" in self.fields


def order(number: str, stamp: str, amount: str, status: str, **more: str) -> Record:
    """Return a version of an order as Salesforce holds it; `stamp` is day and hour of March."""
    day, _, hour = stamp.partition(" ")
    fields = {
        "Id": f"801Z{number:0>11}AAA",
        "OrderNumber": number,
        "SystemModstamp": f"2026-03-{day}T{hour or '09'}:58:14.000Z",
        "Company_Code__c": "1000",
        "Signed_Date__c": "2026-02-20",
        "Agency_Code__c": "A1",
        "Category_Code__c": "gas",
        "Territory_Code__c": "milano",
        "TotalAmount": amount,
        "Status": status,
        **more,
    }
    return Record("orders", {name: value for name, value in fields.items() if value})


def _activated(day: str) -> dict[str, str]:
    return {"Activated_Date__c": f"2026-03-{day}"}


def _cancelled(day: str, imputable_to: str) -> dict[str, str]:
    return {
        "Cancelled_Date__c": f"2026-03-{day}",
        "Cancellation_Cause__c": "withdrawal",
        "Cancellation_Imputable_To__c": imputable_to,
    }


LINES = json.dumps(
    [
        {"Id": "802-1", "Product_Code__c": "boiler", "Quantity": "2", "TotalPrice": "1200.00"},
        {"Id": "802-2", "Product_Code__c": "service", "Quantity": "1.5", "TotalPrice": "300.10"},
    ]
)

ORDERS: Sequence[Record] = (
    order("1", "02", "12000.00", "Signed"),
    order("1", "05", "12000.00", "Activated", **_activated("04")),
    # Shared with a partner who has not accepted the plan: 25 % of an amount that does not divide.
    order("2", "06", "1000.01", "Activated", Partner_Code__c="B1", **_activated("05")),
    # Three versions with three amounts.
    order("3", "03", "8000.00", "Activated", **_activated("03")),
    order("3", "09", "9500.50", "Activated", **_activated("03")),
    order("3", "09 18", "9400.50", "Activated", **_activated("03")),
    # Cancelled by the customer inside the window: what was released is taken back.
    order("4", "07", "3000.00", "Activated", Agency_Code__c="A2", **_activated("06")),
    order(
        "4", "20", "3000.00", "Cancelled", Agency_Code__c="A2",
        **_activated("06"), **_cancelled("19", "customer"),
    ),
    # Cancelled by the principal: the rest is released.
    order("5", "08", "2000.00", "Activated", Agency_Code__c="A2", **_activated("07")),
    order(
        "5", "21", "2000.00", "Cancelled", Agency_Code__c="A2",
        **_activated("07"), **_cancelled("20", "principal"),
    ),
    order("6", "10", "700.07", "Activated", Agency_Code__c="L1", **_activated("10")),
    order("7", "10", "640.00", "Activated", Agency_Code__c="NOBODY", **_activated("10")),
    order("8", "11", "450.00", "Signed", Agency_Code__c="A2", Signed_Date__c="2026-03-02"),
    order(
        "9", "12", "1500.10", "Activated",
        Agency_Code__c="A2", OrderItems=LINES, Product_Code__c="kit", Annual_kWh__c="2700.50",
        **_activated("11"),
    ),
    order("10", "13", "990.00", "Activated", Agency_Code__c="M1", **_activated("12")),
    # Deleted after it was activated.
    order("11", "14", "880.00", "Activated", Agency_Code__c="A2", **_activated("13")),
    order("11", "16", "880.00", "Activated", Agency_Code__c="A2", IsDeleted="true",
          **_activated("13")),
    # Billing says that the contract ended.
    order("12", "15", "1111.11", "Activated", Agency_Code__c="A2", Territory_Code__c="sud",
          Category_Code__c="power", **_activated("14")),
    order("13", "16", "333.33", "Activated", Agency_Code__c="B1", **_activated("15")),
    # Changes hands with its second version.
    order("14", "17", "505.05", "Activated", Agency_Code__c="A1", **_activated("16")),
    order("14", "18", "505.05", "Activated", Agency_Code__c="A2", **_activated("16")),
    order("15", "22", "250.00", "Activated", Signed_Date__c="2026-03-20", **_activated("21")),
)  # fmt: skip


def _signal(identity: str, signal: str, number: str, day: str, version: str = "1", **more: str):
    fields = {
        "signal_id": identity,
        "document": identity,
        "signal": signal,
        "version": version,
        "order_id": f"801Z{number:0>11}AAA",
        "order_system": SALESFORCE,
        "contract": f"IT001E{number:0>8}",
        "on": f"2026-03-{day}",
        "first_for_contract": "false",
        **more,
    }
    return Record("billing-signals", fields)


_FIRST = {"first_for_contract": "true"}

SIGNALS: Sequence[Record] = (
    _signal("B-1", "invoice.paid", "1", "26", amount="122.00", currency="EUR", **_FIRST),
    _signal("B-1", "invoice.paid", "1", "28", "2", amount="122.00", currency="EUR", **_FIRST),
    # Two first payments on one day: which of them is named must not depend on arrival.
    _signal("B-2b", "invoice.paid", "3", "27", amount="10.00", currency="EUR", **_FIRST),
    _signal("B-2a", "invoice.paid", "3", "27", amount="11.00", currency="EUR", **_FIRST),
    _signal("B-3", "invoice.paid", "2", "29", amount="44.10", currency="EUR", **_FIRST),
    _signal("B-4", "invoice.paid", "1", "12", amount="1.00", currency="EUR"),
    _signal("B-5", "invoice.issued", "9", "14", amount="61.00", currency="EUR"),
    # By the order's number instead of its id.
    _signal("B-6", "invoice.paid", "9", "30", order_id="9", amount="61.00", currency="EUR",
            **_FIRST),
    _signal("B-7", "contract.terminated", "12", "25", cause="moved", imputable_to="customer"),
    _signal("B-8", "invoice.paid", "6", "30", amount="7.77", currency="EUR", **_FIRST),
    _signal("B-9", "invoice.paid", "999", "30", amount="9.99", currency="EUR", **_FIRST),
    _signal("B-10", "supply.started", "10", "14"),
)  # fmt: skip


def _measured(payee: str, value: str, version: str = "1") -> Record:
    fields = {
        "measurement_id": f"ftr/{payee}/{MONTH}",
        "name": "first_time_right",
        "payee": payee,
        "payee_system": SALESFORCE,
        "month": MONTH,
        "value": value,
        "version": version,
    }
    return Record("measurements", fields)


MEASUREMENTS: Sequence[Record] = (
    _measured("A1", "0.80"),
    _measured("A1", "0.95", "2"),
    _measured("A2", "0.99"),
    _measured("A2", "0.91", "2"),  # below the gate
    _measured("B1", "0.97"),
    _measured("L1", "0.93"),
    _measured("M1", "1"),
    _measured("NOBODY", "0.50"),
)

RECORDS: Sequence[Record] = (*ORDERS, *SIGNALS, *MEASUREMENTS)


def outside_the_plan(count: int) -> list[Record]:
    """Return orders of a principal that has no plan: they change no result."""
    return [
        order(str(100_000 + number), "01", f"{number % 900 + 1}.10", "Signed",
              Company_Code__c="9000")
        for number in range(count)
    ]  # fmt: skip
