"""A run that sets calculate: the same statements, the same explanations, the engine named."""

from typing import Any

from ..conftest import Office  # noqa: TID252
from ..samples import above_target, ident, master_data, measured, order  # noqa: TID252
from .test_explain import explained_lines, nodes_of

BY_SETS = "calc-engine set-based"
ORDER_BY_ORDER = "premia-plan reference"
NO_ROOM = 1
"""Megabytes in which no calculation fits."""


async def run_by_sets(office: Office, period: str) -> dict[str, Any]:
    started = await office.analyst.post("/v1/runs", {"period": period, "everything": True})
    await office.work(sets_from_orders=1)
    found: dict[str, Any] = (await office.analyst.get(started.headers["Location"])).json()
    return found


async def engines_of(office: Office, run: dict[str, Any]) -> list[str]:
    manifest = (await office.analyst.get(f"/v1/runs/{run['id']}/manifest")).json()["manifest"]
    assert set(manifest["engines"]) == set(manifest["plans"])
    return [engine.rpartition(" ")[0] for engine in manifest["engines"].values()]


async def test_sets_and_order_by_order_give_one_result_and_each_run_names_its_engine(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    walked = await office.run("2026-03")
    stated = await office.statements("2026-03")

    by_sets = await run_by_sets(office, "2026-03")

    assert await engines_of(office, walked) == [ORDER_BY_ORDER]
    assert await engines_of(office, by_sets) == [BY_SETS]
    assert by_sets["result_digest"] == walked["result_digest"]
    assert by_sets["counts"]["new_revisions"] == 0
    assert [item["digest"] for item in await office.statements("2026-03")] == [
        item["digest"] for item in stated
    ]


async def test_every_line_that_sets_calculated_is_explained_down_to_its_messages(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await run_by_sets(office, "2026-03")

    found = await explained_lines(office, "2026-03")

    assert len(found) > 3
    for line, explained in found:
        assert explained["tree"]["value"] == line["amount"]["amount"]
        leaves = [step for step in nodes_of(explained["tree"]) if not step["children"]]
        assert any(leaf["source"] and leaf["source"]["kind"] == "message" for leaf in leaves)


async def test_a_replay_is_calculated_by_the_engine_of_its_run_whatever_the_setting_is_now(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    walked = await office.run("2026-03")
    asked = await office.analyst.post(f"/v1/runs/{walked['id']}/replays")

    await office.work(sets_from_orders=1, calculation_memory_mb=NO_ROOM)

    # Sets would have failed for want of room: order by order the digest comes out again.
    replay = (await office.analyst.get(asked.headers["Location"])).json()
    assert (replay["status"], replay["same"]) == ("completed", True)


async def test_a_replay_of_a_run_by_sets_is_by_sets_below_the_size_for_them_too(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    run = await run_by_sets(office, "2026-03")
    first = await office.analyst.post(f"/v1/runs/{run['id']}/replays")
    await office.work()
    second = await office.analyst.post(f"/v1/runs/{run['id']}/replays")
    await office.work(calculation_memory_mb=NO_ROOM)

    found = [
        (await office.analyst.get(asked.headers["Location"])).json() for asked in (first, second)
    ]

    assert (found[0]["status"], found[0]["same"]) == ("completed", True)
    assert found[1]["status"] == "failed"
    assert "MemoryTooSmall" in found[1]["failure"]


async def test_a_run_that_has_no_room_fails_and_says_which_settings_give_it_some(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    started = await office.analyst.post("/v1/runs", {"period": "2026-03"})

    await office.work(sets_from_orders=1, calculation_memory_mb=NO_ROOM)

    run = (await office.analyst.get(started.headers["Location"])).json()
    assert run["status"] == "failed"
    assert "PREMIA_CALCULATION_MEMORY_MB" in run["failure"]
    assert await office.statements("2026-03") == []


async def test_a_figure_too_large_for_sets_is_calculated_order_by_order_and_the_run_says_so(
    office: Office,
) -> None:
    # In one column of whole numbers a KPI to twelve decimals leaves 63 bits to no million.
    fine = measured(office.tenant, "A1", "2026-03", "0.950000000001")
    calls = measured(office.tenant, "M1", "2026-03", "98765432.1")
    facts = [
        *(event for event in master_data(office.tenant) if event.event_id != fine.event_id),
        *above_target(office.tenant),
        fine,
        calls.model_copy(update={"name": "calls"}),
    ]
    await office.arrive(facts)
    await office.open("2026-03")

    run = await run_by_sets(office, "2026-03")

    assert run["status"] == "completed", run["failure"]
    assert await engines_of(office, run) == [ORDER_BY_ORDER]
    report = (await office.analyst.get(f"/v1/runs/{run['id']}/validation-report")).json()
    [said] = report["calculated_again"]
    assert said.startswith("agency-energy-2026 version 1: ")
    assert "63 bits" in said
    statement = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    assert statement["payable"]["amount"] == "1654.50"
    asked = await office.analyst.post(f"/v1/runs/{run['id']}/replays")
    await office.work(sets_from_orders=1)
    replay = (await office.analyst.get(asked.headers["Location"])).json()
    assert (replay["status"], replay["same"]) == ("completed", True)
    late = order(office.tenant, "O3", "1000.00", states={"activated": "2026-03-25"})
    await office.arrive([late])
    renewed = await office.run("2026-03")
    report = (await office.analyst.get(f"/v1/runs/{renewed['id']}/validation-report")).json()
    assert renewed["base_run_id"] == run["id"]
    assert report["calculated_again"] == [said]
