"""Statements in the currency that a plan names for each payee: figures, lines and lineage."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from calc_engine.domain.baseline import Baseline
from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.pay_statements import landed_in
from calc_engine.domain.payment_accounts import ZERO
from calc_engine.domain.plan_terms import PlanTerms, TermsByPayee
from calc_engine.domain.proposal import Proposal, StatementKey
from calc_engine.domain.stated_in import StatedIn
from calc_engine.domain.statement_in_currency import BalanceBefore, StatementInCurrency
from calc_engine.domain.statement_line import StatementLine
from premia_common.money import Money
from premia_common.periods import Month
from premia_plan.results import Exception_, Line, Node
from premia_plan.stating import Conversion, Movements


@dataclass(frozen=True, slots=True)
class StatedProposals:
    """Proposals in the currencies of their statements, and what explains the amounts."""

    proposals: tuple[Proposal, ...]
    nodes: tuple[Node, ...]
    exceptions: tuple[Exception_, ...]


def state_proposals(
    proposals: Iterable[Proposal],
    terms: TermsByPayee,
    baseline: Baseline,
    pay_nodes: Iterable[Node],
    *,
    known: Collection[StatementKey],
    period: Month,
    go_live: Month,
) -> StatedProposals:
    """Return proposals as their payees read them.

    Each keeps its amounts in the plan's currency: accounts, restatements and later runs go on from
    these. A statement of which a rate or the currency is missing is in the plan's currency, and
    that is told and blocks. One that was proposed only because a rate may be another one, and of
    which none is, is left out.

    Args:
        proposals: the statements, with what terms of payment added.
        terms: the plans' terms, which name currencies.
        baseline: what was stated and carried before.
        pay_nodes: what explains the pay.
        known: whose statement is shown even if it says nothing.
        period: the open period.
        go_live: the tenant's first period.
    """
    work = _Stating(terms, baseline, pay_nodes, period, go_live)
    stated = [(_key_of(item), work.state(item)) for item in proposals]
    shown = tuple(item for key, item in stated if key in known or not item.says_nothing)
    return StatedProposals(shown, tuple(work.nodes), tuple(work.exceptions))


class _Stating:
    """States one statement after the other."""

    def __init__(
        self,
        terms: TermsByPayee,
        baseline: Baseline,
        pay_nodes: Iterable[Node],
        period: Month,
        go_live: Month,
    ) -> None:
        self._terms = terms
        self._baseline = baseline
        self._carried = baseline.carried
        self._closed = ClosedBefore(baseline.closed.items(), go_live)
        self._pay_nodes = {node.node_id: node for node in pay_nodes}
        self._period = period
        self._go_live = str(go_live)
        self._conversions: dict[str, Conversion] = {}
        self._differences: list[Node] = []
        self._told: list[Exception_] = []

    @property
    def nodes(self) -> Iterable[Node]:
        """Give what explains the stated amounts."""
        yield from self._differences
        for _, conversion in sorted(self._conversions.items()):
            yield from conversion.nodes

    @property
    def exceptions(self) -> Iterable[Exception_]:
        """Give what kept statements from being in their currency."""
        yield from self._told
        for _, conversion in sorted(self._conversions.items()):
            yield from conversion.exceptions

    def state(self, proposal: Proposal) -> Proposal:
        """Return one statement in its currency."""
        key = _key_of(proposal)
        own, told = self._terms.naming_currency(key)
        self._told += told
        if own is not None:
            conversion = self._conversion(own)
            currency = conversion.currency(proposal.payee_id, str(self._period))
            if currency is not None and currency != proposal.currency:
                found = StatementInCurrency(
                    proposal, currency, conversion, self._landed, self._movements(proposal)
                ).stated(self._balance(key, currency))
                if found is not None:
                    self._differences += found.nodes
                    return found.proposal
        return self._in_plan_currency(proposal, key)

    def _conversion(self, own: PlanTerms) -> Conversion:
        name = f"{own.plan.name} {own.plan.content_hash}"
        found = self._conversions.get(name)
        rule = own.checked.currencies.statement
        if found is None and rule is not None:
            found = self._conversions[name] = Conversion(own.checked, rule, own.relations)
        if found is None:
            raise TypeError("a plan that names no currency states nothing")
        return found

    def _landed(self, line: StatementLine) -> Line:
        return landed_in(line, self._closed, self._period)

    def _movements(self, proposal: Proposal) -> Movements:
        """Return what tells the rates of movements, with what reserves held before.

        What they held before the first period was stated by nobody here.
        """
        found = Movements(self._pay_nodes)
        before = self._closed.find(_key_of(proposal))
        for item in before.accounts if before is not None else ():
            if item.account == "reserve":
                parts = [
                    (month if month >= self._go_live else "", Fraction(amount))
                    for month, amount in item.parts
                ]
                found.had_withheld(item.name, parts)
        for item in proposal.accounts:
            if item.account == "reserve" and item.opened > 0:
                found.had_withheld(item.name, [("", Fraction(item.opened))])
        return found

    def _balance(self, key: StatementKey, currency: str) -> "BalanceBefore":
        before = self._closed.find(key)
        stated = self._baseline.stated.get(key, {})
        carried = self._carried.get(key, ZERO)
        if before is not None and before.stated_in == currency:
            own = stated.get(currency, ZERO)
            return BalanceBefore(carried, own, ((key[2], Money(own, currency)),))
        return BalanceBefore(carried, None, self._taken_over(key))

    def _taken_over(self, key: StatementKey) -> tuple[tuple[str, Money], ...]:
        stated = self._baseline.stated.get(key, {})
        found = [(key[2], Money(stated[name], name)) for name in sorted(stated)]
        plain = Money(self._baseline.balances.get(key, ZERO), key[2])
        return tuple(item for item in (*found, ("", plain)) if item[1])

    def _in_plan_currency(self, proposal: Proposal, key: StatementKey) -> Proposal:
        """Return a statement in the plan's currency, with the balance of one in another."""
        lines = tuple(
            line if line.stated is None else replace(line, stated=None, stated_node_id=None)
            for line in proposal.lines
            if not line.is_only_restated
        )
        before = self._closed.find(key)
        if before is None or before.stated_in is None:
            return replace(proposal, lines=lines)
        figures = StatedIn(
            proposal.currency,
            proposal.brought_forward,
            proposal.payable,
            proposal.receivable,
            proposal.carried_forward,
            self._taken_over(key),
        )
        return replace(proposal, lines=lines, stated=figures)


def _key_of(proposal: Proposal) -> StatementKey:
    return proposal.payee_id, proposal.principal_id, proposal.currency
