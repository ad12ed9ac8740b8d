"""Statements in the currency that a plan names: drafts, approvals, ledgers, what is explained."""

from datetime import date
from decimal import Decimal
from typing import Any

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
from .test_draft_payments import draft, renew
from .test_records import load
from .test_terms_of_payment import PLAIN, statement, with_terms

RATES = {"2026-02": "0.90", "2026-03": "1.00", "2026-04": "1.10"}
PLAN = (
    PLAIN.replace(
        "currency: EUR\n",
        "currency: EUR\n"
        "attributes: {payee: {currency: text}}\n"
        "currencies: {statement: {in: payee.currency, rate: period average}}\n",
    )
    + "payment: {negative_balance: carried, minimum: 0 EUR}\n"
    "examples:\n"
    "  - name: nobody sells\n"
    "    given: {payees: [{id: N1, kind: agency}]}\n"
    "    expect: {}\n"
)
PLAN_OF_EUROS = with_terms("{negative_balance: carried, minimum: 0 EUR}").replace(
    "plan: newcomer-draw-2026", "plan: other-2026"
)


async def staffed(office: Office, currency: str = "CHF", text: str = PLAN) -> None:
    """A1 is stated in a currency by the plan of 4 % of each order, from February on."""
    plan = plan_published(office.tenant, text)
    own = payee(office.tenant, "A1")
    joined = assignment(office.tenant, "A1", plan.plan_name)
    await office.arrive(
        [
            principal(office.tenant),
            plan,
            own.model_copy(update={"attributes": {**own.attributes, "currency": currency}}),
            mandate(office.tenant, "A1"),
            joined.model_copy(update={"valid_from": date(2026, 2, 1)}),
        ]
    )
    await office.open("2026-02")


async def rates(office: Office, values: dict[str, str]) -> None:
    rows = [
        {
            "rate_type": "period average",
            "from_currency": "EUR",
            "to_currency": "CHF",
            "period": month,
            "rate": value,
        }
        for month, value in values.items()
    ]
    await load(office, "exchange_rate", *rows)


async def sell(
    office: Office,
    number: str,
    amount: str,
    month: str,
    *,
    cancelled: str = "",
    version: int = 1,
    by: str = "A1",
) -> None:
    states = {"activated": f"{month}-20"} | ({"cancelled": cancelled} if cancelled else {})
    await office.arrive(
        [
            order(
                office.tenant,
                number,
                amount,
                states=states,
                seller=by,
                signed_on=date(2026, 2, 2),
                version=version,
            )
        ]
    )


async def lines_of(office: Office, month: str) -> dict[str, tuple[str, str]]:
    found = await statement(office, month)
    answer = await office.analyst.get(f"/v1/statements/{found['id']}/lines")
    return {
        item["what"]: (money(item["amount"]), money(item["plan_amount"]))
        for item in answer.json()["items"]
    }


def money(item: dict[str, str]) -> str:
    return f"{item['amount']} {item['currency']}"


async def ledger(office: Office) -> dict[str, dict[str, str]]:
    """Return what each account stands at, by currency; every posting is zero in each."""
    answer = await office.analyst.get(f"/v1/ledger/{ident(office.tenant, 'payee', 'A1')}")
    for posting in answer.json()["postings"]:
        sums: dict[str, Decimal] = {}
        for item in posting["entries"]:
            own = item["amount"]
            sums[own["currency"]] = sums.get(own["currency"], Decimal(0)) + Decimal(own["amount"])
        assert set(sums.values()) == {Decimal(0)}
    found: dict[str, dict[str, str]] = {}
    for item in answer.json()["balances"]:
        if Decimal(item["amount"]["amount"]):
            own = found.setdefault(item["amount"]["currency"], {})
            own[item["account"]] = item["amount"]["amount"]
    return found


async def codes(office: Office, run: dict[str, Any]) -> set[str]:
    report = (await office.analyst.get(f"/v1/runs/{run['id']}/validation-report")).json()
    return {item["code"] for item in report["exceptions"] if item["blocks"]}


async def test_corrections_have_the_rate_of_their_original_and_debts_go_on_as_stated(
    office: Office,
) -> None:
    # 400.00 EUR at 0.90 are 360.00 CHF, and so they are taken back in March, at whose rate they
    # would be 400.00 CHF. April's 800.00 EUR at 1.10 are 880.00 CHF, less the debt.
    await staffed(office)
    await rates(office, RATES)
    await sell(office, "O1", "10000", "2026-02")
    await settle(office, "2026-02")
    await sell(office, "O1", "10000", "2026-02", cancelled="2026-03-05", version=2)
    await settle(office, "2026-03")
    await sell(office, "O2", "20000", "2026-04")
    await settle(office, "2026-04")

    found = [await statement(office, month) for month in RATES]

    assert [money(item["payable"]) for item in found] == ["360.00 CHF", "0.00 CHF", "520.00 CHF"]
    assert [money(item["carried_forward"]) for item in found] == [
        "0.00 CHF",
        "-360.00 CHF",
        "0.00 CHF",
    ]
    assert {(item["currency"], item["plan_currency"]) for item in found} == {("CHF", "EUR")}
    assert await lines_of(office, "2026-03") == {"reversal": ("-360.00 CHF", "-400.00 EUR")}
    assert await ledger(office) == {
        "CHF": {"payable": "880.00", "exchange": "-880.00"},
        "EUR": {"earned": "-800.00", "exchange": "800.00"},
    }


