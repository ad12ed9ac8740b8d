"""On whose statements an opening balance counts that names no principal."""

from datetime import date

from ..conftest import Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    assignment,
    ident,
    mandate,
    payee,
    plan_published,
    principal,
)
from .flows import settle
from .test_records import OPENING, approved
from .test_terms_of_payment import DRAW, sold, staffed

FIRST = "1000"


def before(office: Office) -> str:
    """Return the code of a principal whose id comes before the first one's."""
    first = str(ident(office.tenant, "principal", FIRST))
    codes = map(str, range(2000, 2100))
    return next(code for code in codes if str(ident(office.tenant, "principal", code)) < first)


async def join(office: Office, code: str, day: date) -> None:
    """Let A1 take part in the same plan of another principal."""
    text = DRAW.replace("plan: newcomer-draw-2026", "plan: other-draw-2026")
    other = {"principal_id": ident(office.tenant, "principal", code)}
    plan = plan_published(office.tenant, text).model_copy(update=other)
    taking_part = assignment(office.tenant, "A1", plan.plan_name, code)
    await office.arrive(
        [
            principal(office.tenant, code),
            plan,
            mandate(office.tenant, "A1", code),
            taking_part.model_copy(update={"valid_from": day}),
        ]
    )


async def draws(office: Office, month: str) -> dict[str, tuple[str, str]]:
    """Return how much of the draw was and is owed to each principal, by its code."""
    codes = {str(ident(office.tenant, "principal", code)): code for code in (FIRST, before(office))}
    found = {}
    for item in await office.statements(month):
        answer = await office.analyst.get(f"/v1/statements/{item['id']}/accounts")
        [account] = answer.json()["items"]
        stood = (account["before"]["amount"], account["after"]["amount"])
        found[codes[item["principal_id"]]] = stood
    return found


async def test_an_opening_that_counted_stays_with_its_principal(office: Office) -> None:
    # 4 % of 32 000 and 40 000: half of what is above 1 200.00 goes to the 300.00 that were owed,
    # 40.00 and 200.00. The other principal, for whom A1 sells nothing, advances 1 200.00 itself;
    # that A1 joined it before the balance stood is said in March only.
    await staffed(office)
    await approved(office, "opening", OPENING)
    await office.arrive(sold(office, {"2026-02": "32000", "2026-03": "40000"}))
    await settle(office, "2026-02")
    other = before(office)
    await join(office, other, date(2026, 1, 15))

    run = await office.run("2026-03")

    found = await draws(office, "2026-03")
    told = await office.analyst.get(f"/v1/runs/{run['id']}/validation-report")
    assert found[FIRST] == ("260.00", "60.00")
    assert found[other] == ("0.00", "2400.00")  # February's and March's
    assert "opening_changed" not in {item["code"] for item in told.json()["exceptions"]}


async def test_an_opening_that_two_principals_may_owe_waits_for_one_to_be_named(
    office: Office,
) -> None:
    await staffed(office)
    other = before(office)
    await join(office, other, date(2026, 2, 1))
    await approved(office, "opening", OPENING)

    await office.run("2026-02")
    found = await office.analyst.get("/v1/exceptions", period="2026-02")
    unsaid = await draws(office, "2026-02")
    await approved(
        office, "opening", {**OPENING, "withdrawn": True}, {**OPENING, "principal": FIRST}
    )
    await office.run("2026-02")
    named = await draws(office, "2026-02")

    [told] = [item for item in found.json()["items"] if item["code"].startswith("opening")]
    assert told["code"] == "opening_of_several_principals"
    assert told["blocks"]
    assert told["message"] == (
        "The opening draw newcomer of A1, 300.00 EUR on 2026-01-31, is not used: it names no "
        f"principal, and {FIRST} and {other} may owe it"
    )
    # Nothing is sold: both advance 1 200.00.
    assert unsaid == {FIRST: ("0.00", "1200.00"), other: ("0.00", "1200.00")}
    assert named == {FIRST: ("0.00", "1500.00"), other: ("0.00", "1200.00")}


async def test_an_opening_of_somebody_who_is_assigned_later_counts_in_a_renewed_run(
    office: Office,
) -> None:
    await staffed(office)
    await office.arrive([payee(office.tenant, "A9"), mandate(office.tenant, "A9")])
    await approved(office, "opening", OPENING | {"payee": "A9"})
    await office.run("2026-02")
    told = await office.analyst.get("/v1/exceptions", period="2026-02")
    plan = plan_published(office.tenant, DRAW).plan_name
    joined = assignment(office.tenant, "A9", plan)
    await office.arrive([joined.model_copy(update={"valid_from": date(2026, 2, 1)})])

    renewed = await office.run("2026-02")

    later = await office.analyst.get("/v1/exceptions", period="2026-02", status="open")
    whole = await office.run("2026-02", everything=True)
    codes = [item["code"] for item in told.json()["items"]]
    assert codes == ["opening-of-unknown-principal"]
    assert later.json()["items"] == []
    assert renewed["result_digest"] == whole["result_digest"]
