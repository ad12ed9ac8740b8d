"""Compare a month as an inquiry states it with what approved statements paid for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from calc_engine.application.read_models import PostedAmount, StatedLine
from calc_engine.domain.order_difference import DifferenceKey, OrderDifference
from premia_common.money import Money


@dataclass(slots=True)
class _Sums:
    now: Decimal = Decimal(0)
    posted: Decimal = Decimal(0)
    restated: Decimal = Decimal(0)
    nodes: list[UUID] = field(default_factory=list)
    statements: dict[UUID, None] = field(default_factory=dict)


def differences(
    stated: Iterable[StatedLine], posted: Sequence[PostedAmount], *, only_changed: bool
) -> tuple[OrderDifference, ...]:
    """Return what differs, by payee, order and component.

    Args:
        stated: the lines of a run of the month.
        posted: what was paid for the month, then and later.
        only_changed: leaves out what was paid as it is due now.
    """
    found: dict[DifferenceKey, _Sums] = {}
    for line in stated:
        key = DifferenceKey(
            line.payee_id, line.order_id or "", line.plan, line.component, line.amount.currency
        )
        sums = found.setdefault(key, _Sums())
        sums.now += line.amount.amount
        sums.nodes.append(line.node_id)
    for item in sorted(posted, key=lambda item: (item.is_restated, item.origin_line_id.int)):
        key = DifferenceKey(
            item.payee_id, item.order_id or "", item.plan, item.component, item.amount.currency
        )
        sums = found.setdefault(key, _Sums())
        if item.is_restated:
            sums.restated += item.amount.amount
        else:
            sums.posted += item.amount.amount
        sums.statements.setdefault(item.statement_id)
    every = (_difference(key, found[key]) for key in sorted(found))
    return tuple(item for item in every if item.difference or not only_changed)


def _difference(key: DifferenceKey, sums: _Sums) -> OrderDifference:
    now, posted, restated = (
        Money(amount, key.currency) for amount in (sums.now, sums.posted, sums.restated)
    )
    return OrderDifference(key, now, posted, restated, tuple(sums.nodes), tuple(sums.statements))
