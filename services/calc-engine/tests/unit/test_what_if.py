"""Facts as they would be: copies, so that what is recorded never changes."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc_engine.domain.comparison import compare
from calc_engine.domain.draft_plan import DraftPlan
from calc_engine.domain.fact import Fact
from calc_engine.domain.statement_line import ResultLine
from calc_engine.domain.what_if import (
    OrderChange,
    PlanNumberChange,
    TargetChange,
    WhatIfNotPossible,
    records_with,
)
from premia_common.canonical import canonical_json, digest
from premia_common.periods import Month


def fact(kind: str, key: str, version: str, body: dict[str, Any]) -> Fact:
    sha256 = digest(canonical_json(body))
    return Fact(kind, key, version, datetime(2026, 4, 1, tzinfo=UTC), UUID(int=1), sha256, body)


def plan(name: str, plan_id: str, since: str, until: str) -> Fact:
    document = {"plan": name, "valid": {"from": since, "to": until}, "rates": [{"gives": "3 %"}]}
    body = {
        "plan_id": plan_id,
        "plan_name": name,
        "version": 1,
        "principal_id": "P",
        "content_hash": digest(canonical_json(document)),
        "document": document,
    }
    return fact("plan", plan_id, "0000000001", body)


def assigned(plan_name: str, plan_id: str, payee: str) -> Fact:
    body = {"plan_id": plan_id, "plan_name": plan_name, "payee_id": payee, "mandate_id": "M"}
    return fact("assignment", f"{plan_id}-{payee}", "0000000001", body)


ORDER = fact("order", "crm/1", "2026-03-01/000001", {"record_id": "1", "category": "gas"})
OLD, NEW = (
    plan("old", "1", "2025-01-01", "2026-01-01"),
    plan("new", "2", "2026-01-01", "2027-01-01"),
)
FACTS = (ORDER, OLD, NEW, assigned("old", "1", "A"), assigned("new", "2", "B"))


def test_a_changed_order_counts_and_the_recorded_one_stays_as_it_was() -> None:
    before = json.dumps([item.body for item in FACTS], sort_keys=True)

    [order] = records_with(FACTS, [OrderChange("crm/1", {"category": "power"})]).of_kind("order")

    assert order.body == {"record_id": "1", "category": "power"}
    assert json.dumps([item.body for item in FACTS], sort_keys=True) == before


def test_a_target_is_set_beside_the_other_months_of_the_same_name() -> None:
    values = [{"month": month, "amount": {"amount": "1.00"}} for month in ("2026-03", "2026-04")]
    known = fact("target", "T", "1", {"payee_id": "A", "name": "sales", "values": values})
    change = TargetChange("A", "sales", "2026-04", {"amount": "2.00"})

    [target] = records_with([known], [change]).of_kind("target")

    found = {item["month"]: item["amount"]["amount"] for item in target.body["values"]}
    assert found == {"2026-03": "1.00", "2026-04": "2.00"}


def test_a_number_of_a_plan_is_changed_at_its_place() -> None:
    records = records_with(FACTS, [PlanNumberChange("new", "/rates/0/gives", "4 %")])

    rates = {item.name: item.document["rates"] for item in records.plans}
    assert rates == {"old": [{"gives": "3 %"}], "new": [{"gives": "4 %"}]}


@pytest.mark.parametrize("at", ["/rates/7/gives", "/rates/0/none", "/rates", "/rates/x/gives"])
def test_a_place_that_holds_no_single_value_is_refused(at: str) -> None:
    with pytest.raises(WhatIfNotPossible, match="/rates"):
        records_with(FACTS, [PlanNumberChange("new", at, "4 %")])


def test_a_draft_claims_what_all_the_plans_it_replaces_claimed() -> None:
    document = {"plan": "draft", "valid": {"from": "2027-01-01", "to": "2028-01-01"}}
    draft = DraftPlan(document, ("old", "new"), (Month(2024, 12), Month(2026, 3)))

    records = records_with(FACTS, [draft])

    [only] = records.plans
    assert only.document["valid"] == {"from": "2024-12-01", "to": "2028-01-01"}
    assert {item.body["plan_id"] for item in records.of_kind("assignment")} == {only.plan_id}
    accepted = {
        (item.body["payee_id"], item.body["content_hash"])
        for item in records.of_kind("plan_acceptance")
    }
    assert accepted == {("A", only.content_hash), ("B", only.content_hash)}


def test_a_draft_keeps_its_own_validity_where_no_months_are_given() -> None:
    document = {"plan": "new", "valid": {"from": "2026-04-01", "to": "2027-01-01"}}

    records = records_with(FACTS, [DraftPlan(document)])

    [draft, old] = sorted(records.plans, key=lambda item: item.name)
    assert (draft.name, draft.document["valid"]) == ("new", document["valid"])
    assert old.name == "old"


def line(number: int, component: str, amount: int) -> ResultLine:
    return ResultLine(
        UUID(int=number), "A", "P", "plan", "EUR", component, "commission", "release", "2026-03",
        "2026-03", Decimal(amount).scaleb(-2), f"crm/{number}", None, None, None, None,
        UUID(int=number),
    )  # fmt: skip


lines = st.lists(
    st.builds(line, st.integers(1, 5), st.sampled_from(["base", "team"]), st.integers(-999, 999)),
    max_size=12,
)


@given(before=lines, after=lines)
def test_differences_add_up_to_the_difference_of_the_sums(
    before: list[ResultLine], after: list[ResultLine]
) -> None:
    compared = compare(before, after)

    total = sum(item.amount for item in after) - sum(item.amount for item in before)
    assert sum(item.difference for item in compared) == total
    assert not any(item.is_changed for item in compare(before, before))
