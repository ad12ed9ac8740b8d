"""What is read of everything that was recorded, for the little that arrived."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from calc_engine.application.calculate_scope import ReachesEverything
from calc_engine.application.gather_facts import FactsInReach
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.fact import Fact
from premia_common.contracts.fields import ExternalRef
from premia_common.contracts.orders import OrderLine

from .. import samples as s  # noqa: TID252
from ..memory_work import MemoryWork, fact_of_event  # noqa: TID252

TENANT = UUID(int=77)
PLAN = s.plan_of(
    "installers",
    """
credits:
  work: {from: line, amount: line.amount, divides: base, shares: [{to: line.installer, share: rest}]}
MEASURES
components:
  base: {per: credit of work, amount: credit.amount * 3 %, steps: [{round: cent, mode: half_up, each: line}]}
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: rest, at: activated}]}
examples:
  - name: none
    given: {payees: [{id: A1, kind: agency}]}
    expect: {}
""",
)
COUNTED = "measures: {done: {sum: credit.amount, of: work, dated_by: order.signed_on, over: month, per: payee}}"


def read_for_the_order(measures: str) -> set[str]:
    """Return the codes of the payees that are read when the order arrives."""
    named = ExternalRef(system="salesforce", code="M1")
    line = OrderLine(
        line_id="L1",
        product="hp",
        quantity="1",
        amount=s.euros("50.00"),
        payees={"installer": named},
    )
    order = s.order(TENANT, "O1", "100.00", states={}).model_copy(update={"lines": (line,)})
    plan = s.plan_published(TENANT, PLAN.replace("MEASURES", measures))
    events = [s.payee(TENANT, "A1"), s.payee(TENANT, "M1"), s.payee(TENANT, "B1"), plan, order]
    facts = [fact_of_event(event) for event in events]
    reach = FactsInReach(_work(facts).references)
    asyncio.run(reach.gather([("order", facts[-1].key)]))
    return {fact.body["code"] for fact in reach.facts if fact.kind == "payee"}


def _work(facts: list[Fact]) -> Any:
    return MemoryWork(TENANT, Baseline((), {}, {}, ()), facts)


def test_the_payees_of_lines_are_read_with_the_order() -> None:
    assert read_for_the_order("") == {"A1", "M1"}


def test_figures_of_payees_that_only_lines_name_are_left_to_a_whole_run() -> None:
    with pytest.raises(ReachesEverything, match="counts for payees of lines"):
        read_for_the_order(COUNTED)
