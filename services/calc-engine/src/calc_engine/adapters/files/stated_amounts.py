"""What a run states by order and component, a part at a time, from its file of lines."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

import duckdb

from calc_engine.domain.order_difference import DifferenceKey, StatedAmount
from calc_engine.domain.payment_accounts import PAYMENT_LINES
from premia_common.money import Money
from premia_runtime.store import Store

_KEY = "payee_id, coalesce(order_id, ''), plan, component, currency"
_SUMS = f"""
    select {_KEY}, sum(cast(amount as decimal(38, 3))), list(node_id order by line_id)
    from read_parquet($path)
    where statement_id is not null and not list_contains($payment, what)
      and ($payee is null or payee_id = $payee) and ($order is null or order_id = $order)
      and ($payee_after is null or (payee_id >= $payee_after and ({_KEY})
           > ($payee_after, $order_after, $plan_after, $component_after, $currency_after)))
    group by all order by 1, 2, 3, 4, 5 limit $limit
"""  # noqa: S608 - only constants of this module are put together


class ParquetStatedAmounts:
    """Adds up the lines that plans give; what terms of payment add is not among them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def after(
        self,
        tenant_id: UUID,
        address: str,
        key: DifferenceKey | None,
        *,
        payee_id: UUID | None,
        order_id: str | None,
        limit: int,
    ) -> Sequence[StatedAmount]:
        """Return the first sums after a key, perhaps only one payee's or one order's."""
        path = self._store.local_path(tenant_id, address)
        wanted = {
            "path": str(path),
            "payment": sorted(PAYMENT_LINES),
            "payee": None if payee_id is None else str(payee_id),
            "order": order_id,
            "payee_after": None if key is None else str(key.payee_id),
            "order_after": None if key is None else key.order_id,
            "plan_after": None if key is None else key.plan,
            "component_after": None if key is None else key.component,
            "currency_after": None if key is None else key.currency,
            "limit": limit,
        }
        return await asyncio.to_thread(_sums, path.parent, wanted)


def _sums(folder: Path, wanted: Mapping[str, object]) -> list[StatedAmount]:
    with duckdb.connect(":memory:") as connection:
        connection.execute("set threads = 1")
        connection.execute("set autoinstall_known_extensions = false")
        connection.execute("set autoload_known_extensions = false")
        quoted = str(folder).replace("'", "''")
        connection.execute(f"set allowed_directories = ['{quoted}']")
        connection.execute("set enable_external_access = false")
        rows = connection.execute(_SUMS, dict(wanted)).fetchall()
    return [
        StatedAmount(
            DifferenceKey(UUID(payee_id), order_id, plan, component, currency),
            Money(amount, currency),
            tuple(UUID(node) for node in nodes),
        )
        for payee_id, order_id, plan, component, currency, amount, nodes in rows
    ]
