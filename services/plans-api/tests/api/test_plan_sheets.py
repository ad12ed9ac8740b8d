"""Rates and parameters edited as sheets, over HTTP."""

import httpx

from .conftest import Person
from .flows import draft
from .samples import plan_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def put_sheet(
    person: Person, path: str, content: bytes, *, if_match: int | None = 1
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {person.token}"}
    if if_match is not None:
        headers["If-Match"] = f'"{if_match}"'
    return await person.client.request("PUT", path, content=content, headers=headers)


async def test_a_rate_edited_as_csv_changes_the_draft_and_keeps_its_comments(
    designer: Person,
) -> None:
    path, _ = await draft(designer)
    sheet = f"{path}/versions/1/tables/commission_rate.csv"

    shown = await designer.get(sheet)
    taken = await put_sheet(designer, sheet, shown.content.replace(b"2.5 %", b"2.6 %"))

    assert shown.headers["Content-Type"].startswith("text/csv")
    assert shown.text.splitlines()[0].lstrip("\ufeff") == "territory,category,from,to,gives"
    assert taken.status_code == 200, taken.text
    assert taken.json()["rows"] == {"changed": 1, "added": 0, "removed": 0}
    assert taken.json()["version"]["revision"] == 2
    assert taken.headers["ETag"] == '"2"'
    document = (await designer.get(f"{path}/versions/1/document")).json()
    assert document["text"] == plan_text().replace("gives: 2.5 %", "gives: 2.6 %")


async def test_an_excel_sheet_put_back_unchanged_makes_no_revision(designer: Person) -> None:
    path, _ = await draft(designer)
    sheet = f"{path}/versions/1/tables/commission_rate.xlsx"

    shown = await designer.get(sheet)
    taken = await put_sheet(designer, sheet, shown.content)

    assert shown.headers["Content-Type"] == XLSX
    assert 'filename="commission_rate-v1.xlsx"' in shown.headers["Content-Disposition"]
    assert taken.json()["version"]["revision"] == 1
    assert taken.json()["rows"] == {"changed": 0, "added": 0, "removed": 0}


async def test_what_the_checker_says_is_told_by_row_of_the_sheet(designer: Person) -> None:
    path, _ = await draft(designer)
    sheet = f"{path}/versions/1/tables/commission_rate.csv"
    rows = (await designer.get(sheet)).content.replace(
        b"2026-01-01,2027-01-01,2.5", b"2026-02-01,2027-01-01,2.5"
    )
    assert b"2026-02-01" in rows

    taken = (await put_sheet(designer, sheet, rows)).json()

    gaps = [item for item in taken["findings"] if item["finding"]["code"] == "rates.gap"]
    assert [item["row"] for item in gaps] in ([3], [2, 3], [2])


async def test_a_bad_cell_is_named_and_nothing_changes(designer: Person) -> None:
    path, _ = await draft(designer)
    sheet = f"{path}/versions/1/tables/commission_rate.csv"

    refused = await put_sheet(
        designer,
        sheet,
        b"territory,category,from,to,gives\nnord,gas,2026-01-01,,3 %\nsud,gas,,,dear\n",
    )

    assert refused.status_code == 422
    assert refused.json()["code"] == "sheet-not-readable"
    (error,) = refused.json()["errors"]
    assert (error["row"], error["column"], error["value"]) == (3, "E", "dear")
    assert (await designer.get(f"{path}/versions/1")).json()["revision"] == 1


async def test_a_column_of_days_that_got_lost_makes_no_rate_hold_forever(
    designer: Person,
) -> None:
    path, _ = await draft(designer)
    sheet = f"{path}/versions/1/tables/commission_rate.csv"

    refused = await put_sheet(
        designer, sheet, b"territory,category,from,gives\nnord,gas,2026-01-01,3 %\n"
    )

    (error,) = refused.json()["errors"]
    assert error["message"].startswith("row 1: the column to is missing.")
    assert (await designer.get(f"{path}/versions/1")).json()["revision"] == 1


async def test_a_sheet_needs_the_current_version_of_a_draft(designer: Person) -> None:
    path, _ = await draft(designer)
    sheet = f"{path}/versions/1/tables/commission_rate.csv"
    changed = (await designer.get(sheet)).content.replace(b"2.5 %", b"2.6 %")

    missing = await put_sheet(designer, sheet, changed, if_match=None)
    stale = await put_sheet(designer, sheet, changed, if_match=7)
    await designer.post(f"{path}/versions/1/submit", if_match=1)
    in_review = await put_sheet(designer, sheet, changed, if_match=2)

    assert (missing.status_code, stale.status_code) == (428, 412)
    assert in_review.status_code == 409
    assert in_review.json()["code"] == "plan-not-in-status"


async def test_a_cap_is_changed_by_the_sheet_of_parameters(designer: Person) -> None:
    path, _ = await draft(designer)
    sheet = f"{path}/versions/1/parameters.csv"

    shown = await designer.get(sheet)
    taken = await put_sheet(designer, sheet, shown.content.replace(b"2 500 EUR", b"3 000 EUR"))

    assert taken.json()["rows"]["changed"] == 1
    document = (await designer.get(f"{path}/versions/1/document")).json()
    assert document["text"] == plan_text().replace("cap: 2 500 EUR", "cap: 3 000 EUR")


async def test_an_unknown_table_and_a_broken_workbook_have_their_own_answers(
    designer: Person,
) -> None:
    path, _ = await draft(designer)

    unknown = await designer.get(f"{path}/versions/1/tables/none.csv")
    broken = await put_sheet(designer, f"{path}/versions/1/tables/commission_rate.xlsx", b"PK")

    assert (unknown.status_code, unknown.json()["code"]) == (404, "table-not-found")
    assert (broken.status_code, broken.json()["code"]) == (422, "file-not-a-sheet")


async def test_who_may_not_write_plans_may_not_put_a_sheet(
    approver: Person, designer: Person
) -> None:
    path, _ = await draft(designer)
    sheet = f"{path}/versions/1/tables/commission_rate.csv"

    refused = await put_sheet(approver, sheet, (await approver.get(sheet)).content)

    assert refused.status_code == 403
