"""What plans read besides orders reaches runs: caps of agreements, positions, versions before."""

from datetime import date
from typing import Any

from premia_common.contracts.fields import DatedAttribute
from premia_common.contracts.plans import Holding, PayeeCap, PlanPublished

from ..conftest import Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    assignment,
    euros,
    ident,
    mandate,
    order,
    payee,
    plan_published,
    position,
    principal,
)
from .flows import answered, settle
from .test_records import approved

HEAD = """plan: {name}
language: 1
title: {{it: Prova, en: Trial}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: {start}, to: {end}, by: order.signed_on}}
participants: payee.kind = "agency"
{more}
credits:
  sale: {{amount: order.amount, divides: base, shares: [{{to: order.seller, share: rest}}]}}
"""
NO_EXAMPLE = """examples:
  - name: none
    given: {payees: [{id: A1, kind: agency}]}
    expect: {}
"""
PLAIN = (
    HEAD.format(name="plain", start="2026-01-01", end="2027-01-01", more="")
    + """components:
  base:
    per: credit of sale
    amount: credit.amount * 3 %
    steps: [{round: cent, mode: half_up, each: line}]
  token:
    per: credit of sale
    amount: 20 EUR
    steps: [{round: cent, mode: half_up, each: line}]
settlement:
  states: {model: energy_order, of: order}
  release:
    base: [{share: rest, at: activated}]
    token: [{share: rest, at: activated}]
"""
    + NO_EXAMPLE
)
BY_POSITION = (
    HEAD.format(
        name="by-position",
        start="2026-01-01",
        end="2027-01-01",
        more="attributes: {position: {weight: percent}}",
    )
    + """components:
  base:
    per: credit of sale
    amount: if position.weight is known then credit.amount * position.weight else 0 EUR
    steps: [{round: cent, mode: half_up, each: line}]
settlement:
  states: {model: energy_order, of: order}
  release:
    base: [{share: rest, at: activated}]
"""
    + NO_EXAMPLE
)
BONUS = """measures:
  sold: {{sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}}
components:
  bonus:
    per: payee and month
    tiers:
      mode: marginal
      looked_up_by: sold
      pays_on: sold
      edge: to the band that starts there
      below_first: nothing
      above_last: open
      bands: [{{from: 0 EUR, gives: {low}}}, {{from: 10 000 EUR, gives: {high}}}]
    steps: [{{round: cent, mode: half_up, each: sum}}]
    spread: by credit.amount
    lands_in: the measured month
settlement:
  states: {{model: energy_order, of: order}}
  release: {{bonus: [{{share: rest, at: close of the measured month}}]}}
"""


def before() -> str:
    """Until 15 March: 1 % of all that is sold in a month."""
    head = HEAD.format(name="bonus", start="2026-01-01", end="2026-03-15", more="")
    return head + BONUS.format(low="1 %", high="1 %") + NO_EXAMPLE


def after(carry: str) -> str:
    """From 15 March on: 2 %, from 10 000 EUR of the month on 4 %."""
    change = f"change: {{after: {{plan: bonus, from: 2026-01-01}}, measures: {{sold: {carry}}}}}"
    head = HEAD.format(name="bonus", start="2026-03-15", end="2027-01-01", more=change)
    return head + BONUS.format(low="2 %", high="4 %") + NO_EXAMPLE


async def staffed(office: Office, *plans: PlanPublished, **of_mandate: Any) -> None:
    await office.arrive(
        [
            principal(office.tenant),
            *plans,
            payee(office.tenant, "A1"),
            mandate(office.tenant, "A1").model_copy(update=of_mandate),
            *(assignment(office.tenant, "A1", name) for name in {p.plan_name for p in plans}),
        ]
    )


def sold(office: Office, number: str, amount: str, on: date) -> Any:
    states = {"activated": on.isoformat()}
    return order(office.tenant, number, amount, states=states, signed_on=on)


