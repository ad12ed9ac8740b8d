"""Statements in the currency that a plan names for each payee: figures, lines and lineage."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from calc_engine.domain.baseline import Baseline
from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.pay_statements import landed_in
from calc_engine.domain.payment_accounts import PAYMENT_LINES, UNNAMED, ZERO
from calc_engine.domain.plan_terms import PlanTerms, TermsByPayee
from calc_engine.domain.proposal import Proposal, StatementKey
from calc_engine.domain.rate_basis import RateBasis
from calc_engine.domain.restatement import difference_nodes
from calc_engine.domain.stated_in import StatedIn
from calc_engine.domain.statement_line import StatementLine
from premia_common.identifiers import derive_id
from premia_common.money import Money
from premia_common.periods import Month
from premia_plan.paying import PaymentLine
from premia_plan.relations import SourceRef
from premia_plan.results import Exception_, Line, Node
from premia_plan.stating import Conversion, Months, Movements

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
    period: Month,
    go_live: Month,
) -> StatedProposals:
    """Return proposals as their payees read them.

    Each keeps its amounts in the plan's currency: accounts, restatements and later runs go on from
    these. A statement of which a rate or the currency is missing is in the plan's currency, and
    that is told and blocks.

    Args:
        proposals: the statements, with what terms of payment added.
        terms: the plans' terms, which name currencies.
        baseline: what was stated and carried before.
        pay_nodes: what explains the pay.
        period: the open period.
        go_live: the tenant's first period.
    """
    work = _Stating(terms, baseline, pay_nodes, period, go_live)
    stated = tuple(work.state(item) for item in proposals)
    return StatedProposals(stated, tuple(work.nodes), tuple(work.exceptions))


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
        key = (proposal.payee_id, proposal.principal_id, proposal.currency)
        own, told = self._terms.naming_currency(key)
        self._told += told
        if own is not None:
            conversion = self._conversion(own)
            currency = conversion.currency(proposal.payee_id, str(self._period))
            if currency is not None and currency != proposal.currency:
                found = _OneStatement(
                    proposal, currency, conversion, self._landed, self._movements(key)
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

    def _movements(self, key: StatementKey) -> Movements:
        found = Movements(self._pay_nodes)
        before = self._closed.find(key)
        for item in before.accounts if before is not None else ():
            if item.account == "reserve":
                parts = ((month, Fraction(amount)) for month, amount in item.parts)
                found.had_withheld(item.name, parts)
        return found

    def _balance(self, key: StatementKey, currency: str) -> "_Balance":
        before = self._closed.find(key)
        stated = self._baseline.stated.get(key, {})
        carried = self._carried.get(key, ZERO)
        if before is not None and before.stated_in == currency:
            own = stated.get(currency, ZERO)
            return _Balance(carried, own, ((key[2], Money(own, currency)),))
        return _Balance(carried, None, self._taken_over(key))

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


@dataclass(frozen=True, slots=True)
class _Balance:
    """The balance before: in the plan's currency, and in the statement's if it had the same."""

    carried: Decimal
    same: Decimal | None
    taken_over: tuple[tuple[str, Money], ...]


@dataclass(frozen=True, slots=True)
class _Found:
    proposal: Proposal
    nodes: Sequence[Node]


class _OneStatement:
    """One statement on its way into another currency than the plan's."""

    def __init__(
        self,
        proposal: Proposal,
        currency: str,
        conversion: Conversion,
        landed: Callable[[StatementLine], Line],
        movements: Movements,
    ) -> None:
        self._proposal = proposal
        self._currency = currency
        self._conversion = conversion
        self._landed = landed
        self._movements = movements
        self._whose = (proposal.payee_id, proposal.principal_id, str(proposal.period))
        self._nodes: list[Node] = []
        self._is_missing = False

    def stated(self, balance: _Balance) -> _Found | None:
        """Return the statement; None where a rate is missing, after all that are were noted."""
        item = self._proposal
        months = {
            line.line_id: self._basis(line) for line in item.lines if line.what not in PAYMENT_LINES
        }
        moved = self._moved(months)
        ends = self._ends()
        lines = [
            self._of_plan(line, months[line.line_id])
            if line.line_id in months
            else self._of_pay(line, moved[line.line_id])
            for line in item.lines
            if line not in ends
        ]
        brought = self._brought(balance)
        if self._is_missing:
            return None
        kept = [line for line in lines if not line.is_only_restated or line.stated]
        whole = sum((line.shown for line in kept), ZERO) + brought
        forgiven = whole if any(line.what == "forgiven" for line in ends) else ZERO
        due, carried = self._due(whole - forgiven)
        if self._is_missing:
            return None
        kept += [self._opposite(line, forgiven or carried, brought, kept) for line in ends]
        figures = StatedIn(
            self._currency,
            self._money(brought),
            self._money(max(due, ZERO)),
            self._money(max(-due, ZERO)),
            self._money(carried),
            balance.taken_over,
        )
        return _Found(replace(item, lines=tuple(kept), stated=figures), self._nodes)

    def _money(self, amount: Decimal) -> Money:
        return Money(amount, self._currency)

    def _ends(self) -> Sequence[StatementLine]:
        """Return the lines that are the opposite of all else: what is carried on, or let go.

        Where nothing is paid or carried, the last debt that was let go takes what is left.
        """
        item = self._proposal
        if not (item.payable or item.receivable or item.carried_forward):
            forgiven = [line for line in item.lines if line.what == "forgiven"]
            return sorted(forgiven, key=lambda line: line.competence)[-1:]
        return [line for line in item.lines if line.what == "carried_out"]

    def _basis(self, line: StatementLine) -> RateBasis:
        if line.rates is not None:
            return RateBasis.read(line.rates)
        month = line.original_period or str(self._proposal.period)
        return RateBasis.whole(month, line.amount, line.node_id)

    def _moved(self, months: Mapping[UUID, RateBasis]) -> Mapping[UUID, Months]:
        """Return the months whose rates state what terms of payment moved."""
        landed: dict[str, list[tuple[Line, Months]]] = defaultdict(list)
        payments: dict[str, list[PaymentLine]] = defaultdict(list)
        for line in self._proposal.lines:
            if line.line_id in months:
                own = self._landed(line)
                landed[own.month or ""].append((own, months[line.line_id].months))
            else:
                payments[line.competence].append(_payment(line))
        found: dict[UUID, Months] = {}
        for month in sorted({*landed, *payments}):
            found.update(self._movements.of_month(landed[month], payments[month]))
        return found

    def _converted(
        self, line_id: UUID, amount: Decimal, node_id: UUID, months: Months
    ) -> tuple[Decimal, UUID]:
        found = self._conversion.amount(
            line_id, self._whose, (amount, node_id), self._currency, months
        )
        if found is None:
            self._is_missing = True
            return ZERO, node_id
        return found.amount, found.node_id

    def _of_plan(self, line: StatementLine, basis: RateBasis) -> StatementLine:
        """State a line of the plan: what differs from what was stated, if that was the same."""
        if not basis.before or any(one.currency != self._currency for one in basis.before):
            return self._of_pay(line, basis.months)
        due = ZERO, basis.due_node
        if basis.due:
            due = self._converted(line.origin_line_id, basis.due, basis.due_node, basis.months)
        difference = due[0] - sum((one.amount for one in basis.before), ZERO)
        node_id = derive_id(
            "stated-restatement-node", str(line.origin_line_id), str(self._proposal.period)
        )
        stated = replace(line, stated=difference, stated_node_id=node_id)
        before = [(one.statement_id, one.period, one.amount) for one in basis.before]
        self._nodes += difference_nodes(
            stated, due[1], before, self._proposal.period, stem="stated-"
        )
        return stated

    def _of_pay(self, line: StatementLine, months: Months) -> StatementLine:
        amount, node_id = self._converted(line.line_id, line.amount, line.node_id, months)
        return replace(line, stated=amount, stated_node_id=node_id)

    def _brought(self, balance: _Balance) -> Decimal:
        """Return the balance before: as it was stated, or at the rate of the period."""
        opened = self._proposal.brought_forward.amount - balance.carried
        if balance.same is None:
            return self._at_period("brought", self._proposal.brought_forward.amount)[0]
        return balance.same + self._at_period("opened", opened)[0]

    def _at_period(self, name: str, amount: Decimal) -> tuple[Decimal, UUID]:
        if not amount:
            return ZERO, self._proposal.statement_id
        statement_id = self._proposal.statement_id
        nodes = (one.node_id for one in self._proposal.accounts if one.account == "carried")
        given = next((node for node in nodes if node is not None), statement_id)
        line_id = derive_id(f"stated-{name}", str(statement_id))
        months = {str(self._proposal.period): Fraction(1)}
        return self._converted(line_id, amount, given, months)

    def _due(self, whole: Decimal) -> tuple[Decimal, Decimal]:
        """Return what is due, negative where it is to be paid back, and what is carried on.

        Where nothing is paid in the plan's currency and a balance is carried on, all is. What
        would be owed by rates alone is carried on too.
        """
        item = self._proposal
        paid, carried = (item.payable - item.receivable).amount, item.carried_forward.amount
        if carried and paid:
            stated = self._at_period("carried", carried)[0]
            return whole - stated, stated
        if carried or (whole < 0 <= paid):
            return ZERO, whole
        return whole, ZERO

    def _opposite(
        self,
        line: StatementLine,
        amount: Decimal,
        brought: Decimal,
        others: Sequence[StatementLine],
    ) -> StatementLine:
        """Return what is carried on or forgiven: the opposite of all else, if all is."""
        children = [one.shown_node_id for one in others]
        if brought:
            children.append(self._write("brought_forward", line, brought, (), "given"))
        whole = sum((one.shown for one in others), brought)
        below = self._write("stated_in_month", line, whole, children, "sum")
        if amount != whole:
            below = self._at_period("carried", self._proposal.carried_forward.amount)[1]
        node_id = self._write("stated_carried", line, -amount, [below], "opposite")
        return replace(line, stated=-amount, stated_node_id=node_id)

    def _write(
        self,
        kind: str,
        line: StatementLine,
        amount: Decimal,
        children: Sequence[UUID],
        operation: str,
    ) -> UUID:
        source = SourceRef("ledger", line.payee_id, None, "account carried")
        return self._conversion.book.node(
            kind,
            str(line.line_id),
            kind=kind,
            value=f"{amount:f}",
            unit="money",
            operation=operation,
            payee_id=line.payee_id,
            detail={
                "clause": "/currencies/statement",
                "currency": self._currency,
                "month": line.competence,
            },
            source=None if children else source,
            children=tuple(children),
        )


def _payment(line: StatementLine) -> PaymentLine:
    """Return a statement's line of pay as paying gave it."""
    return PaymentLine(
        line.line_id,
        line.payee_id,
        line.principal_id,
        line.competence,
        line.what,  # type: ignore[arg-type]  # only what terms of payment add comes here
        "" if line.component in {UNNAMED, "minimum"} else line.component,
        line.amount,
        line.reason,
        line.node_id,
    )
