"""Questions about pay that post nothing: a larger order, and changed rates on history."""

import re
from decimal import Decimal
from typing import Any

from premia_cli.api import Api
from premia_cli.demo.job import Job, wait_for
from premia_cli.demo.publishing import agency_plan_of
from premia_cli.demo.step import Outcome, verify

PATIENCE = 180
CHANGES = {"centro": Decimal("0.6"), "sud": Decimal("-0.6")}
"""Percentage points by which the draft changes the rate of `luce` in a territory."""


async def ask_about_one_order(job: Job, month: str) -> Outcome:
    """Ask what the shown order would pay if it were twice as large."""
    api = await job.api("analyst", "calc-engine")
    record = next(
        row for row in job.sample.pushed if row["Id"] == job.sample.late_cancellation["Id"]
    )
    amount = Decimal(record["TotalAmount"]) * 2
    found = await _answered(
        api,
        "/v1/simulations",
        {
            "from": month,
            "to": month,
            "changes": [
                {
                    "kind": "order",
                    "order_id": f"salesforce/{record['Id']}",
                    "amount": {"amount": str(amount), "currency": "EUR"},
                }
            ],
        },
    )
    answer = found["answer"]
    changed = [row for row in answer["components"] if _difference(row)]
    base = next(row for row in changed if row["component"] == "base")
    path = f"/v1/simulations/{found['id']}"
    (paid,) = [
        line
        async for line in api.items(f"{path}/lines")
        if line["component"] == "base"
        and line["standing"] == "paid"
        and record["Id"] in (line["order_id"] or "")
    ]
    before, after = (Decimal(paid[side]["amount"]) for side in ("before", "after"))
    verify(after == 2 * before > 0, f"twice the order pays {after} instead of {before}")
    verify(_difference(base) == after - before, "another order's base pay changed too")
    payee_id, node_id = paid["payee_id"], paid["why_after"]["nodes"][0]
    why = await api.get(f"{path}/explain/{node_id}", payee_id=payee_id, words="en")
    verify(str(amount) in " ".join(why["words"]), f"the answer is explained by {why['words']}")
    told = ", ".join(
        f"{row['component']} {row['before']['amount']} → {row['after']['amount']}"
        for row in changed
    )
    return Outcome(
        f"order {record['OrderNumber']} with {amount} instead of {record['TotalAmount']} EUR: "
        f"{told} EUR in {month}; nothing of it is posted",
        api.address(path),
    )


async def back_test_changed_rates(job: Job, since: str, until: str) -> Outcome:
    """Test the plan with two rates changed on history, and read who wins and who loses."""
    api = await job.api("analyst", "calc-engine")
    draft = agency_plan_of(job)
    for territory, points in CHANGES.items():
        draft = _with_rate_changed(draft, territory, points)
    found = await _answered(api, "/v1/back-tests", {"from": since, "to": until, "document": draft})
    path = f"/v1/back-tests/{found['id']}"
    result = found["result"]
    payees = [row async for row in api.items(f"{path}/payees")]
    verify(result["winners"] > 0 and result["losers"] > 0, f"only one side: {result}")
    verify(
        result["winners"] + result["losers"] + result["unchanged"] == len(payees),
        f"{len(payees)} payees are listed",
    )
    by_payee = sum(map(_difference, payees), Decimal(0))
    by_territory = sum(map(_difference, result["territories"]), Decimal(0))
    by_month = sum(map(_difference, result["months"]), Decimal(0))
    verify(by_payee == by_territory == by_month, f"{by_payee}, {by_territory}, {by_month}")
    codes = {str(value): code for code, value in job.known.payees.items()}
    first, last = payees[0], payees[-1]
    changed = ", ".join(f"{points:+} in {name}" for name, points in CHANGES.items())
    return Outcome(
        f"points of luce: {changed}; {since} to {until}: "
        f"{result['winners']} winners, {result['losers']} losers, {result['unchanged']} unchanged; "
        f"cost {by_month:+} EUR; {codes[first['payee_id']]} loses most "
        f"({first['difference']['amount']} EUR, worst month {first['worst_month']}), "
        f"{codes[last['payee_id']]} wins most (+{last['difference']['amount']} EUR)",
        api.address(f"{path}/payees.csv"),
    )


def _with_rate_changed(plan: str, territory: str, points: Decimal) -> str:
    def changed(row: re.Match[str]) -> str:
        return f"{row[1]}{Decimal(row[2]) + points} %"

    rows = rf"(territory: {territory}, category: luce, from: .*, gives: )([0-9.]+) %"
    text, count = re.subn(rows, changed, plan)
    verify(count > 0, f"the plan in force has no rate of luce in {territory}")
    return text


def _difference(row: dict[str, Any]) -> Decimal:
    return Decimal(row["difference"]["amount"])


async def _answered(api: Api, path: str, question: dict[str, Any]) -> dict[str, Any]:
    asked = await api.post(path, question)
    found: dict[str, Any] = asked

    async def ended() -> bool:
        nonlocal found
        found = await api.get(f"{path}/{asked['id']}", wait_seconds=8)
        return found["status"] not in {"queued", "running"}

    await wait_for(ended, f"the answer of {path}", seconds=PATIENCE)
    verify(found["status"] == "completed", f"{path} is {found['status']}: {found['failure']}")
    return found
