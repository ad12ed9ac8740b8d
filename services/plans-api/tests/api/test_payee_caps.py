"""Caps of a payee's agreement, and targets that change within a month."""

from typing import Any

import pytest

from premia_runtime.testing.databases import ServiceDatabases

from .conftest import Person
from .samples import payee, principal
from .test_events import announced

CAP = {
    "amount": {"amount": "5000.00", "currency": "EUR"},
    "valid_from": "2026-01-01",
    "valid_to": "2026-07-01",
    "priority": ["base", "token"],
}
RAISED = CAP | {"valid_from": "2026-07-01", "valid_to": None, "priority": []}
WHOLE = {"month": "2026-03", "amount": {"amount": "50000.00", "currency": "EUR"}}
FROM_MID_MONTH = {
    "month": "2026-03",
    "amount": {"amount": "40000.00", "currency": "EUR"},
    "valid_from": "2026-03-16",
}


async def pair(designer: Person) -> dict[str, Any]:
    owing = await designer.created("/v1/principals", principal())
    paid = await designer.created("/v1/payees", payee())
    return {"principal_id": owing["id"], "payee_id": paid["id"], "valid_from": "2026-01-01"}


async def test_the_caps_of_an_agreement_are_kept_and_travel_with_it(
    designer: Person, service_databases: ServiceDatabases
) -> None:
    body = await pair(designer) | {"payee_caps": [CAP, RAISED]}

    made = await designer.created("/v1/mandates", body)

    *_, event = await announced(service_databases, designer.tenant)
    assert made["payee_caps"] == [CAP, RAISED]
    assert event["payee_caps"][0] == CAP
    assert "priority" not in event["payee_caps"][1]
    shown = (await designer.get(f"/v1/mandates/{made['id']}")).json()
    assert shown["payee_caps"] == [CAP, RAISED]


async def test_a_body_that_says_nothing_of_caps_leaves_them_and_an_empty_list_removes_them(
    designer: Person,
) -> None:
    body = await pair(designer)
    made = await designer.created("/v1/mandates", body | {"payee_caps": [CAP]})
    path = f"/v1/mandates/{made['id']}"

    again = await designer.created("/v1/mandates", body)
    ended = await designer.put(path, body | {"valid_to": "2027-01-01"}, if_match=1)
    removed = await designer.put(path, body | {"payee_caps": []}, if_match=2)

    assert (again["version"], again["payee_caps"]) == (1, [CAP])
    assert (ended.json()["valid_to"], ended.json()["payee_caps"]) == ("2027-01-01", [CAP])
    assert (removed.json()["version"], removed.json()["payee_caps"]) == (3, [])


@pytest.mark.parametrize(
    ("caps", "said"),
    [
        ([CAP, RAISED | {"valid_from": "2026-06-01"}], "two caps hold on 2026-06-01"),
        ([CAP | {"priority": ["base", "base"]}], "names a component twice"),
        ([CAP | {"amount": {"amount": "-1.00", "currency": "EUR"}}], "zero or more"),
    ],
)
async def test_caps_that_cannot_be_applied_are_refused(
    designer: Person, caps: list[dict[str, Any]], said: str
) -> None:
    body = await pair(designer) | {"payee_caps": caps}

    refused = await designer.post("/v1/mandates", body)

    assert refused.status_code == 422
    assert said in refused.text


async def test_a_target_that_changes_within_a_month_is_kept_by_its_days(
    designer: Person, service_databases: ServiceDatabases
) -> None:
    paid = await designer.created("/v1/payees", payee())
    body = {"payee_id": paid["id"], "name": "activated_value", "values": [FROM_MID_MONTH, WHOLE]}

    made = await designer.created("/v1/targets", body)

    *_, event = await announced(service_databases, designer.tenant)
    assert made["values"] == [WHOLE | {"valid_from": None}, FROM_MID_MONTH]
    assert event["values"] == [WHOLE, FROM_MID_MONTH]
    shown = (await designer.get(f"/v1/targets/{made['id']}")).json()
    assert shown["values"] == made["values"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([FROM_MID_MONTH], "none before"),
        ([WHOLE, WHOLE], "given twice"),
        ([WHOLE, FROM_MID_MONTH, FROM_MID_MONTH], "given twice from 2026-03-16"),
        ([WHOLE, FROM_MID_MONTH | {"valid_from": "2026-04-02"}], "not a day of 2026-03"),
        ([WHOLE, FROM_MID_MONTH | {"valid_from": "2026-03-01"}], "after its first"),
    ],
)
async def test_targets_of_days_that_do_not_fit_are_refused(
    designer: Person, values: list[dict[str, Any]], said: str
) -> None:
    paid = await designer.created("/v1/payees", payee())
    body = {"payee_id": paid["id"], "name": "activated_value", "values": values}

    refused = await designer.post("/v1/targets", body)

    assert refused.status_code == 422
    assert said in refused.text
