"""Plans begun from templates, and metrics added to drafts."""

from typing import Any

from .conftest import Office, Person
from .flows import draft, warnings_about
from .samples import principal

CHOICE: dict[str, Any] = {
    "template": "agency-energy",
    "code": "north-agencies-2027",
    "title": {"it": "Agenzie nord 2027", "en": "Northern agencies 2027"},
    "valid_from": "2027-01-01",
    "valid_to": "2028-01-01",
    "parameters": {"north_gas_rate": "4 %", "accelerator_cap": "3 000 EUR"},
}


async def test_the_templates_name_their_parameters_and_ranges(designer: Person) -> None:
    items = (await designer.get("/v1/library/templates")).json()["items"]

    assert len(items) == 12
    [agency] = [item for item in items if item["id"] == "agency-energy"]
    assert agency["title"] == {"it": "Agenzie energia", "en": "Energy agencies"}
    assert agency["parameters"][0] == {
        "name": "north_gas_rate",
        "label": {"it": "Aliquota gas nel nord", "en": "Rate for gas in the north"},
        "value": "3 %",
        "least": "0 %",
        "most": "15 %",
    }
    assert "unbounded /components/base" in agency["warnings"]


async def test_a_template_is_read_with_its_text(designer: Person) -> None:
    found = (await designer.get("/v1/library/templates/pharma-ranking")).json()

    assert found["text"].startswith("plan: pharma-ranking-2026\n")
    assert (
        (await designer.get("/v1/library/templates/nothing"))
        .json()["type"]
        .endswith("template-not-found")
    )


async def test_the_metrics_come_with_what_they_add_and_an_example(designer: Person) -> None:
    items = (await designer.get("/v1/library/metrics")).json()["items"]

    assert len(items) >= 40
    [token] = [item for item in items if item["id"] == "fixed-token"]
    assert token["label"]["it"] == "Un importo fisso per ordine"
    assert set(token["adds"]) == {
        "/components",
        "/settlement/release",
        "/settlement/storno/effect",
    }
    assert "expect:" in token["examples"]


async def test_a_plan_from_a_template_is_published_as_it_is(
    office: Office, designer: Person
) -> None:
    owner = await designer.created("/v1/principals", principal())

    made = await designer.created("/v1/plans:from-template", CHOICE | {"principal_id": owner["id"]})
    version = f"/v1/plans/{made['id']}/versions/1"
    stored = (await designer.get(f"{version}/document")).json()
    submitted = await designer.post(f"{version}/submit", if_match=1)
    approver = office.person("plan_approver")
    body = {"accepted_warnings": await warnings_about(approver, version)}
    published = await approver.post(f"{version}/publish", body, if_match=2)

    assert made["name"] == "north-agencies-2027"
    assert made["dates_left_alone"] == []
    assert stored["document"]["title"] == {
        "it": "Agenzie nord 2027",
        "en": "Northern agencies 2027",
    }
    rows = stored["document"]["tables"]["commission_rate"]["rows"]
    rate = rows[0]["gives"]
    assert (rows[0]["from"], rows[0]["to"], rate) == ("2027-01-01", "2028-01-01", "north_gas_rate")
    declared = stored["document"]["parameters"][rate]
    assert (declared["value"], declared["range"]) == ("4 %", {"from": "0 %", "to": "15 %"})
    # 1 200 x 4 % = 48.00: 65 % are 31.20, the rest 16.80, a year later than in the template.
    assert stored["document"]["examples"][0]["expect"]["A1"] == {
        "2027-03": {"base": "31.20 EUR"},
        "2027-04": {"base": "16.80 EUR"},
    }
    assert "# half-open; `by` puts an order under this version" in stored["text"]
    assert submitted.status_code == 200, submitted.text
    assert published.status_code == 200, published.text
    assert set(body["accepted_warnings"]) == {
        "unbounded /components/base",
        "unbounded /components/override",
        "cliff /components/accelerator/steps/1/gate",
    }


