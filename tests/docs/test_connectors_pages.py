"""The pages about connectors say what its code says."""

import re
from pathlib import Path

from connectors.domain.field_mapping import SALESFORCE_ORDER
from connectors.domain.refusal import WHAT_TO_DO

DOCS = Path(__file__).parents[2] / "docs"


def test_the_guide_shows_the_mapping_a_source_starts_with() -> None:
    text = (DOCS / "guides/connect-salesforce.md").read_text()

    fields = dict(re.findall(r"^\| ([a-z_]+) \| `(\w+)` \|$", text, re.MULTILINE))
    attributes = dict(
        re.findall(r"^\| attribute ([a-z_]+) \(\w+\) \| `(\w+)` \|$", text, re.MULTILINE)
    )
    days = dict(re.findall(r"^\| ([a-z_]+) \| `(\w+)` \| .*\|$", text, re.MULTILINE))

    assert fields == SALESFORCE_ORDER["fields"]
    assert days == SALESFORCE_ORDER["state_dates"]
    assert attributes == {
        name: given["field"] for name, given in SALESFORCE_ORDER["attributes"].items()
    }


def test_the_runbook_tells_what_to_do_for_every_refusal() -> None:
    text = (DOCS / "runbooks/quarantine.md").read_text()

    told = dict(re.findall(r"^ +\| `([A-Z_]+)` \| (.+) \|$", text, re.MULTILINE))

    assert told == {code.value: what for code, what in WHAT_TO_DO.items()}
