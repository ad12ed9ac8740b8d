"""The guide for plan designers, played step by step with the requests printed in it."""

import json
import re
from pathlib import Path
from typing import Any

from .conftest import Office, Person
from .flows import mandate
from .samples import principal
from .test_plan_sheets import put_sheet

GUIDE = (Path(__file__).parents[4] / "docs/guides/design-a-plan.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


async def checked(designer: Person, version: str) -> dict[str, Any]:
    document = (await designer.get(f"{version}/document")).json()["text"]
    answer: dict[str, Any] = (await designer.post("/v1/plans:check", {"document": document})).json()
    return answer


async def test_the_guide_leads_from_a_template_to_a_published_plan(
    office: Office, designer: Person
) -> None:
    choice, metric, acceptance, assigned = (json.loads(block) for block in blocks("json"))
    misspelt, sheet = blocks("csv")
    owner = await designer.created("/v1/principals", principal())
    assert len((await designer.get("/v1/library/templates")).json()["items"]) == 12

    made = await designer.created("/v1/plans:from-template", choice | {"principal_id": owner["id"]})
    version = f"/v1/plans/{made['id']}/versions/1"
    document = (await designer.get(f"{version}/document")).json()["document"]
    assert document["examples"][0]["expect"]["A1"] == {
        "2027-03": {"base": "31.20 EUR"},
        "2027-04": {"base": "16.80 EUR"},
    }

    table = f"{version}/tables/commission_rate.csv"
    shown = await designer.get(table)
    assert b"north_gas_rate" in shown.content
    unchanged = await put_sheet(designer, table, shown.content)
    assert unchanged.json()["rows"] == {"changed": 0, "added": 0, "removed": 0}
    refused = await put_sheet(designer, table, misspelt.encode())
    assert refused.status_code == 422
    assert "row 3" in refused.text.lower()
    assert "gives" in refused.text
    taken = await put_sheet(designer, table, sheet.encode())
    assert taken.status_code == 200, taken.text

    added = await designer.post(
        f"{version}/metrics:add", metric, if_match=taken.json()["version"]["version"]
    )
    assert added.status_code == 200, added.text
    found = await checked(designer, version)
    differences = [item for one in found["examples"] for item in one["differences"]]
    [promised] = re.findall(
        r"^(A1 2027-03 large_order): expected (\S+) EUR, got (\S+) EUR$", GUIDE, re.MULTILINE
    )
    assert promised in [
        (f"{item['payee']} {item['month']} {item['component']}", item["expected"], item["got"])
        for item in differences
    ]
    assert found["publishable"] is False

    again = await designer.post(
        f"{version}/examples:recalculate", if_match=added.json()["version"]["version"]
    )
    assert again.status_code == 200, again.text
    taken = [item for one in again.json()["taken"] for item in one["differences"]]
    assert ("A1", "2027-03", "large_order", "0.00", "300.00") in [
        tuple(item[key] for key in ("payee", "month", "component", "expected", "got"))
        for item in taken
    ]
    assert again.json()["left"] == []
    found = await checked(designer, version)
    assert found["publishable"] is True
    document = (await designer.get(f"{version}/document")).json()["document"]
    second = document["examples"][1]["expect"]["A1"]
    assert second["2027-03"]["large_order"] == "300.00 EUR"
    assert second["2027-05"]["large_order"] == "-150.00 EUR"

    current = again.json()["version"]["version"]
    await publish_as_printed(designer, office.person("plan_approver"), version, current, acceptance)
    contract = await mandate(designer, owner["id"])
    await designer.created("/v1/assignments", assigned | {"mandate_id": contract["id"]})
    found = await designer.get(f"{version}/participants", on="2027-03-01")
    (one,) = found.json()["items"]
    assert one["takes_part"] is True


async def publish_as_printed(
    designer: Person, approver: Person, version: str, current: int, acceptance: dict[str, Any]
) -> None:
    """Send a draft in, have it sent back once, and then published."""
    submitted = await designer.post(f"{version}/submit", if_match=current)
    assert submitted.status_code == 200, submitted.text
    rejected = await approver.post(
        f"{version}/reject", {"reason": "let me see it again"}, if_match=submitted.json()["version"]
    )
    assert rejected.json()["status"] == "draft"
    submitted = await designer.post(f"{version}/submit", if_match=rejected.json()["version"])
    published = await approver.post(
        f"{version}/publish", acceptance, if_match=submitted.json()["version"]
    )
    assert published.status_code == 200, published.text
    assert published.json()["status"] == "published"
