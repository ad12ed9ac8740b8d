"""The node of the part of a target that counts for a payee who is in the plan in part."""

from datetime import date
from uuid import UUID

from calc_engine.engine.trace.nodebook import NodeBook
from premia_plan.checked import Proration
from premia_plan.period import end_day, first_day
from premia_plan.quantities import Unit
from premia_plan.results import Detail


def part_of_target(
    book: NodeBook,
    proration: Proration,
    *,
    name: str,
    payee_id: str | None,
    period: str,
    joined: date,
    days: tuple[int, int],
    value: str,
    unit: Unit,
    whole: UUID,
) -> UUID:
    """Write the node; where only the days before the payee joined are missing, it says so."""
    start, end = first_day(period), end_day(period)
    detail: dict[str, Detail] = {"measure": name, "month": period}
    key, kind = ["for part", name, str(whole)], "figure_for_part"
    if (end - max(joined, start)).days == days[0]:
        key, kind = ["joiner_target", name, payee_id or "", period], "joiner_target"
        detail["joined"] = joined.isoformat()
    else:
        detail |= {"clause": proration.path, "basis": proration.basis}
    return book.node(
        *key,
        kind=kind,
        value=value,
        unit=unit.value,
        operation="days",
        payee_id=payee_id,
        detail={**detail, "days": days[0], "of_days": days[1]},
        children=(whole,),
    )
