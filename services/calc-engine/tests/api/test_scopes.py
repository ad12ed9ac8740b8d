from collections.abc import Callable
from datetime import date

from premia_common.contracts.plans import ReportingLine

from ..conftest import NEW, Office  # noqa: TID252
from ..samples import above_target, ident, master_data, payee, position  # noqa: TID252


async def calculated(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await office.run("2026-03")


async def test_a_payee_sees_its_own_statement_and_no_other(office: Office) -> None:
    await calculated(office)
    own, other = (ident(office.tenant, "payee", code) for code in ("A1", "M1"))
    agency = office.person("agency", "payee", payee_id=own)
    mine = await office.statement_of(own, "2026-03")
    theirs = await office.statement_of(other, "2026-03")

    listed = (await agency.get("/v1/statements")).json()["items"]
    lines = (await agency.get(f"/v1/statements/{mine['id']}/lines")).json()["items"]

    assert [item["id"] for item in listed] == [mine["id"]]
    assert lines
    explained = await agency.get(f"/v1/statements/{mine['id']}/lines/{lines[0]['id']}/explain")
    assert explained.status_code == 200
    assert (await agency.get(f"/v1/ledger/{own}")).status_code == 200
    for path in (
        f"/v1/statements/{theirs['id']}",
        f"/v1/statements/{theirs['id']}/lines",
        f"/v1/statements/{theirs['id']}/unpaid-lines",
        f"/v1/statements/{theirs['id']}/explain",
        f"/v1/ledger/{other}",
        f"/v1/standing/{other}?month=2026-03",
    ):
        answer = await agency.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_payee_may_not_look_at_runs_or_exceptions(office: Office) -> None:
    await calculated(office)
    agency = office.person("agency", "payee", payee_id=ident(office.tenant, "payee", "A1"))

    assert (await agency.get("/v1/runs")).status_code == 403
    assert (await agency.get("/v1/exceptions")).status_code == 403
    assert (await agency.get("/v1/facts/order")).status_code == 403


async def test_a_manager_sees_the_network_below(office: Office) -> None:
    await calculated(office)
    manager = office.person("manager", "manager", payee_id=ident(office.tenant, "payee", "M1"))
    below = office.person("below", "manager", payee_id=ident(office.tenant, "payee", "A1"))

    assert len((await manager.get("/v1/statements", period="2026-03")).json()["items"]) == 2
    assert len((await below.get("/v1/statements", period="2026-03")).json()["items"]) == 1


async def test_another_tenants_statement_is_not_found(
    office: Office, make_office: Callable[[], Office]
) -> None:
    await calculated(office)
    [statement, _] = await office.statements("2026-03")
    stranger = make_office()

    answer = await stranger.analyst.get(f"/v1/statements/{statement['id']}")

    assert answer.status_code == 404
    assert (await stranger.analyst.get("/v1/statements")).json()["items"] == []


async def test_nothing_is_shown_without_a_valid_token(office: Office) -> None:
    client = office.service.client

    missing = await client.get("/v1/statements")
    forged = {
        name: await client.get("/v1/statements", headers={"Authorization": f"Bearer {token}"})
        for name, token in office.mint.hostile(
            tenant=office.tenant, roles=["compensation_analyst"]
        ).items()
    }

    assert missing.status_code == 401
    assert {name: answer.status_code for name, answer in forged.items()} == dict.fromkeys(
        forged, 401
    )


async def test_a_standing_shows_measure_target_and_attainment(office: Office) -> None:
    await calculated(office)
    payee = ident(office.tenant, "payee", "A1")

    answer = await office.analyst.get(f"/v1/standing/{payee}", month="2026-03")

    [cell] = [item for item in answer.json()["items"] if item["measure"] == "activated_value"]
    assert (cell["value"], cell["target"]) == ("66000.00", "50000.00")
    assert cell["attainment_ratio"] == "33/25"
    assert cell["attainment_percent"].startswith("132")


async def test_a_manager_explains_what_is_below_and_nothing_above(office: Office) -> None:
    await calculated(office)
    above, below = (ident(office.tenant, "payee", code) for code in ("M1", "A1"))
    manager = office.person("manager", "manager", payee_id=above)
    agency = office.person("below", "manager", payee_id=below)
    [mine, theirs] = [await office.statement_of(who, "2026-03") for who in (above, below)]

    for person, statement, status in (
        (manager, mine, 200),
        (manager, theirs, 200),
        (agency, theirs, 200),
        (agency, mine, 404),
    ):
        lines = await office.analyst.get(f"/v1/statements/{statement['id']}/lines")
        line = lines.json()["items"][0]["id"]
        for path in (
            f"/v1/statements/{statement['id']}",
            f"/v1/statements/{statement['id']}/explain",
            f"/v1/statements/{statement['id']}/lines/{line}/explain",
            f"/v1/ledger/{statement['payee_id']}",
            f"/v1/standing/{statement['payee_id']}?month=2026-03",
        ):
            assert (await person.get(path)).status_code == status, path


async def test_a_list_shows_no_month_in_which_a_payee_was_not_yet_below(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    above = ident(office.tenant, "payee", "M2")
    since_april = ReportingLine(
        reports_to=ident(office.tenant, "position", "M2"), valid_from=date(2026, 4, 1)
    )
    moved = position(office.tenant, "A1", "M1")
    moved = moved.model_copy(
        update={
            "event_id": NEW.new(),
            "version": 2,
            "reporting_lines": (
                moved.reporting_lines[0].model_copy(update={"valid_to": date(2026, 4, 1)}),
                since_april,
            ),
        }
    )
    await office.arrive([payee(office.tenant, "M2"), position(office.tenant, "M2", None), moved])
    await office.open("2026-03")
    await office.run("2026-03")
    statement = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    newcomer = office.person("newcomer", "manager", payee_id=above)
    former = office.person("former", "manager", payee_id=ident(office.tenant, "payee", "M1"))

    assert (await newcomer.get("/v1/statements")).json()["items"] == []
    assert (await newcomer.get(f"/v1/statements/{statement['id']}")).status_code == 404
    listed = (await former.get("/v1/statements")).json()["items"]
    assert statement["id"] in [item["id"] for item in listed]


async def test_nobody_but_the_office_reads_runs_and_what_they_left(office: Office) -> None:
    await calculated(office)
    [run] = (await office.analyst.get("/v1/runs")).json()["items"]
    manager = office.person("manager", "manager", payee_id=ident(office.tenant, "payee", "M1"))
    agency = office.person("agency", "payee", payee_id=ident(office.tenant, "payee", "A1"))
    path = f"/v1/runs/{run['id']}"

    for person in (manager, agency):
        for read in (path, f"{path}/manifest", f"{path}/validation-report", "/v1/exceptions"):
            assert (await person.get(read)).status_code == 403, read
        for write in (f"{path}/submit", f"{path}/replays", "/v1/runs", "/v1/statements:approve"):
            assert (await person.post(write, {})).status_code in {403, 422}, write
    assert (await agency.post(f"{path}/replays")).status_code == 403
