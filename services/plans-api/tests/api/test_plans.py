"""Plans from draft to published: who may do what, and what a document must be."""

from typing import Any

from .conftest import Office, Person
from .flows import draft, publish
from .samples import changed, plan_text, principal


async def test_a_plan_is_published_by_a_second_person(office: Office, designer: Person) -> None:
    path, plan = await draft(designer)

    published = await publish(office, designer, path)

    assert plan["name"] == "agency-energy-2026"
    assert plan["version"]["status"] == "draft"
    assert published["status"] == "published"
    assert (published["valid_from"], published["valid_to"]) == ("2026-01-01", "2027-01-01")
    assert published["content_hash"] == plan["version"]["content_hash"]
    history = (await designer.get(f"{path}/versions/1/history")).json()["items"]
    assert [(step["before"], step["after"]) for step in history] == [
        (None, "draft"),
        ("draft", "in_review"),
        ("in_review", "published"),
    ]


async def test_the_same_plan_again_changes_nothing(designer: Person) -> None:
    _, plan = await draft(designer)

    _, again = await draft(designer)

    assert again["outcome"] == "unchanged"
    assert again["version"] == plan["version"]


async def test_another_document_for_the_same_plan_is_told_where_to_go(designer: Person) -> None:
    path, plan = await draft(designer)
    other = changed("2 500 EUR", "3 000 EUR")

    refused = await designer.post(
        "/v1/plans", {"principal_id": plan["principal_id"], "document": other}
    )

    assert refused.status_code == 409
    assert refused.json()["code"] == "plan-exists"
    assert f"PUT {path}/versions/1" in refused.json()["detail"]


async def test_the_maker_cannot_publish(office: Office) -> None:
    both = office.person("plan_designer", "plan_approver")
    path, _ = await draft(both)
    await both.post(f"{path}/versions/1/submit", if_match=1)

    refused = await both.post(f"{path}/versions/1/publish", if_match=2)

    assert refused.status_code == 403
    assert refused.json()["code"] == "approver-is-maker"
    assert (await both.get(f"{path}/versions/1")).json()["status"] == "in_review"


async def test_the_maker_of_an_earlier_revision_cannot_publish(
    office: Office, designer: Person
) -> None:
    both = office.person("plan_designer", "plan_approver")
    path, _ = await draft(both)
    await designer.put(
        f"{path}/versions/1", {"document": changed("2 500 EUR", "3 000 EUR")}, if_match=1
    )
    await designer.post(f"{path}/versions/1/submit", if_match=2)

    refused = await both.post(f"{path}/versions/1/publish", if_match=3)

    assert refused.status_code == 403
    assert refused.json()["code"] == "approver-is-maker"


async def test_who_submitted_cannot_publish(office: Office, designer: Person) -> None:
    submitter = office.person("plan_designer", "plan_approver")
    path, _ = await draft(designer)
    await submitter.post(f"{path}/versions/1/submit", if_match=1)

    refused = await submitter.post(f"{path}/versions/1/publish", if_match=2)

    assert refused.status_code == 403


async def test_a_designer_may_not_publish_anybodys_plan(office: Office, designer: Person) -> None:
    path, _ = await draft(designer)
    await designer.post(f"{path}/versions/1/submit", if_match=1)

    refused = await office.person("plan_designer").post(f"{path}/versions/1/publish", if_match=2)

    assert refused.status_code == 403
    assert refused.json()["code"] == "not-permitted"


async def test_a_draft_cannot_be_published(approver: Person, designer: Person) -> None:
    path, _ = await draft(designer)

    refused = await approver.post(f"{path}/versions/1/publish", if_match=1)

    assert refused.status_code == 409
    assert "Submit it for review first" in refused.json()["detail"]


async def test_publishing_needs_the_current_version(approver: Person, designer: Person) -> None:
    path, _ = await draft(designer)
    await designer.post(f"{path}/versions/1/submit", if_match=1)

    stale = await approver.post(f"{path}/versions/1/publish", if_match=1)
    missing = await approver.post(f"{path}/versions/1/publish")

    assert stale.status_code == 412
    assert missing.status_code == 428


async def test_a_plan_with_a_gap_between_rates_is_not_submitted(designer: Person) -> None:
    row = "{territory: italia, category: any, from: 2026-01-01, to: 2027-01-01, gives: 2.5 %}"
    gap = changed(
        "    missing: exception               # exception | zero, with a reason on the line\n", ""
    ).replace(row, row.replace("from: 2026-01-01", "from: 2026-02-01"))
    path, _ = await draft(designer, gap)

    refused = await designer.post(f"{path}/versions/1/submit", if_match=1)

    assert refused.status_code == 422
    assert refused.json()["code"] == "plan-not-acceptable"
    gaps = [error for error in refused.json()["errors"] if error["finding"] == "rates.gap"]
    assert [error["pointer"] for error in gaps] == ["/tables/commission_rate/rows/1"]
    assert gaps[0]["line"] == gap[: gap.index("{territory: italia")].count("\n") + 1
    assert "from 2026-01-01 to 2026-02-01" in gaps[0]["message"]
    assert (await designer.get(f"{path}/versions/1")).json()["status"] == "draft"


async def test_a_plan_whose_example_fails_is_not_published(
    approver: Person, designer: Person
) -> None:
    wrong = changed("2026-03: {base: 23.40 EUR}", "2026-03: {base: 23.41 EUR}")
    path, _ = await draft(designer, wrong)
    await designer.post(f"{path}/versions/1/submit", if_match=1)

    refused = await approver.post(f"{path}/versions/1/publish", if_match=2)

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == "/examples/one order, paid in two parts"
    assert "expected 23.41, got 23.40" in error["message"]
    assert (await designer.get(f"{path}/versions/1")).json()["status"] == "in_review"


