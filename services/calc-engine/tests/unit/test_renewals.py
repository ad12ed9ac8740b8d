"""Standings of several tenants: one that cannot be renewed keeps no other waiting."""

from typing import Any, cast
from uuid import UUID

import pytest

from calc_engine.entrypoints.renewals import Renewals
from premia_runtime.clock import SystemClock

TENANTS = (UUID(int=1), UUID(int=2))


class Waiting:
    async def tenants(self) -> tuple[UUID, ...]:
        return TENANTS


class Broken:
    """A database that answers no tenant, and remembers who asked."""

    def __init__(self) -> None:
        self.asked: list[UUID] = []

    def snapshot(self, tenant_id: UUID) -> Any:
        self.asked.append(tenant_id)
        raise ConnectionError(f"nothing for {tenant_id}")


async def test_the_next_tenant_is_renewed_after_one_that_failed() -> None:
    database, unused = Broken(), cast("Any", None)
    renewals = Renewals(
        Waiting(),
        open_work=cast("Any", database),
        files=unused,
        engines=unused,
        ids=unused,
        clock=SystemClock(),
    )

    with pytest.raises(ConnectionError, match=str(TENANTS[0])):
        await renewals.renew_all()

    assert database.asked == list(TENANTS)