async def test_the_same_choice_again_changes_nothing(designer: Person) -> None:
    owner = await designer.created("/v1/principals", principal())
    body = CHOICE | {"principal_id": owner["id"]}
    first = await designer.created("/v1/plans:from-template", body)

    again = (await designer.post("/v1/plans:from-template", body)).json()

    assert again["id"] == first["id"]
    assert again["outcome"] == "unchanged"


async def test_kept_examples_tell_what_the_new_numbers_pay(designer: Person) -> None:
    owner = await designer.created("/v1/principals", principal())
    body = CHOICE | {"principal_id": owner["id"], "recalculate_examples": False}

    made = await designer.created("/v1/plans:from-template", body)
    document = (await designer.get(f"/v1/plans/{made['id']}/versions/1/document")).json()
    check = (await designer.post("/v1/plans:check", {"document": document["text"]})).json()

    assert check["publishable"] is False
    assert "31.20" in str(check["examples"][0]["differences"])


async def test_what_cannot_be_chosen_is_told_and_makes_no_plan(designer: Person) -> None:
    owner = await designer.created("/v1/principals", principal())
    body = CHOICE | {"principal_id": owner["id"]}
    for change, status, problem, says in (
        (
            {"parameters": {"north_gas_rate": "16 %"}},
            422,
            "parameter-not-acceptable",
            "16 % is not from 0 % to 15 %",
        ),
        ({"template": "water"}, 404, "template-not-found", "list them to choose one"),
        ({"valid_from": "2027-01-15"}, 422, "dates-not-shiftable", "Begin on day 1"),
    ):
        refused = await designer.post("/v1/plans:from-template", body | change)

        assert refused.status_code == status, refused.text
        assert refused.json()["type"].endswith(problem)
        assert says in refused.json()["detail"]
    assert (await designer.get("/v1/plans")).json()["items"] == []


async def test_a_metric_joins_a_draft_with_its_comments_kept(designer: Person) -> None:
    path, _ = await draft(designer)
    version = f"{path}/versions/1"
    before = (await designer.get(f"{version}/document")).json()["text"]
    body = {"metric": "fixed-token", "name": "welcome", "parameters": {"amount": "12 EUR"}}

    added = await designer.post(f"{version}/metrics:add", body, if_match=1)
    after = (await designer.get(f"{version}/document")).json()

    assert added.status_code == 200, added.text
    assert added.json()["version"]["revision"] == 2
    assert {item["severity"] for item in added.json()["findings"]} <= {"warning"}
    assert after["document"]["components"]["welcome"]["amount"] == "12 EUR"
    assert after["document"]["settlement"]["storno"]["effect"]["welcome"]["takes"] == "100 %"
    assert after["text"].count("#") == before.count("#")


async def test_a_metric_that_does_not_fit_changes_nothing(designer: Person) -> None:
    path, _ = await draft(designer)
    version = f"{path}/versions/1"
    token = {"metric": "fixed-token", "name": "welcome", "parameters": {}}
    for body, if_match, status, problem in (
        (token | {"name": "base"}, 1, 409, "name-taken"),
        (token | {"metric": "water"}, 1, 404, "metric-not-found"),
        (token | {"parameters": {"amount": "2 000 EUR"}}, 1, 422, "parameter-not-acceptable"),
        (token, 7, 412, "changed-meanwhile"),
    ):
        refused = await designer.post(f"{version}/metrics:add", body, if_match=if_match)

        assert refused.status_code == status, refused.text
        assert refused.json()["type"].endswith(problem)
    assert (await designer.get(version)).json()["revision"] == 1


async def test_who_only_reads_begins_no_plan(office: Office) -> None:
    reader = office.person("auditor")

    refused = await reader.post(
        "/v1/plans:from-template", CHOICE | {"principal_id": "0193a000-0000-8000-8000-000000000010"}
    )

    assert refused.status_code == 403
