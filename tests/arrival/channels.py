"""The connectors' doors, as foreign systems use them."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from .records import Record

ORG = "00D5g000004XyZAEA0"
_DAY_FIELD = {
    "invoice.paid": "paid_on",
    "invoice.issued": "issued_on",
    "supply.started": "started_on",
    "contract.terminated": "terminated_on",
}
_NUMBER = re.compile(r'"@([0-9.]+)@"')
_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>
<notifications xmlns="http://soap.sforce.com/2005/09/outbound">
<OrganizationId>{org}</OrganizationId><ActionId>04k5g000000000AAAA</ActionId>
<SessionId xsi:nil="true"/><EnterpriseUrl>https://e.invalid</EnterpriseUrl>
<PartnerUrl>https://p.invalid</PartnerUrl>
{notifications}</notifications></soapenv:Body></soapenv:Envelope>
"""
_NOTIFICATION = """<Notification><Id>04l{number:0>15}</Id>
<sObject xsi:type="sf:Order" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
{fields}</sObject></Notification>
"""


def as_json(records: Sequence[Record]) -> bytes:
    """Write orders as a Flow sends them: amounts are JSON numbers, instants have an offset."""
    body = {"org_id": ORG, "records": [_json_order(record.fields) for record in records]}
    return _NUMBER.sub(r"\1", json.dumps(body)).encode()


def _json_order(fields: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {"attributes": {"type": "Order"}, **fields}
    found["TotalAmount"] = f"@{fields['TotalAmount']}@"
    found["SystemModstamp"] = fields["SystemModstamp"].replace("Z", "+0000")
    if "IsDeleted" in fields:
        found["IsDeleted"] = fields["IsDeleted"] == "true"
    if "OrderItems" in fields:
        found["OrderItems"] = {"records": json.loads(fields["OrderItems"])}
    return found


def as_soap(records: Sequence[Record]) -> bytes:
    """Write orders as an Outbound Message."""
    notifications = "".join(
        _NOTIFICATION.format(
            number=number,
            fields="".join(
                f"<sf:{name}>{escape(value)}</sf:{name}>" for name, value in record.fields.items()
            ),
        )
        for number, record in enumerate(records)
    )
    return _ENVELOPE.format(org=ORG, notifications=notifications).encode()


def as_cloudevents(records: Sequence[Record]) -> list[dict[str, object]]:
    """Write billing signals or measurements as CloudEvents."""
    return [
        _measurement_event(record.fields)
        if record.kind == "measurements"
        else _signal_event(record.fields)
        for record in records
    ]


def _signal_event(fields: Mapping[str, str]) -> dict[str, object]:
    signal = fields["signal"]
    amount = "paid_total" if signal == "invoice.paid" else "gross"
    data = {
        "order_ref": {"system": fields["order_system"], "id": fields["order_id"]},
        "contract_ref": fields["contract"],
        _DAY_FIELD[signal]: fields["on"],
        "is_first_for_contract": fields["first_for_contract"] == "true",
        "version": int(fields["version"]),
        "currency": fields.get("currency"),
        amount: fields.get("amount"),
        "reason": fields.get("cause"),
        "imputable_to": fields.get("imputable_to"),
    }
    return {
        "specversion": "1.0",
        "id": fields["signal_id"],
        "source": "urn:billing:prd",
        "type": f"premia.billing.{signal}.v1",
        "subject": f"invoice/{fields['document']}",
        "time": f"{fields['on']}T14:03:11Z",
        "data": {name: value for name, value in data.items() if value is not None},
    }


def _measurement_event(fields: Mapping[str, str]) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": f"{fields['measurement_id']}/{fields['version']}",
        "source": "urn:quality:prd",
        "type": "premia.kpi.measured.v1",
        "subject": fields["measurement_id"],
        "time": "2026-04-01T04:00:00Z",
        "data": dict(fields),
    }


def as_csv(records: Sequence[Record]) -> bytes:
    """Write a file with the columns that its rows need."""
    columns = sorted({name for record in records for name in record.fields})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(record.fields for record in records)
    return text.getvalue().encode()
