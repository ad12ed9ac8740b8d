"""One sample tenant, whole: people, goals, orders and bills, drawn from one seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from premia_doubles.sample import billing, goals
from premia_doubles.sample.goals import KpiRecord, TargetRecord
from premia_doubles.sample.orders import OrderBook, Record, code_on, stamped
from premia_doubles.sample.people import PayeeRecord, payees
from premia_doubles.sample.shape import AGENCY_PRINCIPAL, Shape

SHOWN_SERIAL = 100
"""The order that is paid first and cancelled late has this number."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the foreign systems of one tenant know, as raw rows."""

    shape: Shape
    payees: list[PayeeRecord]
    targets: list[TargetRecord]
    kpis: list[KpiRecord]
    pushed: list[Record]
    """Orders that Salesforce pushes as messages."""
    filed: list[Record]
    """Orders that come by file."""
    amended: list[Record]
    """Later versions of some of the filed orders."""
    bills: list[Record]
    later_bills: list[Record]
    """Bills paid after the sample's last day."""
    late_cancellation: Record
    """A later version of a pushed order: cancelled before the last day, known after it."""
    partner_a: str
    """Code of a payee who is a person."""
    partner_b: str
    """Code of a payee that is a company."""


def _partners(everybody: list[PayeeRecord]) -> tuple[PayeeRecord, PayeeRecord]:
    def first(legal_form: str, regime: str) -> PayeeRecord:
        return next(
            payee
            for payee in everybody
            if payee["weight"]
            and payee["kind"] == "agency"
            and payee["channel"] == "field"
            and payee["fiscal"]["legal_form"] == legal_form
            and payee["fiscal"]["regime"] == regime
            and len(payee["salesforce_codes"]) == 1
        )

    return first("individual", "RF01"), first("capital_company", "RF01")


def _shown_order(record: Record, seller: PayeeRecord, last_day: date) -> Record:
    """Turn a drawn order into one that is activated in the last month and paid for."""
    signed, activated = last_day - timedelta(days=52), last_day - timedelta(days=25)
    return stamped(
        record
        | {
            "Company_Code__c": AGENCY_PRINCIPAL,
            "Signed_Date__c": signed.isoformat(),
            "Agency_Code__c": code_on(seller, signed),
            "Partner_Code__c": "",
            "Category_Code__c": "luce-affari",
            "TotalAmount": "4800.00",
            "Status": "Activated",
            "Status_Date__c": activated.isoformat(),
            "Activated_Date__c": activated.isoformat(),
            "Cancelled_Date__c": "",
            "Churned_Date__c": "",
            "Cancellation_Cause__c": "",
            "Cancellation_Imputable_To__c": "",
        },
        activated,
        700,
    )


def _late_cancellation(book: OrderBook, shown: Record, last_day: date) -> Record:
    cancelled = last_day - timedelta(days=4)
    record = dict(shown)
    book.cancel(record, cancelled, imputable_to="customer")
    record |= {"Status": "Cancelled", "Status_Date__c": cancelled.isoformat()}
    return stamped(record, last_day + timedelta(days=6), 900)


def generate(seed: int, shape: Shape) -> Sample:
    """Return the tenant of a seed; the same seed and shape always give the same rows."""
    random = Random(seed)  # noqa: S311 - invented data, nothing to guess
    everybody = payees(random, shape)
    partner_a, partner_b = _partners(everybody)
    book = OrderBook(random, shape, everybody)
    records = [book.draw(serial) for serial in range(1, shape.orders + 1)]
    shown = _shown_order(records[SHOWN_SERIAL - 1], partner_a, shape.last_day)
    records[SHOWN_SERIAL - 1] = shown
    chosen = {SHOWN_SERIAL, *random.sample(range(1, shape.orders + 1), shape.pushed)}
    chosen = {SHOWN_SERIAL, *sorted(chosen - {SHOWN_SERIAL})[: shape.pushed - 1]}
    pushed = [record for serial, record in enumerate(records, 1) if serial in chosen]
    filed = [record for serial, record in enumerate(records, 1) if serial not in chosen]
    amended = [
        book.amend(record, serial) for serial, record in enumerate(filed) if random.random() < 0.03
    ]
    others = [record for record in records if record is not shown]
    bills, later_bills = billing.signals(random, shape, others)
    sellers = sum(payee["weight"] for payee in everybody if AGENCY_PRINCIPAL in payee["principals"])
    months = (shape.last_day - shape.first_day).days // 30
    usual = shape.orders * 640 * shape.amount_percent // 100 // (months * sellers)
    goal_rows = goals.targets(random, everybody, usual)
    for row in goal_rows:
        if row["payee"] == partner_a["code"]:
            row["amount"] = "6000.00"
    return Sample(
        shape=shape,
        payees=everybody,
        targets=goal_rows,
        kpis=[
            {**row, "value": "0.97"} if row["payee_code"] == partner_a["code"] else row
            for row in goals.kpis(random, everybody)
        ],
        pushed=pushed,
        filed=filed,
        amended=amended,
        bills=bills,
        later_bills=later_bills,
        late_cancellation=_late_cancellation(book, shown, shape.last_day),
        partner_a=partner_a["code"],
        partner_b=partner_b["code"],
    )
