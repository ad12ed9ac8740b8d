"""Plans: written by the designer, published by the plan approver, assigned to mandates."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from premia_cli.api import Api, Refused
from premia_cli.demo.job import Job, send_batch
from premia_cli.demo.step import NotVerified, Outcome, verify
from premia_doubles.sample.plans import agency_plan, installer_plan
from premia_doubles.sample.shape import AGENCY_PRINCIPAL, INSTALLER_PRINCIPAL, PLANS_FROM


async def publish_plans(job: Job) -> Outcome:
    """Take each plan from draft to published with two people, then assign the mandates."""
    plans = [(AGENCY_PRINCIPAL, agency_plan_of(job))]
    if job.installer_plan is not None:
        plans.append((INSTALLER_PRINCIPAL, installer_plan(job.installer_plan)))
    hashes = []
    for principal, text in plans:
        version = await _publish(job, principal, text)
        hashes.append(f"{version['content_hash'][:12]}…")
    designer = await job.api("designer", "plans-api")
    assignments = [
        {
            "plan": str(job.known.plans[principal]),
            "mandate_id": str(mandate),
            "valid_from": job.plans_from.isoformat(),
        }
        for (_, principal), mandate in job.known.mandates.items()
    ]
    await send_batch(designer, "/v1/assignments:batch", assignments)
    return Outcome(
        f"{len(plans)} plans published by a second person (content {', '.join(hashes)}), "
        f"{len(assignments)} mandates assigned",
        designer.address("/v1/plans"),
    )


def agency_plan_of(job: Job) -> str:
    """Return the text of the job's agency plan, in force and with rates from its first day."""
    text = agency_plan(job.agency_plan)
    return text.replace(f"from: {PLANS_FROM}", f"from: {job.plans_from}")


async def _publish(job: Job, principal: str, text: str) -> dict[str, Any]:
    designer = await job.api("designer", "plans-api")
    approver = await job.api("plan-approver", "plans-api")
    check = await designer.post("/v1/plans:check", {"document": text})
    verify(check["publishable"], f"the plan of {principal} has findings: {check['findings'][:2]}")
    passed = sum(example["passed"] for example in check["examples"])
    job.reporter.progress(f"principal {principal}: {passed} examples of its plan passed")
    principal_id = str(job.known.principals[principal])
    draft = await designer.post("/v1/plans", {"principal_id": principal_id, "document": text})
    job.known.plans[principal] = UUID(draft["id"])
    path = f"/v1/plans/{draft['id']}/versions/{draft['version']['number']}"
    submitted = await designer.post(f"{path}/submit", version=draft["version"]["version"])
    await _refuses_its_maker(designer, path, submitted["version"])
    accepted = [item["name"] for item in check["findings"]]
    for item in check["findings"]:
        job.reporter.progress(f"principal {principal}: accepted {item['name']}: {item['message']}")
    if accepted:
        await _refuses_unread_warnings(approver, path, submitted["version"], accepted)
    published: dict[str, Any] = await approver.post(
        f"{path}/publish", {"accepted_warnings": accepted}, version=submitted["version"]
    )
    verify(published["status"] == "published", f"{path} is {published['status']}")
    return published


async def _refuses_unread_warnings(
    approver: Api, path: str, version: int, names: Sequence[str]
) -> None:
    try:
        await approver.post(f"{path}/publish", {"accepted_warnings": names[1:]}, version=version)
    except Refused as refused:
        verify(refused.code == "plan-warnings-not-accepted", f"it was refused: {refused}")
        return
    raise NotVerified(f"a plan was published without a word on its warning {names[0]}")


async def _refuses_its_maker(designer: Api, path: str, version: int) -> None:
    try:
        await designer.post(f"{path}/publish", version=version)
    except Refused as refused:
        verify(refused.status == 403, f"the maker's publishing was answered {refused.status}")
        return
    raise NotVerified("the maker could publish a plan")
