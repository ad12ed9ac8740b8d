"""The page of laws names tests that exist and draw their cases at random."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.findall(
    r"`((?:libs|services|tests)/\S+\.py)::(test_\w+)`",
    (ROOT / "docs/reference/laws.md").read_text(encoding="utf-8"),
)
ASKED = (
    "any batching and order of arrival",
    "any number of workers",
    "incremental against full",
    "conservation",
    "a reversal cancels its original",
    "split and merge where the plan is linear",
    "monotone where the linter says so",
    "both engines equal",
)
NOT_DRAWN = "integration"
"""Where the tests work on one world, with the database."""


def _functions(file: Path) -> dict[str, ast.AST]:
    found = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {item.name: item for item in ast.walk(found) if isinstance(item, kinds)}


@pytest.mark.parametrize(("file", "test"), NAMED, ids=[test for _, test in NAMED])
def test_a_law_that_is_named_is_a_test(file: str, test: str) -> None:
    found = _functions(ROOT / file)[test]

    drawn = any("given" in ast.dump(item) for item in getattr(found, "decorator_list", []))
    assert drawn or NOT_DRAWN in file


@pytest.mark.parametrize("law", ASKED)
def test_each_law_asked_for_has_its_row(law: str) -> None:
    page = (ROOT / "docs/reference/laws.md").read_text(encoding="utf-8")

    assert re.search(rf"^\| {re.escape(law)}", page, re.MULTILINE)
