"""The same facts in any order, into tenants of their own: the same figures."""

import random
from collections.abc import Callable
from typing import Any

from ..conftest import Office  # noqa: TID252
from ..samples import above_target, master_data  # noqa: TID252


async def figures(office: Office) -> list[Any]:
    return sorted(
        (item["payable"]["amount"], [total["amount"]["amount"] for total in item["totals"]])
        for item in await office.statements("2026-03")
    )


async def test_the_order_of_arrival_changes_no_figure(
    make_office: Callable[[], Office],
) -> None:
    for seed in range(3):
        office = make_office()
        events = [*master_data(office.tenant), *above_target(office.tenant)]
        chance = random.Random(seed)
        chance.shuffle(events)
        await office.arrive([*events, *chance.sample(events, 5)], batch=chance.randint(1, 40))
        await office.open("2026-03")
        await office.run("2026-03")
        assert await figures(office) == [("1654.50", ["367.50", "1287.00"]), ("214.50", ["214.50"])]
