"""Join what a change reaches to what a run keeps of the one before it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from calc_engine.application.base_run import BaseResult
from calc_engine.application.calculate import held_by_key, unaccepted
from calc_engine.application.calculate_plans import order_amounts
from calc_engine.application.calculate_scope import ScopedResult
from calc_engine.application.pay_payees import PaidPayees
from calc_engine.domain.arranged_outcome import Parts, arranged, weighed_orders
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.fact import Fact
from calc_engine.domain.lineage import NodeRow, node_rows
from calc_engine.domain.outcome import PAYING, SHARED, UNASSIGNED, Outcome
from calc_engine.domain.plan_relations import shared_rows
from calc_engine.domain.proposal import Proposal, StatementKey, propose
from calc_engine.domain.records import Records
from calc_engine.domain.renewed_lineage import renewed_rows
from calc_engine.domain.renewed_result import ReplacedKeys, amounts_again, divided, shared_again
from calc_engine.domain.restatement import line_order
from calc_engine.domain.statement_currency import StatedProposals
from calc_engine.domain.statement_line import StatementLine
from premia_common.periods import Month
from premia_plan.results import Exception_, Node


class Joining:
    """A base's result, and the part that takes the place of some of it."""

    def __init__(
        self,
        base: BaseResult,
        part: ScopedResult,
        stated: Sequence[StatementLine],
        differences: Sequence[Node],
        baseline: Baseline,
    ) -> None:
        self._base = base
        self._part = part
        self._stated = stated
        self._differences = differences
        self._baseline = baseline
        self._left = divided(base.kept, ReplacedKeys.of(part.keys))

    @cached_property
    def payees(self) -> frozenset[str]:
        """Whose statement may be another: of whom a line, a balance or a statement changed."""
        before, now = self._base.kept.balances, self._baseline.balances
        zero = Decimal(0)
        keys = {key for key in {**before, **now} if before.get(key, zero) != now.get(key, zero)}
        stood = {
            (item.payee_id, item.principal_id, item.currency) for item in self._base.kept.proposals
        }
        return frozenset(
            {
                *self._left.losing,
                *self._part.payees,
                *(line.payee_id for line in self._stated),
                *(payee for payee, _, _ in keys),
                *(payee for payee, _, _ in set(self._baseline.known) - stood),
            }
        )

    def stated_of(self, payees: Collection[str]) -> list[StatementLine]:
        """Return the lines of some payees' statements, before terms of payment."""
        every = (*self._left.stated, *self._stated)
        return sorted((line for line in every if line.payee_id in payees), key=line_order)

    def outcome(
        self,
        tenant_id: UUID,
        period: Month,
        payees: Collection[str],
        paid: PaidPayees,
        facts: Sequence[Fact],
    ) -> Outcome:
        """Return the whole result, with some payees paid anew.

        Args:
            tenant_id: whose result it is.
            period: the open period.
            payees: those who are paid anew.
            paid: what terms of payment give them.
            facts: all facts around the new ones.
        """
        base, part = self._base, self._part
        said = self._said(tenant_id, period, payees, paid)
        kept = (item for item in base.kept.proposals if item.payee_id not in payees)
        proposals = tuple(sorted((*kept, *said.proposals), key=_place))
        paying = (*paid.statements.exceptions, *said.exceptions)
        told = [*self._told(payees, facts), *((PAYING, item) for item in paying)]
        records, before = Records.of(facts), Records.of(_without(facts, base.new))
        return arranged(
            Parts(
                plans=part.plans,
                engines=base.manifest.engines,
                outgrown=base.kept.outgrown,
                lines=[*self._left.lines, *part.lines],
                nodes=self._nodes(proposals, (*paid.statements.nodes, *said.nodes)),
                told=told,
                measured=[*self._left.measured, *part.cells],
                proposals=proposals,
                order_amounts=amounts_again(
                    base.kept.order_amounts, order_amounts(before), order_amounts(records)
                ),
                weighed={**base.kept.weighed, **weighed_orders(part.orders, told)},
            )
        )

    def _said(
        self, tenant_id: UUID, period: Month, payees: Collection[str], paid: PaidPayees
    ) -> StatedProposals:
        lines = [line for line in (*self._left.lines, *self._part.lines) if line.payee_id in payees]
        known = {*(key for key in self._baseline.known if key[0] in payees), *unaccepted(lines)}
        proposals = propose(
            tenant_id,
            period,
            [*self.stated_of(payees), *paid.statements.lines],
            balances=_of(paid.balances, payees),
            held=held_by_key(lines),
            known=known,
            settled=paid.statements.settled,
        )
        return paid.stated(proposals, known)

    def _told(
        self, payees: Collection[str], facts: Sequence[Fact]
    ) -> Iterable[tuple[str, Exception_]]:
        """Give what is told, but what paying some payees tells now."""
        yield from (
            (plan, found)
            for plan, found in self._left.told
            if plan not in {SHARED, UNASSIGNED}
            and not (plan == PAYING and found.payee_id in payees)
        )
        yield from self._part.told
        before = Records.of(_without(facts, self._base.new))
        yield from shared_again(
            self._base.kept.told,
            shared_rows(before).exceptions,
            shared_rows(Records.of(facts)).exceptions,
        )

    def _nodes(self, proposals: Iterable[Proposal], paying: Iterable[Node]) -> list[NodeRow]:
        roots = [node_id for proposal in proposals for node_id in proposal.roots]
        new = node_rows([*self._part.nodes, *self._differences, *paying], roots)
        return renewed_rows(self._base.nodes, new, roots)


def _place(item: Proposal) -> StatementKey:
    return item.payee_id, item.principal_id, item.currency


def _of(
    balances: Mapping[StatementKey, Decimal], payees: Collection[str]
) -> Mapping[StatementKey, Decimal]:
    return {key: balance for key, balance in balances.items() if key[0] in payees}


def _without(facts: Iterable[Fact], new: Iterable[Fact]) -> list[Fact]:
    named = {(fact.kind, fact.key, fact.version) for fact in new}
    return [fact for fact in facts if (fact.kind, fact.key, fact.version) not in named]
