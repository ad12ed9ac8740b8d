"""What a team or a territory earns is carried through: recorded, told, paid and explained."""

from datetime import date
from typing import Any

from ..conftest import Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    assignment,
    ident,
    mandate,
    order,
    payee,
    plan_of,
    plan_published,
    position,
    principal,
)
from .test_records import load

PLAN = plan_of(
    "subjects",
    """
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  team_sales: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: team along sales}
  in_time: {loaded: sla, gives: percent, over: month, per: team along sales, missing: exception}
  area_sales: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: territory}
targets:
  team_sales: {gives: money, over: month, per: team along sales, missing: exception}
attainments:
  attained: {of: team_sales, against: target, target_zero: exception}
components:
  team_bonus:
    per: team along sales and month
    when: team.size > 1
    tiers: {mode: marginal, looked_up_by: attained, pays_on: team_sales, bands: [{from: 0 %, gives: 1 %}, {from: 100 %, gives: 3 %}]}
    steps: [{round: cent, mode: half_up, each: sum}, {gate: in_time >= 90 %, otherwise: 0 EUR}]
    given_to: {among: the team, weights: equally}
    lands_in: the measured month
  area_bonus:
    per: territory and month
    amount: area_sales * 1 %
    steps: [{round: cent, mode: half_up, each: sum}]
    spread: by credit.amount
    spread_of: area_sales
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release:
    team_bonus: [{share: rest, at: close of the measured month}]
    area_bonus: [{share: rest, at: activated}]
examples:
  - name: none
    given: {payees: [{id: A1, kind: agency}]}
    expect: {}
""",
)
PAYEES = ("A1", "A2", "M1")


async def _staffed(office: Office) -> None:
    tenant = office.tenant
    await office.arrive(
        [
            principal(tenant),
            plan_published(tenant, PLAN),
            *(payee(tenant, code) for code in PAYEES),
            *(mandate(tenant, code) for code in PAYEES),
            *(assignment(tenant, code, "subjects") for code in PAYEES),
            position(tenant, "M1", None),
            position(tenant, "A1", "M1"),
            position(tenant, "A2", "M1"),
        ]
    )
    states = {"activated": "2026-03-20"}
    await office.arrive(
        [
            order(tenant, "O1", "4000", states=states, seller="A1", signed_on=date(2026, 3, 5)),
            order(tenant, "O2", "2000", states=states, seller="A2", signed_on=date(2026, 3, 9)),
        ]
    )
    await office.open("2026-03")


async def _paid(office: Office) -> dict[str, str]:
    codes = {str(ident(office.tenant, "payee", code)): code for code in PAYEES}
    found = await office.statements("2026-03")
    return {codes[item["payee_id"]]: item["payable"]["amount"] for item in found}


async def _told(office: Office) -> list[dict[str, Any]]:
    answer = await office.analyst.get("/v1/exceptions", period="2026-03", status="open")
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_team_without_a_target_is_told_with_whom_and_paid_once_it_is_recorded(
    office: Office,
) -> None:
    # Of the territory 60.00, pushed to the orders: 40.00 and 20.00. Of the team 1 % up to its
    # target of 4 500 and 3 % above, 90.00 for three.
    await _staffed(office)
    first = await office.run("2026-03")

    assert first["counts"]["blocking_exceptions"] == 1
    assert await _paid(office) == {"A1": "40.00", "A2": "20.00"}
    [missing] = await _told(office)
    assert (missing["code"], missing["payee_id"]) == ("target_missing", None)
    assert missing["repair"]["path"] == "/v1/records/figure"
    team = {str(ident(office.tenant, "payee", code)) for code in PAYEES}
    assert set(missing["affects"]["payees"]) == team
    assert missing["affects"]["amount"] == {"amount": "6000.00", "currency": "EUR"}

    figure = {"subject": "team:sales:M1", "period": "2026-03"}
    in_time = {**figure, "figure": "measurement", "name": "in_time"}
    target = {**figure, "figure": "target", "name": "team_sales", "value": "4500"}
    await load(office, "figure", target, {**in_time, "value": "0.85"})
    # Too late for a team's bonus: the order alone is an example, with what is known of the team.
    made = await office.analyst.post("/v1/orders/salesforce/R-O1/example?plan=subjects")
    assert made.status_code == 200, made.text
    known = 'payee: "team:sales:M1", month: 2026-03'
    assert f"{known}, team_sales: 4500" in made.json()["yaml"]
    assert f"{known}, in_time: 85 %" in made.json()["yaml"]

    await load(office, "figure", {**in_time, "value": "0.95"})
    second = await office.run("2026-03")

    assert second["counts"]["blocking_exceptions"] == 0
    assert await _paid(office) == {"A1": "70.00", "A2": "50.00", "M1": "30.00"}
    m1 = await office.statement_of(ident(office.tenant, "payee", "M1"), "2026-03")
    path = f"/v1/statements/{m1['id']}/explain"
    english = (await office.analyst.get(path, words="en", depth=40)).text
    assert "90.00 earned by the team of" in english
    assert "30.00 of it for" in english
    assert "the target of team_sales for 2026-03 is 4500" in english
    italian = (await office.analyst.get(path, words="it", depth=40)).text
    assert "90.00 maturati: la squadra di" in italian
