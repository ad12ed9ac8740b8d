"""The pages about connectors say what its code says."""

import re
from pathlib import Path

from connectors.domain.field_mapping import SALESFORCE_ORDER
from connectors.domain.refusal import WHAT_TO_DO

DOCS = Path(__file__).parents[2] / "docs"


def test_the_guide_shows_the_mapping_a_source_starts_with() -> None:
    text = (DOCS / "guides/connect-salesforce.md").read_text()
    of_order, of_lines = text.split("Lines of an order", 1)

    attributes = dict(
        re.findall(r"^\| attribute ([a-z_]+) \(\w+\) \| `(\w+)` \|$", of_order, re.MULTILINE)
    )
    days = dict(re.findall(r"^\| ([a-z_]+) \| `(\w+)` \| .*\|$", of_order, re.MULTILINE))
    line_states = re.findall(r"^\| states (.+) \| (.+) \|$", of_lines, re.MULTILINE)

    assert _fields(of_order) == SALESFORCE_ORDER["fields"]
    assert _roles(of_order) == SALESFORCE_ORDER["roles"]
    assert days == SALESFORCE_ORDER["state_dates"]
    assert attributes == {
        name: given["field"] for name, given in SALESFORCE_ORDER["attributes"].items()
    }
    assert _fields(of_lines) == SALESFORCE_ORDER["line_fields"]
    assert _roles(of_lines) == SALESFORCE_ORDER["line_roles"]
    assert [
        (states.split(", "), fields.replace("`", "").split(", ")) for states, fields in line_states
    ] == [
        (
            list(SALESFORCE_ORDER["line_state_dates"]),
            list(SALESFORCE_ORDER["line_state_dates"].values()),
        )
    ]
    assert SALESFORCE_ORDER["line_statuses"] == SALESFORCE_ORDER["statuses"]


def _fields(text: str) -> dict[str, str]:
    return dict(re.findall(r"^\| ([a-z_]+) \| `(\w+)`(?:, with .*)? \|$", text, re.MULTILINE))


def _roles(text: str) -> dict[str, str]:
    return dict(re.findall(r"^\| role ([a-z_]+) \| `(\w+)` \|$", text, re.MULTILINE))


def test_the_runbook_tells_what_to_do_for_every_refusal() -> None:
    text = (DOCS / "runbooks/quarantine.md").read_text()

    told = dict(re.findall(r"^ +\| `([A-Z_]+)` \| (.+) \|$", text, re.MULTILINE))

    assert told == {code.value: what for code, what in WHAT_TO_DO.items()}
