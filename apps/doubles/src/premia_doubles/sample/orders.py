"""Orders as Salesforce records: what was sold, by whom, and how far it got.

A record is the text that Salesforce would send: every value is a string, an absent one is empty.
"""

from datetime import date, timedelta
from random import Random
from typing import TypeAlias

from premia_doubles.sample.check_digits import salesforce_id
from premia_doubles.sample.people import PayeeRecord
from premia_doubles.sample.shape import AGENCY_PRINCIPAL, INSTALLER_PRINCIPAL, Shape
from premia_doubles.sample.trees import (
    AGENCY_FAMILIES,
    INSTALLER_FAMILIES,
    members,
    provinces,
)

Record: TypeAlias = dict[str, str]

FIELDS = (
    "Id",
    "OrderNumber",
    "SystemModstamp",
    "Company_Code__c",
    "Signed_Date__c",
    "Agency_Code__c",
    "Partner_Code__c",
    "Category_Code__c",
    "Territory_Code__c",
    "TotalAmount",
    "CurrencyIsoCode",
    "Status",
    "Status_Date__c",
    "Activated_Date__c",
    "Cancelled_Date__c",
    "Churned_Date__c",
    "Cancellation_Cause__c",
    "Cancellation_Imputable_To__c",
    "Product_Code__c",
    "Annual_kWh__c",
    "KWp__c",
    "Channel__c",
)

_CAUSES = {
    "customer": "withdrawal",
    "payee": "missing documents",
    "principal": "no grid connection",
}
_PRODUCTS = {"fotovoltaico": "pv", "calore": "heat-pump", "efficienza": "insulation"}


def code_on(payee: PayeeRecord, day: date) -> str:
    """Return the code by which Salesforce knows a payee on a day."""
    text = day.isoformat()
    for row in payee["salesforce_codes"]:
        if row["valid_from"] <= text and (row["valid_to"] is None or text < row["valid_to"]):
            return row["code"]
    raise LookupError(f"{payee['code']} has no Salesforce code on {day}")


def stamped(record: Record, day: date, second: int) -> Record:
    """Return the record as last changed on a day."""
    minutes, rest = divmod(second % 36_000, 60)
    clock = f"{8 + minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}"
    return {**record, "SystemModstamp": f"{day.isoformat()}T{clock}.000Z"}


