"""What payees stand at between runs: renewed by each fact, equal to the next run."""

from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.unit_of_work import OpenCalcWork
from calc_engine.adapters.files.lineage_reader import ParquetLineage
from calc_engine.adapters.files.run_files import ParquetRunFiles
from calc_engine.application.prepare_run import prepare_run
from calc_engine.application.record_facts import record_fact
from calc_engine.application.renew_standings import Renewed, renew_standings
from calc_engine.engine.choice import EngineChoice

from ..conftest import NEW, NOW, Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    assignment,
    bill_paid,
    ident,
    mandate,
    measured,
    order,
    payee,
    position,
    target,
    tree,
)
from .flows import prepared, settle


async def renew(office: Office) -> list[Renewed]:
    """Renew the standings of the office as the service's loop does."""
    runtime = office.service.runtime
    return list(
        await renew_standings(
            tenant_id=office.tenant,
            open_work=OpenCalcWork(runtime.open_work),
            files=ParquetRunFiles(runtime.store),
            engines=EngineChoice(),
            ids=NEW,
            now=NOW,
        )
    )


async def standings(office: Office, code: str, period: str = "2026-03") -> list[dict[str, Any]]:
    """Return what a payee stands at, by principal and currency."""
    whose = ident(office.tenant, "payee", code)
    found = await office.analyst.get(f"/v1/draft-statements/{whose}", period=period)
    assert found.status_code == 200, found.text
    drafts: list[dict[str, Any]] = found.json()["drafts"]
    return drafts


async def lines(office: Office, code: str, period: str = "2026-03") -> list[Any]:
    """Return the lines that a payee's statement would have."""
    return sorted(
        (line["id"], line["component"], line["what"], line["amount"]["amount"])
        for item in await standings(office, code, period)
        for line in item["lines"]
    )


async def stated(office: Office, code: str, period: str = "2026-03") -> list[Any]:
    """Return the lines of a payee's statement."""
    statement = await office.statement_of(ident(office.tenant, "payee", code), period)
    found = (await office.analyst.get(f"/v1/statements/{statement['id']}/lines", limit=500)).json()
    return sorted(
        (line["id"], line["component"], line["what"], line["amount"]["amount"])
        for line in found["items"]
    )


async def equals_the_next_run(office: Office, period: str = "2026-03") -> None:
    """Fail unless a full run now gives what the standings say already."""
    before = {code: await standings(office, code, period) for code in ("A1", "M1")}
    drafts = {code: await lines(office, code, period) for code in ("A1", "M1")}
    await office.run(period, everything=True)
    for code in ("A1", "M1"):
        statement = await office.statement_of(ident(office.tenant, "payee", code), period)
        assert drafts[code] == await stated(office, code, period)
        [standing] = before[code]
        assert standing["payable"] == statement["payable"]
        assert standing["held"] == statement["held"]
        assert standing["digest"] == statement["digest"]


async def test_a_late_order_changes_the_standing_at_once(office: Office) -> None:
    await prepared(office)
    await office.run("2026-03")
    [before] = await standings(office, "A1")
    late = order(office.tenant, "O3", "1000.00", states={"activated": "2026-03-25"})

    await office.arrive([late])
    [renewed] = await renew(office)

    [after] = await standings(office, "A1")
    assert renewed.waits_because is None
    assert before["payable"]["amount"] == "1654.50"
    # 65 % of 3 % of 1 000, and 3 % of the slice above 115 %.
    assert after["payable"]["amount"] == "1704.00"
    await equals_the_next_run(office)


def news(office: Office) -> list[Any]:
    """Facts of every kind that a standing follows, about either payee."""
    tenant = office.tenant
    return [
        order(tenant, "O3", "1000.00", states={"activated": "2026-03-25"}),
        order(tenant, "O4", "7000.00", states={"activated": "2026-03-26"}, seller="M1"),
        order(tenant, "O4", "7000.00", states={"activated": "2026-03-26"}, version=2),
        order(tenant, "O5", "900.00", states={"activated": "2026-03-02"}, seller="A2"),
        order(
            tenant,
            "O2",
            "26000.00",
            version=2,
            states={"activated": "2026-03-20", "cancelled": "2026-03-28"},
        ),
        order(tenant, "O6", "500.00", states={}),
        bill_paid(tenant, "O3", "2026-03-30"),
        bill_paid(tenant, "O9", "2026-03-30"),
        measured(tenant, "M1", "2026-03", "0.99"),
        target(tenant, "M1", {"2026-03": "100.00"}),
        payee(tenant, "A2"),
        payee(tenant, "M1", channel="web", version=2),
        mandate(tenant, "A2"),
        assignment(tenant, "A2", "agency-energy-2026"),
        position(tenant, "A2", "A1"),
        measured(tenant, "A2", "2026-03", "0.95"),
    ]


