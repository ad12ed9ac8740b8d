"""The drafts of a payee's statements between runs, as of the facts that are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from calc_engine.application.pay_payees import pay_payees
from calc_engine.application.ports import CalcWork
from calc_engine.domain.proposal import Proposal, StatementKey, propose
from calc_engine.domain.standing import (
    NOT_STATED,
    UNACCEPTED,
    Standing,
    StandingLine,
    statement_line,
)
from calc_engine.domain.statement_line import StatementLine
from premia_common.periods import Month
from premia_plan.results import Exception_


class DraftStatementsNotFound(LookupError):
    """Raised when no run of a period completed here, so that there is nothing to go on from."""

    def __init__(self, period: Month) -> None:
        super().__init__(
            f"No run of {period} has completed in this database; start one, and drafts follow "
            "every new fact."
        )


@dataclass(frozen=True, slots=True)
class DraftStatements:
    """What a payee stands at in a period."""

    standing: Standing
    is_current: bool
    drafts: tuple[Proposal, ...]
    exceptions: Sequence[Exception_]


async def read_draft_statements(
    work: CalcWork, *, period: Month, payee_id: UUID
) -> DraftStatements:
    """Return a payee's drafts, paid by the terms of payment as the next run will pay them.

    Raises:
        DraftStatementsNotFound: if no run of the period completed in this database.
    """
    standing = await work.standings.of(period)
    if standing is None:
        raise DraftStatementsNotFound(period)
    lines = await work.standings.lines(period, payee_id)
    stated = _in_order(lines)
    paid = await pay_payees(
        work, stated, payees={str(payee_id)}, period=period, go_live=standing.go_live
    )
    exceptions = await work.standings.exceptions(period, payee_id)
    known = {*await work.standings.stated(period, payee_id), *_unaccepted(lines)}
    said = paid.stated(
        propose(
            work.tenant_id,
            period,
            [*stated, *paid.statements.lines],
            balances=paid.balances,
            held=_held(lines),
            known=known,
            settled=paid.statements.settled,
        ),
        known,
    )
    told = (*exceptions, *paid.statements.exceptions, *said.exceptions)
    return DraftStatements(
        standing,
        standing.waits_because is None and await work.standings.is_current(standing),
        said.proposals,
        list(dict.fromkeys(told)),
    )


def _in_order(lines: Sequence[StandingLine]) -> list[StatementLine]:
    stated = [statement_line(line) for line in lines if line.what not in NOT_STATED]
    return sorted(stated, key=lambda line: (line.plan, line.component, str(line.line_id)))


def _unaccepted(lines: Sequence[StandingLine]) -> set[StatementKey]:
    return {
        (line.payee_id, line.principal_id, line.currency)
        for line in lines
        if line.what == UNACCEPTED
    }


def _held(lines: Sequence[StandingLine]) -> dict[StatementKey, Decimal]:
    held: dict[StatementKey, Decimal] = {}
    for line in lines:
        if line.what in NOT_STATED:
            key = (line.payee_id, line.principal_id, line.currency)
            held[key] = held.get(key, Decimal(0)) + line.amount
    return held
