"""Questions show what would be paid: draws, caps and what is carried, as runs pay them."""

from datetime import date
from typing import Any

from premia_common.contracts.plans import PayeeCap

from ..conftest import Office  # noqa: TID252
from ..samples import euros, ident, plan_published  # noqa: TID252
from .flows import answered, settle
from .test_plan_rows import PLAIN, staffed
from .test_plan_rows import sold as sold_on
from .test_terms_of_payment import DRAW, sold
from .test_terms_of_payment import staffed as drawing

NOBODY_SELLS = """examples:
  - name: nobody sells
    given: {payees: [{id: N1, kind: nobody}]}
    expect: {}
"""


def figures(rows: list[dict[str, Any]], name: str) -> dict[str, tuple[str, str]]:
    return {row[name]: (row["before"]["amount"], row["after"]["amount"]) for row in rows}


async def test_a_back_test_pays_draws_from_where_approved_statements_left_them(
    office: Office,
) -> None:
    # February was settled: 400.00 earned, filled up to 1 200.00, 800.00 owed. In March 2 000.00
    # are earned at 4 %, and half of what is above 1 200.00 goes to the debt; 1 500.00 at 3 %.
    await drawing(office)
    await office.arrive(sold(office, {"2026-02": "10000", "2026-03": "50000", "2026-04": "10000"}))
    await settle(office, "2026-02")
    draft = DRAW.replace("credit.amount * 4 %", "credit.amount * 3 %", 1)
    assert draft != DRAW
    draft = draft.partition("examples:")[0] + NOBODY_SELLS

    body = {"from": "2026-03", "to": "2026-04", "document": draft}
    result = (await answered(office, body, "/v1/back-tests"))["result"]

    # April: 400.00 and 300.00 earned, both filled up to 1 200.00.
    assert figures(result["months"], "month") == {
        "2026-03": ("1600.00", "1350.00"),
        "2026-04": ("1200.00", "1200.00"),
    }
    assert figures(result["components"], "component") == {"base": ("2400.00", "1800.00")}
    assert figures(result["terms_of_payment"], "movement") == {
        "draw": ("800.00", "900.00"),
        "draw_recovery": ("-400.00", "-150.00"),
    }
    paid = await settle_both(office)
    assert paid == ["1600.00", "1200.00"]


async def settle_both(office: Office) -> list[str]:
    paid = []
    for month in ("2026-03", "2026-04"):
        await settle(office, month)
        found = await office.statement_of(ident(office.tenant, "payee", "A1"), month)
        paid.append(found["payable"]["amount"])
    return paid


async def test_a_what_if_tells_what_a_cap_takes_and_explains_it(office: Office) -> None:
    # 3 % of 1 000 and 20.00 are 50.00, of 3 000 they are 110.00: 40.00 are paid of either.
    cap = PayeeCap(amount=euros("40.00"), valid_from=date(2026, 3, 1))
    await staffed(office, plan_published(office.tenant, PLAIN), payee_caps=(cap,))
    await office.arrive([sold_on(office, "O1", "1000", date(2026, 3, 10))])
    await office.open("2026-03")
    more = {"amount": "3000.00", "currency": "EUR"}

    found = await answered(
        office,
        {
            "from": "2026-03",
            "to": "2026-03",
            "changes": [{"kind": "order", "order_id": "salesforce/R-O1", "amount": more}],
        },
    )

    answer = found["answer"]
    assert [
        (row["before"]["amount"], row["after"]["amount"], row["difference"]["amount"])
        for row in answer["totals"]
    ] == [("40.00", "40.00", "0.00")]
    assert figures(answer["components"], "component") == {
        "base": ("30.00", "90.00"),
        "token": ("20.00", "20.00"),
    }
    assert figures(answer["terms_of_payment"], "movement") == {"payee_cap": ("-10.00", "-70.00")}
    [line] = [
        row
        for row in answer["lines"]
        if (row["movement"], row["component"]) == ("payee_cap", "token")
    ]
    node = line["why_after"]["nodes"][0]
    told = await office.analyst.get(
        f"/v1/simulations/{found['id']}/explain/{node}", payee_id=line["payee_id"], words="en"
    )
    # 70.00 by what each paid: 20 of 110.
    assert told.json()["tree"]["value"] == "-12.73"
    assert await office.statements("2026-03") == []