async def test_a_document_that_cannot_be_read_is_refused_with_its_line(designer: Person) -> None:
    owner = await designer.created("/v1/principals", principal())
    text = "plan: p\nplan: p\n"

    refused = await designer.post("/v1/plans", {"principal_id": owner["id"], "document": text})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["line"] == 2


async def test_a_float_in_a_document_is_refused(designer: Person) -> None:
    owner = await designer.created("/v1/principals", principal())
    document: dict[str, Any] = {"plan": "p", "tables": {"rate": {"rows": [{"gives": 2.5}]}}}

    refused = await designer.post("/v1/plans", {"principal_id": owner["id"], "document": document})

    assert refused.status_code == 422
    assert "/tables/rate/rows/0/gives: 2.5 is a float" in refused.json()["detail"]


async def test_a_document_may_be_sent_as_an_object(designer: Person) -> None:
    path, plan = await draft(designer)
    document = (await designer.get(f"{path}/versions/1/document")).json()["document"]

    again = await designer.post(
        "/v1/plans", {"principal_id": plan["principal_id"], "document": document}
    )

    assert again.json()["outcome"] == "unchanged"


async def test_a_check_says_everything_and_stores_nothing(designer: Person) -> None:
    good = await designer.post("/v1/plans:check", {"document": plan_text()})
    bad = await designer.post("/v1/plans:check", {"document": "plan: [unfinished"})

    assert good.status_code == 200
    assert good.json()["publishable"] is True
    assert [example["passed"] for example in good.json()["examples"]] == [True, True, True]
    assert bad.json()["publishable"] is False
    assert bad.json()["findings"][0]["severity"] == "error"
    assert (await designer.get("/v1/plans")).json()["items"] == []


async def test_a_rejected_version_is_a_draft_again_and_keeps_the_reason(
    approver: Person, designer: Person
) -> None:
    path, _ = await draft(designer)
    await designer.post(f"{path}/versions/1/submit", if_match=1)

    rejected = await approver.post(
        f"{path}/versions/1/reject", {"reason": "The cap is too low."}, if_match=2
    )

    assert rejected.json()["status"] == "draft"
    assert rejected.json()["submitted_by"] is None
    history = (await designer.get(f"{path}/versions/1/history")).json()["items"]
    assert history[-1]["reason"] == "The cap is too low."
    assert history[-1]["by"] == str(approver.id)


async def test_a_published_version_takes_no_other_document(
    office: Office, designer: Person
) -> None:
    path, _ = await draft(designer)
    await publish(office, designer, path)

    refused = await designer.put(
        f"{path}/versions/1", {"document": changed("2 500 EUR", "3 000 EUR")}, if_match=3
    )

    assert refused.status_code == 409
    assert refused.json()["code"] == "plan-not-in-status"


async def test_two_published_versions_cannot_be_valid_on_the_same_day(
    office: Office, designer: Person, approver: Person
) -> None:
    path, _ = await draft(designer)
    await publish(office, designer, path)
    second = {"document": changed("2 500 EUR", "3 000 EUR")}
    begun = await designer.created(f"{path}/versions", second)
    await designer.post(f"{path}/versions/2/submit", if_match=1)

    refused = await approver.post(f"{path}/versions/2/publish", if_match=2)

    assert begun["version"]["number"] == 2
    assert refused.status_code == 409
    assert refused.json()["code"] == "plan-window-overlaps"


async def test_a_version_follows_one_that_was_retired_before_it(
    office: Office, designer: Person, approver: Person
) -> None:
    path, _ = await draft(designer)
    await publish(office, designer, path)
    retired = await approver.post(
        f"{path}/versions/1/retire",
        {"retired_from": "2026-01-01", "reason": "It was wrong from the start."},
        if_match=3,
    )
    await designer.created(f"{path}/versions", {"document": changed("2 500 EUR", "3 000 EUR")})

    published = await publish(office, designer, path, number=2)

    assert retired.json()["status"] == "retired"
    assert published["number"] == 2


async def test_a_second_draft_waits_for_the_first(designer: Person) -> None:
    path, _ = await draft(designer)

    refused = await designer.post(
        f"{path}/versions", {"document": changed("2 500 EUR", "3 000 EUR")}
    )

    assert refused.status_code == 409
    assert refused.json()["code"] == "draft-exists"


async def test_a_document_of_another_plan_is_refused(designer: Person) -> None:
    path, _ = await draft(designer)
    other = changed("plan: agency-energy-2026", "plan: another")

    refused = await designer.put(f"{path}/versions/1", {"document": other}, if_match=1)

    assert refused.status_code == 422
    assert refused.json()["code"] == "plan-name-differs"


async def test_another_tenants_plan_is_not_found(designer: Person, other_office: Office) -> None:
    path, _ = await draft(designer)
    stranger = other_office.person("plan_designer", "plan_approver")

    statuses = [
        (await stranger.get(path)).status_code,
        (await stranger.get(f"{path}/versions/1")).status_code,
        (await stranger.get(f"{path}/versions/1/document")).status_code,
        (await stranger.post(f"{path}/versions/1/submit", if_match=1)).status_code,
        (await stranger.post(f"{path}/versions/1/publish", if_match=1)).status_code,
    ]

    assert statuses == [404] * 5
