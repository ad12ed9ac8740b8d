"""The month inside calc-engine: opened, calculated, looked at, submitted, approved, closed."""

from typing import Any

from premia_cli.api import Refused
from premia_cli.demo.following import follow
from premia_cli.demo.job import Job, send_batch, wait_for
from premia_cli.demo.step import NotVerified, Outcome, verify

ENDED = ("completed", "failed", "cancelled")
WAIT_SECONDS = 60
"""How long a run waits for facts that a watermark promised."""


async def open_period(job: Job, month: str) -> Outcome:
    """Open the tenant's first month."""
    analyst = await job.api("analyst", "calc-engine")
    period = await analyst.post("/v1/periods", {"month": month})
    verify(period["status"] == "open", f"{month} is {period['status']}")
    return Outcome(f"{month} is open: the tenant's first month", analyst.address("/v1/periods"))


async def calculate(job: Job, month: str) -> tuple[dict[str, Any], int]:
    """Return a completed run of a month, and how many events told of it."""
    analyst = await job.api("analyst", "calc-engine")
    run = await analyst.post("/v1/runs", {"period": month, "wait_seconds": WAIT_SECONDS})
    path = f"/v1/runs/{run['id']}"

    def told(event: dict[str, Any]) -> None:
        stage = event["progress"]["stage"]
        job.reporter.progress(f"{event['progress_percent']:3} % {stage}")

    followed = await follow(
        analyst.address(f"{path}/events"), await job.token("analyst"), told, seconds=180
    )
    run = await analyst.get(path)
    verify(run["status"] == "completed", f"the run of {month} failed: {run['failure']}")
    return run, followed.events


async def run_month(job: Job, month: str) -> Outcome:
    """Start a run, follow its events, and read its validation report."""
    analyst = await job.api("analyst", "calc-engine")
    run, events = await calculate(job, month)
    path = f"/v1/runs/{run['id']}"
    job.known.runs[month] = run
    report = await analyst.get(f"{path}/validation-report")
    wrong = [total for total in report["control_totals"] if not total["agrees"]]
    verify(not wrong, f"control totals differ: {wrong}")
    unheard = ", ".join(report["sources_not_waited_for"])
    verify(not unheard, f"the run did not wait for {unheard}")
    verify(not report["blocking"], f"blocking exceptions: {report['exceptions']}")
    payable = ", ".join(f"{item['amount']} {item['currency']}" for item in report["payable"])
    job.known.shown[f"payable {month}"] = payable
    return Outcome(
        f"{report['statements']} statements, {report['lines']:,} lines, payable {payable}; "
        f"{len(report['control_totals'])} control totals agree, "
        f"{len(report['zero'])} statements pay nothing, {len(report['unusual'])} are unusual, "
        f"{sum(item['count'] for item in report['exceptions'])} exceptions; "
        f"told in {events} server-sent events",
        analyst.address(f"{path}/validation-report"),
    )


async def statements_of(job: Job, month: str, name: str = "analyst") -> list[dict[str, Any]]:
    """Return the statements of a month as an identity sees them."""
    api = await job.api(name, "calc-engine")
    return [item async for item in api.items("/v1/statements", period=month)]


async def submit_run(job: Job, month: str) -> Outcome:
    """Send the month's drafts to review once invoicing has answered each with its tax."""
    analyst = await job.api("analyst", "calc-engine")

    async def taxed() -> bool:
        found = await statements_of(job, month)
        done = sum(row["tax"] is not None for row in found)
        job.reporter.progress(f"tax of {done} of {len(found)} statements is known")
        return done == len(found)

    await wait_for(taxed, f"the tax of {month}", every=0.3)
    blocked = [row for row in await statements_of(job, month) if row["tax"]["status"] != "ok"]
    verify(not blocked, f"{len(blocked)} statements have no tax: {blocked[:1]}")
    run_id = job.known.runs[month]["id"]
    answer = await analyst.post(f"/v1/runs/{run_id}/submit", {"accept": []})
    return Outcome(
        f"{len(answer['statements'])} statements in review, VAT and withholding known for each"
    )


async def approve_statements(job: Job, month: str) -> Outcome:
    """Let a second person approve every statement, by revision and digest."""
    analyst = await job.api("analyst", "calc-engine")
    approver = await job.api("approver", "calc-engine")
    waiting = [row for row in await statements_of(job, month) if row["status"] == "in_review"]
    verify(bool(waiting), f"no statement of {month} waits for approval")
    await _refuses_its_maker(analyst, waiting[0])
    await send_batch(
        approver,
        "/v1/statements:approve",
        [
            {"statement_id": row["id"], "revision": row["revision"], "digest": row["digest"]}
            for row in waiting
        ],
    )
    approved = await statements_of(job, month)
    verify(
        all(row["status"] == "approved" for row in approved),
        f"not every statement of {month} is approved",
    )
    job.known.statements[month] = approved
    return Outcome(
        f"{len(waiting)} statements approved by a second person; their maker is refused (403)",
        approver.address(f"/v1/statements?period={month}"),
    )


async def _refuses_its_maker(analyst: Any, statement: dict[str, Any]) -> None:
    try:
        await analyst.post(
            f"/v1/statements/{statement['id']}/approve",
            {"digest": statement["digest"]},
            version=statement["revision"],
        )
    except Refused as refused:
        verify(refused.status == 403, f"the maker's approval was answered {refused.status}")
        return
    raise NotVerified("the maker could approve a statement")


async def close_period(job: Job, month: str) -> Outcome:
    """Close a month with two people: the analyst asks, the approver confirms."""
    analyst = await job.api("analyst", "calc-engine")
    approver = await job.api("approver", "calc-engine")
    asked = await analyst.post(f"/v1/periods/{month}/close", {})
    verify(asked["status"] == "closing", f"{month} is {asked['status']} after one person's word")
    closed = await approver.post(f"/v1/periods/{month}/close", {})
    verify(closed["status"] == "closed", f"{month} is {closed['status']}")
    return Outcome(f"{month} is closed: asked for by the analyst, confirmed by the approver")


async def replay_run(job: Job, month: str) -> Outcome:
    """Calculate a run again from its manifest's files alone."""
    analyst = await job.api("analyst", "calc-engine")
    path = f"/v1/runs/{job.known.runs[month]['id']}"
    replay = await analyst.post(f"{path}/replays", {})
    place = f"{path}/replays/{replay['id']}"

    async def ended() -> bool:
        nonlocal replay
        replay = await analyst.get(place)
        return replay["status"] in ENDED

    await wait_for(ended, f"the replay of {month}", seconds=180, every=0.3)
    verify(replay["status"] == "completed", f"the replay failed: {replay['failure']}")
    verify(
        replay["same"] and replay["result_digest"] == job.known.runs[month]["result_digest"],
        f"the replay gave {replay['result_digest']}, the run {replay['expected_digest']}",
    )
    return Outcome(
        f"the run of {month} replayed from its manifest: digest {replay['result_digest'][:16]}…, "
        "the same",
        analyst.address(f"{path}/manifest"),
    )
