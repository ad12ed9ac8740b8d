"""Questions that are refused, cancelled, thrown away or not for everybody."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from calc_engine.adapters.files.simulation_files import StoredSimulations
from calc_engine.application.ask_simulation import forget_expired

from ..conftest import Office  # noqa: TID252
from ..samples import agency_plan_text, ident  # noqa: TID252
from .flows import answered, prepared

MARCH = {"from": "2026-03", "to": "2026-03"}


async def test_a_draft_with_an_error_is_refused_with_its_place(office: Office) -> None:
    draft = agency_plan_text().replace("credit.amount * commission_rate", "credit.amont * 2", 1)

    answer = await office.analyst.post(
        "/v1/simulations", {**MARCH, "changes": [{"kind": "draft_plan", "document": draft}]}
    )

    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "draft-not-usable")
    assert body["errors"][0]["plan_path"] == "/components/base/amount"
    assert body["errors"][0]["line"] > 0


async def test_what_is_not_there_cannot_be_changed_and_the_answer_says_so(office: Office) -> None:
    await prepared(office)
    changes = {
        "no order salesforce/none": {
            "kind": "order",
            "order_id": "salesforce/none",
            "category": "gas",
        },
        "nothing at /tables/none": {
            "kind": "plan_number",
            "plan": "agency-energy-2026",
            "at": "/tables/none/rows/0/gives",
            "value": "1 %",
        },
        "no published plan unknown": {
            "kind": "plan_number",
            "plan": "unknown",
            "at": "/title/en",
            "value": "x",
        },
    }

    for expected, change in changes.items():
        started = await office.analyst.post("/v1/simulations", {**MARCH, "changes": [change]})
        await office.work()
        found = (await office.analyst.get(started.headers["Location"])).json()
        assert found["status"] == "failed"
        assert expected in found["failure"]
        assert found["answer"] is None


async def test_a_question_with_too_many_months_or_half_an_order_is_refused(
    office: Office,
) -> None:
    target = {"kind": "order", "order_number": "O9"}

    long = await office.analyst.post(
        "/v1/simulations", {"from": "2024-01", "to": "2026-01", "changes": [target]}
    )
    half = await office.analyst.post("/v1/simulations", {**MARCH, "changes": [target]})

    assert long.status_code == 422
    assert "an order that nobody recorded needs principal" in half.json()["detail"]


async def test_an_answer_is_thrown_away_after_its_time(office: Office) -> None:
    await prepared(office)
    body = {**MARCH, "changes": [{"kind": "draft_plan", "document": agency_plan_text()}]}
    found = await answered(office, body)
    store = office.service.runtime.store
    async with office.service.runtime.open_work(office.tenant) as work:
        kept = await work.simulations.get(UUID(found["id"]))
    assert kept.result is not None
    paths = [store.local_path(office.tenant, address) for address in kept.result.addresses]
    files = StoredSimulations(store)

    async with office.service.runtime.open_work(office.tenant) as work:
        await forget_expired(work, files=files, now=kept.expires_at - timedelta(seconds=1))
        assert all(path.exists() for path in paths)
        await forget_expired(work, files=files, now=kept.expires_at)

    assert len(paths) == 3
    assert not any(path.exists() for path in paths)


async def test_a_queued_question_that_is_cancelled_is_not_answered(office: Office) -> None:
    await prepared(office)
    body = {**MARCH, "changes": [{"kind": "draft_plan", "document": agency_plan_text()}]}
    started = await office.analyst.post("/v1/simulations", body)
    path = started.headers["Location"]

    cancelled = await office.analyst.post(f"{path}/cancel")
    await office.work()
    lines = await office.analyst.get(f"{path}/lines")

    assert cancelled.json()["status"] == "cancelled"
    assert (await office.analyst.get(path)).json()["status"] == "cancelled"
    assert (lines.status_code, lines.json()["code"]) == (409, "simulation-not-complete")


async def test_payees_and_managers_ask_no_questions_and_others_see_no_answers(
    office: Office, make_office: Any
) -> None:
    await prepared(office)
    body = {**MARCH, "changes": [{"kind": "draft_plan", "document": agency_plan_text()}]}
    found = await answered(office, body)
    agency = office.person("agency", "payee", payee_id=ident(office.tenant, "payee", "A1"))
    designer = office.person("designer", "plan_designer")
    stranger = make_office().analyst

    assert (await agency.post("/v1/simulations", body)).status_code == 403
    assert (await agency.get(f"/v1/simulations/{found['id']}")).status_code == 403
    assert (await designer.get(f"/v1/simulations/{found['id']}")).status_code == 200
    assert (await stranger.get(f"/v1/simulations/{found['id']}")).status_code == 404
    assert (await office.analyst.get(f"/v1/back-tests/{found['id']}")).status_code == 404
