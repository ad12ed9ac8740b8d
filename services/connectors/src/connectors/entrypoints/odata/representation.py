"""Feed entries as OData V2 JSON."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from connectors.application.queries import Row
from connectors.entrypoints.odata.metadata import PARTS, SERVICE

Json = dict[str, Any]


def invoice(row: Row, *, root: str, expand: Collection[str]) -> Json:
    """Return an invoice; navigations are expanded where asked for, else they are addresses.

    Args:
        row: the feed entry.
        root: the service's absolute address.
        expand: names of navigations.
    """
    document = row["document"]
    uri = f"{root}/ApprovedInvoices('{row['invoice_id']}')"
    entity: Json = {
        "__metadata": {"uri": uri, "type": f"{SERVICE}.ApprovedInvoice"},
        "InvoiceUuid": str(row["invoice_id"]),
        "ChangeSeq": str(row["change_seq"]),
        "InvoiceNumber": document["number"],
        "CompanyCode": document["company_code"],
        "SupplierNumber": document["supplier_number"],
        "DocumentDate": edm_date(document["document_date"]),
        "PostingDate": edm_date(document["posting_date"]),
        "Currency": document["currency"],
        "GrossAmount": document["gross"]["amount"],
        "NetAmount": document["taxable"]["amount"],
        "TaxAmount": document["vat"]["amount"],
        "WithholdingAmount": document["withholding"]["amount"],
        "PayableAmount": document["net"]["amount"],
        "IsCreditMemo": Decimal(document["gross"]["amount"]) < 0,
        "StatementId": document["statement_id"],
        "Period": document["period"],
        "ContentHash": row["content_hash"],
        "Status": row["status"],
        "LeaseId": None if row["lease_id"] is None else str(row["lease_id"]),
        "LeaseUntil": edm_instant(row["lease_until"]),
        "DeliveryCount": row["delivery_count"],
        "MaybePosted": row["maybe_posted"],
        "AccountingDocument": row["accounting_document"],
        "FiscalYear": row["fiscal_year"],
        "ApprovedAt": edm_instant(datetime.fromisoformat(document["approved_at"])),
    }
    for navigation in PARTS:
        if navigation in expand:
            entity[navigation] = {"results": parts(row, navigation, root=root)}
        else:
            entity[navigation] = {"__deferred": {"uri": f"{uri}/{navigation}"}}
    return entity


def parts(row: Row, navigation: str, *, root: str) -> list[Json]:
    """Return the items, taxes or withholdings of an invoice."""
    document, invoice_id = row["document"], str(row["invoice_id"])
    entity, entities, _ = PARTS[navigation]
    source, fields = _PARTS[navigation]
    found = []
    for number, part in enumerate(document[source], start=1):
        item_no = f"{part.get('item_no', number):06d}"
        found.append(
            {
                "__metadata": {
                    "uri": f"{root}/{entities}(InvoiceUuid='{invoice_id}',ItemNo='{item_no}')",
                    "type": f"{SERVICE}.{entity}",
                },
                "InvoiceUuid": invoice_id,
                "ItemNo": item_no,
                **{name: _plain(part[given]) for name, given in fields},
            }
        )
    return found


_PARTS: Mapping[str, tuple[str, Sequence[tuple[str, str]]]] = {
    "to_Item": (
        "items",
        (
            ("Text", "text"),
            ("Plan", "plan"),
            ("Component", "component"),
            ("Competence", "competence"),
            ("GLAccount", "gl_account"),
            ("CostCenter", "cost_center"),
            ("TaxCode", "tax_code"),
            ("NetAmount", "amount"),
        ),
    ),
    "to_Tax": (
        "taxes",
        (
            ("TaxCode", "tax_code"),
            ("TaxRate", "rate"),
            ("BaseAmount", "base"),
            ("TaxAmount", "amount"),
        ),
    ),
    "to_Withholding": (
        "withholdings",
        (
            ("WithholdingType", "type_code"),
            ("WithholdingCode", "tax_code"),
            ("BaseAmount", "base"),
            ("TaxAmount", "amount"),
        ),
    ),
}


def edm_date(day: str) -> str:
    """Write a day as OData V2 does: milliseconds since 1970, in UTC.

    >>> edm_date("2026-03-01")
    '/Date(1772323200000)/'
    """
    instant = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    return f"/Date({int(instant.timestamp()) * 1000})/"


def edm_instant(instant: datetime | None) -> str | None:
    """Write an instant with its offset.

    >>> edm_instant(datetime(2026, 3, 1, tzinfo=UTC))
    '/Date(1772323200000+0000)/'
    """
    return None if instant is None else f"/Date({int(instant.timestamp() * 1000)}+0000)/"


def _plain(value: Any) -> Any:
    return value["amount"] if isinstance(value, dict) else value
