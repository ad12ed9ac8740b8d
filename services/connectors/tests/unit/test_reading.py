"""Values that sources should not send, and what is made of them."""

from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from connectors.adapters.database.quarantine_repository import as_received, storable
from connectors.application.json_records import read_json, record_digest
from connectors.domain.billing_details import billing_details
from connectors.domain.billing_mapping import map_measurement
from connectors.domain.field_mapping import SALESFORCE_ORDER, read_order_mapping
from connectors.domain.order_mapping import map_order
from connectors.domain.reading import optional_date, optional_decimal, optional_text
from connectors.domain.refusal import RecordRefused, RefusalCode
from connectors.domain.source import Source, SourceKind

from .test_order_mapping import NOW, RECORD

MAPPING = read_order_mapping(SALESFORCE_ORDER)


@pytest.mark.parametrize(
    "value",
    [
        "1_000", "१२", "1e9999999", "1e400", "NaN", "sNaN", "-Infinity", "0x10", "1,5", "--1", ".",
        Decimal("1e400"), Decimal("1e9999999"), Decimal("NaN"), True,
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_refused(value: object) -> None:
    with pytest.raises(RecordRefused) as refused:
        optional_decimal({"TotalAmount": value}, "TotalAmount")

    assert refused.value.refusal.code is RefusalCode.BAD_TYPE


@pytest.mark.parametrize(
    ("value", "number"),
    [("1.23456E3", "1234.56"), ("+5", "5"), (".5", "0.5"), ("12.", "12"), (" 7 ", "7")],
)
def test_the_ways_to_write_a_number_are_read(value: str, number: str) -> None:
    assert optional_decimal({"TotalAmount": value}, "TotalAmount") == Decimal(number)


@pytest.mark.parametrize("zero", ["-0", "-0.00", Decimal("-0"), "0.0", "0e5"])
def test_zero_is_one_content_however_it_is_signed(zero: object) -> None:
    fact = map_order(
        RECORD | {"TotalAmount": zero},
        MAPPING,
        latest=date(2026, 3, 11),
        zone=ZoneInfo("Europe/Rome"),
    )

    assert fact.content["amount"] == {"amount": "0.00", "currency": "EUR"}


@pytest.mark.parametrize("value", ["2026-W10-1", "20260301", "2026-03-01Tnoon", "2026-02-30"])
def test_what_only_looks_like_a_day_is_refused(value: str) -> None:
    with pytest.raises(RecordRefused, match="not a date"):
        optional_date({"on": value}, "on")


def test_an_instant_gives_the_day_that_is_written() -> None:
    assert optional_date({"on": "2026-03-01T23:30:00.000Z"}, "on") == date(2026, 3, 1)


@pytest.mark.parametrize("value", ["zero \x00", "half \ud800", "x" * 256])
def test_text_that_cannot_be_stored_is_refused(value: str) -> None:
    with pytest.raises(RecordRefused) as refused:
        optional_text({"Name": value}, "Name")

    assert refused.value.refusal.code is RefusalCode.BAD_TYPE


def test_a_month_in_foreign_digits_is_written_in_ours() -> None:
    fact = map_measurement(
        {"name": "first_time_right", "payee": "AG-1", "month": "२०२६-03", "value": "1"}
    )

    assert fact.content["month"] == "2026-03"


def test_a_number_that_nobody_can_write_out_costs_nothing() -> None:
    value = read_json(b'{"a": 1e999999999, "b": 1e99999999999999999999999, "c": 1e-999999999}')

    assert value == {"a": "1e999999999", "b": "1e99999999999999999999999", "c": "1e-999999999"}
    assert len(record_digest(value)) == 64


def test_a_quarantined_record_comes_back_as_it_was_received() -> None:
    record = {"zero\x00": ["\x00", {"escaped": "\\u0000"}], "kept": "\ufffd"}

    kept = storable(record)

    assert "\x00" not in str(kept)
    assert as_received(kept) == record


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ("00D5g000004XyZA", True),
        ("00D5g000004XyZAEA0", True),
        ("00D5g000004XyZAXXX", True),
        ("00D5g000004xyzA", False),
        ("00D5g000004XyZAE", False),
        ("00D5g", False),
        ("", False),
        (None, False),
    ],
)
@pytest.mark.parametrize("expected", ["00D5g000004XyZA", "00D5g000004XyZAEA0"])
def test_an_organisation_is_known_by_its_first_fifteen_characters(
    expected: str, given: str | None, same: bool
) -> None:
    source = Source(UUID(int=1), "sf", SourceKind.SALESFORCE, expected, "Europe/Rome", 1, NOW)

    assert source.is_organisation(given) is same


def test_a_number_with_a_decimal_comma_says_how_it_is_written() -> None:
    with pytest.raises(RecordRefused, match=r"tax is '22,00'.* like 1234\.50"):
        billing_details({"tax": "22,00"}, "salesforce")


def test_a_row_names_attributes_and_payees_in_columns_of_their_own() -> None:
    row = {"payees": "", "payees.clerk": "M1", "payees.seller": "", "attributes.channel": "web"}

    assert billing_details(row, "salesforce") == {
        "payees": {"clerk": {"system": "salesforce", "code": "M1"}},
        "attributes": {"channel": "web"},
    }
    with pytest.raises(RecordRefused, match=r"in a file .* column of its own, .*attributes\.ch"):
        billing_details({"attributes": "channel=web"}, "salesforce")
