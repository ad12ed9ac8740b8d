"""Drafts between runs are paid by the same terms of payment as statements."""

from datetime import date
from typing import Any

from calc_engine.adapters.database.unit_of_work import OpenCalcWork
from calc_engine.adapters.files.run_files import ParquetRunFiles
from calc_engine.application.renew_standings import renew_standings
from calc_engine.engine.choice import EngineChoice

from ..conftest import NEW, NOW, Office  # noqa: TID252
from ..samples import ident, order  # noqa: TID252
from .flows import settle
from .test_terms_of_payment import sold, staffed, statement

PAID = ("total", "brought_forward", "payable", "carried_forward", "held", "digest")


async def renew(office: Office) -> None:
    runtime = office.service.runtime
    [renewed] = await renew_standings(
        tenant_id=office.tenant,
        open_work=OpenCalcWork(runtime.open_work),
        files=ParquetRunFiles(runtime.store),
        engines=EngineChoice(),
        ids=NEW,
        now=NOW,
    )
    assert renewed.waits_because is None


async def draft(office: Office, period: str) -> dict[str, Any]:
    whose = ident(office.tenant, "payee", "A1")
    found = await office.analyst.get(f"/v1/draft-statements/{whose}", period=period)
    assert found.status_code == 200, found.text
    [only] = found.json()["drafts"]
    paid: dict[str, Any] = only
    return paid


async def test_a_draft_goes_on_from_the_draw_of_the_month_before(office: Office) -> None:
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "10000", "2026-03": "20000"}))
    await settle(office, "2026-02")
    await office.run("2026-03")
    before = await draft(office, "2026-03")
    late = order(
        office.tenant,
        "LATE",
        "30000",
        states={"activated": "2026-03-25"},
        signed_on=date(2026, 2, 2),
    )

    await office.arrive([late])
    await renew(office)

    after = await draft(office, "2026-03")
    # 4 % of 20 000 is less than the level of 1 200.00; of 50 000 it is 2 000.00, and half of what
    # is above the level pays the draw of February back.
    assert (before["payable"]["amount"], after["payable"]["amount"]) == ("1200.00", "1600.00")
    assert {line["what"] for line in after["lines"]} == {"release", "draw_recovery"}
    await office.run("2026-03")
    run = await statement(office, "2026-03")
    assert {name: after[name] for name in PAID} == {name: run[name] for name in PAID}


async def test_what_terms_of_payment_paid_is_no_restatement_of_a_renewed_draft(
    office: Office,
) -> None:
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "10000"}))
    await settle(office, "2026-02")
    await office.run("2026-03")
    corrected = order(
        office.tenant,
        "O2026-02",
        "11000",
        version=2,
        states={"activated": "2026-02-20"},
        signed_on=date(2026, 2, 2),
    )

    await office.arrive([corrected])
    await renew(office)

    after = await draft(office, "2026-03")
    # 4 % of 1 000 more, and the draw of March; that of February stays where it was paid.
    assert sorted((line["what"], line["amount"]["amount"]) for line in after["lines"]) == [
        ("draw", "1160.00"),
        ("restatement", "40.00"),
    ]
    await office.run("2026-03")
    run = await statement(office, "2026-03")
    assert {name: after[name] for name in PAID} == {name: run[name] for name in PAID}
