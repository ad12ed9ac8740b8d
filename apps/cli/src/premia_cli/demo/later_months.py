"""The months after the first: what was paid in one is taken back two months later."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal

from premia_cli.demo import calculation, intake
from premia_cli.demo.explaining import lines_of, statement_of
from premia_cli.demo.job import Job
from premia_cli.demo.step import Outcome, verify
from premia_doubles.sample.orders import Record, stamped
from premia_doubles.sample.shape import AGENCY_PRINCIPAL, NEXT_MONTH, RUN_MONTH

STORNO_MONTH = "2026-04"
CANCELLED_ON = date(2026, 4, 10)


async def take_back_after_two_months(job: Job) -> Outcome:
    """Pay and close the first month and the next, then cancel an order that the first one paid."""
    paid = await _base_of_shown_order(job, RUN_MONTH)
    steps: tuple[Callable[[Job, str], Awaitable[Outcome]], ...] = (
        calculation.run_month,
        calculation.submit_run,
        calculation.approve_statements,
        calculation.close_period,
    )
    await calculation.close_period(job, RUN_MONTH)
    for step in steps:
        await step(job, NEXT_MONTH)
    record = _cancelled(job)
    await intake.push_orders(job, [record])
    await intake.announce_watermarks(job)
    await calculation.run_month(job, STORNO_MONTH)
    taken = await _base_of_shown_order(job, STORNO_MONTH)
    verify(paid > 0, f"the order was paid {paid} in {RUN_MONTH}")
    verify(taken == -paid, f"{taken} is taken back in {STORNO_MONTH}, {paid} was paid")
    statement = await statement_of(job, STORNO_MONTH, job.sample.partner_a, AGENCY_PRINCIPAL)
    api = await job.api("analyst", "calc-engine")
    return Outcome(
        f"order {record['OrderNumber']} paid {paid} EUR in {RUN_MONTH}, cancelled on "
        f"{CANCELLED_ON}: {taken} EUR in {STORNO_MONTH}, two closed months later; the rest of its "
        "commission is dropped",
        api.address(f"/v1/statements/{statement['id']}/lines"),
    )


def _cancelled(job: Job) -> Record:
    """Return the shown order as Salesforce sends it after the late cancellation."""
    late = job.sample.late_cancellation
    record = late | {
        "Cancelled_Date__c": CANCELLED_ON.isoformat(),
        "Status_Date__c": CANCELLED_ON.isoformat(),
    }
    return stamped(record, CANCELLED_ON, 900)


async def _base_of_shown_order(job: Job, month: str) -> Decimal:
    statement = await statement_of(job, month, job.sample.partner_a, AGENCY_PRINCIPAL)
    order = job.sample.late_cancellation["Id"]
    return sum(
        (
            Decimal(line["amount"]["amount"])
            for line in await lines_of(job, statement["id"])
            if line["component"] == "base" and order in (line["order_id"] or "")
        ),
        Decimal(0),
    )