@pytest.mark.parametrize("seed", range(4))
async def test_facts_in_any_order_and_batches_leave_what_the_next_run_gives(
    office: Office, seed: int
) -> None:
    random = Random(seed)
    await prepared(office)
    await office.run("2026-03")
    coming = news(office)
    random.shuffle(coming)

    while coming:
        size = random.randint(1, 4)
        some, coming = coming[:size], coming[size:]
        await office.arrive(some)
        assert [item.waits_because for item in await renew(office)] == [None]

    await equals_the_next_run(office)


async def test_a_change_of_a_closed_month_is_restated_in_the_standing(office: Office) -> None:
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
    await renew(office)

    [draft] = await standings(office, "A1", "2026-04")
    assert {line["what"] for line in draft["lines"]} == {"release", "restatement"}
    assert draft["total"]["amount"] == "-454.50"
    await equals_the_next_run(office, "2026-04")


async def test_each_line_of_a_renewed_standing_is_explained_as_the_next_run_explains_it(
    office: Office,
) -> None:
    await prepared(office)
    await office.run("2026-03")
    await office.arrive([order(office.tenant, "O3", "1000.00", states={"activated": "2026-03-25"})])

    [renewed] = await renew(office)

    assert renewed.replacement is not None
    run = await office.run("2026-03")
    lineage = ParquetLineage(office.service.runtime.store)
    async with office.service.runtime.open_work(office.tenant) as work:
        address = (await work.runs.get(UUID(run["id"]))).completed().nodes_address
    compared = 0
    for line in renewed.replacement.lines:
        if line.what != "held":
            asked = (office.tenant, line.payee_id, [f"{line.node_id.int:032x}"])
            ours = await explained(lineage, line.nodes_address, *asked)
            assert ours == await explained(lineage, address, *asked)
            compared += len(ours)
    assert compared > 20


async def explained(
    lineage: ParquetLineage, address: str, tenant: UUID, payee_id: str, roots: list[str]
) -> dict[str, Any]:
    """Return every node that some nodes rest on; in which part of the file it lies is no matter."""
    found = await lineage.nodes(tenant, address, payee_id, roots)
    return {node_id: row._replace(payee_id="") for node_id, row in found.items()}


async def test_a_new_plan_version_waits_for_a_run_and_says_so(office: Office) -> None:
    await prepared(office)
    await office.run("2026-03")
    await office.arrive([tree(office.tenant, "territory", "milano", "nord")])

    [renewed] = await renew(office)

    assert renewed.waits_because == "agency-energy-2026: a new territory"
    whose = ident(office.tenant, "payee", "A1")
    found = (await office.analyst.get(f"/v1/draft-statements/{whose}", period="2026-03")).json()
    assert (found["is_current"], found["waits_because"]) == (False, renewed.waits_because)
    await office.run("2026-03")
    assert await renew(office) == []
    found = (await office.analyst.get(f"/v1/draft-statements/{whose}", period="2026-03")).json()
    assert (found["is_current"], found["waits_because"]) == (True, None)


async def test_a_repaired_exception_leaves_the_standing_at_once(office: Office) -> None:
    tenant = office.tenant
    await prepared(office)
    await office.arrive(
        [
            order(tenant, "O7", "5000.00", states={"activated": "2026-03-09"}, seller="M1"),
            measured(tenant, "M1", "2026-03", "0.95"),
        ]
    )
    await office.run("2026-03")
    whose = ident(tenant, "payee", "M1")
    path = f"/v1/draft-statements/{whose}"
    before = (await office.analyst.get(path, period="2026-03")).json()
    assert [item["code"] for item in before["exceptions"]] == ["target_missing"]

    await office.arrive([target(tenant, "M1", {"2026-03": "1000.00"})])
    await renew(office)

    after = (await office.analyst.get(path, period="2026-03")).json()
    assert after["exceptions"] == []
    assert "accelerator" in {line["component"] for line in after["drafts"][0]["lines"]}
    await equals_the_next_run(office)


