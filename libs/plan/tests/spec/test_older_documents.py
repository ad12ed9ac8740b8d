"""Documents as older releases published them: read for ever, with what they paid."""

from pathlib import Path

import pytest

from premia_plan.checking import check_plan
from premia_plan.document import PlanDocument, parse_plan
from premia_plan.examples import run_examples

OLDER = Path(__file__).parent / "older_documents"


@pytest.mark.parametrize(
    "name", ["limits-of-the-plan", "a-capped-pool", "a-plan-for-life", "leftover-cents"]
)
def test_an_older_document_is_checked_and_pays_what_its_examples_say(name: str) -> None:
    document = parse_plan((OLDER / f"{name}.yaml").read_text(encoding="utf-8"))

    for given in (document, PlanDocument.from_canonical(document.canonical())):
        check = check_plan(given)
        assert check.findings == ()
        assert check.plan is not None
        assert check.plan.document.hash == document.hash
        assert {result.passed for result in run_examples(check.plan)} == {True}


def test_what_is_wrong_in_an_older_document_is_told_where_it_was_written() -> None:
    text = (OLDER / "limits-of-the-plan.yaml").read_text(encoding="utf-8")
    wrong = text.replace("{cap: 40 EUR, over", "{cap: 40 %, over")
    line = next(i for i, row in enumerate(wrong.splitlines(), 1) if "40 %" in row)

    [found] = check_plan(parse_plan(wrong)).errors
    assert (found.code, found.path, found.line) == ("unit.unexpected", "/limits/0/cap", line)
    shapeless = text.replace("surplus: lost}", "surplus: gone}", 1)
    [found] = check_plan(parse_plan(shapeless)).errors
    assert (found.path, found.line) == ("/limits/0/surplus", line)


def test_limits_beside_steps_are_no_older_form() -> None:
    text = (OLDER / "limits-of-the-plan.yaml").read_text(encoding="utf-8")
    both = text.replace("settlement:\n", "steps: [{multiply: 100 %}]\nsettlement:\n", 1)

    assert [found.code for found in check_plan(parse_plan(both)).errors] == ["key.unknown"]
