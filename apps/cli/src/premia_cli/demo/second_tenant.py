"""Two tenants with the same order numbers: each sees its own, and nothing of the other."""

from premia_cli.api import Refused
from premia_cli.demo.calculation import statements_of
from premia_cli.demo.documents import documents_of
from premia_cli.demo.job import Job
from premia_cli.demo.step import NotVerified, Outcome, verify
from premia_doubles.sample.shape import RUN_MONTH


async def nothing_crossed(one: Job, other: Job) -> Outcome:
    """Ask each tenant for the other's things by their ids, and compare what lists show."""
    tried = 0
    for mine, theirs in ((one, other), (other, one)):
        for name, service, path in await _places(theirs):
            api = await mine.api(name, service)
            try:
                await api.call("GET", path)
            except Refused as refused:
                verify(refused.status == 404, f"{path} of another tenant: {refused.status}")
            else:
                raise NotVerified(f"{path} of another tenant can be read")
            tried += 1
    await _same_number_other_amount(one, other)
    ids = [
        {row["id"] for row in await statements_of(job, RUN_MONTH)}
        | {row["id"] for row in await documents_of(job, RUN_MONTH)}
        for job in (one, other)
    ]
    verify(not ids[0] & ids[1], "a statement or document is in both tenants' lists")
    return Outcome(
        f"{tried} requests for the other tenant's things answered 404; "
        "the same order number has another amount on each side"
    )


async def _places(job: Job) -> list[tuple[str, str, str]]:
    statement = job.known.statements[RUN_MONTH][0]["id"]
    document = (await documents_of(job, RUN_MONTH))[0]["id"]
    payee = next(iter(job.known.payees.values()))
    plan = next(iter(job.known.plans.values()))
    return [
        ("analyst", "calc-engine", f"/v1/statements/{statement}"),
        ("analyst", "calc-engine", f"/v1/statements/{statement}/explain"),
        ("analyst", "calc-engine", f"/v1/runs/{job.known.runs[RUN_MONTH]['id']}"),
        ("analyst", "invoicing", f"/v1/pro-formas/{document}"),
        ("analyst", "invoicing", f"/v1/pro-formas/{document}/pdf"),
        ("designer", "plans-api", f"/v1/payees/{payee}"),
        ("designer", "plans-api", f"/v1/plans/{plan}"),
    ]


async def _same_number_other_amount(one: Job, other: Job) -> None:
    amounts = []
    for job in (one, other):
        api = await job.api("analyst", "calc-engine")
        found = await api.get("/v1/facts/order", key=f"salesforce/{job.sample.pushed[0]['Id']}")
        amounts.append({fact["body"]["amount"]["amount"] for fact in found["items"]})
    verify(bool(amounts[0] and amounts[1]), "a pushed order is not among the facts")
    verify(not amounts[0] & amounts[1], f"an order has the same amount in both tenants: {amounts}")