async def test_what_is_known_late_has_the_rate_of_its_month(office: Office) -> None:
    # 400.00 EUR more for February: 360.00 CHF on March's statement. The rate of February is
    # corrected afterwards: 720.00 CHF were stated of 800.00 EUR, which are 760.00 CHF now.
    await staffed(office)
    await rates(office, RATES)
    await sell(office, "O1", "10000", "2026-02")
    await settle(office, "2026-02")
    await sell(office, "O1", "20000", "2026-02", version=2)
    await settle(office, "2026-03")
    march = await lines_of(office, "2026-03")
    await rates(office, {"2026-02": "0.95"})

    run = await office.run("2026-04")

    assert march == {"restatement": ("360.00 CHF", "400.00 EUR")}
    assert await lines_of(office, "2026-04") == {"restatement": ("40.00 CHF", "0.00 EUR")}
    assert not await codes(office, run)
    asked = await office.analyst.post(f"/v1/runs/{run['id']}/replays")
    await office.work()
    assert (await office.analyst.get(asked.headers["Location"])).json()["same"] is True


async def test_a_missing_rate_blocks_until_it_is_loaded(office: Office) -> None:
    await staffed(office)
    await sell(office, "O1", "10000", "2026-02")

    before = await office.run("2026-02")
    in_euros = await statement(office, "2026-02")
    told = await codes(office, before)
    await rates(office, RATES)
    after = await office.run("2026-02")

    assert told == {"exchange_rate_missing"}
    assert money(in_euros["payable"]) == "400.00 EUR"
    assert not await codes(office, after)
    assert money((await statement(office, "2026-02"))["payable"]) == "360.00 CHF"


async def test_a_statement_in_the_plans_currency_needs_no_rate(office: Office) -> None:
    await staffed(office, "EUR")
    await sell(office, "O1", "10000", "2026-02")

    run = await office.run("2026-02")

    assert not await codes(office, run)
    assert money((await statement(office, "2026-02"))["payable"]) == "400.00 EUR"


async def test_facts_that_arrive_renew_drafts_and_runs_in_the_statements_currency(
    office: Office,
) -> None:
    await staffed(office)
    await rates(office, RATES)
    await sell(office, "O1", "10000", "2026-02")
    await settle(office, "2026-02")
    await office.run("2026-03")
    await sell(office, "O2", "20000", "2026-03")
    await renew(office)

    drafted = await draft(office, "2026-03")
    renewed = await office.run("2026-03")
    whole = await office.run("2026-03", everything=True)

    assert money(drafted["payable"]) == "800.00 CHF"
    assert drafted["digest"] == (await statement(office, "2026-03"))["digest"]
    assert renewed["base_run_id"] is not None
    assert renewed["result_digest"] == whole["result_digest"]


async def test_who_earns_nothing_has_no_statement_for_a_rate_that_stays(office: Office) -> None:
    # B1 is paid 400.00 EUR for February by a plan that names no currency, A1 360.00 CHF. In March
    # nothing is due to either, until A1 sells: he alone has a statement, before and after a run.
    await staffed(office)
    plan = plan_published(office.tenant, PLAN_OF_EUROS)
    joined = assignment(office.tenant, "B1", plan.plan_name)
    await office.arrive(
        [
            plan,
            payee(office.tenant, "B1"),
            mandate(office.tenant, "B1"),
            joined.model_copy(update={"valid_from": date(2026, 2, 1)}),
        ]
    )
    await rates(office, RATES)
    await sell(office, "O1", "10000", "2026-02")
    await sell(office, "P1", "10000", "2026-02", by="B1")
    await settle(office, "2026-02")
    paid = [money(item["payable"]) for item in await office.statements("2026-02")]
    await office.run("2026-03")
    quiet = await office.statements("2026-03")
    path = f"/v1/draft-statements/{ident(office.tenant, 'payee', 'B1')}"
    await sell(office, "O2", "20000", "2026-03")
    await renew(office)
    drafted = await office.analyst.get(path, period="2026-03")
    renewed = await office.run("2026-03")
    whole = await office.run("2026-03", everything=True)

    assert sorted(paid) == ["360.00 CHF", "400.00 EUR"]
    assert quiet == []
    assert drafted.json()["drafts"] == []
    assert renewed["base_run_id"] is not None
    assert renewed["result_digest"] == whole["result_digest"]
    [only] = await office.statements("2026-03")
    assert money(only["payable"]) == "800.00 CHF"


async def test_an_exchange_is_explained_down_to_the_rate_and_the_order(office: Office) -> None:
    await staffed(office)
    await rates(office, RATES)
    await sell(office, "O1", "10000", "2026-02")
    await office.run("2026-02")
    path = f"/v1/statements/{(await statement(office, '2026-02'))['id']}/explain"

    told = {
        language: await office.analyst.get(path, words=language, depth=40)
        for language in ("it", "en")
    }

    assert told["en"].json()["tree"]["value"] == "360.00"
    assert "360.00 CHF on the statement" in " ".join(told["en"].json()["words"])
    assert "360.00 CHF sul rendiconto" in " ".join(told["it"].json()["words"])
    assert '"message_id":"message-O1-1"' in told["en"].text
