"""What each payee stands at in an open period: the last run's lines, renewed as facts arrive."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, cast
from uuid import UUID

from calc_engine.domain.statement_line import LineWhat, ResultLine, StatementLine
from premia_common.identifiers import derive_id
from premia_common.periods import Month
from premia_plan.incremental import Reach, Scope
from premia_plan.period import PeriodKind, enclosing, last_month
from premia_plan.results import Exception_

HELD = "held"
UNACCEPTED = "held until accepted"
"""Held because the payee has not accepted the plan; a statement shows it all the same."""
NOT_STATED = frozenset({HELD, UNACCEPTED})
PLAN_NOT_ACCEPTED = "plan_not_accepted"
KINDS: tuple[PeriodKind, ...] = ("month", "quarter", "half", "year")


@dataclass(frozen=True, slots=True)
class Standing:
    """An open period between two runs: which run it goes on from, and which facts it knows.

    `snapshot` is what PostgreSQL says of the transactions whose facts are in it, and means
    something only in the database `system_identifier` names.  `waits_because` says why it is not
    renewed until the next run.
    """

    period: Month
    run_id: UUID
    go_live: Month
    snapshot: str
    system_identifier: str
    renewed_at: datetime
    changes: int
    waits_because: str | None
    has_earlier: bool = True
    """Whether anything may have been approved in a period before."""


class StandingLine(NamedTuple):
    """A line of a draft, or an amount that is held, with where its explanation lies."""

    line_id: UUID
    origin_line_id: UUID
    payee_id: str
    principal_id: str
    currency: str
    plan: str
    component: str
    kind: str
    what: str
    competence: str
    original_period: str | None
    corrects: UUID | None
    amount: Decimal
    order_id: str | None
    credit_id: str | None
    share: int | None
    reason: str | None
    node_id: UUID
    nodes_address: str
    rates: str | None = None
    """By what rates a statement in another currency has it."""


@dataclass(frozen=True)
class Replaced:
    """The keys of a plan's lines that a change replaces.

    Of `orders` all lines of components that are not in `by_payee`; of `payees` all of those, and
    of `cells` those of a payee and competence.
    """

    plan: str
    by_payee: frozenset[str]
    orders: frozenset[str]
    payees: frozenset[str]
    cells: frozenset[tuple[str, str]]
    read: frozenset[str]
    """Further orders of which is replaced what is told of these payees."""
    whole: bool
    """Whether every period of a payee is renewed wherever one is."""

    @classmethod
    def of(cls, plan: str, reach: Reach, scope: Scope) -> "Replaced":
        """Return the keys of a scope in a plan."""
        cells = {
            (payee, period)
            for payee, months in scope.cells.items()
            for month in months
            for period in (enclosing(month, kind) for kind in KINDS)
            if last_month(period) in months
        }
        return cls(
            plan,
            reach.by_payee,
            scope.orders,
            scope.payees,
            frozenset(cells),
            scope.fed.orders if reach.period is None else frozenset(),
            reach.period is None,
        )

    def content(self) -> dict[str, object]:
        """Return the keys as a manifest names them."""
        return {
            "plan": self.plan,
            "orders": sorted(self.orders),
            "payees": sorted(self.payees),
            "cells": [list(cell) for cell in sorted(self.cells)],
        }

    def has_line(
        self, component: str, payee_id: str | None, competence: str, order_id: str | None
    ) -> bool:
        """Say whether a line of the plan is replaced."""
        if component in self.by_payee and payee_id is not None:
            return self.has_cell(payee_id, competence)
        return order_id in self.orders

    def has_cell(self, payee_id: str | None, period: str | None) -> bool:
        """Say whether what rests on a payee's figures of a period is replaced."""
        return payee_id in self.payees or (payee_id, period) in self.cells

    def has_told(self, found: Exception_) -> bool:
        """Say whether an exception that the plan tells is replaced."""
        if found.order_id is None:
            return self.has_cell(found.payee_id, found.month)
        if found.order_id in self.orders:
            return True
        return self.whole and found.order_id in self.read and found.payee_id in self.touched

    @cached_property
    def touched(self) -> frozenset[str]:
        """Whose figures are renewed, for all periods or some."""
        return self.payees.union(payee for payee, _ in self.cells)


@dataclass(frozen=True, slots=True)
class Replacement:
    """What takes the place of a standing's lines and exceptions."""

    keys: tuple[Replaced, ...]
    lines: tuple[StandingLine, ...]
    exceptions: tuple[Exception_, ...]

    @property
    def payees(self) -> frozenset[str]:
        """Whose lines are among the new ones."""
        return frozenset(line.payee_id for line in self.lines)


def stated_line(line: StatementLine, nodes_address: str) -> StandingLine:
    """Return a statement line as a standing keeps it."""
    return StandingLine(
        line.line_id,
        line.origin_line_id,
        line.payee_id,
        line.principal_id,
        line.currency,
        line.plan,
        line.component,
        line.kind,
        line.what,
        line.competence,
        line.original_period,
        line.corrects,
        line.amount,
        line.order_id,
        line.credit_id,
        line.share,
        line.reason,
        line.node_id,
        nodes_address,
        line.rates,
    )


def statement_line(line: StandingLine) -> StatementLine:
    """Return a standing's line as a statement has it."""
    return StatementLine(
        line_id=line.line_id,
        origin_line_id=line.origin_line_id,
        payee_id=line.payee_id,
        principal_id=line.principal_id,
        plan=line.plan,
        component=line.component,
        kind=line.kind,
        what=cast("LineWhat", line.what),
        competence=line.competence,
        original_period=line.original_period,
        corrects=line.corrects,
        amount=line.amount,
        currency=line.currency,
        order_id=line.order_id,
        credit_id=line.credit_id,
        share=line.share,
        reason=line.reason,
        node_id=line.node_id,
        rates=line.rates,
    )


def held_lines(lines: Iterable[ResultLine], nodes_address: str) -> list[StandingLine]:
    """Return what is earned and held, as a standing keeps it."""
    return [
        StandingLine(
            line.line_id,
            line.line_id,
            line.payee_id,
            line.principal_id,
            line.currency,
            line.plan,
            line.component,
            line.kind,
            UNACCEPTED if line.reason_code == PLAN_NOT_ACCEPTED else HELD,
            line.competence,
            None,
            None,
            line.amount,
            line.order_id,
            line.credit_id,
            line.share,
            line.reason,
            line.node_id,
            nodes_address,
        )
        for line in lines
        if line.what == "held" and line.payee_id is not None
    ]


def exception_key(found: Exception_) -> UUID:
    """Return what tells an exception of a standing from others."""
    whose = (found.payee_id or "", found.order_id or "", found.month or "")
    return derive_id("standing-exception", found.code, found.message, *whose)
