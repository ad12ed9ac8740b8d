"""Partners and analysts look at amounts and hear where they come from."""

from decimal import Decimal
from typing import Any

from premia_cli.api import Refused
from premia_cli.demo.calculation import statements_of
from premia_cli.demo.documents import PARTNERS, partner_payees
from premia_cli.demo.job import Job
from premia_cli.demo.step import NotVerified, Outcome, verify


async def let_partners_look(job: Job, month: str) -> Outcome:
    """Let both partners read and explain their own statements, and nobody else's."""
    seen = []
    payees = partner_payees(job)
    for name in PARTNERS:
        api = await job.api(name, "calc-engine")
        own = await statements_of(job, month, name)
        verify(bool(own), f"{name} sees no statement of its own")
        verify(
            {row["payee_id"] for row in own} == {str(payees[name])},
            f"{name} sees statements of others",
        )
        for row in own:
            found = await api.get(f"/v1/statements/{row['id']}/explain", words="it")
            verify(bool(found["words"]), f"the statement of {name} is not explained")
            seen.append(f"{name} {row['payable']['amount']} {row['payable']['currency']}")
    await _refuses_strangers(job, month)
    return Outcome(f"own statements read and explained: {', '.join(seen)}; others' are 404")


async def _refuses_strangers(job: Job, month: str) -> None:
    stranger = await job.api("partner-a", "calc-engine")
    others = await statements_of(job, month, "partner-b")
    place = f"/v1/statements/{others[0]['id']}"
    for path in (
        place,
        f"{place}/lines",
        f"{place}/explain",
        f"/v1/ledger/{others[0]['payee_id']}",
    ):
        try:
            await stranger.get(path)
        except Refused as refused:
            verify(refused.status == 404, f"{path} of another payee answered {refused.status}")
        else:
            raise NotVerified(f"partner-a can read {path} of another payee")


async def statement_of(job: Job, month: str, payee: str, principal: str) -> dict[str, Any]:
    """Return the statement of a payee and principal in a month.

    Raises:
        NotVerified: if there is none.
    """
    payee_id, principal_id = str(job.known.payees[payee]), str(job.known.principals[principal])
    for row in await statements_of(job, month):
        if (row["payee_id"], row["principal_id"]) == (payee_id, principal_id):
            return row
    raise NotVerified(f"{payee} has no statement of principal {principal} in {month}")


async def lines_of(job: Job, statement_id: str) -> list[dict[str, Any]]:
    """Return the lines of a statement's current revision."""
    api = await job.api("analyst", "calc-engine")
    return [row async for row in api.items(f"/v1/statements/{statement_id}/lines")]


async def show_restatement(job: Job, month: str, original: str, principal: str) -> Outcome:
    """Show what the late cancellation takes back, order by order."""
    statement = await statement_of(job, month, job.sample.partner_a, principal)
    lines = await lines_of(job, statement["id"])
    restated = [line for line in lines if line["original_period"] == original]
    record = job.sample.late_cancellation
    of_order = [line for line in restated if record["Id"] in (line["order_id"] or "")]
    verify(bool(of_order), f"no line of {month} restates order {record['OrderNumber']}")
    total = sum((Decimal(line["amount"]["amount"]) for line in restated), Decimal(0))
    verify(total < 0, f"the cancellation takes {total} back")
    verify(
        all(line["corrects"] for line in of_order), "a restated line does not name its statement"
    )
    job.known.shown["restated"] = f"{total} EUR"
    api = await job.api("analyst", "calc-engine")
    return Outcome(
        f"order {record['OrderNumber']} cancelled on {record['Cancelled_Date__c']}, known after "
        f"{original} was closed: {len(restated)} lines of {job.sample.partner_a} restate it by "
        f"{total} EUR in {month}; its statement carries "
        f"{statement['carried_forward']['amount']} EUR forward",
        api.address(f"/v1/statements/{statement['id']}/lines"),
    )


async def explain_one_amount(job: Job, month: str, principal: str) -> Outcome:
    """Tell one amount of the shown order in English and Italian, down to its source message."""
    api = await job.api("partner-a", "calc-engine")
    statement = await statement_of(job, month, job.sample.partner_a, principal)
    order = job.sample.late_cancellation["Id"]
    line = next(
        line
        for line in await lines_of(job, statement["id"])
        if order in (line["order_id"] or "") and line["component"] == "base"
    )
    path = f"/v1/statements/{statement['id']}/lines/{line['id']}/explain"
    found = await api.get(path, words="en")
    italian = await api.get(path, words="it")
    verify(bool(found["words"] and italian["words"]), "the amount is not told in words")
    verify(found["words"] != italian["words"], "the amount is told in one language only")
    verify(found["tree"] == italian["tree"], "the languages tell of different trees")
    sentence = " ".join(found["words"])
    verify(Decimal(found["tree"]["value"]) == Decimal(line["amount"]["amount"]), "another amount")
    job.known.shown["explained"] = sentence
    return Outcome(f"{sentence}\n      {' '.join(italian['words'])}", api.address(path))
