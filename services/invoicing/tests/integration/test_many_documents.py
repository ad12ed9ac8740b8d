import time

from sqlalchemy import text

from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new

COUNT = 320
SECONDS = 12
"""Of one core: other work on the machine does not count."""


async def prepared_documents(house):
    """Bring 320 approved statements with profiles here, in the batches of a running service."""
    payees = [new_id() for _ in range(COUNT)]
    clerk, approver = house.person("finance_clerk"), house.person("finance_approver")
    bodies = [house.profile(payee) for payee in payees]
    made = await clerk.post("/v1/fiscal-profiles:batch", {"items": bodies})
    results = made.json()["items"]
    assert {item["result"] for item in results} == {"created"}
    approved = await approver.post(
        "/v1/fiscal-profiles:approve",
        {"items": [{"profile_id": item["profile_id"], "version": 1} for item in results]},
    )
    assert {item["result"] for item in approved.json()["items"]} == {"approved"}
    await house.hear(house.principal_changed())
    statements = [house.calculated(payee, "1234.56", "-12.34") for payee in payees]
    for start in range(0, COUNT, 100):
        await house.hear(*statements[start : start + 100])
        await house.hear(*(house.approved(one) for one in statements[start : start + 100]))
    listed = (await clerk.get("/v1/pro-formas", limit=500)).json()["items"]
    return clerk, [{"id": item["id"], "version": item["version"]} for item in listed]


async def test_a_month_of_documents_is_sent_in_one_request_without_a_gap(house):
    clerk, items = await prepared_documents(house)
    assert len(items) == COUNT

    started = time.process_time()
    answer = await clerk.post("/v1/pro-formas:send", {"items": items})
    seconds = time.process_time() - started

    results = answer.json()["items"]
    assert {item["result"] for item in results} == {"sent"}
    numbers = sorted(item["number"] for item in results)
    assert numbers == [f"PF-2026-{sequence:06d}" for sequence in range(1, COUNT + 1)]
    async with house.service.runtime.database.transaction(house.tenant) as connection:
        files = await connection.scalar(text("select count(distinct sha256) from document_files"))
        sent = await connection.scalar(text("select count(*) from documents where status = 'sent'"))
    assert (files, sent) == (COUNT, COUNT)
    assert seconds < SECONDS, f"{COUNT} documents took {seconds:.1f} s of a core"
