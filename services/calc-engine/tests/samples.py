"""Events of an invented utility: one agency, its area manager, a plan and some orders."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from premia_common.contracts import orders as o
from premia_common.contracts import plans as p
from premia_common.contracts.fields import DatedExternalId, ExternalRef, Label, MoneyOut, RawRef
from premia_common.identifiers import derive_id
from premia_plan.document import parse_plan
from premia_plan.library import library_plan

KNOWN = datetime(2026, 4, 1, 6, 0, tzinfo=UTC)
RAW = "5" * 64


def ident(tenant: UUID, *parts: str) -> UUID:
    return derive_id("sample", str(tenant), *parts)


def euros(amount: str) -> MoneyOut:
    return MoneyOut(amount=amount, currency="EUR")


def _envelope(tenant: UUID, *parts: str, known: datetime = KNOWN) -> dict[str, Any]:
    return {
        "event_id": ident(tenant, "event", *parts),
        "occurred_at": known,
        "tenant_id": tenant,
        "correlation_id": ident(tenant, "correlation"),
    }


def principal(tenant: UUID, code: str = "1000") -> p.PrincipalChanged:
    return p.PrincipalChanged(
        **_envelope(tenant, "principal", code),
        version=1,
        principal_id=ident(tenant, "principal", code),
        code=code,
        name="Energia Invented",
        country="IT",
        currency="EUR",
    )


def payee(tenant: UUID, code: str, *, channel: str = "field", version: int = 1) -> p.PayeeChanged:
    return p.PayeeChanged(
        **_envelope(tenant, "payee", code, str(version)),
        version=version,
        payee_id=ident(tenant, "payee", code),
        code=code,
        name=f"Agenzia {code}",
        kind="agency",
        language="it",
        attributes={"channel": channel},
        external_ids=(
            DatedExternalId(system="salesforce", code=code, valid_from=date(2020, 1, 1)),
        ),
        valid_from=date(2020, 1, 1),
    )


def mandate(tenant: UUID, code: str, principal_code: str = "1000") -> p.MandateChanged:
    return p.MandateChanged(
        **_envelope(tenant, "mandate", code, principal_code),
        version=1,
        mandate_id=ident(tenant, "mandate", code, principal_code),
        principal_id=ident(tenant, "principal", principal_code),
        payee_id=ident(tenant, "payee", code),
        valid_from=date(2020, 1, 1),
    )


def position(tenant: UUID, code: str, above: str | None) -> p.PositionChanged:
    lines = (
        (p.ReportingLine(reports_to=ident(tenant, "position", above), valid_from=date(2020, 1, 1)),)
        if above
        else ()
    )
    return p.PositionChanged(
        **_envelope(tenant, "position", code),
        version=1,
        position_id=ident(tenant, "position", code),
        code=code,
        hierarchy="sales",
        holdings=(p.Holding(payee_id=ident(tenant, "payee", code), valid_from=date(2020, 1, 1)),),
        reporting_lines=lines,
    )


def assignment(
    tenant: UUID, code: str, plan_name: str, principal_code: str = "1000"
) -> p.AssignmentChanged:
    return p.AssignmentChanged(
        **_envelope(tenant, "assignment", code, plan_name),
        version=1,
        assignment_id=ident(tenant, "assignment", code, plan_name),
        plan_id=ident(tenant, "plan", plan_name),
        plan_name=plan_name,
        mandate_id=ident(tenant, "mandate", code, principal_code),
        principal_id=ident(tenant, "principal", principal_code),
        payee_id=ident(tenant, "payee", code),
        valid_from=date(2020, 1, 1),
    )


def tree(tenant: UUID, kind: str, code: str, parent: str | None) -> Any:
    made = p.TerritoryChanged if kind == "territory" else p.ProductCategoryChanged
    return made(
        **_envelope(tenant, kind, code),
        version=1,
        code=code,
        parent=parent,
        label=Label(it=code, en=code),
    )


def target(tenant: UUID, code: str, amounts: dict[str, str]) -> p.TargetSet:
    return p.TargetSet(
        **_envelope(tenant, "target", code),
        version=1,
        target_id=ident(tenant, "target", code),
        payee_id=ident(tenant, "payee", code),
        name="activated_value",
        values=tuple(p.TargetValue(month=m, amount=euros(a)) for m, a in amounts.items()),
    )


def plan_of(name: str, sections: str) -> str:
    """Return a plan of 2026, in euros and for agencies, that has these sections."""
    return f"""
