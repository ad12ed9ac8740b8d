"""`premia calc compare`: an agency's own calculation beside the statement it was sent."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from premia_cli.main import app
from premia_plan.library import library_plan

from .offline_tables import write_tables

OPENAPI = Path(__file__).parents[4] / "services/calc-engine/openapi.json"
UUID = "00000000-0000-8000-8000-000000000001"


def premia(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "250", "NO_COLOR": "1"}).invoke(
        app, [str(argument) for argument in arguments]
    )


@pytest.fixture
def results(tmp_path: Path) -> Path:
    plan = tmp_path / "agency.yaml"
    plan.write_text(library_plan("agency-energy"))
    data, out = write_tables(tmp_path / "data"), tmp_path / "out"
    done = premia(
        *("calc", "run", "--plan", plan, "--data", data, "--out", out),
        *("--from", "2026-01", "--to", "2026-06"),
    )
    assert done.exit_code == 0, done.output
    return out


def stated(results: Path, month: str, payee: str = "A1") -> list[dict]:
    """Return a month's lines of a payee as calc-engine answers them."""
    return [
        {
            "id": row["line_id"],
            "plan": row["plan"],
            "component": row["component"],
            "kind": row["kind"],
            "what": row["what"],
            "label": {"it": "liquidato", "en": "released"},
            "competence": row["competence"],
            "original_period": None,
            "corrects": None,
            "amount": {"amount": row["amount"], "currency": row["currency"]},
            "plan_amount": {"amount": row["amount"], "currency": row["currency"]},
            "order_id": row["order_id"],
            "share": int(row["share"]),
            "reason": row["reason"],
            "origin_line_id": row["line_id"],
        }
        for row in pq.read_table(results / "lines.parquet").to_pylist()
        if row["payee_id"] == payee and row["month"] == month
    ]


def page(file: Path, items: list[dict]) -> Path:
    content = {"statement_id": UUID, "revision": 1, "items": items, "next_cursor": None}
    document = json.loads(OPENAPI.read_text())
    schema = {"$ref": "#/components/schemas/LinesOut", "components": document["components"]}
    assert list(Draft202012Validator(schema).iter_errors(content)) == []
    file.write_text(json.dumps(content))
    return file


def test_a_statement_that_is_right_is_the_same_line_by_line(results: Path, tmp_path: Path) -> None:
    items = stated(results, "2026-03")
    first, second = page(tmp_path / "1.json", items[:2]), page(tmp_path / "2.json", items[2:])

    result = premia(
        *("calc", "compare", "--statement", first, "--statement", second, "--out", results),
        *("--payee", "A1", "--month", "2026-03"),
    )

    assert result.exit_code == 0, result.output
    assert "4 of 4 lines are the same" in result.output


def test_a_cent_less_is_found(results: Path, tmp_path: Path) -> None:
    items = stated(results, "2026-04")
    items[0]["amount"]["amount"] = "419.99"

    result = premia(
        *("calc", "compare", "--out", results, "--output", "json"),
        *("--statement", page(tmp_path / "april.json", items)),
    )

    assert result.exit_code == 1
    [row] = json.loads(result.stdout)
    assert (row["stated"], row["calculated"], row["verdict"]) == ("419.99", "420.00", "differs")


def test_a_line_that_is_stated_or_calculated_alone_is_found(results: Path, tmp_path: Path) -> None:
    items = stated(results, "2026-03")
    gone = items.pop()
    items[0]["origin_line_id"] = UUID

    result = premia(
        *("calc", "compare", "--out", results, "--payee", "A1", "--month", "2026-03"),
        *("--statement", page(tmp_path / "march.json", items), "--output", "json"),
    )

    verdicts = [row["verdict"] for row in json.loads(result.stdout)]
    assert result.exit_code == 1
    assert sorted(verdicts) == ["not calculated", "not stated", "not stated", "same", "same"]
    assert gone["id"] in {row["line_id"] for row in json.loads(result.stdout)}


def test_a_later_statements_difference_is_added_to_what_it_corrects(
    results: Path, tmp_path: Path
) -> None:
    [line] = stated(results, "2026-04")
    before = {**line, "amount": {"amount": "400.00", "currency": "EUR"}}
    later = {
        **line,
        "what": "restatement",
        "original_period": "2026-04",
        "amount": {"amount": "20.00", "currency": "EUR"},
    }

    result = premia(
        *("calc", "compare", "--out", results),
        *("--statement", page(tmp_path / "april.json", [before])),
        *("--statement", page(tmp_path / "may.json", [later])),
    )

    assert result.exit_code == 0, result.output
    assert "1 of 1 lines are the same" in result.output


def test_a_file_that_is_no_statement_is_refused(results: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    for text in ('{"items": [{"component": "base"}]}', "[", "[]"):
        other.write_text(text)
        result = premia("calc", "compare", "--statement", other, "--out", results)
        assert result.exit_code == 1
        assert "does not hold the lines of a statement" in result.output


def test_a_folder_without_results_is_refused(results: Path, tmp_path: Path) -> None:
    statement = page(tmp_path / "march.json", stated(results, "2026-03"))
    (tmp_path / "empty").mkdir()

    result = premia("calc", "compare", "--statement", statement, "--out", tmp_path / "empty")

    assert result.exit_code == 1
    assert "has no lines.parquet" in result.output
