"""A real order whose pay rests on other payees' orders, made a worked example."""

from datetime import date
from typing import Any

from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples

from ..conftest import Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    assignment,
    mandate,
    order,
    payee,
    plan_of,
    plan_published,
    position,
    principal,
)

RANKED = plan_of(
    "ranked",
    """
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
populations: {all: {who: payee.kind = "agency", day: last day}}
ranks:
  place: {of: sold, among: all, over: month, order: highest first, ties: average pay}
components:
  base: {per: credit of sale, amount: credit.amount * 3 %, steps: [{round: cent, mode: half_up, each: line}]}
  prize:
    per: payee and month
    rank_pay: {rank: place, places: [{places: "1", pays: 100 EUR}, {places: "2", pays: 50 EUR}]}
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release:
    base: [{share: rest, at: {date: order.signed_on}}]
    prize: [{share: rest, at: close of the measured month}]
examples:
  - name: none
    given: {payees: [{id: A1, kind: agency}]}
    expect: {}
""",
)
TEAM = plan_of(
    "team",
    """
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
components:
  bonus:
    per: payee and month
    amount: sold * 1 % + sold of the team along sales * 2 %
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
examples:
  - name: none
    given: {payees: [{id: A1, kind: agency}, {id: M1, kind: agency}], hierarchy: {sales: [{payee: A1, reports_to: M1}]}}
    expect: {}
""",
)
CODES = ("A1", "B1", "M1")


async def _sold(office: Office, name: str, text: str) -> None:
    """Let M1, the head, sell 1 000, A1 4 000, B1 6 000, and A1 once more in April."""
    tenant = office.tenant
    await office.arrive([principal(tenant), plan_published(tenant, text)])
    for code in CODES:
        await office.arrive(
            [
                payee(tenant, code),
                mandate(tenant, code),
                assignment(tenant, code, name),
                position(tenant, code, None if code == "M1" else "M1"),
            ]
        )
    sold = (("O1", "4000", "A1", 3), ("O2", "6000", "B1", 3), ("O3", "1000", "M1", 3))
    await office.arrive(
        [
            order(tenant, number, amount, states={}, seller=code, signed_on=date(2026, month, 10))
            for number, amount, code, month in (*sold, ("O4", "500", "B1", 5))
        ]
    )


async def _example(office: Office, number: str, name: str, text: str) -> dict[str, Any]:
    """Return an order's example, and what it expects, pasted into the plan and run."""
    answer = await office.analyst.post(f"/v1/orders/salesforce/R-{number}/example?plan={name}")
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    check = check_plan(parse_plan(text + made["yaml"]))
    assert check.plan is not None, [str(item) for item in check.findings]
    results = run_examples(check.plan)
    assert all(result.passed for result in results), results
    expected = check.plan.examples[-1].expected
    made["expected"] = {" ".join(place): str(amount) for place, amount in expected.items()}
    return made


async def test_a_place_among_others_is_shown_with_the_orders_it_rests_on(office: Office) -> None:
    # Second of three: B1 sold more in March. What B1 sells in May has no part in it.
    await _sold(office, "ranked", RANKED)

    made = await _example(office, "O1", "ranked", RANKED)

    assert made["expected"]["A1 2026-03 base"] == "120.00"
    assert made["expected"]["A1 2026-03 prize"] == "50.00"
    assert made["expected"]["B1 2026-03 prize"] == "100.00"
    assert made["orders"] == [f"salesforce/R-{number}" for number in ("O1", "O2", "O3")]
    assert made["in_part"] == ["B1", "M1"]
    assert "# Only what the order's pay rests on is given of B1, M1" in made["yaml"]


async def test_what_a_head_is_paid_for_the_team_is_shown_with_the_teams_orders(
    office: Office,
) -> None:
    # M1 sold 1 000 of the team's 11 000: 10.00 and 220.00.
    await _sold(office, "team", TEAM)

    made = await _example(office, "O3", "team", TEAM)

    assert made["expected"]["M1 2026-03 bonus"] == "230.00"
    assert set(made["orders"]) == {f"salesforce/R-{number}" for number in ("O1", "O2", "O3")}
    assert made["in_part"] == ["A1", "B1"]


async def test_of_a_member_the_head_is_given_in_part(office: Office) -> None:
    # A1's own 40.00 and 80.00 rest on no other; what M1 gets of it is what the example gives.
    await _sold(office, "team", TEAM)

    made = await _example(office, "O1", "team", TEAM)

    assert made["expected"] == {"A1 2026-03 bonus": "120.00", "M1 2026-03 bonus": "80.00"}
    assert made["orders"] == ["salesforce/R-O1"]
    assert made["in_part"] == ["M1"]