class OrderBook:
    """Draws orders, one after the other, for one tenant."""

    def __init__(self, random: Random, shape: Shape, payees: list[PayeeRecord]) -> None:
        """Take who may sell; an agency with both principals sells for both."""
        self._random = random
        self._shape = shape
        self._days = (shape.last_day - shape.first_day).days + 1
        self._sellers: dict[str, list[PayeeRecord]] = {}
        for payee in payees:
            if payee["weight"]:
                for principal in payee["principals"]:
                    self._sellers.setdefault(principal, []).append(payee)
        self._weights = {
            principal: [payee["weight"] for payee in sellers]
            for principal, sellers in self._sellers.items()
        }
        self._provinces = {
            area: provinces(area) for area in sorted({payee["area"] for payee in payees})
        }
        self._categories = {
            AGENCY_PRINCIPAL: members(*AGENCY_FAMILIES),
            INSTALLER_PRINCIPAL: members(*INSTALLER_FAMILIES),
        }

    def draw(self, serial: int) -> Record:
        """Return a new order in its present state."""
        draw = self._random
        second = self._shape.has_second_principal and draw.random() < 0.2
        principal = INSTALLER_PRINCIPAL if second else AGENCY_PRINCIPAL
        sellers = self._sellers[principal]
        seller = draw.choices(sellers, self._weights[principal])[0]
        signed = self._shape.first_day + timedelta(days=int(draw.random() * self._days))
        record = {
            "Id": salesforce_id("801", serial),
            "OrderNumber": f"{serial:08d}",
            "Company_Code__c": principal,
            "Signed_Date__c": signed.isoformat(),
            "Agency_Code__c": code_on(seller, signed),
            "Partner_Code__c": "",
            "Category_Code__c": draw.choice(self._categories[principal]),
            "Territory_Code__c": draw.choice(self._provinces[seller["area"]]),
            "CurrencyIsoCode": "EUR",
        }
        if second:
            self._describe_job(record)
        else:
            self._describe_contract(record)
            partner = draw.choice(sellers)
            if draw.random() < 0.08 and partner is not seller:
                record["Partner_Code__c"] = code_on(partner, signed)
        return stamped(record, self._advance(record, signed), serial * 7)

    def _amount(self, low: int, high: int) -> str:
        cents = self._random.randrange(low * 100, high * 100)
        whole, rest = divmod(cents * self._shape.amount_percent // 100, 100)
        return f"{whole}.{rest:02d}"

    def _describe_contract(self, record: Record) -> None:
        record |= {
            "TotalAmount": self._amount(300, 2_000),
            "Product_Code__c": record["Category_Code__c"].split("-")[0],
            "Annual_kWh__c": str(self._random.randrange(900, 9_000)),
            "KWp__c": "",
            "Channel__c": self._random.choice(("door", "shop", "phone")),
        }

    def _describe_job(self, record: Record) -> None:
        family = next(
            name for name in INSTALLER_FAMILIES if record["Category_Code__c"] in members(name)
        )
        tenths = self._random.randrange(20, 200)
        record |= {
            "TotalAmount": self._amount(2_500, 18_000),
            "Product_Code__c": _PRODUCTS[family],
            "Annual_kWh__c": "",
            "KWp__c": f"{tenths // 10}.{tenths % 10}",
            "Channel__c": "site",
        }

    def _advance(self, record: Record, signed: date) -> date:
        """Write the states the order reached by now; return the day of the last."""
        draw, last = self._random, self._shape.last_day
        record |= dict.fromkeys(
            (
                "Activated_Date__c",
                "Cancelled_Date__c",
                "Churned_Date__c",
                "Cancellation_Cause__c",
                "Cancellation_Imputable_To__c",
            ),
            "",
        )
        status, day = "Signed", signed
        fate = draw.random()
        if fate < 0.06:
            cancelled = signed + timedelta(days=draw.randrange(1, 20))
            if cancelled <= last:
                self.cancel(record, cancelled)
                status, day = "Cancelled", cancelled
        else:
            activated = signed + timedelta(days=draw.randrange(6, 40))
            if activated <= last:
                record["Activated_Date__c"] = activated.isoformat()
                status, day = "Activated", activated
                ended = activated + timedelta(days=draw.randrange(3, 220))
                if fate < 0.15 and ended <= last:
                    day = ended
                    if fate < 0.13:
                        self.cancel(record, ended)
                        status = "Cancelled"
                    else:
                        record["Churned_Date__c"] = ended.isoformat()
                        status = "Churned"
        record |= {"Status": status, "Status_Date__c": day.isoformat()}
        return day

    def cancel(self, record: Record, day: date, imputable_to: str | None = None) -> None:
        """Write a cancellation, and to whom it is imputable, into a record."""
        whom = (
            imputable_to
            or self._random.choices(("customer", "payee", "principal"), (70, 20, 10))[0]
        )
        record |= {
            "Cancelled_Date__c": day.isoformat(),
            "Cancellation_Cause__c": _CAUSES[whom],
            "Cancellation_Imputable_To__c": whom,
        }

    def amend(self, record: Record, serial: int) -> Record:
        """Return a later version of an order: another amount, category or signing day."""
        draw = self._random
        changed = dict(record)
        what = draw.randrange(3)
        if what == 0:
            job = record["Company_Code__c"] == INSTALLER_PRINCIPAL
            changed["TotalAmount"] = self._amount(*((2_500, 18_000) if job else (300, 2_000)))
        elif what == 1:
            changed["Category_Code__c"] = draw.choice(self._categories[record["Company_Code__c"]])
        elif record["Agency_Code__c"].endswith("-N") or record["Partner_Code__c"].endswith("-N"):
            changed["Channel__c"] = "shop"
        else:
            earlier = date.fromisoformat(record["Signed_Date__c"]) - timedelta(
                days=draw.randrange(1, 6)
            )
            changed["Signed_Date__c"] = earlier.isoformat()
        changed_on = date.fromisoformat(record["SystemModstamp"][:10]) + timedelta(days=1)
        return stamped(changed, min(changed_on, self._shape.last_day), 36_000 - 1 - serial % 600)
