from ..conftest import Office  # noqa: TID252
from ..samples import above_target, ident, master_data  # noqa: TID252


async def test_a_run_pays_what_the_plans_own_example_says(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")

    run = await office.run("2026-03")

    agency = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    manager = await office.statement_of(ident(office.tenant, "payee", "M1"), "2026-03")
    assert run["counts"]["statements"] == 2
    assert {total["component"]: total["amount"]["amount"] for total in agency["totals"]} == {
        "base": "1287.00",
        "accelerator": "367.50",
    }
    assert agency["payable"] == {"amount": "1654.50", "currency": "EUR"}
    assert manager["payable"] == {"amount": "214.50", "currency": "EUR"}
