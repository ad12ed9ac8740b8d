"""Two published versions of one plan, and a plan in another currency, through the whole service."""

from datetime import date
from decimal import Decimal
from typing import Any

from premia_common.contracts.fields import MoneyOut
from premia_common.contracts.plans import PlanRetired
from premia_plan.explain import check_node

from ..conftest import NEW, Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    KNOWN,
    above_target,
    accepted,
    agency_plan_text,
    ident,
    master_data,
    order,
    plan_published,
)
from .flows import settle
from .test_explain import as_node, explained_lines, nodes_of


def with_one_example() -> str:
    text = agency_plan_text()
    return text[: text.index("  - name: above target")]


def second_version(office: Office) -> list[Any]:
    """From 25 February on another version claims the orders: it pays 6 % instead of 3 %."""
    dearer = with_one_example()
    for old, new in (
        ("gives: 3 %}\n", "gives: 6 %}\n"),
        ("valid: {from: 2026-01-01", "valid: {from: 2026-02-25"),
        ("signed_on: 2026-02-20", "signed_on: 2026-02-26"),
        ("base: 23.40 EUR", "base: 46.80 EUR"),
        ("base: 12.60 EUR", "base: 25.20 EUR"),
    ):
        assert old in dearer
        dearer = dearer.replace(old, new, 1)
    first = plan_published(office.tenant, agency_plan_text())
    second = plan_published(office.tenant, dearer, version=2)
    assert second.content_hash != first.content_hash
    return [
        second,
        PlanRetired(
            event_id=NEW.new(),
            occurred_at=KNOWN,
            tenant_id=office.tenant,
            correlation_id=NEW.new(),
            version=1,
            plan_id=first.plan_id,
            plan_name=first.plan_name,
            retired_version=1,
            retired_from=date(2026, 2, 25),
        ),
        *(
            accepted(office.tenant, second, code).model_copy(update={"event_id": NEW.new()})
            for code in ("A1", "M1")
        ),
    ]


async def test_each_order_is_paid_and_explained_by_the_version_it_was_signed_under(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.arrive(second_version(office))
    await office.open("2026-03")

    run = await office.run("2026-03")

    assert run["counts"]["plans"] == 2
    found = await explained_lines(office, "2026-03")
    base = {
        line["order_id"]: line["amount"]["amount"]
        for line, _ in found
        if line["component"] == "base"
    }
    # 65 % of 3 % of 40 000 signed on 20 February, and of 6 % of 26 000 signed on the 27th.
    assert base == {"salesforce/R-O1": "780.00", "salesforce/R-O2": "1014.00"}
    rates = {}
    for line, explained in found:
        known = {step["id"]: step for step in nodes_of(explained["tree"]) if not step["repeated"]}
        for step in known.values():
            children = [as_node(known[child["id"]]) for child in step["children"]]
            assert check_node(as_node(step), children), step
            if step["kind"] == "rate_row" and line["component"] == "base":
                rates[line["order_id"]] = step["value"]
    assert rates["salesforce/R-O1"] != rates["salesforce/R-O2"]


async def test_an_order_that_moves_to_another_version_is_restated_by_line(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    await office.arrive(second_version(office))

    await office.run("2026-04")

    restated = {
        (line["order_id"], line["component"]): line["amount"]["amount"]
        for line, _ in await explained_lines(office, "2026-04")
        if line["what"] == "restatement" and line["component"] != "accelerator"
    }
    assert restated == {("salesforce/R-O2", "base"): "507.00"}


def in_dinars(event: Any) -> Any:
    """Return an event with its amounts in a currency of three decimals."""
    text = event.model_dump_json().replace('"EUR"', '"KWD"')
    return type(event).model_validate_json(text)


async def test_a_currency_of_three_decimals_keeps_them(office: Office) -> None:
    plan = plan_published(office.tenant, with_one_example().replace("EUR", "KWD"))
    events = [
        event
        for event in master_data(office.tenant)
        if event.type not in {"premia.plan.published.v1", "premia.plan_acceptance.recorded.v1"}
    ]
    small = order(
        office.tenant,
        "O1",
        "10.01",
        states={"activated": "2026-03-04"},
    ).model_copy(update={"amount": MoneyOut(amount=Decimal("10.017"), currency="KWD")})
    await office.arrive([in_dinars(event) for event in events])
    await office.arrive(
        [plan, *(accepted(office.tenant, plan, code) for code in ("A1", "M1")), small]
    )
    await office.open("2026-03")

    await office.run("2026-03")

    statement = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    [line] = (await office.analyst.get(f"/v1/statements/{statement['id']}/lines")).json()["items"]
    # 3 % of 10.017 is 0.301 to the fils, and 65 % of that 0.196.
    assert line["amount"] == {"amount": "0.196", "currency": "KWD"}
    assert statement["payable"] == {"amount": "0.196", "currency": "KWD"}
