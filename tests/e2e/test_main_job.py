"""The demo's own job, and a second opinion on its figures."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from walks import Walk

from premia_cli.demo.calculation import statements_of
from premia_cli.demo.identities import UTILITY_TENANT
from premia_cli.demo.main_job import (
    UTILITY_ORGANISATION,
    UTILITY_SEED,
    demonstrate,
    make_job,
)
from premia_cli.demo.step import Silent
from premia_doubles.sample.shape import RUN_MONTH, UTILITY
from premia_runtime.http import HttpClient
from premia_runtime.local.supervisor import Supervisor

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("platform")]

DERIVE = Path(__file__).parents[1] / "independent" / "derive.py"


@pytest.fixture(scope="module")
async def shown(
    platform: Supervisor, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Silent, str]:
    """Run the demo once; return its folder of figures, what each step gave, and its summary."""
    folder = tmp_path_factory.mktemp("figures")
    reporter = Silent()
    summary = await demonstrate(platform, reporter, figures=folder)
    return folder, reporter, summary


@pytest.fixture(scope="module")
def results(shown: tuple[Path, Silent, str]) -> dict[str, Any]:
    return json.loads((shown[0] / "results.json").read_text())


@pytest.fixture(scope="module")
def derived(shown: tuple[Path, Silent, str]) -> dict[str, Any]:
    """Return what the second opinion derives from the same raw rows."""
    answer = subprocess.run(
        [sys.executable, str(DERIVE), str(shown[0] / "sample")],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


def paid(components: dict[str, int]) -> dict[str, int]:
    return {name: cents for name, cents in components.items() if cents}


async def test_every_step_of_the_demo_is_verified(shown: tuple[Path, Silent, str]) -> None:
    _, reporter, summary = shown

    assert len(reporter.outcomes) == 34
    assert summary.startswith("50,000 orders, 300 payees, ")


async def test_a_plan_with_a_mistake_is_told_where_and_what_was_meant(
    shown: tuple[Path, Silent, str],
) -> None:
    told = shown[1].outcomes["a plan with a mistake"].figures

    assert told.startswith("line 121, column 5: in 'credit.amount * comission_rate', ")
    assert "at character 17" in told
    assert "Did you mean commission_rate?" in told
    assert "Si intendeva commission_rate?" in told


async def test_an_order_twice_as_large_and_changed_rates_are_answered_before_they_are_real(
    shown: tuple[Path, Silent, str],
) -> None:
    larger = shown[1].outcomes["what if"].figures
    tested = shown[1].outcomes["back-test of changed rates"].figures

    # 65 % of 2.6 % of 4 800.00 more.
    assert "order 00000100 with 9600.00 instead of 4800.00 EUR" in larger
    assert "base 1517.98 → 1599.10" in larger
    assert "2025-01 to 2026-02: 3 winners, 4 losers, 6 unchanged" in tested


async def test_an_exception_is_settled_by_the_repair_that_the_desk_names(
    shown: tuple[Path, Silent, str],
) -> None:
    told = shown[1].outcomes["exception desk"].figures

    # 2.6 % of 1 000.00, nobody to pay it to.
    assert "payee SF-99001 of salesforce is unknown; 26.00 EUR hang on it" in told
    assert "repaired by PUT /v1/payees/{id} of plans-api, settled by the next run" in told


async def test_what_was_paid_is_taken_back_two_months_later_to_the_cent(
    shown: tuple[Path, Silent, str],
) -> None:
    told = shown[1].outcomes["storno two months after payment"].figures

    # 4 800.00 at 2.6 % of which 65 % was released when the order was activated.
    assert "paid 81.12 EUR in 2026-02" in told
    assert ": -81.12 EUR in 2026-04" in told


@pytest.mark.parametrize("month", ["2026-02", "2026-03"])
async def test_every_statement_equals_the_second_opinion_to_the_cent(
    results: dict[str, Any], derived: dict[str, Any], month: str
) -> None:
    mine, theirs = results[month], derived[month]

    assert {key for key, row in mine.items() if paid(row["components"])} == {
        key for key, row in theirs.items() if paid(row["components"])
    }
    assert len(mine) > 300
    for key, row in theirs.items():
        if key not in mine:
            continue
        assert paid(mine[key]["components"]) == paid(row["components"]), key
        for name in ("brought_forward", "payable", "carried_forward", "net"):
            assert (mine[key][name] or 0) == row[name], (key, name)


async def test_vat_and_withholding_of_every_document_equal_the_second_opinion(
    results: dict[str, Any], derived: dict[str, Any]
) -> None:
    documents = {key: row for key, row in results["2026-02"].items() if "vat" in row}

    assert len(documents) == sum(row["payable"] > 0 for row in derived["2026-02"].values())
    for key, row in documents.items():
        theirs = derived["2026-02"][key]
        assert (row["vat"], row["withholding"]) == (theirs["vat"], theirs["withholding"]), key


async def test_the_late_cancellation_is_restated_as_the_second_opinion_says(
    derived: dict[str, Any], shown: tuple[Path, Silent, str]
) -> None:
    restated = {key: paid(row) for key, row in derived["restated"].items()}
    total = sum(restated["AG-0004/1000"].values())

    assert set(restated) == {"AG-0004/1000", "AM-0004/1000"}
    assert f"restate it by {total / 100:.2f} EUR" in shown[1].outcomes["restatement"].figures


async def test_every_paid_line_of_a_third_of_the_payees_follows_down_to_its_sources(
    shown: tuple[Path, Silent, str], platform: Supervisor, http: HttpClient
) -> None:
    job = make_job(
        platform,
        http,
        Silent(),
        tenant=UTILITY_TENANT,
        seed_number=UTILITY_SEED,
        shape=UTILITY,
        organisation_id=UTILITY_ORGANISATION,
    )
    plans = await job.api("analyst", "plans-api")
    listed = (await plans.get("/v1/plans"))["items"]
    documents = [
        (await plans.get(f"/v1/plans/{plan['id']}/versions/1/document"))["document"]
        for plan in listed
    ]
    walk = Walk(job, documents=documents)

    statements = await statements_of(job, RUN_MONTH)
    for statement in statements[::3]:
        await walk.statement(statement)

    assert (len(statements), len(documents)) == (314, 2)
    kinds = Counter(node.kind for node in walk.nodes.values())
    assert kinds["release"] + kinds["reversal"] > 3_000, kinds
    assert any("/messages/" in (url or "") for url, _ in walk.sources)
