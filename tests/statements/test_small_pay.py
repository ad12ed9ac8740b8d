"""Pay too small to be paid, from calc-engine's statements to invoicing's documents."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from premia_common.contracts import orders as o
from premia_common.contracts import plans as p
from premia_common.contracts.envelope import Event
from premia_common.contracts.fields import DatedExternalId, ExternalRef, MoneyOut, RawRef
from premia_common.contracts.invoices import TaxItemsCalculated
from premia_common.contracts.statements import StatementApproved, StatementCalculated
from premia_common.identifiers import derive_id
from premia_plan.document import parse_plan
from premia_plan.library import library_plan

from .two_services import TwoServices

pytestmark = pytest.mark.integration

KNOWN = datetime(2026, 1, 2, 6, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
PLAN = f"""{library_plan("newcomer-draw").partition("payment:")[0]}payment: {{minimum: 50 EUR}}
examples:
  - name: nobody sells
    given: {{payees: [{{id: N1, kind: agency}}]}}
    expect: {{}}
"""
"""4 % of what is activated in a month; less than 50.00 is kept."""


def sold(tenant: UUID, month: str, amount: str) -> o.OrderRecorded:
    return o.OrderRecorded(
        **_envelope(tenant, "order", month),
        source="salesforce",
        known_at=KNOWN,
        mapping_version=1,
        raw=RawRef(message_id=month, sha256="5" * 64, part="1"),
        record_id=f"R-{month}",
        record_version="1",
        order_number=month,
        principal="1000",
        signed_on=date(2026, 2, 2),
        seller=ExternalRef(system="salesforce", code="A1"),
        category="gas",
        territory="nord",
        amount=MoneyOut(amount=amount, currency="EUR"),
        states=(o.StateSeen(state="activated", on=date.fromisoformat(f"{month}-20")),),
    )


def staff(tenant: UUID) -> list[Event]:
    """One company, one agency, and the plan it is assigned to."""
    document = parse_plan(PLAN)
    content = json.loads(document.canonical())
    ids = {name: derive_id("small-pay", str(tenant), name) for name in ("company", "payee", "plan")}
    mandate = derive_id("small-pay", str(tenant), "mandate")
    return [
        p.PrincipalChanged(
            **_envelope(tenant, "company"), version=1, principal_id=ids["company"], code="1000",
            name="Energia Invented", country="IT", currency="EUR",
        ),
        p.PlanPublished(
            **_envelope(tenant, "plan"), version=1, plan_id=ids["plan"], plan_name=content["plan"],
            principal_id=ids["company"], content_hash=document.hash, document=content,
            published_at=KNOWN,
        ),
        p.PayeeChanged(
            **_envelope(tenant, "payee"), version=1, payee_id=ids["payee"], code="A1",
            name="Agenzia A1", kind="agency", language="it", attributes={}, valid_from=LONG_AGO,
            external_ids=(DatedExternalId(system="salesforce", code="A1", valid_from=LONG_AGO),),
        ),
        p.MandateChanged(
            **_envelope(tenant, "mandate"), version=1, mandate_id=mandate, valid_from=LONG_AGO,
            principal_id=ids["company"], payee_id=ids["payee"],
        ),
        p.AssignmentChanged(
            **_envelope(tenant, "assignment"), version=1, plan_id=ids["plan"], mandate_id=mandate,
            assignment_id=derive_id("small-pay", str(tenant), "assignment"),
            plan_name=content["plan"], principal_id=ids["company"], payee_id=ids["payee"],
            valid_from=LONG_AGO,
        ),
    ]  # fmt: skip


def _envelope(tenant: UUID, *names: str) -> dict[str, Any]:
    return {
        "event_id": derive_id("small-pay-event", str(tenant), *names),
        "occurred_at": KNOWN,
        "tenant_id": tenant,
        "correlation_id": derive_id("small-pay-correlation", str(tenant)),
    }


async def settle(two: TwoServices, month: str) -> dict[str, Any]:
    """Calculate, tax, approve and close a month; return its only statement."""
    analyst, approver = "compensation_analyst", "compensation_approver"
    run = await two.call(two.calc, analyst, "POST", "/v1/runs", {"period": month})
    while await two.worker.work_once():
        pass
    await two.call(two.calc, analyst, "POST", f"/v1/runs/{run['id']}/submit", {"accept": []})
    await two.carry(two.calc, two.invoicing, StatementCalculated)
    await two.carry(two.invoicing, two.calc, TaxItemsCalculated)
    [statement] = (await two.call(two.calc, analyst, "GET", "/v1/statements", period=month))[
        "items"
    ]
    named = {"statement_id": statement["id"], **{k: statement[k] for k in ("revision", "digest")}}
    done = await two.call(two.calc, approver, "POST", "/v1/statements:approve", {"items": [named]})
    assert done["refused"] == 0, done
    await two.carry(two.calc, two.invoicing, StatementApproved)
    for person in (analyst, approver):
        path = f"/v1/periods/{month}/close"
        await two.call(two.calc, person, "POST", path, {"exclude": []})
    found: dict[str, Any] = statement
    return found


async def with_profile(two: TwoServices) -> None:
    body = {
        "payee_id": str(derive_id("small-pay", str(two.tenant), "payee")),
        "valid_from": "2025-01-01",
        "role": "agent",
        "legal_form": "individual",
        "tax_regime": "RF01",
        "legal_name": "Agenzia Bianchi di Maria Bianchi",
        "vat_number": "00743110157",
        "tax_code": "BNCMRA80A41F205H",
        "iban": "IT60X0542811101000000123456",
        "supplier_number": "0000100234",
        "address": {
            "street": "Via Garibaldi 12",
            "postal_code": "20121",
            "city": "Milano",
            "province": "MI",
            "country": "IT",
        },
    }
    made = await two.call(two.invoicing, "finance_clerk", "POST", "/v1/fiscal-profiles", body)
    path = f"/v1/fiscal-profiles/{made['id']}/approve"
    await two.call(two.invoicing, "finance_approver", "POST", path)


async def test_small_pay_waits_through_a_quiet_month_and_is_invoiced_once(
    two: TwoServices,
) -> None:
    # 40.00 in February, nothing in March, 70.00 in April.
    await two.happen(staff(two.tenant))
    await two.happen([sold(two.tenant, "2026-02", "1000"), sold(two.tenant, "2026-04", "1750")])
    await with_profile(two)
    await two.call(two.calc, "compensation_analyst", "POST", "/v1/periods", {"month": "2026-02"})

    statements = [await settle(two, month) for month in ("2026-02", "2026-03", "2026-04")]

    shown = ("brought_forward", "payable", "carried_forward")
    assert [tuple(item[name]["amount"] for name in shown) for item in statements] == [
        ("0.00", "0.00", "40.00"),
        ("40.00", "0.00", "40.00"),
        ("40.00", "110.00", "0.00"),
    ]
    assert await two.invoicing.refused(two.tenant) == []
    documents = await two.call(two.invoicing, "auditor", "GET", "/v1/pro-formas")
    assert [(item["period"], item["statement_id"]) for item in documents["items"]] == [
        ("2026-04", statements[2]["id"])
    ]
