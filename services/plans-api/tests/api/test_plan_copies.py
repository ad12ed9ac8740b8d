"""Last month's, or last year's, plan as the next one's draft."""

from .conftest import Office, Person
from .flows import draft, publish
from .samples import plan_text

NEXT_YEAR = {"from_version": 1, "valid_from": "2027-01-01", "valid_to": "2028-01-01"}


async def test_a_copy_for_the_next_year_is_publishable_as_it_is(
    office: Office, designer: Person
) -> None:
    path, _ = await draft(designer)
    await publish(office, designer, path)

    copy = await designer.created(f"{path}/versions:copy", NEXT_YEAR)
    document = (await designer.get(f"{path}/versions/2/document")).json()
    check = (await designer.post("/v1/plans:check", {"document": document["text"]})).json()

    assert copy["version"]["number"] == 2
    assert copy["dates_left_alone"] == []
    assert check["publishable"] is True, check
    assert document["document"]["valid"] == {
        "from": "2027-01-01",
        "to": "2028-01-01",
        "by": "order.signed_on",
    }
    rows = document["document"]["tables"]["commission_rate"]["rows"]
    assert [(row["from"], row["to"]) for row in rows] == [("2027-01-01", "2028-01-01")] * 2
    assert "# half-open; `by` puts an order under this version" in document["text"]
    assert document["text"].count("\n") == plan_text().count("\n")


async def test_a_rate_that_ended_with_the_plan_ends_with_its_copy(
    office: Office, designer: Person
) -> None:
    path, _ = await draft(designer)
    await publish(office, designer, path)

    await designer.created(f"{path}/versions:copy", NEXT_YEAR | {"valid_to": "2027-07-01"})
    document = (await designer.get(f"{path}/versions/2/document")).json()["document"]

    rows = document["tables"]["commission_rate"]["rows"]
    assert [(row["from"], row["to"]) for row in rows] == [("2027-01-01", "2027-07-01")] * 2


async def test_a_date_inside_a_formula_is_told_to_the_author(
    office: Office, designer: Person
) -> None:
    covers = "covers: order.signed_on >= 2026-01-01\n"
    path, _ = await draft(designer, plan_text().replace("participants:", f"{covers}participants:"))
    await publish(office, designer, path)

    copy = await designer.created(f"{path}/versions:copy", NEXT_YEAR)

    assert copy["dates_left_alone"] == [
        {"pointer": "/covers", "text": "order.signed_on >= 2026-01-01"}
    ]


async def test_without_shifting_only_the_days_of_the_plan_change(
    office: Office, designer: Person
) -> None:
    path, _ = await draft(designer)
    await publish(office, designer, path)

    await designer.created(f"{path}/versions:copy", NEXT_YEAR | {"shift_dates": False})
    text = (await designer.get(f"{path}/versions/2/document")).json()["text"]

    old = "valid: {from: 2026-01-01, to: 2027-01-01"
    assert text == plan_text().replace(old, "valid: {from: 2027-01-01, to: 2028-01-01")


async def test_dates_do_not_move_by_parts_of_a_month(office: Office, designer: Person) -> None:
    path, _ = await draft(designer)
    await publish(office, designer, path)

    refused = await designer.post(f"{path}/versions:copy", NEXT_YEAR | {"valid_from": "2027-01-15"})

    assert refused.status_code == 422
    assert refused.json()["code"] == "dates-not-shiftable"


async def test_a_draft_has_no_copy_beside_it(designer: Person) -> None:
    path, _ = await draft(designer)

    refused = await designer.post(f"{path}/versions:copy", NEXT_YEAR)
    unknown = await designer.post(f"{path}/versions:copy", NEXT_YEAR | {"from_version": 9})

    assert (refused.status_code, refused.json()["code"]) == (409, "draft-exists")
    assert unknown.status_code == 404
