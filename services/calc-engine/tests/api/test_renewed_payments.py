"""Runs that go on from another, and rows of payment: as calculating everything pays and tells."""

from typing import Any

from ..conftest import Office  # noqa: TID252
from ..samples import ident, order, payee  # noqa: TID252
from .test_proposed_loads import decide, earning
from .test_records import LOAN, OPENING, approved, load


async def told(office: Office, run: dict[str, Any]) -> list[str]:
    report = (await office.analyst.get(f"/v1/runs/{run['id']}/validation-report")).json()
    return sorted(item["code"] for item in report["exceptions"])


async def told_of_draft(office: Office) -> list[str]:
    whose = ident(office.tenant, "payee", "A1")
    found = await office.analyst.get(f"/v1/draft-statements/{whose}", period="2026-02")
    return sorted(item["code"] for item in found.json()["exceptions"])


async def renewed_like_whole(office: Office) -> tuple[dict[str, Any], list[str]]:
    """Run twice, fail unless both runs give and tell the same, and return the first."""
    renewed = await office.run("2026-02")
    whole = await office.run("2026-02", everything=True)
    assert renewed["result_digest"] == whole["result_digest"]
    assert await told(office, renewed) == await told(office, whole)
    return renewed, await told(office, renewed)


async def test_rows_that_wait_since_the_last_run_keep_the_next_one_from_review(
    office: Office,
) -> None:
    await earning(office)
    await office.run("2026-02")
    await load(office, "opening", OPENING)

    run, codes = await renewed_like_whole(office)

    assert run["everything_because"] == "rows wait for a second person, or were decided"
    assert "rows_not_approved" in codes


async def test_rows_that_wait_are_told_again_of_whom_a_late_order_pays(office: Office) -> None:
    await earning(office)
    await load(office, "opening", OPENING)
    await office.run("2026-02")
    late = order(office.tenant, "OX", "1000", states={"activated": "2026-02-21"})
    await office.arrive([late])

    run, codes = await renewed_like_whole(office)

    assert run["everything_because"] is None
    assert "rows_not_approved" in codes


async def test_rows_that_wait_are_told_of_a_payee_who_came_since(office: Office) -> None:
    await earning(office)
    await load(office, "opening", {**OPENING, "payee": "A9"})
    first = await office.run("2026-02")
    before = await told(office, first)
    await office.arrive([payee(office.tenant, "A9")])

    run, codes = await renewed_like_whole(office)

    assert run["everything_because"] is None
    assert "rows_not_approved" not in before
    assert "rows_not_approved" in codes


async def test_declined_rows_are_told_neither_of_the_next_run_nor_of_the_draft_until_then(
    office: Office,
) -> None:
    await earning(office)
    found = await load(office, "loan", LOAN)
    await office.run("2026-02")
    before = await told_of_draft(office)
    await decide(office, found["proposed_load"], "decline", reason="paid back by now")

    after = await told_of_draft(office)
    _, codes = await renewed_like_whole(office)

    assert "rows_not_approved" in before
    assert "rows_not_approved" not in after
    assert "rows_not_approved" not in codes


async def test_a_loan_that_names_the_code_a_payee_had_is_told_as_everybodys_run_tells_it(
    office: Office,
) -> None:
    await earning(office)
    await approved(office, "loan", LOAN)
    await office.run("2026-02")
    renamed = payee(office.tenant, "A1", version=2).model_copy(update={"code": "A1X"})
    await office.arrive([renamed])

    run, codes = await renewed_like_whole(office)

    assert run["everything_because"] == "a payee has another code than before"
    assert "loan-of-unknown-payee" in codes
