"""Who sold what no plan pays, because nobody assigned the payee: what an exception tells."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from calc_engine.domain.stake import Stake, money_or_none
from calc_engine.domain.statement_line import ResultLine
from premia_plan.results import Exception_

CODE = "payee_not_assigned"
"""The engine's reason for what is not paid, and the code of the exception."""
_NOT_IN_PLAN = frozenset({CODE, "payee_not_participating", "assigned_to_other_principal"})
_WHAT_TO_DO = (
    "Assign the payee to the plan that is to pay it, from a day before the orders; or accept that "
    "no plan does"
)


def unassigned(lines: Sequence[ResultLine]) -> Mapping[Exception_, Stake]:
    """Return one exception for each payee and month with orders of which no plan pays the payee.

    One that any plan pays, holds, or leaves unpaid for another reason is told by that plan. Nor is
    anything told where the payee's attributes keep it out of every plan: that was decided. No
    statement waits for it: what is missing from one is another plan's, and orders of closed months
    would keep every later one waiting.
    """
    orders: dict[tuple[str, str], list[ResultLine]] = {
        (line.payee_id, line.order_id): []
        for line in lines
        if line.reason_code == CODE and line.payee_id is not None and line.order_id is not None
    }
    for line in lines:
        own = orders.get((line.payee_id or "", line.order_id or ""))
        if own is not None:
            own.append(line)
    months: dict[tuple[str, str], list[Sequence[ResultLine]]] = defaultdict(list)
    for (payee_id, _), own in orders.items():
        if all(line.what == "not_paid" and line.reason_code in _NOT_IN_PLAN for line in own):
            months[payee_id, min(line.competence for line in own)].append(own)
    return dict(_told(*key, months[key]) for key in sorted(months))


def _told(
    payee_id: str, month: str, orders: Sequence[Sequence[ResultLine]]
) -> tuple[Exception_, Stake]:
    """Return the exception, and what the plans would pay for those orders, each by itself."""
    unpaid = [line for own in orders for line in own if line.reason_code == CODE]
    amount = sum((line.amount for line in unpaid), Decimal(0))
    told = Exception_(
        code=CODE,
        message=f"{len(orders)} of the orders of {payee_id} in {month} came under no plan it is in",
        what_to_do=_WHAT_TO_DO,
        payee_id=payee_id,
        order_id=None,
        month=month,
        blocks=False,
    )
    return told, Stake(
        (payee_id,), len(orders), money_or_none(amount, unpaid[0].currency), "unpaid_lines"
    )
