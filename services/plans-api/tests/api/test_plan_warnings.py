"""Warnings about a plan: told by the check, accepted by name by whoever publishes it."""

from .conftest import Office, Person
from .flows import draft
from .samples import plan_text

CLIFF = "cliff /components/accelerator/steps/1/gate"
LIMITLESS = ["unbounded /components/base", "unbounded /components/override"]


async def in_review(designer: Person) -> str:
    path, _ = await draft(designer)
    await designer.post(f"{path}/versions/1/submit", if_match=1)
    return f"{path}/versions/1"


async def test_the_check_names_each_warning_with_a_case(designer: Person) -> None:
    check = (await designer.post("/v1/plans:check", {"document": plan_text()})).json()

    assert check["publishable"]
    assert {item["name"]: item["severity"] for item in check["findings"]} == dict.fromkeys(
        (CLIFF, *LIMITLESS), "warning"
    )
    (cliff,) = [item for item in check["findings"] if item["name"] == CLIFF]
    assert (cliff["code"], cliff["pointer"]) == ("cliff", "/components/accelerator/steps/1/gate")
    assert cliff["counter_example"].endswith(
        "first_time_right of A1 at 92 % pays A1 367.50 EUR of accelerator, "
        "first_time_right of A1 at 91.99 % 0.00 EUR"
    )


async def test_a_plan_is_not_published_over_a_warning_nobody_accepted(
    office: Office, designer: Person
) -> None:
    version = await in_review(designer)
    approver = office.person("plan_approver")

    refused = await approver.post(
        f"{version}/publish", {"accepted_warnings": LIMITLESS}, if_match=2
    )

    assert refused.status_code == 409
    assert refused.json()["code"] == "plan-warnings-not-accepted"
    (left,) = refused.json()["errors"]
    assert (left["warning"], left["pointer"]) == (CLIFF, "/components/accelerator/steps/1/gate")
    assert left["case"].endswith("first_time_right of A1 at 91.99 % 0.00 EUR")
    assert left["case_in_italian"].endswith("first_time_right di A1 a 91.99 % 0.00 EUR")
    assert left["in_italian"].startswith("il più piccolo passo qui cambia accelerator di")
    assert (await approver.get(version)).json()["status"] == "in_review"


async def test_who_accepted_which_warning_stays_in_the_history(
    office: Office, designer: Person
) -> None:
    version = await in_review(designer)
    approver = office.person("plan_approver")
    names = [CLIFF, *LIMITLESS, "cliff /components/removed"]

    published = await approver.post(f"{version}/publish", {"accepted_warnings": names}, if_match=2)

    assert published.status_code == 200, published.text
    steps = (await approver.get(f"{version}/history")).json()["items"]
    assert [(step["after"], step["by"] == str(approver.id)) for step in steps] == [
        ("draft", False),
        ("in_review", False),
        ("published", True),
    ]
    assert sorted(steps[-1]["accepted_warnings"]) == sorted([CLIFF, *LIMITLESS])
    assert steps[1]["accepted_warnings"] == []
