"""`premia calc`: a plan and a folder of tables in, results and their explanation out."""

import csv
import hashlib
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from premia_cli.main import app
from premia_plan.library import library_plan

from .offline_tables import TABLES, write_tables

ORDERS = TABLES["orders"]


def premia(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(
        app, [str(argument) for argument in arguments]
    )


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "agency.yaml"
    file.write_text(library_plan("agency-energy"))
    return file


def calculated(plan: Path, data: Path, *, since: str = "2026-01", until: str = "2026-06") -> Result:
    out = data.with_name(f"{data.name} results")
    return premia(
        *("calc", "run", "--plan", plan, "--data", data, "--from", since, "--to", until),
        *("--out", out, "--output", "json"),
    )


def table(data: Path, name: str) -> list[dict[str, str]]:
    with (data.with_name(f"{data.name} results") / f"{name}.csv").open(newline="") as rows:
        return list(csv.DictReader(rows))


def manifest(data: Path) -> dict:
    folder = data.with_name(f"{data.name} results")
    return json.loads((folder / "manifest.json").read_text())


def paid(data: Path) -> dict[tuple[str, str, str], Decimal]:
    found: Counter = Counter()
    for line in table(data, "lines"):
        if line["month"]:
            found[line["payee_id"], line["month"], line["component"]] += Decimal(line["amount"])
    return dict(found)


def test_the_amounts_are_those_of_the_plans_own_example(plan: Path, tmp_path: Path) -> None:
    data = write_tables(tmp_path / "data")

    result = calculated(plan, data)

    assert result.exit_code == 0, result.output
    assert paid(data) == {
        ("A1", "2026-03", "base"): Decimal("1287.00"),
        ("A1", "2026-03", "accelerator"): Decimal("367.50"),
        ("A1", "2026-04", "base"): Decimal("420.00"),
        ("A1", "2026-05", "base"): Decimal("-507.00"),
        ("A1", "2026-05", "accelerator"): Decimal("-367.50"),
        ("M1", "2026-03", "override"): Decimal("214.50"),
        ("M1", "2026-04", "override"): Decimal("70.00"),
        ("M1", "2026-05", "override"): Decimal("-84.50"),
    }


def test_every_line_leads_to_the_rows_it_rests_on(plan: Path, tmp_path: Path) -> None:
    data = write_tables(tmp_path / "data")

    calculated(plan, data)

    nodes = {node["node_id"]: node for node in table(data, "nodes")}
    first = next(line for line in table(data, "lines") if line["order_id"] == "O1")
    waiting, sources = [first["node_id"]], set()
    while waiting:
        node = nodes[waiting.pop()]
        waiting += node["children"].split()
        sources.add(node["source_id"])
    assert "orders/O1" in sources


def test_csv_and_parquet_give_the_same_result_to_the_byte(plan: Path, tmp_path: Path) -> None:
    text = write_tables(tmp_path / "text")
    columns = write_tables(tmp_path / "columns")
    for name in ("orders", "order_states", "targets"):
        (columns / f"{name}.csv").unlink()
    texts = {name: ["P", "P"] for name in ("principal",)}
    orders = {
        "order_id": ["O1", "O2"],
        **texts,
        "signed_on": pa.array([date(2026, 2, 20), date(2026, 2, 27)]),
        "seller": pa.array(["A1", "A1"]).dictionary_encode(),
        "category": ["gas", "gas"],
        "territory": ["nord", "nord"],
        "amount": pa.array([Decimal("40000.00"), Decimal("26000.00")], pa.decimal128(12, 2)),
        "currency": ["EUR", "EUR"],
    }
    states = [row.split(",") for row in TABLES["order_states"].splitlines()[1:]]
    pq.write_table(pa.table(orders), columns / "orders.parquet")
    for number, part in enumerate((states[:1], states[1:])):
        named = dict(zip(("order_id", "state", "day"), zip(*part, strict=True), strict=True))
        pq.write_table(
            pa.table({key: list(value) for key, value in named.items()}),
            columns / f"order_states-{number}.parquet",
        )
    target = {"payee_id": ["A1"], "name": ["activated_value"], "month": ["2026-03"]}
    pq.write_table(pa.table({**target, "amount": pa.array([50_000])}), columns / "targets.parquet")

    assert calculated(plan, text).exit_code == 0
    result = calculated(plan, columns)

    assert result.exit_code == 0, result.output
    assert manifest(columns)["outputs"] == manifest(text)["outputs"]
    assert manifest(columns)["result_digest"] == manifest(text)["result_digest"]


def test_order_and_repetition_of_rows_change_nothing(plan: Path, tmp_path: Path) -> None:
    straight = write_tables(tmp_path / "straight")
    turned = {}
    for name, text in TABLES.items():
        head, *rows = text.splitlines()
        turned[name] = "\n".join([head, *reversed(rows), *rows]) + "\n"
    shuffled = write_tables(tmp_path / "shuffled", **turned)

    calculated(plan, straight)
    calculated(plan, shuffled)

    assert manifest(shuffled)["outputs"] == manifest(straight)["outputs"]


def test_semicolons_separate_cells_where_the_header_has_them(plan: Path, tmp_path: Path) -> None:
    commas = write_tables(tmp_path / "commas")
    semicolons = write_tables(tmp_path / "semicolons", orders=ORDERS.replace(",", ";"))

    calculated(plan, commas)
    calculated(plan, semicolons)

    assert manifest(semicolons)["outputs"] == manifest(commas)["outputs"]


@pytest.mark.parametrize(
    ("row", "column", "value", "hint"),
    [
        ("O3,P,2026-02-30,A1,gas,nord,10,EUR", "signed_on", "2026-02-30", "like 2026-03-31"),
        ("O3,P,2026-02-20,A1,gas,nord,1.000\u202f50,EUR", "amount", "", "UTF-8 text"),
        ("O3,P,2026-02-20,A1,gas,nord,12 EUR,EUR", "amount", "12 EUR", "like 1200.50"),
        ("O3,P,2026-02-20,A1,gas,nord,1e3,EUR", "amount", "1e3", "like 1200.50"),
        ("O3,P,2026-02-20,A1,gas,nord,NaN,EUR", "amount", "NaN", "like 1200.50"),
        ("O3,P,2026-02-20,A1,gas,nord,,EUR", "amount", "", "its value in `currency`"),
        (",P,2026-02-20,A1,gas,nord,10,EUR", "order_id", "", "the order's id"),
        ("O3,P,2026-02-20,A1,gas,nord,1,234.50,EUR", "", "", "double quotes"),
        ('O3,P,2026-02-20,"A1,gas,nord,10,EUR', "", "", "double quotes"),
        ("O3,P,2026-02-20,A1,g\udc80s,nord,10,EUR", "category", "g\\udc80s", "UTF-8"),
    ],
)
def test_a_bad_row_is_told_with_its_place_and_the_others_are_paid(
    row: str, column: str, value: str, hint: str, plan: Path, tmp_path: Path
) -> None:
    head, first, second = ORDERS.splitlines()
    data = write_tables(tmp_path / "data")
    lines = f"{head}\n{first}\n{row}\n{second}\n"
    (data / "orders.csv").write_bytes(lines.encode("utf-8", "surrogateescape"))

    result = calculated(plan, data)

    assert result.exit_code == 4, result.output
    [rejected] = table(data, "rejected")
    assert (rejected["file"], rejected["row"], rejected["column"]) == ("orders.csv", "3", column)
    assert value in rejected["value"]
    assert hint in rejected["what_to_do"]
    assert paid(data)["A1", "2026-03", "base"] == Decimal("1287.00")
    assert json.loads(result.stdout)["rows_left_out"] == 1


def test_people_read_the_place_of_a_bad_row(plan: Path, tmp_path: Path) -> None:
    data = write_tables(tmp_path / "data", orders=ORDERS.replace("26000", "26.000,00"))
    out = tmp_path / "out"

    result = premia(
        *("calc", "run", "--plan", plan, "--data", data, "--out", out),
        *("--from", "2026-01", "--to", "2026-06"),
    )

    assert result.exit_code == 4
    assert "orders.csv row 3" in result.output
    assert "rows were left out; all of them are in rejected.csv" in result.output
    assert "there is no usable order 'O2'" in result.output


def test_states_of_an_order_that_is_not_there_are_left_out(plan: Path, tmp_path: Path) -> None:
    states = TABLES["order_states"] + "O9,activated,2026-03-04\n"
    data = write_tables(tmp_path / "data", order_states=states)

    result = calculated(plan, data)

    assert result.exit_code == 4
    [rejected] = table(data, "rejected")
    assert (rejected["file"], rejected["row"]) == ("order_states.csv", "6")
    assert (rejected["column"], rejected["value"]) == ("order_id", "O9")


def test_a_seller_nobody_knows_gets_a_line_that_says_why(plan: Path, tmp_path: Path) -> None:
    orders = f"{ORDERS}O3,P,2026-02-20,A7,gas,nord,1000,EUR\n"
    states = TABLES["order_states"] + "O3,activated,2026-03-04\n"
    data = write_tables(tmp_path / "data", orders=orders, order_states=states)

    result = calculated(plan, data)

    lines = [line for line in table(data, "lines") if line["order_id"] == "O3"]
    assert {line["what"] for line in lines} == {"not_paid"}
    assert any("A7" in line["reason"] for line in lines)
    assert any("A7" in item["message"] for item in table(data, "exceptions"))
    assert result.exit_code == 0, "it blocks no statement"


def test_an_attribute_of_the_plan_is_read_in_its_unit(tmp_path: Path) -> None:
    plan = tmp_path / "installers.yaml"
    plan.write_text(library_plan("installer-fee"))
    data = write_tables(
        tmp_path / "data",
        payees="payee_id,kind\nI1,installer\n",
        assignments="payee_id,principal\nI1,P\n",
        orders="order_id,principal,signed_on,partner,category,territory,amount,currency,"
        "product,kwp\n"
        "P1,P,2026-02-03,I1,pv,nord,9000,EUR,rooftop,4.5\n"
        "P2,P,2026-02-10,I1,pv,nord,14500,EUR,rooftop,eight\n",
        order_states="order_id,state,day\nP1,first_bill_paid,2026-03-12\n",
        edges="hierarchy,payee_id,reports_to\n",
        targets="payee_id,name,month,amount\n",
        measurements="payee_id,name,month,value\n",
    )

    result = calculated(plan, data)

    assert result.exit_code == 4
    assert paid(data) == {("I1", "2026-03", "fee"): Decimal("270.00")}
    [rejected] = table(data, "rejected")
    assert (rejected["column"], rejected["value"], rejected["row"]) == ("kwp", "eight", "3")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"orders": ORDERS.replace("signed_on", "signed")}, "column signed_on is missing"),
        ({"orders": ORDERS.replace("territory", "category")}, "column category is there twice"),
        ({"edges": "hierarchy,payee_id,reports_to,valid_form\n"}, "Did you mean valid_from?"),
        ({"orders": ORDERS.splitlines()[0]}, "no usable row of the table orders"),
        ({"orders": ""}, "it has no header"),
    ],
)
def test_a_file_whose_columns_do_not_fit_is_refused(
    changed: dict[str, str], told: str, plan: Path, tmp_path: Path
) -> None:
    data = write_tables(tmp_path / "data", **changed)

    result = calculated(plan, data)

    assert result.exit_code == 1
    assert told in result.output
    assert not (tmp_path / "data results" / "manifest.json").exists()


