"""The pharma templates on seeded sales: every quarter's pay equals what plain code derives."""

import json
import sys
from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.library import template
from premia_plan.reference import calculate

sys.path.insert(0, str(Path(__file__).parent))

import pharma_plans

QUARTERS = ("2026-Q1", "2026-Q2")
LAST_MONTH = {"2026-Q1": "2026-03", "2026-Q2": "2026-06"}


def euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d} EUR"


def seeded() -> tuple[dict[str, dict], dict, list[dict]]:
    """Two lines of representatives, goals by product, and sales that often tie and hit edges."""
    random = Random(20260331)
    people = {
        f"R{number:02d}": {
            "target_pay": random.choice((3_000_00, 4_000_00, 3_333_33)),
            "line": random.choice(("primary care", "specialty")),
        }
        for number in range(16)
    }
    goals = {}
    sales = []
    for who in people:
        for when in QUARTERS:
            whole = 0
            for product in pharma_plans.WEIGHTS:
                goal = random.choice((10_000_00, 20_000_00, 7_777_77))
                goals[who, when, product] = goal
                whole += goal
                done = goal * random.choice((60, 69, 70, 85, 92, 100, 100, 110, 125, 140)) // 100
                half = random.randrange(1, done)
                first = 1 if when == "2026-Q1" else 4
                for cents, month in ((half, first), (done - half, first + 2)):
                    on = f"2026-{month:02d}-{random.randrange(1, 29):02d}"
                    sales.append(
                        {"representative": who, "on": on, "product": product, "cents": cents}
                    )
            goals[who, when, ""] = whole
    return people, goals, sales


def example(name: str, people: dict[str, dict], goals: dict, sales: list[dict]) -> dict:
    """The rows as an example of the plan `name`, which pays all of them."""
    products = name == "pharma-portfolio"
    whole = "sales" if name == "pharma-goal-attainment" else "sold"
    ranked = name == "pharma-ranking"
    targets: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for (who, when, product), goal in goals.items():
        if products == bool(product):
            targets[who, when][f"sales_{product}" if product else whole] = euros(goal)
    return {
        "name": "seeded",
        "given": {
            "payees": [
                {"id": who, "kind": "representative"}
                | ({"line": row["line"]} if ranked else {"target_pay": euros(row["target_pay"])})
                for who, row in people.items()
            ],
            "targets": [
                {"payee": who, "month": when} | row for (who, when), row in targets.items()
            ],
            "orders": [
                {
                    "id": f"S{number}",
                    "signed_on": sale["on"],
                    "seller": sale["representative"],
                    "amount": euros(sale["cents"]),
                }
                | ({"product": sale["product"]} if products else {})
                for number, sale in enumerate(sales)
            ],
        },
        "expect": {"R00": {"2026-06": {}}},
    }


@pytest.mark.parametrize(
    ("name", "derive"),
    [
        ("pharma-goal-attainment", pharma_plans.goal_attainment),
        ("pharma-portfolio", pharma_plans.portfolio),
        ("pharma-ranking", pharma_plans.ranking),
    ],
)
def test_a_pharma_plan_pays_seeded_quarters_as_derived(name: str, derive) -> None:
    people, goals, sales = seeded()
    text = template(name).text
    rows = json.dumps([example(name, people, goals, sales)], ensure_ascii=False)
    check = check_plan(parse_plan(f"{text[: text.index('examples:')]}examples: {rows}\n"))
    assert check.findings == ()
    assert check.plan is not None

    result = calculate(check.plan, check.plan.examples[0].relations, until=Month.parse("2026-06"))

    paid: dict[tuple[str, str], int] = defaultdict(int)
    for line in result.lines:
        if line.month is not None:
            paid[line.payee_id or "", line.month] += int(line.amount * 100)
    derived = derive(people, goals, sales)
    assert [item for item in result.exceptions if item.blocks] == []
    assert len(derived) >= 10
    assert {key: cents for key, cents in paid.items() if cents} == {
        (who, LAST_MONTH[when]): cents for (who, when), cents in derived.items()
    }


def test_the_derivation_itself_pays_what_was_worked_out_by_hand() -> None:
    people = {"R1": {"target_pay": 3_000_00, "line": "specialty"}}
    goals = {("R1", "2026-Q1", ""): 200_000_00}
    sale = {"representative": "R1", "on": "2026-02-28", "product": "core", "cents": 185_000_00}

    # 92.5 % is half-way from 85 % to 100 %: 70 % of 3 000.
    assert pharma_plans.goal_attainment(people, goals, [sale]) == {("R1", "2026-Q1"): 2_100_00}
    assert pharma_plans.ranking(people, goals, [sale | {"cents": 200_000_00}]) == {
        ("R1", "2026-Q1"): 5_000_00
    }
