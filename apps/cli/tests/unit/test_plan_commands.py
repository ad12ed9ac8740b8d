"""`premia plan`: offline, and clear about what is wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from premia_cli.main import app
from premia_doubles.sample.plans import agency_plan, installer_plan


def premia(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(
        app, [str(argument) for argument in arguments]
    )


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    file = tmp_path / "agency.yaml"
    file.write_text(agency_plan())
    return file


def test_a_good_plan_passes_the_check(plan_file: Path) -> None:
    result = premia("plan", "check", plan_file)

    assert result.exit_code == 0
    assert "0 findings, the plan can be calculated" in result.output


def test_a_misspelt_name_is_told_with_its_place_and_a_suggestion(plan_file: Path) -> None:
    text = agency_plan().replace(
        "credit.amount * commission_rate", "credit.amount * comission_rate"
    )
    plan_file.write_text(text)

    result = premia("plan", "check", plan_file)

    assert result.exit_code == 1
    line = next(
        number for number, row in enumerate(text.splitlines(), 1) if "comission_rate" in row
    )
    assert f"{plan_file}:{line}:" in result.output
    assert "commission_rate" in result.output
    assert "the plan cannot be calculated" in result.output


def test_findings_come_as_json_for_programs(plan_file: Path) -> None:
    plan_file.write_text(agency_plan().replace("gives: 0.5 %", "gives: 0,5 %"))

    result = premia("plan", "check", plan_file, "--output", "json")

    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert found["ok"] is False
    assert found["findings"][0]["severity"] == "error"


def test_the_examples_of_both_sample_plans_pass(plan_file: Path) -> None:
    installers = plan_file.with_name("installers.yaml")
    installers.write_text(installer_plan())

    assert "3 of 3 examples passed" in premia("plan", "test", plan_file).output
    assert "4 of 4 examples passed" in premia("plan", "test", installers).output


def test_a_failing_example_shows_what_was_expected_and_what_came(plan_file: Path) -> None:
    plan_file.write_text(agency_plan().replace("{base: 17.94 EUR}", "{base: 17.95 EUR}"))

    result = premia("plan", "test", plan_file)

    assert result.exit_code == 1
    assert "A1 2026-03 base: expected 17.95 EUR, got 17.94 EUR" in result.output
    assert "of 3 examples passed" in result.output


def test_a_text_that_is_no_plan_is_refused_with_a_hint(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("plan: x\nplan: y\n")

    result = premia("plan", "check", file)

    assert result.exit_code == 1
    assert f"{file}:2:1" in result.output
