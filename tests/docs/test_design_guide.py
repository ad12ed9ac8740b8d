"""What the guide for plan designers chooses is in the library, within its ranges, and checks.

The whole guide is played against the service in services/plans-api/tests/api/test_design_guide.py.
"""

import json
import re
from pathlib import Path

from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples
from premia_plan.library import metric, recalculated, template

GUIDE = (Path(__file__).parents[2] / "docs/guides/design-a-plan.md").read_text()


def test_the_template_and_the_metric_of_the_guide_make_a_plan_that_pays_as_printed() -> None:
    blocks = re.findall(r"^```json\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    choice, ready = json.loads(blocks[0]), json.loads(blocks[1])

    text = recalculated(template(choice["template"]).with_values(choice["parameters"])).text
    with_rule = metric(ready["metric"]).added_to(
        text, name=ready["name"], given=ready["parameters"]
    )
    plan = check_plan(parse_plan(with_rule)).plan
    assert plan is not None
    results = run_examples(plan)

    assert "pays 31.20 with activation and 16.80 with the first bill" in GUIDE
    assert "A1: {2026-03: {base: 31.20 EUR}, 2026-04: {base: 16.80 EUR}}" in text
    assert [
        (item.payee, item.month, item.component, str(item.got)) for item in results[1].differences
    ] == [("A1", "2026-03", "large_order", "300.00"), ("A1", "2026-05", "large_order", "-150.00")]
