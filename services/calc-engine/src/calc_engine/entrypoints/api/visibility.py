"""Whose figures a caller may see: his own, those of his network, or everybody's."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from calc_engine.application.ports import CalcWork
from calc_engine.domain.reporting_lines import edges_of, network_below
from calc_engine.domain.statement import Statement, StatementNotFound
from premia_common.access import DataScope
from premia_common.periods import Month
from premia_runtime.auth import Caller


def last_day(month: Month) -> date:
    """Return a month's last day: on which the network of that month is looked up."""
    return month.period.end - timedelta(days=1)


async def visible_payees(work: CalcWork, caller: Caller, day: date) -> frozenset[UUID] | None:
    """Return the payees whose figures the caller may see; None means everybody."""
    if caller.scope is DataScope.ALL:
        return None
    return (await _visible_on(work, caller, [day]))[day]


async def visible_by_month(
    work: CalcWork, caller: Caller, months: Iterable[Month]
) -> Mapping[Month, frozenset[UUID]] | None:
    """Return the payees whose statements of each month the caller may see; None means all."""
    if caller.scope is DataScope.ALL:
        return None
    days = {month: last_day(month) for month in months}
    visible = await _visible_on(work, caller, days.values())
    return {month: visible[day] for month, day in days.items()}


async def _visible_on(
    work: CalcWork, caller: Caller, days: Iterable[date]
) -> Mapping[date, frozenset[UUID]]:
    own = frozenset({caller.payee_id} if caller.payee_id else ())
    if not own or caller.scope is DataScope.OWN:
        return dict.fromkeys(days, own)
    edges = edges_of(await work.facts.current("position"))
    return {
        day: own | {UUID(payee) for payee in network_below(edges, str(caller.payee_id), day)}
        for day in days
    }


async def visible_statement(work: CalcWork, caller: Caller, statement_id: UUID) -> Statement:
    """Return a statement that the caller may see.

    Raises:
        StatementNotFound: if there is none, or it is somebody else's.
    """
    statement = await work.queries.statement(statement_id)
    visible = await visible_payees(work, caller, last_day(statement.period))
    if visible is not None and statement.payee_id not in visible:
        raise StatementNotFound(statement_id)
    return statement
