"""A payee's cap over closed months: orders cancelled, reinstated and run again."""

from datetime import date
from typing import Any

from premia_common.contracts.plans import PayeeCap

from ..conftest import Office  # noqa: TID252
from ..samples import euros, ident, order, plan_published  # noqa: TID252
from .flows import settle
from .test_plan_rows import PLAIN, staffed

PLAN = PLAIN.replace(
    "examples:",
    """  storno:
    when: order reached cancelled
    reinstated_when: order reached accepted
    lands_in: month of the event
    effect:
      base: {takes: 100 %, out_of: released, unreleased: dropped}
      token: {takes: 100 %, out_of: released, unreleased: dropped}
examples:""",
)


async def statement_of(office: Office, month: str) -> tuple[dict[str, Any], set[str]]:
    """Return a statement, and which accounts it moved."""
    statement = await office.statement_of(ident(office.tenant, "payee", "A1"), month)
    path = f"/v1/statements/{statement['id']}/accounts"
    items = (await office.analyst.get(path)).json()["items"]
    return statement, {item["account"] for item in items}


async def test_what_is_cancelled_and_reinstated_under_a_cap_is_paid_once(office: Office) -> None:
    cap = PayeeCap(amount=euros("40.00"), valid_from=date(2026, 1, 1))
    await staffed(office, plan_published(office.tenant, PLAN), payee_caps=(cap,))
    signed = date(2026, 2, 10)
    states = {"activated": "2026-02-10", "cancelled": "2026-03-15"}
    await office.arrive(
        [
            order(office.tenant, "O1", "1000", states=states, signed_on=signed),
            order(office.tenant, "O2", "1000", states={"activated": "2026-03-10"}),
        ]
    )
    await office.open("2026-02")
    await settle(office, "2026-02")
    await settle(office, "2026-03")

    # 3 % and 20 EUR: 50 of O1, 40 within the cap; March takes these 40 back and pays 40 of O2.
    february, _ = await statement_of(office, "2026-02")
    march, accounts = await statement_of(office, "2026-03")
    assert february["payable"]["amount"] == "40.00"
    assert march["payable"]["amount"] == "0.00"
    assert accounts >= {"capped", "taken_back"}

    # Reinstated in April it is worth 40 again, beside 40 of April's own.
    await office.arrive([order(office.tenant, "O3", "1000", states={"activated": "2026-04-02"})])
    await office.run("2026-04")
    again = states | {"accepted": "2026-04-20"}
    await office.arrive(
        [order(office.tenant, "O1", "1000", version=2, states=again, signed_on=signed)]
    )
    renewed = await office.run("2026-04")
    april, _ = await statement_of(office, "2026-04")
    whole = await office.run("2026-04", everything=True)

    assert april["payable"]["amount"] == "80.00"
    assert renewed["result_digest"] == whole["result_digest"]