plan: {name}
title: {{it: Prova, en: Trial}}
language: 1
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: 2026-01-01, to: 2027-01-01, by: order.signed_on}}
participants: payee.kind = "agency"
{sections}"""


def agency_plan_text() -> str:
    return library_plan("agency-energy")


def plan_published(tenant: UUID, text: str, version: int = 1) -> p.PlanPublished:
    document = parse_plan(text)
    content = json.loads(document.canonical())
    name = content["plan"]
    return p.PlanPublished(
        **_envelope(tenant, "plan", name, str(version)),
        version=version,
        plan_id=ident(tenant, "plan", name),
        plan_name=name,
        principal_id=ident(tenant, "principal", "1000"),
        content_hash=document.hash,
        document=content,
        published_at=KNOWN,
    )


def accepted(tenant: UUID, plan: p.PlanPublished, code: str) -> p.PlanAcceptanceRecorded:
    return p.PlanAcceptanceRecorded(
        **_envelope(tenant, "acceptance", plan.plan_name, code),
        plan_id=plan.plan_id,
        plan_version=plan.version,
        content_hash=plan.content_hash,
        payee_id=ident(tenant, "payee", code),
        accepted_on=date(2026, 1, 2),
    )


def _raw(message: str) -> RawRef:
    return RawRef(message_id=message, sha256=RAW, part="1")


def order(
    tenant: UUID,
    number: str,
    amount: str,
    *,
    states: dict[str, str],
    seller: str | None = "A1",
    version: int = 1,
    signed_on: date = date(2026, 2, 20),
    imputable_to: str | None = None,
    principal_code: str = "1000",
    known: datetime = KNOWN,
    **more: Any,
) -> o.OrderRecorded:
    return o.OrderRecorded(
        **_envelope(tenant, "order", number, str(version), known=known),
        source="salesforce",
        known_at=known,
        mapping_version=1,
        raw=_raw(f"message-{number}-{version}"),
        record_id=f"R-{number}",
        record_version=f"2026-03-0{version}T00:00:00Z",
        order_number=number,
        principal=principal_code,
        signed_on=signed_on,
        seller=ExternalRef(system="salesforce", code=seller) if seller else None,
        category="gas",
        territory="nord",
        amount=euros(amount),
        states=tuple(
            o.StateSeen(state=state, on=date.fromisoformat(day)) for state, day in states.items()
        ),
        imputable_to=imputable_to,
        **more,
    )


def bill_paid(tenant: UUID, number: str, day: str, *, known: datetime = KNOWN) -> Any:
    return o.BillingSignalRecorded(
        **_envelope(tenant, "bill", number, known=known),
        source="billing",
        known_at=known,
        mapping_version=1,
        raw=_raw(f"bill-{number}"),
        signal_id=f"B-{number}",
        signal="invoice.paid",
        signal_version="1",
        order=ExternalRef(system="salesforce", code=f"R-{number}"),
        on=date.fromisoformat(day),
        first_for_contract=True,
    )


def measured(tenant: UUID, code: str, month: str, value: str) -> o.MeasurementRecorded:
    return o.MeasurementRecorded(
        **_envelope(tenant, "kpi", code, month),
        source="quality",
        known_at=KNOWN,
        mapping_version=1,
        raw=_raw(f"kpi-{code}-{month}"),
        measurement_id=f"{code}-{month}",
        measurement_version="1",
        name="first_time_right",
        payee=ExternalRef(system="salesforce", code=code),
        month=month,
        value=value,
    )


def watermark(tenant: UUID, source: str, count: int, amount: str) -> o.SourceWatermark:
    return o.SourceWatermark(
        **_envelope(tenant, "watermark", source, str(count)),
        source=source,
        known_up_to=KNOWN,
        count=count,
        amount=amount,
    )


def master_data(tenant: UUID, *, accept: bool = True) -> list[Any]:
    """One agency A1 below its area manager M1, both under the agency plan."""
    plan = plan_published(tenant, agency_plan_text())
    events: list[Any] = [principal(tenant), plan]
    for code, above in (("M1", None), ("A1", "M1")):
        events += [
            payee(tenant, code),
            mandate(tenant, code),
            position(tenant, code, above),
            assignment(tenant, code, plan.plan_name),
        ]
        if accept:
            events.append(accepted(tenant, plan, code))
    events += [
        tree(tenant, "territory", "italia", None),
        tree(tenant, "territory", "nord", "italia"),
        tree(tenant, "category", "any", None),
        tree(tenant, "category", "gas", "any"),
        target(tenant, "A1", {f"2026-{m:02d}": "50000.00" for m in range(1, 13)}),
        *(measured(tenant, "A1", f"2026-{m:02d}", "0.95") for m in range(1, 7)),
    ]
    return events


def above_target(tenant: UUID) -> list[Any]:
    """The plan's second example: 66 000 EUR in March, above the target of 50 000."""
    return [
        order(tenant, "O1", "40000.00", states={"activated": "2026-03-04"}),
        bill_paid(tenant, "O1", "2026-04-15"),
        order(
            tenant,
            "O2",
            "26000.00",
            states={"activated": "2026-03-20"},
            signed_on=date(2026, 2, 27),
        ),
    ]
