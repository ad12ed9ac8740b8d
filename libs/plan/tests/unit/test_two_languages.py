"""Whatever is said of a plan is said in Italian too: types ask for it, and it is another sentence.

`Finding` has no field that could be left out, and what makes one takes `Words`; here every pair of
sentences in the source is looked at, and that nobody makes a finding past that.
"""

import ast
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_type_hints

import pytest

import premia_plan
from premia_plan.checking.clause import Clause, Report
from premia_plan.finding import Finding, InItalian
from premia_plan.language import Words

SOURCE = Path(premia_plan.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))


def calls(path: Path, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def written(node: ast.expr) -> str:
    """Return the words of a text that are the same whatever is filled in."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str, str]]:
    return [
        (f"{path.relative_to(SOURCE)}:{call.lineno}", written(call.args[0]), written(call.args[1]))
        for path in MODULES
        for call in calls(path, "Words")
        if len(call.args) == 2
    ]


def test_no_sentence_stands_for_both_languages(pairs: list[tuple[str, str, str]]) -> None:
    assert len(pairs) > 400
    assert [place for place, en, it in pairs if en == it and " " in en.strip(" *,.:")] == []


def test_nothing_but_words_makes_a_finding() -> None:
    assert [str(path) for path in MODULES if any(calls(path, "Finding"))] == []
    assert all(
        item.default is MISSING and item.default_factory is MISSING for item in fields(Finding)
    )
    assert get_type_hints(Finding)["in_italian"] is InItalian


@pytest.mark.parametrize("said", [Report.note, Clause.error, Clause.warning, Clause.refuse])
def test_what_notes_a_finding_takes_both_languages(said: object) -> None:
    hints = get_type_hints(said, {"Vocabulary": object})

    assert (hints["message"], hints["hint"]) == (Words, Words)
    assert hints["counter_example"] == Words | None
