"""Steps that several tests take."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from premia_common.contracts.fields import MoneyOut
from premia_common.contracts.invoices import TaxItemsCalculated

from ..conftest import NEW, Office  # noqa: TID252
from ..samples import above_target, master_data  # noqa: TID252


def tax_answer(
    office: Office, statement: dict[str, Any], *, status: str = "ok", reasons: tuple[str, ...] = ()
) -> TaxItemsCalculated:
    """Return what invoicing answers to a revision."""
    net = Decimal(statement["payable"]["amount"])
    zero = MoneyOut(amount=Decimal("0.00"), currency="EUR")
    return TaxItemsCalculated(
        event_id=NEW.new(),
        occurred_at=datetime.now(UTC),  # noqa: TID251 - the latest answer counts
        tenant_id=office.tenant,
        correlation_id=NEW.new(),
        statement_id=UUID(statement["id"]),
        revision=statement["revision"],
        statement_digest=statement["digest"],
        status=status,  # type: ignore[arg-type]
        reasons=reasons,
        items=(),
        taxable=MoneyOut(amount=net, currency="EUR"),
        vat=zero,
        withholding=zero,
        net=MoneyOut(amount=net, currency="EUR"),
    )


async def submit(office: Office, run: dict[str, Any]) -> list[str]:
    """Send a run to review and let invoicing answer every statement."""
    sent = await office.analyst.post(f"/v1/runs/{run['id']}/submit", {"accept": []})
    assert sent.status_code == 200, sent.text
    statements = await office.statements(run["period"])
    await office.arrive([tax_answer(office, item) for item in statements])
    submitted: list[str] = sent.json()["statements"]
    return submitted


async def approve_all(office: Office, period: str) -> dict[str, Any]:
    """Approve every statement of a period in one call."""
    items = [
        {"statement_id": item["id"], "revision": item["revision"], "digest": item["digest"]}
        for item in await office.statements(period)
    ]
    answer = await office.approver.post("/v1/statements:approve", {"items": items})
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def close(office: Office, month: str) -> None:
    """Close a month with two people."""
    asked = await office.analyst.post(f"/v1/periods/{month}/close", {"exclude": []})
    assert asked.status_code == 200, asked.text
    done = await office.approver.post(f"/v1/periods/{month}/close", {"exclude": []})
    assert done.status_code == 200, done.text
    assert done.json()["status"] == "closed"


async def settle(office: Office, month: str) -> dict[str, Any]:
    """Run, submit, approve and close a month; return the run."""
    run = await office.run(month)
    await submit(office, run)
    result = await approve_all(office, month)
    assert result["refused"] == 0, result
    await close(office, month)
    return run


async def prepared(office: Office) -> None:
    """Two orders of A1 above the target of March, and the month open."""
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")


async def answered(
    office: Office, body: dict[str, Any], path: str = "/v1/simulations"
) -> dict[str, Any]:
    """Ask what pay would be, and return the finished answer."""
    started = await office.analyst.post(path, body)
    assert started.status_code == 202, started.text
    await office.work()
    found: dict[str, Any] = (await office.analyst.get(started.headers["Location"])).json()
    assert found["status"] == "completed", found["failure"]
    return found
