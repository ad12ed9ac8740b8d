"""However the same facts arrive, what is stored of their calculation is the same, ids included."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal

import pytest

from .deliveries import EXAMPLES, PLAIN, Example
from .master_data import REPORTS_TO, payee_id
from .tenant import Outcome, Platform, Tenant

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("arrival")]

AT_ONCE = 3
"""Examples that are lived at the same time, each by a tenant of its own."""


class Lives:
    """All examples, begun together; each test waits for the one it asks about."""

    def __init__(self, platform: Platform) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)
        self.tenants = {example: Tenant(platform) for example in (PLAIN, *EXAMPLES)}
        self._lives = {
            example: asyncio.create_task(self._live(example, tenant))
            for example, tenant in self.tenants.items()
        }

    async def _live(self, example: Example, tenant: Tenant) -> Outcome:
        async with self._turn:
            return await tenant.live(example)

    async def outcome(self, example: Example) -> Outcome:
        return await asyncio.shield(self._lives[example])

    async def end(self) -> None:
        for life in self._lives.values():
            life.cancel()
        await asyncio.gather(*self._lives.values(), return_exceptions=True)


@pytest.fixture(scope="session")
async def lives(platform: Platform) -> AsyncIterator[Lives]:
    lives = Lives(platform)
    yield lives
    await lives.end()


def _shown(example: Example) -> str:
    return f"{example.name} {example.seed}" if example.seed else example.name


async def test_the_facts_sent_in_order_pay_what_the_plan_says(lives: Lives) -> None:
    plain = await lives.outcome(PLAIN)

    assert plain.lines == []
