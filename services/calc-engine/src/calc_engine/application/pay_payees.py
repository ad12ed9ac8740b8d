"""Pay some payees by the terms of payment, reading only what is known of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from calc_engine.application.calculate_plans import checked_plan
from calc_engine.application.ports import CalcWork
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.fact import Fact
from calc_engine.domain.fact_change import FOLLOWED
from calc_engine.domain.pay_statements import PaidStatements, pay_statements
from calc_engine.domain.payment_rows import PaymentRows, payment_rows
from calc_engine.domain.plan_relations import relations_for, shared_rows
from calc_engine.domain.plan_terms import PlanTerms, TermsByPayee
from calc_engine.domain.proposal import Proposal, StatementKey
from calc_engine.domain.records import Records
from calc_engine.domain.statement_currency import StatedProposals, state_proposals
from calc_engine.domain.statement_line import StatementLine
from premia_common.periods import Month

OF_A_PAYEE = ("assignment", "mandate", "plan_acceptance", "position")


@dataclass(frozen=True, slots=True)
class PaidPayees:
    """What terms of payment give some payees, and what that goes on from."""

    statements: PaidStatements
    terms: TermsByPayee
    before: Baseline
    period: Month
    go_live: Month

    @property
    def balances(self) -> Mapping[StatementKey, Decimal]:
        """What the payees' pay goes on from."""
        return self.before.carried

    def stated(
        self, proposals: Sequence[Proposal], known: Collection[StatementKey]
    ) -> StatedProposals:
        """Return these payees' statements in the currencies that plans name.

        One that says nothing is left out, unless its key is known.
        """
        return state_proposals(
            proposals,
            self.terms,
            self.before,
            self.statements.nodes,
            known=known,
            period=self.period,
            go_live=self.go_live,
        )


async def pay_payees(
    work: CalcWork,
    stated: Sequence[StatementLine],
    *,
    payees: Collection[str],
    period: Month,
    go_live: Month,
) -> PaidPayees:
    """Return what paying everybody would give some payees; what is told of others is left out.

    Args:
        work: reads facts and what was approved.
        stated: the lines of these payees' statements of the period.
        payees: whom to pay.
        period: the open period.
        go_live: the tenant's first period.

    Raises:
        PlanNotUsable: if a published plan cannot be calculated.
    """
    records = Records.of(await _facts(work, payees))
    shared = shared_rows(records)
    terms = []
    for plan in records.plans:
        checked = checked_plan(plan)
        rows = relations_for(plan, records, shared, checked)
        own = tuple(row for row in rows.assignments if row.payee_id in payees)
        terms.append(PlanTerms.of(plan, checked, replace(rows, assignments=own)))
    found = TermsByPayee(terms, period)
    before = await work.statements.paid_before(period, payees)
    closed = ClosedBefore(before.closed.items(), go_live)
    moved = payment_rows(records, found, closed=closed, posted=before.payments)
    paid = pay_statements(
        stated,
        found,
        _of_payees(moved, payees),
        closed=closed,
        posted=before.payments,
        carried=before.carried,
        period=period,
        go_live=go_live,
    )
    return PaidPayees(paid, found, before, period, go_live)


async def _facts(work: CalcWork, payees: Collection[str]) -> list[Fact]:
    """Read every version of what paying these payees may rest on."""
    references, whose = work.references, sorted(payees)
    own = await references.of_keys("payee", whose)
    names = {*whose, *(fact.body["code"] for fact in own)}
    return [
        *await references.other_than(FOLLOWED),
        *own,
        *await references.naming([f"payee-id:{payee}" for payee in whose], OF_A_PAYEE),
        *await references.paying(sorted(names)),
    ]


def _of_payees(rows: PaymentRows, payees: Collection[str]) -> PaymentRows:
    return PaymentRows(
        tuple(item for item in rows.adjustments if item[0][0] in payees),
        tuple(item for item in rows.loans if item[0][0] in payees),
        tuple(item for item in rows.openings if item[0][0] in payees),
        tuple(found for found in rows.exceptions if found.payee_id in payees),
        tuple(item for item in rows.caps if item[0][0] in payees),
    )
