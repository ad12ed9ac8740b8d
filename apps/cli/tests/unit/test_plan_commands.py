"""`premia plan`: offline, and clear about what is wrong."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from premia_cli.main import app
from premia_doubles.sample.plans import agency_plan, installer_plan
from premia_plan.document import parse_plan
from premia_plan.library import library_plan


def premia(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(
        app, [str(argument) for argument in arguments]
    )


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    file = tmp_path / "agency.yaml"
    file.write_text(agency_plan())
    return file


def test_the_schema_for_editors_takes_what_the_check_takes(plan_file: Path) -> None:
    schema = json.loads(premia("plan", "schema").stdout)

    plan = parse_plan(plan_file.read_text())
    assert list(Draft202012Validator(schema).iter_errors(plan.content)) == []
    assert "description" in schema["properties"]["components"]


def test_a_good_plan_passes_the_check(plan_file: Path) -> None:
    result = premia("plan", "check", plan_file)

    assert result.exit_code == 0
    assert "0 errors, 3 warnings, the plan can be calculated" in result.output


def test_a_warning_comes_with_a_case_and_the_name_it_is_accepted_by(plan_file: Path) -> None:
    plan_file.write_text(library_plan("agency-energy"))

    told = premia("plan", "check", plan_file).output
    found = json.loads(premia("plan", "check", plan_file, "--json").stdout)["findings"]

    assert "accept it as: cliff /components/accelerator/steps/1/gate" in told
    assert "first_time_right of A1 at 92 % pays A1 367.50 EUR of accelerator" in told
    assert {item["severity"] for item in found} == {"warning"}
    assert "unbounded /components/base" in {item["name"] for item in found}


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


def test_a_caret_stands_under_the_place(plan_file: Path) -> None:
    text = library_plan("agency-energy").replace("mode: marginal", "mode: margnal")
    plan_file.write_text(text)

    lines = premia("plan", "check", plan_file).output.splitlines()

    at = next(number for number, line in enumerate(lines) if line.rstrip().endswith("^"))
    written, caret = lines[at - 1], lines[at]
    assert written[caret.index("^") :].startswith("mode: margnal")
    assert written.split("|")[1].strip() in text


def test_json_is_the_same_as_output_json(plan_file: Path) -> None:
    plan_file.write_text(agency_plan().replace("gives: 0.5 %", "gives: 0,5 %"))

    short = premia("plan", "check", plan_file, "--json")

    assert short.exit_code == 1
    assert json.loads(short.stdout) == json.loads(
        premia("plan", "check", plan_file, "--output", "json").stdout
    )


def test_an_exception_nobody_expected_is_told_by_the_test(plan_file: Path) -> None:
    plan_file.write_text(library_plan("agency-energy").replace("activated_value: 50 000 EUR", ""))

    result = premia("plan", "test", plan_file)

    assert result.exit_code == 1
    assert "target" in result.output.lower()


def test_findings_come_as_json_for_programs(plan_file: Path) -> None:
    plan_file.write_text(agency_plan().replace("gives: 0.5 %", "gives: 0,5 %"))

    result = premia("plan", "check", plan_file, "--output", "json")

    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert found["ok"] is False
    assert found["findings"][0]["severity"] == "error"
    assert found["findings"][0]["in_italian"]["message"] == (
        "'5 %' sembra il resto di un numero con la virgola"
    )


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
    [why, *below] = [line for line in result.output.splitlines() if line.startswith("    ")]
    assert why.startswith("    17.94")
    assert len(below) > 3
    assert all(line.startswith("      ") for line in below)


@pytest.mark.parametrize("language", ["fr", "EN", ""])
def test_an_explanation_is_told_in_italian_or_english_alone(language: str) -> None:
    result = premia("explain", "0193a000-0000-8000-8000-000000000001", "--language", language)

    assert result.exit_code == 2
    assert "'it', 'en'" in result.output


def test_a_text_that_is_no_plan_is_refused_with_a_hint(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("plan: x\nplan: y\n")

    result = premia("plan", "check", file)

    assert result.exit_code == 1
    assert f"{file}:2:1" in result.output


def test_a_changed_rate_is_told_in_words_in_both_languages(plan_file: Path) -> None:
    later = plan_file.with_name("later.yaml")
    plan_file.write_text(library_plan("agency-energy"))
    later.write_text(
        library_plan("agency-energy").replace("2027-01-01, gives: 3 %", "2027-01-01, gives: 3.5 %")
    )

    english = premia("plan", "diff", plan_file, later)
    italian = premia("plan", "diff", plan_file, later, "--language", "it")
    [row] = json.loads(premia("plan", "diff", plan_file, later, "--output", "json").stdout)

    assert english.exit_code == 1
    assert "from 3 % to 3.5 %" in english.output
    assert "1 change\n" in english.output
    assert "da 3 % a 3,5 %" in italian.output
    assert english.output.splitlines()[0] != italian.output.splitlines()[0]
    assert (row["kind"], row["direction"]) == ("changed", "rises")
    assert row["keys"] == {"territory": "nord", "category": "gas"}


def test_a_plan_does_not_differ_from_itself_with_other_comments(plan_file: Path) -> None:
    commented = plan_file.with_name("commented.yaml")
    commented.write_text("# the same\n" + plan_file.read_text())

    result = premia("plan", "diff", plan_file, commented)

    assert result.exit_code == 0
    assert result.output == "nothing changed\n"


def test_a_plan_that_cannot_be_read_is_told_by_the_diff(plan_file: Path) -> None:
    broken = plan_file.with_name("broken.yaml")
    broken.write_text("plan: x\nplan: y\n")

    result = premia("plan", "diff", plan_file, broken)

    assert result.exit_code == 1
    assert f"{broken}:2:1" in result.output