async def lines_of(office: Office, month: str) -> dict[tuple[str, str, str], str]:
    found = await office.statement_of(ident(office.tenant, "payee", "A1"), month)
    answer = await office.analyst.get(f"/v1/statements/{found['id']}/lines")
    return {
        (item["what"], item["component"], item["order_id"] or ""): item["amount"]["amount"]
        for item in answer.json()["items"]
    }


async def test_the_cap_of_an_agreement_takes_what_all_plans_pay_beyond_it(office: Office) -> None:
    # 30.00 and 20.00 earned in February and March; 40.00 is the most from March on, and token,
    # named later, loses first.
    cap = PayeeCap(amount=euros("40.00"), valid_from=date(2026, 3, 1), priority=("base", "token"))
    plan = plan_published(office.tenant, PLAIN)
    await staffed(office, plan, payee_caps=(cap,))
    await office.arrive(
        [
            sold(office, "O1", "1000", date(2026, 2, 10)),
            sold(office, "O2", "1000", date(2026, 3, 10)),
        ]
    )
    await office.open("2026-02")

    await settle(office, "2026-02")
    await settle(office, "2026-03")

    a1 = ident(office.tenant, "payee", "A1")
    february = await office.statement_of(a1, "2026-02")
    march = await office.statement_of(a1, "2026-03")
    assert (february["payable"]["amount"], march["payable"]["amount"]) == ("50.00", "40.00")
    assert (await lines_of(office, "2026-03"))["payee_cap", "token", ""] == "-10.00"
    [total] = [item for item in march["totals"] if item["movement"] == "payee_cap"]
    assert (total["plan"], total["kind"]) == ("plain", "commission")
    ledger = (await office.analyst.get(f"/v1/ledger/{a1}")).json()
    balances = {item["account"]: item["amount"]["amount"] for item in ledger["balances"]}
    assert (balances["payable"], balances["earned"]) == ("90.00", "-90.00")


async def test_a_cap_that_changes_is_applied_by_the_next_run(office: Office) -> None:
    await staffed(office, plan_published(office.tenant, PLAIN))
    await office.arrive([sold(office, "O1", "1000", date(2026, 3, 10))])
    await office.open("2026-03")
    a1, paid = ident(office.tenant, "payee", "A1"), []
    for version, most in ((2, None), (3, "35.00"), (4, "45.00")):
        caps = () if most is None else (PayeeCap(amount=euros(most), valid_from=date(2026, 3, 1)),)
        said = {"version": version, "event_id": ident(office.tenant, f"cap {version}")}
        agreement = mandate(office.tenant, "A1").model_copy(update={**said, "payee_caps": caps})
        await office.arrive([agreement])
        await office.run("2026-03")
        paid.append((await office.statement_of(a1, "2026-03"))["payable"]["amount"])

    assert paid == ["50.00", "35.00", "45.00"]


async def test_what_a_position_says_counts_while_it_is_held(office: Office) -> None:
    # 5 % up to 15 March, 8 % from then on, and nothing once the position is given up.
    weight = {"name": "weight", "type": "percent", "unit": None}
    held = position(office.tenant, "P1", None).model_copy(
        update={
            "holdings": (
                Holding(
                    payee_id=ident(office.tenant, "payee", "A1"),
                    valid_from=date(2026, 1, 1),
                    valid_to=date(2026, 3, 25),
                ),
            ),
            "dated_attributes": (
                DatedAttribute(
                    **weight, value="0.05", valid_from=date(2025, 1, 1), valid_to=date(2026, 3, 15)
                ),
                DatedAttribute(**weight, value="0.08", valid_from=date(2026, 3, 15)),
            ),
        }
    )
    await staffed(office, plan_published(office.tenant, BY_POSITION))
    await office.arrive(
        [
            held,
            sold(office, "O1", "1000", date(2026, 3, 10)),
            sold(office, "O2", "1000", date(2026, 3, 20)),
            sold(office, "O3", "1000", date(2026, 3, 28)),
        ]
    )
    await office.open("2026-03")

    await office.run("2026-03")

    assert await lines_of(office, "2026-03") == {
        ("release", "base", "salesforce/R-O1"): "50.00",
        ("release", "base", "salesforce/R-O2"): "80.00",
        ("release", "base", "salesforce/R-O3"): "0.00",
    }
    less = held.model_copy(
        update={
            "version": 2,
            "event_id": ident(office.tenant, "less"),
            "dated_attributes": (
                DatedAttribute(**weight, value="0.06", valid_from=date(2025, 1, 1)),
            ),
        }
    )
    await office.arrive([less])
    await office.run("2026-03")
    changed = await lines_of(office, "2026-03")
    assert changed["release", "base", "salesforce/R-O1"] == "60.00"
    assert changed["release", "base", "salesforce/R-O2"] == "60.00"


