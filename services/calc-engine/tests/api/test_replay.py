from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from premia_runtime.testing.databases import ServiceDatabases

from ..conftest import Office  # noqa: TID252
from ..samples import above_target, master_data, order  # noqa: TID252


async def test_a_replay_reads_only_the_manifests_files_and_gives_the_same_digest(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    run = await office.run("2026-03")
    await office.arrive([order(office.tenant, "O9", "99.00", states={"activated": "2026-03-01"})])

    asked = await office.analyst.post(f"/v1/runs/{run['id']}/replays")
    await office.work()

    replay = (await office.analyst.get(asked.headers["Location"])).json()
    assert asked.status_code == 202
    assert replay["status"] == "completed"
    assert replay["same"] is True
    assert replay["result_digest"] == run["result_digest"]


async def test_a_manifest_lists_what_the_run_read(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    run = await office.run("2026-03")

    manifest = (await office.analyst.get(f"/v1/runs/{run['id']}/manifest")).json()

    assert manifest["digest"] == run["manifest_digest"]
    content = manifest["manifest"]
    assert [segment["rows"] for segment in content["segments"]] == [run["counts"]["facts"]]
    assert content["result_digest"] == run["result_digest"]
    assert [state["source"] for state in content["not_waited_for"]] == [
        "billing",
        "quality",
        "salesforce",
    ]


async def test_a_second_run_over_the_same_facts_makes_no_new_revision(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    first = await office.run("2026-03")

    second = await office.run("2026-03")

    assert first["counts"]["new_revisions"] == 2
    assert second["counts"]["new_revisions"] == 0
    assert second["result_digest"] == first["result_digest"]


async def test_a_replay_needs_no_row_of_facts_statements_or_ledgers(
    office: Office, service_databases: ServiceDatabases
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    run = await office.run("2026-03")
    asked = await office.analyst.post(f"/v1/runs/{run['id']}/replays")
    owner = create_async_engine(service_databases["calc-engine"].owner)

    # Whoever reads one of these tables now waits until the lock is given back: forever, here.
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "lock table fact, fact_conflict, segment, period_head, statement_head,"
                " statement_line, ledger_entry in access exclusive mode"
            )
        )
        await office.work()
    await owner.dispose()

    replay = (await office.analyst.get(asked.headers["Location"])).json()
    assert (replay["status"], replay["same"]) == ("completed", True)


async def test_a_replay_of_damaged_files_fails_and_names_the_file(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    run = await office.run("2026-03")
    manifest = (await office.analyst.get(f"/v1/runs/{run['id']}/manifest")).json()["manifest"]
    address = manifest["segments"][0]["address"]
    path = office.service.runtime.store.local_path(office.tenant, address)
    path.write_bytes(path.read_bytes() + b"x")

    asked = await office.analyst.post(f"/v1/runs/{run['id']}/replays")
    await office.work()

    replay = (await office.analyst.get(asked.headers["Location"])).json()
    assert replay["status"] == "failed"
    assert address in replay["failure"]
