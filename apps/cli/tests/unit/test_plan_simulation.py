"""`premia plan simulate`: what a plan would pay, and why, without writing anything."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from premia_cli.main import app
from premia_plan.library import library_plan

from .offline_tables import TABLES, write_tables


def simulated(plan: Path, data: Path, *more: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(
        app, [str(item) for item in ("plan", "simulate", plan, "--data", data, *more)]
    )


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "agency.yaml"
    file.write_text(library_plan("agency-energy"))
    return file


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_tables(tmp_path / "data")


def test_the_cost_is_told_by_component_and_payee(plan: Path, data: Path) -> None:
    told = json.loads(simulated(plan, data, "--output", "json").stdout)

    assert told["until"] == "2026-05"
    assert told["components"] == [
        {"component": "accelerator", "paid": "0.00"},
        {"component": "base", "paid": "1200.00"},
        {"component": "override", "paid": "200.00"},
    ]
    assert told["payees"] == [
        {"payee": "A1", "paid": "1200.00"},
        {"payee": "M1", "paid": "200.00"},
    ]


def test_nothing_is_written(plan: Path, data: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))

    assert simulated(plan, data).exit_code == 0

    assert sorted(tmp_path.rglob("*")) == before


def test_months_cut_what_is_paid(plan: Path, data: Path) -> None:
    march = simulated(plan, data, "--from", "2026-03", "--to", "2026-03", "--output", "json")

    assert json.loads(march.stdout)["payees"] == [
        {"payee": "A1", "paid": "1654.50"},
        {"payee": "M1", "paid": "214.50"},
    ]


def test_an_order_is_explained_line_by_line(plan: Path, data: Path) -> None:
    result = simulated(plan, data, "--order", "O1", "--order", "O9")

    assert "O1 A1 2026-03 base 780.00 EUR: 780.00 released, 65 %" in result.output
    assert "O1 A1 2026-04 base 420.00 EUR" in result.output
    assert "O9: no line; it is not in the tables" in result.output
    assert (
        "780.00 liquidati, 65 %"
        in simulated(plan, data, "--order", "O1", "--language", "it").output
    )


def test_an_order_that_the_plan_does_not_take_is_told_apart_from_one_nobody_knows(
    plan: Path, tmp_path: Path
) -> None:
    later = f"{TABLES['orders']}O7,P,2027-02-01,A1,gas,nord,100,EUR\n"
    data = write_tables(tmp_path / "later", orders=later)

    result = simulated(plan, data, "--order", "O7")

    assert "O7: no line; it is in the tables, but not under this plan" in result.output


def test_what_is_earned_and_not_paid_is_told_beside_the_sums(plan: Path, tmp_path: Path) -> None:
    # 1 200 EUR at 3 % are 36.00, and the superior has 0.5 %, 6.00; the order was never activated.
    orders = "order_id,principal,signed_on,seller,category,territory,amount,currency\n"
    data = write_tables(
        tmp_path / "held",
        orders=f"{orders}O1,P,2026-02-20,A1,gas,nord,1200,EUR\n",
        order_states="order_id,state,day\n",
    )

    result = simulated(plan, data)

    assert "besides 42.00 EUR held until an order has come far enough" in result.output


def test_winners_and_losers_against_another_plan(plan: Path, data: Path) -> None:
    changed = plan.with_name("changed.yaml")
    changed.write_text(
        library_plan("agency-energy")
        .replace("2027-01-01, gives: 3 %", "2027-01-01, gives: 4 %")
        .replace("level: 1, gives: 0.5 %", "level: 1, gives: 0.4 %")
    )

    told = json.loads(simulated(changed, data, "--against", plan, "--output", "json").stdout)

    assert told["payees"] == [
        {"payee": "M1", "paid": "160.00", "other plan": "200.00", "difference": "-40.00"},
        {"payee": "A1", "paid": "1600.00", "other plan": "1200.00", "difference": "+400.00"},
    ]
    assert "by payee" in simulated(changed, data, "--against", plan).output


def test_rows_left_out_and_exceptions_are_told(plan: Path, tmp_path: Path) -> None:
    data = write_tables(
        tmp_path / "odd",
        orders=f"{TABLES['orders']}O3,P,2026-02-30,A1,gas,nord,1,EUR\n",
        targets="payee_id,name,month,amount\n",
    )

    result = simulated(plan, data)

    assert result.exit_code == 4
    assert "orders.csv row 4, signed_on '2026-02-30'" in result.output
    assert "target" in result.output


def test_a_table_that_cannot_be_used_ends_it(plan: Path, tmp_path: Path) -> None:
    result = simulated(plan, write_tables(tmp_path / "odd", orders="order_id\n"))

    assert result.exit_code == 1
    assert "orders.csv cannot be used" in result.output
