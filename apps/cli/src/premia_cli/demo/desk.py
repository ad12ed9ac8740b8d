"""An exception at the desk: found by a run, repaired by a request, settled by the next run."""

from datetime import date, timedelta
from typing import Any

from premia_cli.demo.calculation import calculate
from premia_cli.demo.intake import announce_watermarks, push_orders
from premia_cli.demo.job import Job, wait_for
from premia_cli.demo.seed import payee_body
from premia_cli.demo.step import Outcome, verify
from premia_doubles.sample.check_digits import salesforce_id
from premia_doubles.sample.orders import Record, stamped

CODE = "SF-99001"
"""A seller's code that plans-api does not know."""
SERIAL = 990_001


async def settle_exception(job: Job, month: str) -> Outcome:
    """Let an order of an unknown seller become an exception, repair it, and see it settled."""
    api = await job.api("analyst", "calc-engine")
    record = _order_of_unknown_seller(job)
    await push_orders(job, [record])
    await announce_watermarks(job)
    await calculate(job, month)
    item = await _of_desk(job, month, record, status="open")
    stake = item["affects"]["amount"]
    verify(item["affects"]["estimate"] == "unpaid_lines", f"the stake is {item['affects']}")
    repair = item["repair"]
    verify(
        (repair["method"], repair["path"]) == ("PUT", "/v1/payees/{id}"),
        f"the desk names the repair {repair}",
    )
    await _give_code(job)
    await calculate(job, month)
    settled = await _of_desk(job, month, record, status="settled")
    verify(settled["id"] == item["id"], "another exception is settled")
    return Outcome(
        f"order {record['OrderNumber']}: {item['message']}; {stake['amount']} EUR hang on it; "
        f"repaired by {repair['method']} {repair['path']} of {repair['service']}, "
        "settled by the next run",
        api.address(f"/v1/exceptions?period={month}&status=settled"),
    )


def _order_of_unknown_seller(job: Job) -> Record:
    shown = next(
        row for row in job.sample.pushed if row["Id"] == job.sample.late_cancellation["Id"]
    )
    activated = date.fromisoformat(shown["Activated_Date__c"]) + timedelta(days=3)
    record = shown | {
        "Id": salesforce_id("801", SERIAL),
        "OrderNumber": f"{SERIAL:08d}",
        "Agency_Code__c": CODE,
        "TotalAmount": "1000.00",
        "Status_Date__c": activated.isoformat(),
        "Activated_Date__c": activated.isoformat(),
    }
    return stamped(record, activated, 700)


async def _of_desk(job: Job, month: str, record: Record, *, status: str) -> dict[str, Any]:
    api = await job.api("analyst", "calc-engine")
    items = [
        item
        async for item in api.items(
            "/v1/exceptions", period=month, code="payee_unknown", status=status
        )
        if record["Id"] in (item["order_id"] or "")
    ]
    verify(len(items) == 1, f"{len(items)} exceptions of {record['OrderNumber']} are {status}")
    found: dict[str, Any] = items[0]
    return found


async def _give_code(job: Job) -> None:
    """Give partner-a the unknown code as well, and wait until calc-engine knows it."""
    plans = await job.api("designer", "plans-api")
    calc = await job.api("analyst", "calc-engine")
    payee_id = job.known.payees[job.sample.partner_a]
    row = next(row for row in job.sample.payees if row["code"] == job.sample.partner_a)
    body = payee_body(row)
    codes = [*row["salesforce_codes"], {**row["salesforce_codes"][0], "code": CODE}]
    body["external_ids"] = [{"system": "salesforce", **code} for code in codes]
    before = await plans.get(f"/v1/payees/{payee_id}")
    await plans.call("PUT", f"/v1/payees/{payee_id}", body, version=before["version"])

    async def known() -> bool:
        facts = calc.items("/v1/facts/payee", key=str(payee_id))
        return any([CODE in str(fact["body"]["external_ids"]) async for fact in facts])

    await wait_for(known, f"the new code of {job.sample.partner_a} at calc-engine")
