"""However the same facts arrive, what is stored of their calculation is the same, ids included."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from .deliveries import EXAMPLES, PLAIN, Example
from .master_data import LATE, REPORTS_TO, payee_id
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

    codes = {payee_id(code): code for code in REPORTS_TO}
    paid: Counter[tuple[str, str]] = Counter()
    for line in plain.lines:
        paid[codes[str(line["payee_id"])], line["component"]] += line["amount"]
    assert dict(paid) == {
        ("A1", "base"): Decimal("669.40"),
        ("A1", "accelerator"): Decimal("188.27"),
        ("A2", "base"): Decimal("114.85"),
        ("L1", "base"): Decimal("21.00"),
        ("L1", "accelerator"): Decimal("4.88"),
        ("M1", "base"): Decimal("19.31"),
        ("M1", "accelerator"): Decimal("1.35"),
        ("M1", "override"): Decimal("136.54"),
        ("M0", "override"): Decimal("57.85"),
    }
    assert Counter(line["what"] for line in plain.unpaid) == {"held": 20, "not_paid": 10}
    assert [found["code"] for found in plain.exceptions] == [
        "measurement-of-unknown-payee",
        "payee_unknown",
        "signal-of-unknown-order",
    ]
    sources = [node["source_id"] for node in plain.nodes if node["source_kind"] == "fact"]
    kinds = {"order", "billing_signal", "measurement", "target"}
    assert {source.partition("/")[0] for source in sources} == kinds


@pytest.mark.parametrize("example", EXAMPLES, ids=_shown)
async def test_the_same_facts_give_the_same_lines_lineage_and_digests(
    lives: Lives, example: Example
) -> None:
    plain = await lives.outcome(PLAIN)
    found = await lives.outcome(example)

    assert set(plain.facts) <= set(found.facts)
    assert len(found.facts) == len(plain.facts) + example.padding
    assert found.conflicts == 0
    assert found.lines == plain.lines
    assert found.unpaid == plain.unpaid
    assert found.nodes == plain.nodes
    assert found.lineage == plain.lineage
    assert found.exceptions == plain.exceptions
    assert found.cells == plain.cells
    assert found.statements == plain.statements
    assert found.result_digest == plain.result_digest


async def test_a_payee_who_gets_to_be_known_last_is_paid_by_the_next_run(lives: Lives) -> None:
    [example] = [example for example in EXAMPLES if example.payee_last]
    known = await lives.outcome(example)
    [unknown] = lives.tenants[example].on_the_way

    order = f"salesforce/801Z{'6':0>11}AAA"

    def told(outcome: Outcome) -> set[str]:
        return {found["code"] for found in outcome.exceptions if found["order_id"] == order}

    assert told(unknown) == {"payee_unknown"}
    assert told(known) == set()
    late = payee_id(LATE)
    assert late not in {str(line["payee_id"]) for line in unknown.lines}
    assert late in {str(line["payee_id"]) for line in known.lines}


async def test_the_examples_used_every_way_in_and_both_consumers(
    lives: Lives, platform: Platform
) -> None:
    for example in EXAMPLES:
        await lives.outcome(example)

    landed = [await lives.tenants[example].batches_landed() for example in EXAMPLES]
    assert sum(count > 0 for count in landed) >= 3
    channels = await lives.tenants[EXAMPLES[-1]].channels()
    assert channels == {"json", "outbound_message", "cloudevents", "file"}
    # The worker has a connection as well; it reads nothing.
    assert sum(count >= 300 for count in await platform.messages_sent_to_calc_engine()) == 2


@pytest.mark.parametrize("name", ["singly by JSON", "singly by Outbound Message", "one large file"])
async def test_an_explanation_ends_at_the_message_that_was_first_whichever_it_was(
    lives: Lives, name: str
) -> None:
    [example] = [example for example in EXAMPLES if example.name == name]
    outcome = await lives.outcome(example)
    tenant = lives.tenants[example]

    line = next(line for line in outcome.lines if line["amount"] == Decimal("234.00"))
    leaves = await tenant.leaves(line)

    messages = [leaf["source"] for leaf in leaves if leaf["source"]["kind"] == "message"]
    assert messages
    assert "message" not in {node["source_kind"] for node in outcome.nodes}
    for source in messages:
        content = (await tenant.call("connectors", "GET", source["url"], 200)).content
        assert hashlib.sha256(content).hexdigest() == source["sha256"]
        assert line["order_id"].partition("/")[2].encode() in content
