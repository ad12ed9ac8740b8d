"""One statement on its way from the plan's currency into its own."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from calc_engine.domain.payment_accounts import PAYMENT_LINES, UNNAMED, ZERO
from calc_engine.domain.proposal import Proposal
from calc_engine.domain.rate_basis import RateBasis
from calc_engine.domain.restatement import difference_nodes
from calc_engine.domain.stated_in import StatedIn
from calc_engine.domain.statement_line import StatementLine
from premia_common.identifiers import derive_id
from premia_common.money import Money
from premia_plan.paying import PaymentLine
from premia_plan.relations import SourceRef
from premia_plan.results import Line, Node
from premia_plan.stating import Conversion, Months, Movements


@dataclass(frozen=True, slots=True)
class BalanceBefore:
    """The balance before: in the plan's currency, and in the statement's if it had the same."""

    carried: Decimal
    same: Decimal | None
    taken_over: tuple[tuple[str, Money], ...]


@dataclass(frozen=True, slots=True)
class StatedStatement:
    """A statement in its currency, and what explains its differences."""

    proposal: Proposal
    nodes: Sequence[Node]


class StatementInCurrency:
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

    def stated(self, balance: BalanceBefore) -> StatedStatement | None:
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
        return StatedStatement(replace(item, lines=tuple(kept), stated=figures), self._nodes)

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

    def _brought(self, balance: BalanceBefore) -> Decimal:
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
        rates alone leave is paid, or carried on where it is owed.
        """
        item = self._proposal
        paid, carried = (item.payable - item.receivable).amount, item.carried_forward.amount
        if carried and paid:
            stated = self._at_period("carried", carried)[0]
            return whole - stated, stated
        if carried > 0 or (whole < 0 <= paid):
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