async def changed(office: Office, carry: str) -> str:
    """Return what is paid for March: 8 000 sold before the change and 6 000 after it."""
    first = plan_published(office.tenant, before())
    second = plan_published(office.tenant, after(carry), version=2)
    await staffed(office, first, second)
    await office.arrive(
        [
            sold(office, "O1", "8000", date(2026, 3, 5)),
            sold(office, "O2", "6000", date(2026, 3, 20)),
        ]
    )
    await office.open("2026-03")
    await office.run("2026-03")
    found = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    amount: str = found["payable"]["amount"]
    return amount


async def test_a_version_that_resets_counts_its_own_credits_alone(office: Office) -> None:
    # 80.00 by the version before, and 2 % of 6 000.
    assert await changed(office, "reset") == "200.00"


async def test_a_version_that_carries_the_position_goes_on_in_the_bands(office: Office) -> None:
    # 80.00 before; then 2 % of the 2 000 up to 10 000, and 4 % of the 4 000 above.
    assert await changed(office, "carry the position") == "280.00"


async def test_a_version_that_rates_again_pays_what_the_version_before_did_not(
    office: Office,
) -> None:
    # The whole month by the new bands: 2 % of 10 000 and 4 % of 4 000. 80.00 of it was paid by
    # the version before, so 280.00 come from the new one.
    assert await changed(office, "carry and re-rate") == "360.00"
    found = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    told = await office.analyst.get(f"/v1/statements/{found['id']}/explain", words="en", depth=40)
    assert "bonus version 1, as calculated in the same run" in told.text


async def test_what_a_plan_of_elsewhere_paid_is_recorded_by_two_people(office: Office) -> None:
    # The plan before was never here: until what it paid is known nobody is paid by guess.
    await staffed(office, plan_published(office.tenant, after("carry and re-rate"), version=2))
    await office.arrive(
        [
            sold(office, "O1", "8000", date(2026, 3, 5)),
            sold(office, "O2", "6000", date(2026, 3, 20)),
        ]
    )
    await office.open("2026-03")
    first = await office.run("2026-03")
    assert first["counts"]["blocking_exceptions"] == 1
    row = {"plan": "bonus", "payee": "A1", "component": "bonus", "period": "2026-03"}

    await approved(office, "paid_before", {**row, "amount": {"amount": "90.00", "currency": "EUR"}})
    second = await office.run("2026-03")

    assert second["counts"]["blocking_exceptions"] == 0
    found = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    assert found["payable"]["amount"] == "270.00"


async def test_a_draft_that_goes_on_after_a_published_version_leaves_it_its_days(
    office: Office,
) -> None:
    # In force until the end of the year 1 % is paid of all 14 000; the draft takes over on 15
    # March, pays 2 % up to 10 000 of the month and 4 % above, less the 80.00 paid before it.
    text = before().replace("to: 2026-03-15", "to: 2027-01-01", 1)
    await staffed(office, plan_published(office.tenant, text))
    await office.arrive(
        [
            sold(office, "O1", "8000", date(2026, 3, 5)),
            sold(office, "O2", "6000", date(2026, 3, 20)),
        ]
    )
    await office.open("2026-03")

    draft = {"kind": "draft_plan", "document": after("carry and re-rate")}
    found = await answered(office, {"from": "2026-03", "to": "2026-03", "changes": [draft]})

    [total] = found["answer"]["totals"]
    assert (total["before"]["amount"], total["after"]["amount"]) == ("140.00", "360.00")
