"""Runs that go on from the period's last one: the same result, digest included."""

import logging
from random import Random
from typing import Any

import pytest

from calc_engine.application.ports import Engines
from calc_engine.domain.run import Manifest
from calc_engine.engine.choice import Engine, EngineChoice
from calc_engine.main import create_worker
from premia_plan.checked import CheckedPlan
from premia_plan.relations import Relations

from ..conftest import Office  # noqa: TID252
from ..samples import ident, mandate, order, payee, tree  # noqa: TID252
from .flows import prepared, settle
from .test_standings import news
from .test_terms_of_payment import lines_of, sold, staffed


async def manifest(office: Office, run: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await office.analyst.get(f"/v1/runs/{run['id']}/manifest")).json()
    content: dict[str, Any] = found["manifest"]
    return content


class OtherCode(EngineChoice):
    """The engines of another build."""

    @property
    def code(self) -> str:
        return "another build"


class FailsOnce(EngineChoice):
    """Meets at first what it cannot calculate, and then calculates."""

    failed = False

    def choose(
        self, plan: CheckedPlan, relations: Relations, recorded: str | None = None
    ) -> Engine:
        if not self.failed:
            self.failed = True
            raise KeyError("Anna Bianchi")
        return super().choose(plan, relations, recorded)


async def run_with(office: Office, engines: Engines, period: str) -> dict[str, Any]:
    started = await office.analyst.post("/v1/runs", {"period": period})
    worker = create_worker(office.service.settings, office.service.runtime, engines=engines)
    while await worker.work_once():
        pass
    found: dict[str, Any] = (await office.analyst.get(started.headers["Location"])).json()
    assert found["status"] == "completed", found
    return found


async def test_a_late_order_is_calculated_alone_and_the_result_is_that_of_all(
    office: Office,
) -> None:
    await prepared(office)
    first = await office.run("2026-03")
    await office.arrive([order(office.tenant, "O3", "1000.00", states={"activated": "2026-03-25"})])

    renewed = await office.run("2026-03")

    whole = await office.run("2026-03", everything=True)
    assert first["everything_because"] == "it is the first run of the period"
    assert (renewed["base_run_id"], renewed["everything_because"]) == (first["id"], None)
    assert (whole["base_run_id"], whole["everything_because"]) == (None, "it was asked for")
    assert renewed["result_digest"] == whole["result_digest"] != first["result_digest"]
    [keys] = (await manifest(office, renewed))["base"]["replaced"]
    assert keys["orders"] == ["salesforce/R-O3"]
    assert whole["counts"]["new_revisions"] == 0


async def test_who_is_assigned_to_no_plan_is_told_of_all_orders_when_one_more_comes(
    office: Office,
) -> None:
    await prepared(office)
    await office.arrive([payee(office.tenant, "A9"), mandate(office.tenant, "A9")])
    own = [
        order(office.tenant, number, "10.00", seller="A9", states={"activated": "2026-03-25"})
        for number in ("O7", "O8")
    ]
    await office.arrive(own[:1])
    await office.run("2026-03")
    await office.arrive(own[1:])

    renewed = await office.run("2026-03")
    told = (await office.analyst.get("/v1/exceptions", period="2026-03")).json()["items"]

    assert renewed["everything_because"] is None
    assert [item["message"] for item in told] == [
        "2 of the orders of A9 in 2026-03 came under no plan it is in"
    ]
    whole = await office.run("2026-03", everything=True)
    assert renewed["result_digest"] == whole["result_digest"]


@pytest.mark.parametrize("seed", range(2))
async def test_renewed_again_and_again_a_run_gives_what_calculating_everything_gives(
    office: Office, seed: int
) -> None:
    random = Random(seed)
    await prepared(office)
    await office.run("2026-03")
    coming = news(office)
    random.shuffle(coming)

    while coming:
        size = random.randint(2, 5)
        some, coming = coming[:size], coming[size:]
        await office.arrive(some)
        renewed = await office.run("2026-03")
        assert renewed["everything_because"] is None

    whole = await office.run("2026-03", everything=True)
    assert renewed["result_digest"] == whole["result_digest"]
    assert renewed["counts"] | {"new_revisions": 0} == whole["counts"]


