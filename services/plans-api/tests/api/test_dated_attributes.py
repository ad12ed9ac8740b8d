"""Dated, typed attributes of payees and positions."""

from typing import Any

import pytest

from premia_runtime.testing.databases import ServiceDatabases

from .conftest import Person
from .samples import payee, position
from .test_events import announced

TARGET_PAY = {
    "name": "target_pay",
    "type": "money",
    "value": "45000.00",
    "unit": "EUR",
    "valid_from": "2026-01-01",
    "valid_to": "2026-07-01",
}
RAISED = TARGET_PAY | {"value": "48000.00", "valid_from": "2026-07-01", "valid_to": None}


async def test_they_are_kept_by_day_and_travel_with_the_payee(
    designer: Person, service_databases: ServiceDatabases
) -> None:
    made = await designer.created("/v1/payees", payee(dated_attributes=[TARGET_PAY, RAISED]))

    (event,) = await announced(service_databases, designer.tenant)

    assert made["dated_attributes"] == [TARGET_PAY, RAISED]
    assert event["dated_attributes"] == [TARGET_PAY, RAISED]
    shown = (await designer.get(f"/v1/payees/{made['id']}")).json()
    assert shown["dated_attributes"] == [TARGET_PAY, RAISED]


async def test_a_payee_without_them_travels_as_before(
    designer: Person, service_databases: ServiceDatabases
) -> None:
    await designer.created("/v1/payees", payee())

    (event,) = await announced(service_databases, designer.tenant)

    assert "dated_attributes" not in event


async def test_a_position_has_them_too(
    designer: Person, service_databases: ServiceDatabases
) -> None:
    share = {
        "name": "time_share",
        "type": "percent",
        "value": "0.8",
        "unit": None,
        "valid_from": "2026-01-01",
        "valid_to": None,
    }

    await designer.created("/v1/positions", position("P1", dated_attributes=[share]))

    (event,) = await announced(service_databases, designer.tenant)
    assert event["dated_attributes"] == [share]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ([TARGET_PAY, RAISED | {"valid_from": "2026-06-01"}], "two values on 2026-06-01"),
        ([TARGET_PAY | {"value": "45.000,00"}], "no plain decimal"),
        ([TARGET_PAY | {"unit": None}], "its currency"),
        ([TARGET_PAY, RAISED | {"unit": "CHF"}], "in two units"),
        ([TARGET_PAY | {"name": "channel"}], "with dates and without"),
        ([TARGET_PAY | {"type": "text"}], "a text has no unit"),
        ([TARGET_PAY | {"type": "date", "unit": None}], "no day"),
        ([TARGET_PAY | {"type": "bool", "unit": None}], "true or false"),
    ],
)
async def test_what_does_not_fit_is_refused_in_words(
    designer: Person, attributes: list[dict[str, Any]], said: str
) -> None:
    refused = await designer.post("/v1/payees", payee(dated_attributes=attributes))

    assert refused.status_code == 422
    assert said in refused.text
