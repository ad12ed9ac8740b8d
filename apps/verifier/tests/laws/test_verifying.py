"""A stored run is re-added from its lineage, and whatever was changed in it is found."""

import ast
import importlib
import random
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

import premia_verifier
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.explaining import CHECKS
from premia_plan.library import library_plan
from premia_verifier.operations import FIGURES, OPERATIONS
from premia_verifier.run import Run, problems

from .stored_runs import calculated, changed, kept, plan, relations, resealed, stored

PACKAGE = Path(premia_verifier.__file__).parent
ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of more than a thousand lines."""
    agency = plan()
    folder = tmp_path_factory.mktemp("run")
    return Run.read(stored(calculated(agency, relations(130)), agency, folder))


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    agency = plan()
    folder = tmp_path_factory.mktemp("small")
    return Run.read(stored(calculated(agency, relations(30, target=2_000)), agency, folder))


def first_problem(run: Run) -> str | None:
    return next(problems(run), None)


def other(text: str | None) -> str:
    """Return another text that looks as much as possible like this one."""
    if not text:
        return "x"
    digits = [index for index, letter in enumerate(text) if letter.isdigit()]
    if not digits:
        return text[:-1] + ("a" if text[-1] != "a" else "b")
    index = digits[len(digits) // 2]
    return f"{text[:index]}{(int(text[index]) + 1) % 10}{text[index + 1 :]}"


def test_what_the_engine_stored_adds_up(run: Run) -> None:
    assert len(run.tables["lines"]) > 1_000
    assert list(problems(run)) == []


def test_each_of_a_thousand_lines_changed_in_one_field_is_found(run: Run) -> None:
    rows = run.tables["lines"]
    fields = list(rows[0])

    missed = []
    for row in range(1_000):
        field = fields[row % len(fields)]
        if first_problem(changed(run, "lines", row, field, other(rows[row][field]))) is None:
            missed.append((row, field))

    assert missed == []


@pytest.mark.parametrize("table", ["lines", "nodes"])
def test_a_thousand_changed_fields_are_found_a_thousand_times(small_run: Run, table: str) -> None:
    run, rows = small_run, small_run.tables[table]
    fields = list(rows[0])
    draw = random.Random(2026)

    missed = []
    for number in range(1_000):
        row, field = draw.randrange(len(rows)), fields[number % len(fields)]
        text = rows[row][field]
        if first_problem(changed(run, table, row, field, other(text))) is None:
            missed.append((row, field, text))

    assert missed == []


def test_a_field_that_is_emptied_is_found(run: Run) -> None:
    for table in ("lines", "nodes"):
        for field, text in run.tables[table][7].items():
            if text is not None:
                assert first_problem(changed(run, table, 7, field, None)) is not None, field


def test_a_cent_is_found_in_every_line_though_all_digests_were_made_anew(run: Run) -> None:
    lines = run.tables["lines"]

    for row in range(0, len(lines), 150):
        amount = Fraction(lines[row]["amount"]) + Fraction(1, 100)
        forged = resealed(changed(run, "lines", row, "amount", f"{float(amount):.2f}"))
        assert any(lines[row]["line_id"] in problem for problem in problems(forged))


def test_two_lines_of_one_id_are_found_though_each_is_what_its_node_says(run: Run) -> None:
    first, second = run.tables["lines"][:2]
    forged = resealed(changed(run, "lines", 1, "line_id", first["line_id"]))

    assert second["line_id"] != first["line_id"]
    assert list(problems(forged)) == [f"2 lines have the id {first['line_id']}"]


def test_a_figure_is_found_in_every_node_that_something_rests_on(run: Run) -> None:
    """A recorded figure cannot be known to be false, but what rests on it no longer follows."""
    nodes = run.tables["nodes"]
    draw = random.Random(7)
    numbers = [
        row
        for row, node in enumerate(nodes)
        if node["unit"] in {"money", "rate"} and re.fullmatch(r"-?\d+(\.\d+)?", node["value"])
    ]

    missed = []
    for row in draw.sample(numbers, 15):
        value = nodes[row]["value"]
        whole, _, decimals = value.partition(".")
        more = f"{whole}.{decimals}7" if decimals else f"{whole}.7"
        if first_problem(resealed(changed(run, "nodes", row, "value", more))) is None:
            missed.append(nodes[row])

    assert missed == []


def test_an_operation_or_a_child_exchanged_is_found(small_run: Run) -> None:
    run, nodes = small_run, small_run.tables["nodes"]
    of_kind = {}
    for row, node in enumerate(nodes):
        of_kind.setdefault(node["operation"], row)

    del of_kind["given"]
    assert len(of_kind) > 9, sorted(of_kind)
    for operation, row in of_kind.items():
        children = nodes[row]["children"].split()
        for field, value in (
            ("operation", "given"),
            ("operation", "no such operation"),
            ("children", " ".join([*children[:-1], "0" * 32])),
        ):
            forged = resealed(changed(run, "nodes", row, field, value))
            assert first_problem(forged) is not None, (operation, field)


def test_a_line_left_out_or_doubled_is_found(run: Run) -> None:
    rows = run.tables["lines"]
    for less_or_more in (rows[1:], [*rows, rows[0]]):
        tables = {**run.tables, "lines": less_or_more}
        assert first_problem(resealed(Run(tables, run.sha256, run.manifest))) is not None


def test_a_node_that_rests_on_itself_is_found(run: Run) -> None:
    nodes = run.tables["nodes"]
    row = next(row for row, node in enumerate(nodes) if node["operation"] == "same")
    circular = resealed(changed(run, "nodes", row, "children", nodes[row]["node_id"]))

    assert any("nodes are in a cycle" in problem for problem in problems(circular))


def test_a_total_of_the_manifest_that_is_wrong_is_found(run: Run) -> None:
    totals = [dict(total) for total in run.manifest["totals"]]
    totals[0]["amount"] = "0.01"

    for forged in (totals, totals[1:]):
        manifest = {**run.manifest, "totals": forged}
        assert first_problem(Run(run.tables, run.sha256, manifest)) is not None


def test_a_file_that_was_changed_by_a_byte_is_found(tmp_path: Path) -> None:
    agency = plan()
    folder = stored(calculated(agency, relations(9)), agency, tmp_path / "run")
    lines = folder / "lines.csv"
    lines.write_text(lines.read_text().replace("EUR", "CHF", 1))

    assert first_problem(Run.read(folder)) == "lines.csv is not the file that was stored"


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee"])
def test_every_example_of_the_library_adds_up(name: str, tmp_path: Path) -> None:
    checked = check_plan(parse_plan(library_plan(name))).plan
    assert checked is not None
    for number, example in enumerate(checked.examples):
        result = calculated(checked, example.relations, example.until)
        folder = stored(result, checked, tmp_path / str(number))
        assert list(problems(Run.read(folder))) == [], example.name


def test_every_example_of_the_languages_manual_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    package = ModuleType("language_manual")
    package.__path__ = [str(ROOT / "tests/spec")]
    monkeypatch.setitem(sys.modules, package.__name__, package)
    entries = importlib.import_module("language_manual.entries")
    wrong, examples = [], 0
    for name in entries.entry_names():
        checked = check_plan(entries.read_entry(name).document).plan
        for example in checked.examples if checked is not None else ():
            examples += 1
            found = calculated(checked, example.relations, example.until)
            wrong += [(name, problem) for problem in problems(kept(found, checked))]

    assert wrong == []
    assert examples > 20


def test_every_operation_of_the_engine_is_known() -> None:
    assert set(CHECKS) - {*OPERATIONS, *FIGURES} == set()


def test_no_code_is_shared_with_the_engines_and_300_lines_verify() -> None:
    """Lines are counted that are neither blank, comment nor docstring."""
    lines = 0
    for path in PACKAGE.glob("*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [item.name for item in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                top = name.partition(".")[0]
                assert top in {*sys.stdlib_module_names, "pyarrow", "premia_verifier"}
        lines += len(_code(path.read_text(), tree))

    assert 200 < lines <= 300


def _code(text: str, tree: ast.Module) -> list[int]:
    """Return the numbers of the lines that are neither blank, comment nor docstring."""
    told: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            told.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.strip().startswith("#") and number not in told
    ]


def test_the_command_tells_what_is_wrong_and_ends_with_one(tmp_path: Path) -> None:
    agency = plan()
    folder = stored(calculated(agency, relations(9)), agency, tmp_path / "run")

    def verified(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "premia_verifier", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    good = verified(str(folder))
    (folder / "nodes.csv").write_text("")
    bad = verified(str(folder))

    assert good.returncode == 0, good.stderr
    assert good.stdout == "everything adds up\n"
    assert bad.returncode == 1
    assert "nodes.csv is not the file that was stored" in bad.stdout
    assert "1 problems" in bad.stderr
    (tmp_path / "nothing").mkdir()
    nothing = verified(str(tmp_path / "nothing"))
    assert nothing.returncode == 1
    assert "cannot be followed to its end: KeyError('nodes')" in nothing.stdout
