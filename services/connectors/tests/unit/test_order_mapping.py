"""One mapping, whatever the channel and whatever the way of travelling."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from hypothesis import given
from hypothesis import strategies as st

from connectors.application.preparation import Interpreter, PreparedFact
from connectors.application.publication import Provenance, batch_row, event_body, single_event
from connectors.domain.field_mapping import SALESFORCE_ORDER, read_order_mapping
from connectors.domain.message import ReadRecord, RecordForm
from connectors.domain.order_mapping import map_order
from connectors.domain.source import Source, SourceKind
from premia_common.canonical import canonical_json, digest
from premia_common.contracts.envelope import Envelope, FactEvent

NOW = datetime(2026, 3, 10, 12, 0, 0, 123000, tzinfo=UTC)
MAPPING = read_order_mapping(SALESFORCE_ORDER)
SOURCE = Source(
    id=UUID(int=1),
    code="salesforce",
    kind=SourceKind.SALESFORCE,
    org_id="00D5g000004XyZAEA0",
    time_zone="Europe/Rome",
    mapping_version=1,
    created_at=NOW,
)
ORIGIN = Provenance(UUID(int=2), "salesforce", UUID(int=3), "ab" * 32, 1, NOW, UUID(int=4))
RECORD: dict[str, Any] = {
    "Id": "8015g000000abcDAAQ",
    "OrderNumber": "00000042",
    "SystemModstamp": "2026-03-05T09:58:14.000Z",
    "Company_Code__c": "1000",
    "Signed_Date__c": "2026-03-01",
    "Agency_Code__c": "AG-0042",
    "TotalAmount": "1234.56",
    "Status": "Cancelled",
    "Cancelled_Date__c": "2026-03-04",
    "Cancellation_Imputable_To__c": "Principal",
    "OrderItems": '[{"Id": "802A", "Product_Code__c": "luce", "Quantity": 1, "TotalPrice": 1}]',
    "Annual_kWh__c": "2700",
}


def prepare(*records: dict[str, Any], form: RecordForm = RecordForm.ORDER) -> list[PreparedFact]:
    interpreter = Interpreter(
        tenant_id=UUID(int=2), source=SOURCE, form=form, mapping=MAPPING, now=NOW
    )
    read = [ReadRecord(str(number), record) for number, record in enumerate(records, start=1)]
    prepared = interpreter.prepare(read)
    assert prepared.refused == []
    return prepared.facts


SIGNAL = {
    "signal_id": "B-1",
    "signal": "invoice.paid",
    "version": "3",
    "order_id": "801",
    "on": "2026-03-07",
    "first_for_contract": "true",
    "amount": "122.00",
}
MEASUREMENT = {"name": "first_time_right", "payee": "AG-1", "month": "2026-02", "value": "0.95"}


def test_a_fact_in_a_batch_is_byte_for_byte_the_event_that_travels_alone() -> None:
    for record, form in (
        (RECORD, RecordForm.ORDER),
        (SIGNAL, RecordForm.SIGNAL_ROW),
        (MEASUREMENT, RecordForm.MEASUREMENT_ROW),
    ):
        (fact,) = prepare(record, form=form)

        event = single_event(fact, ORIGIN)
        row = batch_row(fact, ORIGIN)

        assert isinstance(event, FactEvent)
        alone = canonical_json(Envelope.wrap(event).data)
        assert row[6].encode() == alone
        assert row[7] == digest(alone)
        assert row[0] == str(event.event_id)
        key = event.fact_key
        assert (row[1], row[2], row[3], row[4]) == (event.type, key.kind, key.key, key.version)
        assert row[5] == event.fact_known_at


def test_the_channels_ways_to_write_a_value_give_one_content() -> None:
    written = {
        "TotalAmount": Decimal("1234.560"),
        "SystemModstamp": "2026-03-05T10:58:14+01:00",
        "Annual_kWh__c": Decimal("2700.0"),
        "attributes": {"type": "Order"},
        "Partner_Code__c": "",
        "OrderItems": {
            "records": [
                {"Id": "802A", "Product_Code__c": "luce", "Quantity": "1.0", "TotalPrice": "1.00"}
            ]
        },
    }

    one, other = prepare(RECORD, RECORD | written)

    assert one.content_hash == other.content_hash
    assert one.event_id == other.event_id


def test_whom_a_cancellation_is_imputable_to_is_written_in_lower_case() -> None:
    (fact,) = prepare(RECORD)

    assert fact.fact.content["imputable_to"] == "principal"
    assert fact.fact.content["states"] == [
        {"state": "signed", "on": "2026-03-01", "at": None},
        {"state": "cancelled", "on": "2026-03-04", "at": None},
    ]


def test_a_state_without_a_day_of_its_own_takes_the_day_of_the_change_in_the_sources_zone() -> None:
    record = RECORD | {"Cancelled_Date__c": None, "SystemModstamp": "2026-03-05T23:30:00Z"}

    fact = map_order(record, MAPPING, latest=date(2026, 3, 11), zone=ZoneInfo("Europe/Rome"))

    assert fact.content["states"][1] == {"state": "cancelled", "on": "2026-03-06", "at": None}


@given(st.permutations(sorted(RECORD)))
def test_the_order_of_fields_never_matters(names: list[str]) -> None:
    (fact,) = prepare({name: RECORD[name] for name in names})

    assert fact.content_hash == prepare(RECORD)[0].content_hash


def test_the_same_records_in_any_order_and_batches_give_the_same_ids() -> None:
    records = [RECORD | {"Id": f"801{n}"} for n in range(50)]
    shuffled = records[:]
    random.Random(7).shuffle(shuffled)

    at_once = {fact.event_id for fact in prepare(*records)}
    one_by_one = {prepare(record)[0].event_id for record in shuffled}

    assert at_once == one_by_one
    assert len(at_once) == 50


def test_no_number_hides_in_a_body() -> None:
    (fact,) = prepare(RECORD)

    body = event_body(fact, ORIGIN)

    assert orjson.loads(canonical_json(body)) == body
