"""Who sold what no plan pays, because nobody assigned the payee: what an exception tells."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from calc_engine.domain.statement_line import ResultLine
from premia_plan.results import Exception_

CODE = "payee_not_assigned"
"""The engine's reason for what is not paid, and the code of the exception."""
_NOT_IN_PLAN = frozenset({CODE, "payee_not_participating", "assigned_to_other_principal"})
_WHAT_TO_DO = (
    "Assign the payee to the plan that is to pay it, from a day before the orders; or accept that "
    "no plan does"
)


def unassigned(lines: Iterable[ResultLine]) -> Iterator[Exception_]:
    """Give one exception for each payee and month with orders of which no plan pays the payee.

    One that any plan pays, holds, or leaves unpaid for another reason is told by that plan. Nor is
    anything told where the payee's attributes keep it out of every plan: that was decided. The
    payee's statement, if there is one, waits until somebody assigns it or accepts the exception.
    """
    reasons: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    months: dict[tuple[str, str], str] = {}
    for line in lines:
        if line.payee_id is None or line.order_id is None:
            continue
        key = (line.payee_id, line.order_id)
        reasons[key].add(line.reason_code if line.what == "not_paid" else None)
        months[key] = min(months.get(key, line.competence), line.competence)
    orders: dict[tuple[str, str], int] = defaultdict(int)
    for (payee_id, order_id), found in reasons.items():
        if CODE in found and found <= _NOT_IN_PLAN:
            orders[payee_id, months[payee_id, order_id]] += 1
    for (payee_id, month), number in sorted(orders.items()):
        yield Exception_(
            code=CODE,
            message=f"{number} of the orders of {payee_id} in {month} came under no plan it is in",
            what_to_do=_WHAT_TO_DO,
            payee_id=payee_id,
            order_id=None,
            month=month,
            blocks=True,
        )
