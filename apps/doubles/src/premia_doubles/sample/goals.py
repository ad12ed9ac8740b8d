"""Monthly targets and quality figures of every payee who sells."""

from random import Random
from typing import TypedDict

from premia_doubles.sample.people import PayeeRecord
from premia_doubles.sample.shape import AGENCY_PRINCIPAL, NEXT_MONTH

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", NEXT_MONTH)
TARGET_NAME = "activated_value"
KPI_NAME = "first_time_right"


class TargetRecord(TypedDict):
    """The target of a payee in a month, in whole euros."""

    payee: str
    name: str
    month: str
    amount: str


class KpiRecord(TypedDict):
    """A quality figure of a payee in a month, as a ratio."""

    measurement_id: str
    payee: str
    """Its Salesforce code at the time."""
    payee_code: str
    name: str
    month: str
    value: str


def _code_in(payee: PayeeRecord, month: str) -> str:
    day = f"{month}-15"
    for row in payee["salesforce_codes"]:
        if row["valid_to"] is None or day < row["valid_to"]:
            return row["code"]
    raise LookupError(payee["code"])


def _hundreds(euros: int) -> str:
    return f"{max(1, euros // 100) * 100}.00"


def targets(random: Random, payees: list[PayeeRecord], per_weight: int) -> list[TargetRecord]:
    """Return a target for each agency payee and month; `per_weight` is the usual value in euros."""
    return [
        {
            "payee": payee["code"],
            "name": TARGET_NAME,
            "month": month,
            "amount": _hundreds(payee["weight"] * per_weight * random.randrange(70, 126) // 100),
        }
        for payee in payees
        if AGENCY_PRINCIPAL in payee["principals"]
        for month in MONTHS
    ]


def kpis(random: Random, payees: list[PayeeRecord]) -> list[KpiRecord]:
    """Return a share of contracts right at the first time for each agency payee and month."""
    return [
        {
            "measurement_id": f"FTR-{payee['code']}-{month}",
            "payee": _code_in(payee, month),
            "payee_code": payee["code"],
            "name": KPI_NAME,
            "month": month,
            "value": f"0.{random.randrange(89, 100)}",
        }
        for payee in payees
        if AGENCY_PRINCIPAL in payee["principals"]
        for month in MONTHS
    ]