def test_floats_are_refused_for_they_are_not_exact(plan: Path, tmp_path: Path) -> None:
    data = write_tables(tmp_path / "data")
    (data / "targets.csv").unlink()
    row = {"payee_id": ["A1"], "name": ["activated_value"], "month": ["2026-03"], "amount": [5e4]}
    pq.write_table(pa.table(row), data / "targets.parquet")

    result = calculated(plan, data)

    assert result.exit_code == 1
    assert "the column amount holds double" in result.output


def test_a_file_that_is_no_parquet_is_refused(plan: Path, tmp_path: Path) -> None:
    data = write_tables(tmp_path / "data")
    (data / "targets.parquet").write_text("payee_id\n")

    result = calculated(plan, data)

    assert result.exit_code == 1
    assert "targets.parquet cannot be used" in result.output


def test_files_and_columns_nobody_asks_for_are_named(plan: Path, tmp_path: Path) -> None:
    orders = "\n".join(
        f"{row},{extra}" for row, extra in zip(ORDERS.splitlines(), ("note", "x", ""), strict=True)
    )
    data = write_tables(tmp_path / "data", orders=orders, targts="payee_id\n")

    result = calculated(plan, data)

    assert json.loads(result.stdout)["notes"] == [
        "targts.csv is not read: no table has that name; did you mean targets?",
        "orders.csv: the plan declares no attribute note; it is not used",
    ]


