"""Draws, reserves and least payments, from a run to the ledger, month after month."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from premia_plan.library import library_plan

from ..conftest import Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    assignment,
    ident,
    mandate,
    order,
    payee,
    plan_published,
    principal,
)
from .flows import settle

DRAW = library_plan("newcomer-draw")
PLAIN = DRAW.partition("payment:")[0]
MONTHS = ("2026-02", "2026-03", "2026-04")


def with_terms(terms: str) -> str:
    """Return the plan of 4 % of each order, with other terms of payment and no example of pay."""
    return f"""{PLAIN}payment: {terms}
examples:
  - name: nobody sells
    given: {{payees: [{{id: N1, kind: agency}}]}}
    expect: {{}}
"""


def sold(office: Office, amounts: dict[str, str], **more: Any) -> list[Any]:
    """One activated order a month."""
    return [
        order(
            office.tenant,
            f"O{month}",
            amount,
            states={"activated": f"{month}-20"},
            signed_on=date(2026, 2, 2),
            **more,
        )
        for month, amount in amounts.items()
    ]


async def staffed(office: Office, text: str = DRAW, first: str = "2026-02") -> None:
    plan = plan_published(office.tenant, text)
    joined = assignment(office.tenant, "A1", plan.plan_name)
    await office.arrive(
        [
            principal(office.tenant),
            plan,
            payee(office.tenant, "A1"),
            mandate(office.tenant, "A1"),
            joined.model_copy(update={"valid_from": date(2026, 2, 1)}),
        ]
    )
    await office.open(first)


async def statement(office: Office, month: str) -> dict[str, Any]:
    return await office.statement_of(ident(office.tenant, "payee", "A1"), month)


async def lines_of(office: Office, month: str) -> dict[str, str]:
    found = await statement(office, month)
    answer = await office.analyst.get(f"/v1/statements/{found['id']}/lines")
    return {item["what"]: item["amount"]["amount"] for item in answer.json()["items"]}


async def accounts_of(office: Office, month: str) -> dict[tuple[str, str], tuple[str, str]]:
    found = await statement(office, month)
    answer = await office.analyst.get(f"/v1/statements/{found['id']}/accounts")
    return {
        (item["account"], item["name"]): (item["before"]["amount"], item["after"]["amount"])
        for item in answer.json()["items"]
    }


async def ledger_of(office: Office) -> dict[tuple[str, str], str]:
    answer = await office.analyst.get(f"/v1/ledger/{ident(office.tenant, 'payee', 'A1')}")
    for posting in answer.json()["postings"]:
        assert sum(Decimal(item["amount"]["amount"]) for item in posting["entries"]) == 0
    return {
        (item["account"], item["name"]): item["amount"]["amount"]
        for item in answer.json()["balances"]
        if Decimal(item["amount"]["amount"])
    }


async def test_a_draw_goes_on_from_each_approved_statement(office: Office) -> None:
    # 4 % of 10 000, 50 000 and 35 000: 400.00, 2 000.00 and 1 400.00 earned; level 1 200.00,
    # half of what is above it goes to the debt.
    await staffed(office)
    await office.arrive(sold(office, dict(zip(MONTHS, ("10000", "50000", "35000"), strict=True))))

    payable, debts = [], []
    for month in MONTHS:
        await settle(office, month)
        payable.append((await statement(office, month))["payable"]["amount"])
        debts.append((await accounts_of(office, month))["draw", "newcomer"])

    assert payable == ["1200.00", "1600.00", "1300.00"]
    assert debts == [("0.00", "800.00"), ("800.00", "400.00"), ("400.00", "300.00")]
    assert await lines_of(office, "2026-03") == {"release": "2000.00", "draw_recovery": "-400.00"}
    assert await ledger_of(office) == {
        ("payable", ""): "4100.00",
        ("draw", "newcomer"): "-300.00",
        ("earned", ""): "-3800.00",
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "800.00 drawn by newcomer"), ("it", "800.00 anticipati con newcomer")],
)
async def test_a_draw_is_explained_down_to_the_order(
    office: Office, language: str, words: str
) -> None:
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "10000"}))
    await office.run("2026-02")
    found = await statement(office, "2026-02")
    path = f"/v1/statements/{found['id']}"
    lines = (await office.analyst.get(f"{path}/lines")).json()["items"]
    [line] = [item for item in lines if item["what"] == "draw"]

    told = await office.analyst.get(f"{path}/lines/{line['id']}/explain", words=language)
    whole = await office.analyst.get(f"{path}/explain", words=language, depth=40)
    account = await office.analyst.get(f"{path}/accounts/1/explain", words=language)

    assert words in " ".join(told.json()["words"])
    assert '"message_id":"message-O2026-02-1"' in told.text
    assert words in " ".join(whole.json()["words"])
    assert whole.json()["tree"]["value"] == found["payable"]["amount"] == "1200.00"
    assert account.json()["tree"]["value"] == "800.00"


async def test_a_late_fact_of_a_paid_month_is_paid_in_the_open_one_on_its_terms(
    office: Office,
) -> None:
    # February was filled up to 1 200.00. Its late order of 400.00 is March's pay: 1 400.00 there,
    # 200.00 above the level, half of them to the debt.
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "10000", "2026-03": "25000"}))
    await settle(office, "2026-02")
    late = order(
        office.tenant,
        "late",
        "10000",
        states={"activated": "2026-02-25"},
        signed_on=date(2026, 2, 3),
    )
    await office.arrive([late])

    await settle(office, "2026-03")

    assert await lines_of(office, "2026-03") == {
        "release": "1000.00",
        "restatement": "400.00",
        "draw_recovery": "-100.00",
    }
    assert (await statement(office, "2026-03"))["payable"]["amount"] == "1300.00"
    assert await accounts_of(office, "2026-03") == {
        ("draw", "newcomer"): ("800.00", "700.00"),
    }


async def test_a_month_closed_without_a_statement_is_worked_out_with_the_next(
    office: Office,
) -> None:
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "10000", "2026-03": "50000"}))
    await office.run("2026-02")
    found = await statement(office, "2026-02")
    exclude = {"exclude": [{"statement_id": found["id"], "reason": "in dispute"}]}
    for person in (office.analyst, office.approver):
        answer = await person.post("/v1/periods/2026-02/close", exclude)
        assert answer.status_code == 200, answer.text

    await settle(office, "2026-03")

    # February's draw of 800.00 and March's recovery of 400.00 stand on one statement.
    assert (await statement(office, "2026-03"))["payable"]["amount"] == "2800.00"
    assert await accounts_of(office, "2026-03") == {
        ("draw", "newcomer"): ("0.00", "400.00"),
    }
    assert (await ledger_of(office))["draw", "newcomer"] == "-400.00"


async def test_the_same_facts_give_the_same_digest_and_a_replay_too(office: Office) -> None:
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "10000", "2026-03": "50000"}))
    await settle(office, "2026-02")
    first = await office.run("2026-03")
    second = await office.run("2026-03")

    asked = await office.analyst.post(f"/v1/runs/{first['id']}/replays")
    await office.work()

    replay = (await office.analyst.get(asked.headers["Location"])).json()
    assert second["counts"]["new_revisions"] == 0
    assert second["result_digest"] == first["result_digest"]
    assert (replay["status"], replay["same"]) == ("completed", True)


async def test_pay_below_the_least_payment_is_kept_until_there_is_enough(office: Office) -> None:
    # 40.00, then 70.00: the first is below 50.00 and comes with the second.
    await staffed(office, with_terms("{minimum: 50 EUR}"))
    await office.arrive(sold(office, {"2026-02": "1000", "2026-03": "1750"}))

    await settle(office, "2026-02")
    await settle(office, "2026-03")

    february, march = await statement(office, "2026-02"), await statement(office, "2026-03")
    assert february["payable"]["amount"] == "0.00"
    assert february["carried_forward"]["amount"] == "40.00"
    assert [(item["movement"], item["amount"]["amount"]) for item in february["totals"]] == [
        (None, "40.00"),
        ("carried_out", "-40.00"),
    ]
    assert march["brought_forward"]["amount"] == "40.00"
    assert march["payable"]["amount"] == "110.00"
    assert await ledger_of(office) == {("payable", ""): "110.00", ("earned", ""): "-110.00"}


async def test_a_quiet_month_states_the_small_pay_that_it_goes_on_carrying(office: Office) -> None:
    # 40.00 in February, nothing in March, 70.00 in April: paid together.
    await staffed(office, with_terms("{minimum: 50 EUR}"))
    await office.arrive(sold(office, {"2026-02": "1000", "2026-04": "1750"}))

    for month in MONTHS:
        await settle(office, month)

    march, april = await statement(office, "2026-03"), await statement(office, "2026-04")
    assert [
        march[name]["amount"] for name in ("brought_forward", "payable", "carried_forward")
    ] == [
        "40.00",
        "0.00",
        "40.00",
    ]
    assert await lines_of(office, "2026-03") == {"carried_out": "-40.00"}
    assert april["payable"]["amount"] == "110.00"
    assert await ledger_of(office) == {("payable", ""): "110.00", ("earned", ""): "-110.00"}


async def test_a_reserve_is_withheld_and_released_by_age(office: Office) -> None:
    # 20 % of 400.00 and of 200.00; February's 80.00 is released two months later.
    terms = "{reserves: {safety: {of: all, withholds: [{from: 0 EUR, share: 20 %}], released: {months: 2}}}}"
    await staffed(office, with_terms(terms))
    await office.arrive(sold(office, {"2026-02": "10000", "2026-03": "5000"}))

    for month in MONTHS:
        await settle(office, month)

    assert (await statement(office, "2026-02"))["payable"]["amount"] == "320.00"
    assert (await accounts_of(office, "2026-03"))["reserve", "safety"] == ("80.00", "120.00")
    assert await lines_of(office, "2026-04") == {"reserve_released": "80.00"}
    assert await ledger_of(office) == {
        ("payable", ""): "560.00",
        ("reserve", "safety"): "40.00",
        ("earned", ""): "-600.00",
    }


async def test_what_is_owed_at_leaving_is_to_be_paid_back(office: Office) -> None:
    # 400.00 paid in February; the order is cancelled in March, the month the payee leaves.
    await staffed(office, with_terms("{negative_balance: due at leaving}"))
    plan = plan_published(office.tenant, with_terms("{negative_balance: due at leaving}"))
    gone = assignment(office.tenant, "A1", plan.plan_name)
    await office.arrive(sold(office, {"2026-02": "10000"}))
    await settle(office, "2026-02")
    states = {"activated": "2026-02-20", "cancelled": "2026-03-10"}
    await office.arrive(
        [
            gone.model_copy(
                update={
                    "version": 2,
                    "event_id": ident(office.tenant, "left"),
                    "valid_from": date(2026, 2, 1),
                    "valid_to": date(2026, 3, 20),
                }
            ),
            order(
                office.tenant,
                "O2026-02",
                "10000",
                states=states,
                version=2,
                signed_on=date(2026, 2, 2),
            ),
        ]
    )

    await settle(office, "2026-03")

    march = await statement(office, "2026-03")
    assert march["payable"]["amount"] == march["carried_forward"]["amount"] == "0.00"
    assert march["receivable"]["amount"] == "400.00"
    assert await ledger_of(office) == {
        ("payable", ""): "400.00",
        ("receivable", ""): "-400.00",
    }


async def test_a_reopened_month_is_paid_in_place_and_the_next_goes_on_from_it(
    office: Office,
) -> None:
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "10000", "2026-03": "50000"}))
    await office.run("2026-02")
    excluded = {
        "exclude": [{"statement_id": (await statement(office, "2026-02"))["id"], "reason": "later"}]
    }
    for person in (office.analyst, office.approver):
        await person.post("/v1/periods/2026-02/close", excluded)
    await office.run("2026-03")
    together = (await statement(office, "2026-03"))["payable"]["amount"]
    for person in (office.analyst, office.approver):
        answer = await person.post("/v1/periods/2026-02/reopen", {"reason": "pay it there"})
        assert answer.status_code == 200, answer.text

    await settle(office, "2026-02")
    await settle(office, "2026-03")

    assert together == "2800.00"
    assert (await statement(office, "2026-02"))["payable"]["amount"] == "1200.00"
    assert (await statement(office, "2026-03"))["payable"]["amount"] == "1600.00"
    assert (await accounts_of(office, "2026-03"))["draw", "newcomer"] == ("800.00", "400.00")
    assert (await ledger_of(office))["draw", "newcomer"] == "-400.00"
