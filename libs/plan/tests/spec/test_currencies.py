"""Orders in other currencies: which rate counts, and what is told where there is none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from premia_plan.explain import check_tree
from premia_plan.reference import Calculation
from premia_plan.relations import ExchangeRateRow, ReversalRow, SourceRef
from premia_plan.relations.exchange import RateType

SECTION = "currencies: {pay: {rate: daily}, targets: {rate: plan rate}}\npayment:"


def rate(
    kind: RateType, value: str, *, on: date | None = None, period: str = ""
) -> ExchangeRateRow:
    source = SourceRef("message", f"{kind} {on} {period}")
    return ExchangeRateRow(kind, "CHF", "EUR", period, on, Decimal(value), source)


RATES = (
    rate("daily", "1.05", on=date(2026, 2, 20)),
    rate("daily", "1.20", on=date(2026, 3, 4)),
    rate("plan rate", "0.50", period="2026"),
)


@pytest.fixture(scope="module")
def plan(agency_with):
    return agency_with(("payment:", SECTION))


def sold(facts, *rows: ExchangeRateRow):
    states = {"activated": "2026-03-04", "first_bill_paid": "2026-04-10"}
    world = facts.with_order("O1", "60000", states, currency="CHF", signed_on="2026-02-20")
    return world.with_target("A1", "2026-03", "20000").with_rows(exchange_rates=rows)


def follows(result: Calculation) -> None:
    nodes = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(nodes[line.node_id], nodes) == ()


def test_pay_and_attainment_have_each_their_own_rate(plan, facts, totals) -> None:
    result = sold(facts, *RATES).calculated(plan)

    # 60,000 CHF are 63,000.00 EUR for pay: 3 %, of which 65 % at once.
    assert totals(result)["A1", "2026-03", "base"] == Decimal("1228.50")
    [cell] = [
        item for item in result.cells if item.measure == "activated_value" and item.payee_id == "A1"
    ]
    # They count as 30,000.00 EUR at the plan's rate: 150 % of the target.
    assert (cell.value, cell.attainment and cell.attainment.ratio) == ("30000.00", "3/2")
    follows(result)


def test_without_a_rate_the_order_waits_and_somebody_is_told(plan, facts, totals) -> None:
    result = sold(facts, *RATES[1:]).calculated(plan)

    assert totals(result) == {}
    [found] = [item for item in result.exceptions if item.code == "exchange_rate_missing"]
    assert found.blocks
    assert found.order_id == "O1"
    assert "no daily rate to EUR for 2026-02-20" in found.message


def test_a_rate_that_is_a_week_old_counts_and_an_older_one_does_not(plan, facts, totals) -> None:
    recent = sold(facts, rate("daily", "1", on=date(2026, 2, 13)), RATES[2]).calculated(plan)
    older = sold(facts, rate("daily", "1", on=date(2026, 2, 12)), RATES[2]).calculated(plan)

    assert totals(recent)["A1", "2026-03", "base"] == Decimal("1170.00")
    assert totals(older) == {}


def test_two_different_rates_for_a_day_are_no_rate(plan, facts, totals) -> None:
    other = rate("daily", "1.06", on=date(2026, 2, 20))
    result = sold(facts, *RATES, other).calculated(plan)

    assert totals(result) == {}
    assert "two different rates" in next(iter(result.exceptions)).message


def test_a_reversal_has_the_rate_of_its_original(plan, facts, totals) -> None:
    result = sold(facts, *RATES).with_rows(
        reversals=(
            ReversalRow(
                "R1", "O1", date(2026, 3, 20), Decimal(30000), None, None, None,
                SourceRef("message", "R1"),
            ),
        )
    ).calculated(plan)  # fmt: skip

    # Half of the order in its own currency is half of what was paid, whatever today's rate.
    assert totals(result)["A1", "2026-03", "base"] == Decimal("614.25")
    follows(result)


def test_a_plan_that_names_no_rate_leaves_the_order_aside(agency, facts, totals) -> None:
    result = sold(facts, *RATES).calculated(agency)

    assert totals(result) == {}
    assert [item.code for item in result.exceptions] == ["order_currency"]


def test_the_order_of_rates_does_not_matter(plan, facts) -> None:
    world = sold(facts, *RATES)
    turned = replace(world.relations, exchange_rates=RATES[::-1])

    assert type(world)(turned).calculated(plan).digest() == world.calculated(plan).digest()