def test_the_first_month_leaves_out_what_lands_before_it(plan: Path, tmp_path: Path) -> None:
    data = write_tables(tmp_path / "data")

    calculated(plan, data, since="2026-05")

    assert {month for _, month, _ in paid(data)} == {"2026-05"}
    assert paid(data)["A1", "2026-05", "base"] == Decimal("-507.00")


def test_the_manifest_names_every_file_by_its_digest(plan: Path, tmp_path: Path) -> None:
    data = write_tables(tmp_path / "data")

    result = calculated(plan, data)

    said = manifest(data)
    out = tmp_path / "data results"
    for folder, files in (
        (data, {item["file"]: item["sha256"] for item in said["inputs"]}),
        (out, {name: sha for item in said["outputs"] for name, sha in item["files"].items()}),
    ):
        for name, sha256 in files.items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
    content = (out / "manifest.json").read_bytes()
    assert json.loads(result.stdout)["manifest_sha256"] == hashlib.sha256(content).hexdigest()
    assert {item["file"]: item["rows"] for item in said["inputs"]}["orders.csv"] == 2


def test_a_second_run_writes_the_same_bytes(plan: Path, tmp_path: Path) -> None:
    data = write_tables(tmp_path / "data")
    out = tmp_path / "data results"

    calculated(plan, data)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    calculated(plan, data)

    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_plan_with_an_error_is_told_before_anything_is_read(plan: Path, tmp_path: Path) -> None:
    plan.write_text(
        library_plan("agency-energy").replace("credit.amount * commission_rate", "credit.amont")
    )
    data = write_tables(tmp_path / "data")

    result = calculated(plan, data)

    assert result.exit_code == 1
    assert "Did you mean credit.amount?" in result.output


def test_months_that_are_none_or_run_backwards_are_refused(plan: Path, tmp_path: Path) -> None:
    data = write_tables(tmp_path / "data")

    assert calculated(plan, data, since="March").exit_code == 2
    assert calculated(plan, data, since="2026-07", until="2026-06").exit_code == 2


def test_a_table_is_described_with_its_columns(tmp_path: Path) -> None:
    assert "order_states" in premia("calc", "tables").output
    assert "`imputable_to`" in premia("calc", "tables", "reversals").output
    schema = json.loads(premia("calc", "tables", "trees", "--schema").stdout)
    assert schema["properties"]["tree"]["enum"] == ["territory", "category"]
    assert premia("calc", "tables", "ordrs").exit_code == 2
