"""The plan in the guide is a plan: it is checked and its examples run."""

import re
from pathlib import Path

from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples

GUIDE = Path(__file__).parents[2] / "docs/guides/write-a-plan.md"


def _plan() -> str:
    (plan,) = re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    return str(plan)


def test_the_plan_in_the_guide_has_no_finding_and_its_example_passes() -> None:
    checked = check_plan(parse_plan(_plan()))

    assert checked.findings == ()
    assert checked.plan is not None
    assert [(one.name, one.passed) for one in run_examples(checked.plan)] == [
        ("paid with the first bill", True),
        ("cancelled seven weeks later", True),
    ]


def test_the_hole_in_the_guide_is_found() -> None:
    text = GUIDE.read_text()
    (rows,) = re.findall(r"^```text\nrows:\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    whole = "      - {category: any, from: 2026-01-01, to: 2027-01-01, gives: 4 %}\n"
    holed = "".join(f"    {line}\n" for line in rows.splitlines())
    plan = _plan().replace(whole, holed).replace("    missing: exception\n", "")

    found = check_plan(parse_plan(plan))

    assert any("2026-06-01" in finding.message for finding in found.findings)
