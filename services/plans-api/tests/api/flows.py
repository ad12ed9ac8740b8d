"""Longer ways that several tests begin with."""

from typing import Any

from .conftest import Office, Person
from .samples import payee, plan_text, principal


async def draft(designer: Person, text: str | None = None) -> tuple[str, dict[str, Any]]:
    """Create the principal and a draft of its plan; return the plan's path and the answer."""
    owner = await designer.created("/v1/principals", principal())
    body = {"principal_id": owner["id"], "document": text or plan_text()}
    plan = await designer.created("/v1/plans", body)
    return f"/v1/plans/{plan['id']}", plan


async def publish(office: Office, designer: Person, path: str, number: int = 1) -> dict[str, Any]:
    """Take a fresh draft to its publication by two people; return the published version."""
    version = f"{path}/versions/{number}"
    submitted = await designer.post(f"{version}/submit", if_match=1)
    assert submitted.status_code == 200, submitted.text
    approver = office.person("plan_approver")
    body = {"accepted_warnings": await warnings_about(approver, version)}
    published = await approver.post(f"{version}/publish", body, if_match=2)
    assert published.status_code == 200, published.text
    content: dict[str, Any] = published.json()
    return content


async def warnings_about(approver: Person, version: str) -> list[str]:
    """Return the names of the warnings about a stored version."""
    stored = (await approver.get(f"{version}/document")).json()
    check = (await approver.post("/v1/plans:check", {"document": stored["text"]})).json()
    return [item["name"] for item in check["findings"]]


async def mandate(designer: Person, principal_id: str, **changes: Any) -> dict[str, Any]:
    """Create a payee and a mandate from 2025 on."""
    paid = await designer.created("/v1/payees", payee())
    body = {"principal_id": principal_id, "payee_id": paid["id"], "valid_from": "2025-01-01"}
    return await designer.created("/v1/mandates", body | changes)