async def test_a_closed_month_is_restated_and_a_replay_calculates_everything_to_the_same_digest(
    office: Office,
) -> None:
    await prepared(office)
    await settle(office, "2026-03")
    await office.run("2026-04")
    gone = order(
        office.tenant,
        "O2",
        "26000.00",
        version=2,
        states={"activated": "2026-03-20", "cancelled": "2026-03-28"},
    )
    await office.arrive([gone])
    first = await office.run("2026-04")
    await office.arrive([order(office.tenant, "O3", "900.00", states={"activated": "2026-03-25"})])
    renewed = await office.run("2026-04")

    assert renewed["base_run_id"] == first["id"]
    path = f"/v1/runs/{renewed['id']}/replays"
    started = await office.analyst.post(path)
    await office.work()
    replay = (await office.analyst.get(started.headers["Location"])).json()
    assert (replay["status"], replay["same"]) == ("completed", True)
    whole = await office.run("2026-04", everything=True)
    assert whole["result_digest"] == renewed["result_digest"] != first["result_digest"]


async def test_a_run_says_why_it_calculated_everything(office: Office) -> None:
    await prepared(office)
    await office.run("2026-03")
    await office.arrive([tree(office.tenant, "territory", "milano", "nord")])

    run = await office.run("2026-03")

    assert run["base_run_id"] is None
    assert run["everything_because"] == "agency-energy-2026: a new territory"


async def test_a_run_whose_base_lost_a_file_calculates_everything(office: Office) -> None:
    await prepared(office)
    first = await office.run("2026-03")
    kept = (await manifest(office, first))["kept"]["kept_lines"]
    office.service.runtime.store.local_path(office.tenant, kept[0]).unlink()

    run = await office.run("2026-03")

    assert run["base_run_id"] is None
    assert "restore it from a backup" in run["everything_because"]
    assert run["result_digest"] == first["result_digest"]


async def test_a_renewed_run_pays_draws_and_adjustments_as_a_whole_one_does(
    office: Office,
) -> None:
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "10000", "2026-03": "20000"}))
    await settle(office, "2026-02")
    await office.run("2026-03")
    proposed = await office.analyst.post(
        "/v1/adjustments",
        {
            "payee_id": str(ident(office.tenant, "payee", "A1")),
            "principal_id": str(ident(office.tenant, "principal", "1000")),
            "month": "2026-03",
            "amount": {"amount": "75.00", "currency": "EUR"},
            "reason": "a fair",
        },
    )
    assert proposed.status_code == 201, proposed.text
    approved = await office.approver.post(f"/v1/adjustments/{proposed.json()['id']}/approve")
    assert approved.status_code == 200, approved.text

    renewed = await office.run("2026-03")

    whole = await office.run("2026-03", everything=True)
    assert renewed["everything_because"] is None
    assert renewed["result_digest"] == whole["result_digest"]
    # 4 % of 20 000, the adjustment, and the draw that fills both up to its level of 1 200.00.
    assert await lines_of(office, "2026-03") == {
        "release": "800.00",
        "adjustment": "75.00",
        "draw": "325.00",
    }


async def test_a_run_does_not_go_on_from_a_result_of_other_code(office: Office) -> None:
    await prepared(office)
    first = await office.run("2026-03")

    other = await run_with(office, OtherCode(), "2026-03")
    again = await office.run("2026-03")

    assert other["everything_because"] == "other code gave the last run's result"
    assert again["everything_because"] == "other code gave the last run's result"
    assert first["result_digest"] == other["result_digest"] == again["result_digest"]


async def test_a_manifest_that_names_no_code_is_of_no_build_that_can_go_on(
    office: Office,
) -> None:
    await prepared(office)
    content = await manifest(office, await office.run("2026-03"))
    older = {name: value for name, value in content.items() if name != "code"}

    assert Manifest.read(content).code == EngineChoice().code
    assert Manifest.read(older).code == ""


async def test_a_run_that_cannot_be_renewed_for_a_fault_calculates_everything_and_logs_it(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    await prepared(office)
    await office.run("2026-03")
    await office.arrive([order(office.tenant, "O3", "1000.00", states={"activated": "2026-03-25"})])

    with caplog.at_level(logging.ERROR):
        run = await run_with(office, FailsOnce(), "2026-03")

    whole = await office.run("2026-03", everything=True)
    assert run["everything_because"].startswith("going on failed: KeyError in test_renewed_runs.py")
    assert "Bianchi" not in run["everything_because"]
    assert run["result_digest"] == whole["result_digest"]
    [logged] = [item for item in caplog.records if item.name.endswith("renew_run")]
    assert logged.getMessage() == f"run {run['id']} is not renewed"
    assert logged.exc_info is not None
