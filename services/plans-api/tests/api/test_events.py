"""What the topic hears: read from the outbox, as the relay does."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from premia_common.canonical import canonical_json, digest
from premia_common.contracts.envelope import Envelope
from premia_common.contracts.registry import EVENTS
from premia_runtime.database import Database
from premia_runtime.plumbing import RUNTIME
from premia_runtime.testing.databases import ServiceDatabases

from .conftest import Office, Person
from .flows import draft, mandate, publish
from .samples import payee, place, position


async def announced(databases: ServiceDatabases, tenant: UUID) -> list[dict[str, Any]]:
    """Return type and data of a tenant's events; each was read by its contract."""
    database = Database(databases["plans-api"].system)
    outbox = RUNTIME.outbox.c
    async with database.system() as connection:
        bodies = await connection.execute(
            select(outbox.body).where(outbox.tenant_id == tenant).order_by(outbox.id)
        )
        envelopes = [Envelope.read(body.encode()) for body in bodies.scalars()]
    await database.close()
    for envelope in envelopes:
        EVENTS[envelope.type].read(envelope)
    return [{"type": envelope.type, **(envelope.data or {})} for envelope in envelopes]


async def test_each_version_of_a_payee_is_announced_whole(
    designer: Person, service_databases: ServiceDatabases
) -> None:
    first = await designer.created("/v1/payees", payee())
    await designer.created("/v1/payees", payee())
    await designer.put(f"/v1/payees/{first['id']}", payee(name="Bianchi"), if_match=1)

    events = await announced(service_databases, designer.tenant)

    assert [(event["type"], event["version"], event["name"]) for event in events] == [
        ("premia.payee.changed.v1", 1, "Agenzia AG-1"),
        ("premia.payee.changed.v1", 2, "Bianchi"),
    ]
    assert events[1]["external_ids"] == [
        {"system": "salesforce", "code": "SF-AG-1", "valid_from": "2025-01-01", "valid_to": None}
    ]


async def test_a_refused_change_announces_nothing(
    designer: Person, service_databases: ServiceDatabases
) -> None:
    await designer.post("/v1/territories", place("lazio", "no such place"))

    assert await announced(service_databases, designer.tenant) == []


async def test_a_reporting_line_names_the_superior_by_id(
    designer: Person, service_databases: ServiceDatabases
) -> None:
    above = await designer.created("/v1/positions", position("A"))
    await designer.created("/v1/positions", position("B", ("A", "2026-01-01", None)))

    events = await announced(service_databases, designer.tenant)

    assert events[1]["reporting_lines"] == [
        {"reports_to": above["id"], "valid_from": "2026-01-01", "valid_to": None}
    ]


async def test_publishing_puts_the_whole_document_on_the_topic(
    office: Office, designer: Person, service_databases: ServiceDatabases
) -> None:
    path, plan = await draft(designer)

    await publish(office, designer, path)

    (event,) = [
        event
        for event in await announced(service_databases, office.tenant)
        if event["type"] == "premia.plan.published.v1"
    ]
    assert event["plan_name"] == "agency-energy-2026"
    assert event["version"] == 1
    assert event["content_hash"] == plan["version"]["content_hash"]
    assert digest(canonical_json(event["document"])) == event["content_hash"]


async def test_the_life_of_a_plan_is_announced_step_by_step(
    office: Office, designer: Person, approver: Person, service_databases: ServiceDatabases
) -> None:
    path, plan = await draft(designer)
    published = await publish(office, designer, path)
    contract = await mandate(designer, plan["principal_id"])
    await designer.created(
        "/v1/assignments",
        {"plan": plan["name"], "mandate_id": contract["id"], "valid_from": "2026-01-01"},
    )
    partner = office.person("payee", payee_id=contract["payee_id"])
    body = {"content_hash": published["content_hash"]}
    await partner.post(f"{path}/versions/1/acceptances", body)
    await partner.post(f"{path}/versions/1/acceptances", body)
    await approver.post(
        f"{path}/versions/1/retire",
        {"retired_from": "2026-07-01", "reason": "A new agreement."},
        if_match=3,
    )

    events = await announced(service_databases, office.tenant)

    assert [event["type"].split(".", 1)[1] for event in events] == [
        "principal.changed.v1",
        "plan.published.v1",
        "payee.changed.v1",
        "mandate.changed.v1",
        "assignment.changed.v1",
        "plan_acceptance.recorded.v1",
        "plan.retired.v1",
    ]
    assert events[4]["payee_id"] == contract["payee_id"]
    assert events[5]["accepted_on"] == "2026-04-01"
    assert (events[6]["version"], events[6]["retired_version"]) == (1, 1)
    assert events[6]["retired_from"] == "2026-07-01"


@pytest.mark.parametrize("what", ["territories", "product-categories"])
async def test_a_batch_announces_each_place_once(
    designer: Person, service_databases: ServiceDatabases, what: str
) -> None:
    items = [place("roma", "italia"), place("italia"), place("italia")]

    await designer.created(f"/v1/{what}:batch", {"items": items})
    await designer.created(f"/v1/{what}:batch", {"items": items})

    events = await announced(service_databases, designer.tenant)
    assert sorted(event["code"] for event in events) == ["italia", "roma"]