async def test_facts_that_arrive_while_a_run_calculates_are_not_lost(office: Office) -> None:
    await prepared(office)
    started = await office.analyst.post("/v1/runs", {"period": "2026-03"})
    assert started.status_code == 202
    late = order(office.tenant, "O3", "1000.00", states={"activated": "2026-03-25"})
    gate = office.service.runtime.open_work(office.tenant, isolation="REPEATABLE READ")

    async with gate as work:
        await record_fact(work, late)  # not committed while the run seals
        await office.work()
    await renew(office)

    orders = {
        line["order_id"] for [draft] in [await standings(office, "A1")] for line in draft["lines"]
    }
    assert "salesforce/R-O3" in orders
    await equals_the_next_run(office)


async def test_a_fact_that_arrives_during_the_first_run_of_all_is_not_lost(office: Office) -> None:
    await office.open("2026-03")
    started = await office.analyst.post("/v1/runs", {"period": "2026-03"})
    runtime = office.service.runtime
    async with runtime.open_work(office.tenant) as work:
        run = await work.runs.get(UUID(started.json()["id"]))
    sealed = await prepare_run(
        run,
        tenant_id=office.tenant,
        open_work=OpenCalcWork(runtime.open_work),
        files=ParquetRunFiles(runtime.store),
        now=NOW,
        engines=EngineChoice(),
    )

    await office.arrive([payee(office.tenant, "A1")])
    async with runtime.open_work(office.tenant) as work:
        await work.standings.start(run, sealed.go_live, sealed.snapshot, [], [], at=NOW)

    assert sealed.segments == ()
    async with runtime.open_work(office.tenant) as work:
        standing = await work.standings.of(run.period)
        assert standing is not None
        assert not await work.standings.is_current(standing)
        found = await work.references.arrived_since(standing, 10)
    assert found == [("payee", str(ident(office.tenant, "payee", "A1")))]
    await office.work()


async def test_standings_of_a_database_restored_elsewhere_wait_for_a_run(office: Office) -> None:
    await prepared(office)
    await office.run("2026-03")
    async with office.service.runtime.open_work(office.tenant) as work:
        await work.connection.execute(
            update(tables.standing)
            .where(tables.standing.c.tenant_id == office.tenant)
            .values(system_identifier="another database")
        )
    await office.arrive([order(office.tenant, "O3", "1.00", states={"activated": "2026-03-25"})])

    path = f"/v1/draft-statements/{ident(office.tenant, 'payee', 'A1')}"
    refused = await office.analyst.get(path, period="2026-03")
    renewed = await renew(office)

    assert (refused.status_code, refused.json()["code"]) == (404, "draft-statements-not-found")
    assert "in this database; start one" in refused.json()["detail"]
    assert renewed == []
    await office.run("2026-03")
    found = (await office.analyst.get(path, period="2026-03")).json()
    assert found["is_current"]
    assert "salesforce/R-O3" in {line["order_id"] for line in found["drafts"][0]["lines"]}


async def test_others_standings_are_not_shown(office: Office) -> None:
    await prepared(office)
    await office.run("2026-03")
    own = ident(office.tenant, "payee", "A1")
    agent = office.person("agent", "payee", payee_id=own)

    mine = await agent.get(f"/v1/draft-statements/{own}", period="2026-03")
    other = await agent.get(
        f"/v1/draft-statements/{ident(office.tenant, 'payee', 'M1')}", period="2026-03"
    )

    assert (mine.status_code, other.status_code) == (200, 404)
    assert other.json()["code"] == "draft-statements-not-found"


async def test_a_period_without_a_run_has_no_standing(office: Office) -> None:
    await prepared(office)

    found = await office.analyst.get(
        f"/v1/draft-statements/{ident(office.tenant, 'payee', 'A1')}", period="2026-03"
    )

    assert (found.status_code, found.json()["code"]) == (404, "draft-statements-not-found")
