"""The sample tenants: big enough, the same every time, and well formed."""

from collections import Counter
from datetime import date
from functools import cache

import pytest
from stdnum import iban
from stdnum.it import codicefiscale, iva

from premia_doubles.sample.shape import SMALL, UTILITY
from premia_doubles.sample.tenant import Sample, generate


@cache
def utility() -> Sample:
    return generate(2026, UTILITY)


def test_the_utility_has_300_payees_in_three_levels() -> None:
    levels = Counter(payee["level"] for payee in utility().payees)

    assert sum(levels.values()) == 300
    assert levels == {1: 10, 2: 60, 3: 230}


def test_twenty_agencies_work_for_both_principals() -> None:
    both = [payee for payee in utility().payees if len(payee["principals"]) == 2]

    assert len(both) == 20
    assert {payee["kind"] for payee in both} == {"agency"}


def test_fifty_thousand_orders_lie_in_fourteen_months() -> None:
    orders = utility().pushed + utility().filed

    assert len(utility().pushed) == 100
    assert len({record["Id"] for record in orders}) == 50_000
    months = {record["Signed_Date__c"][:7] for record in orders}
    assert (min(months), max(months), len(months)) == ("2025-01", "2026-02", 14)


def test_the_same_seed_gives_the_same_tenant_and_another_seed_another() -> None:
    assert generate(7, SMALL) == generate(7, SMALL)
    assert generate(7, SMALL).filed != generate(8, SMALL).filed


def test_the_second_tenant_has_the_same_order_numbers_and_ids() -> None:
    numbers = {(record["OrderNumber"], record["Id"]) for record in utility().filed}
    numbers |= {(record["OrderNumber"], record["Id"]) for record in utility().pushed}
    small = generate(7, SMALL)

    assert {(record["OrderNumber"], record["Id"]) for record in small.filed} < numbers


def test_tax_codes_vat_numbers_and_ibans_pass_another_library() -> None:
    for payee in utility().payees:
        fiscal = payee["fiscal"]
        assert iva.is_valid(fiscal["vat_number"])
        assert iban.is_valid(fiscal["iban"])
        if fiscal["legal_form"] == "individual":
            assert codicefiscale.is_valid(fiscal["codice_fiscale"])


def test_nobody_shares_a_vat_number_or_a_salesforce_code() -> None:
    numbers = [payee["fiscal"]["vat_number"] for payee in utility().payees]
    codes = [row["code"] for payee in utility().payees for row in payee["salesforce_codes"]]

    assert len(set(numbers)) == 300
    assert len(set(codes)) == len(codes) > 300


def test_nothing_happens_after_the_last_day() -> None:
    last = UTILITY.last_day.isoformat()
    days = [
        record[name]
        for record in utility().pushed + utility().filed + utility().amended
        for name in ("Signed_Date__c", "Activated_Date__c", "Cancelled_Date__c", "Churned_Date__c")
    ]

    assert max(days) == last
    assert max(bill["on"] for bill in utility().bills) == last
    assert min(bill["on"] for bill in utility().later_bills) > last


def test_an_amended_order_is_a_later_version_of_a_filed_one() -> None:
    filed = {record["Id"]: record for record in utility().filed}

    assert len(utility().amended) > 1000
    changed = 0
    for record in utility().amended:
        before = filed[record["Id"]]
        assert record["SystemModstamp"] > before["SystemModstamp"]
        changed += record != before | {"SystemModstamp": record["SystemModstamp"]}
    assert changed > 1000


def test_the_late_cancellation_is_of_a_pushed_order_of_partner_a() -> None:
    late = utility().late_cancellation
    before = next(record for record in utility().pushed if record["Id"] == late["Id"])
    partner = next(row for row in utility().payees if row["code"] == utility().partner_a)

    assert before["Cancelled_Date__c"] == ""
    assert late["Agency_Code__c"] == partner["salesforce_codes"][0]["code"]
    assert late["Cancelled_Date__c"] == "2026-02-24"
    assert date.fromisoformat(late["SystemModstamp"][:10]) > UTILITY.last_day


@pytest.mark.parametrize("state", ["Signed", "Activated", "Cancelled", "Churned"])
def test_orders_are_in_every_state(state: str) -> None:
    assert sum(record["Status"] == state for record in utility().filed) > 500


def test_some_cancellations_are_imputable_to_the_principal() -> None:
    blamed = Counter(record["Cancellation_Imputable_To__c"] for record in utility().filed)

    assert blamed["principal"] > 100
    assert blamed["customer"] > blamed["payee"] > blamed["principal"]
