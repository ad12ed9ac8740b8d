"""Components that pay on each credit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import round_units
from premia_plan.checked import CreditComponent
from premia_plan.language import FactMissing, Value
from premia_plan.reasons import Reason, because
from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit
from premia_plan.reference.month import month_of
from premia_plan.reference.rate_table import RateLookup
from premia_plan.reference.settlement import Earning, Settlement
from premia_plan.results import Detail


@dataclass(slots=True)
class _RatedCredit:
    """A credit with the rates its component looks up."""

    credit: Credit
    rates: dict[str, Fraction]

    def value(self, name: str) -> Value | None:
        rate = self.rates.get(name)
        return self.credit.value(name) if rate is None else rate

    def day_reached(self, state: str) -> date | None:
        return self.credit.day_reached(state)


@dataclass(frozen=True, slots=True)
class _NotPaid:
    """Why nothing could be calculated."""

    reason: Reason
    to_do: str


class CreditPay:
    """Pays one component on its credits."""

    def __init__(
        self,
        component: CreditComponent,
        lookups: Mapping[str, RateLookup],
        settlement: Settlement,
        book: Book,
    ) -> None:
        formula = component.amount
        self._component = component
        self._tables = [(name, lookups[name]) for name in formula.names if name in lookups]
        self._settlement = settlement
        self._book = book
        self._detail: Mapping[str, Detail] = {
            "clause": formula.path,
            "formula": formula.text,
            "inputs": formula.names,
            "rounding": "half_up",
            "places": book.places,
        }

    def pay(self, credit: Credit) -> None:
        """Write the lines of a credit.

        Where the plan lets a missing rate count as zero, what the others give is paid; a credit
        that gets nothing because of it is not paid, with that reason.
        """
        rates: dict[str, Fraction] = {}
        nodes: dict[str, UUID] = {}
        unrated: Reason | None = None
        for name, lookup in self._tables:
            keys, row = lookup.find(credit)
            if row is not None:
                rates[name], nodes[name] = row.gives, lookup.node(row)
                continue
            unrated = because("rate_missing", table=name, keys=lookup.describe(keys))
            if lookup.table.missing == "exception":
                to_do = f"Add a row to {name} that fits, in a new version of the plan"
                self._refuse(credit, _NotPaid(unrated, to_do))
                return
            rates[name], nodes[name] = Fraction(0), lookup.missing_node(keys)
        try:
            amount = self._amount(credit, rates)
        except FactMissing as error:
            reason = because("fact_missing", name=error.name)
            self._refuse(credit, _NotPaid(reason, "Send the order again with it"))
            return
        units = round_units(amount, self._book.places)
        earning = self._earning(credit, units, nodes)
        reason_not = credit.standing.reason or unrated
        if credit.standing.is_paid and (unrated is None or units):
            self._settlement.settle(earning)
        else:
            self._settlement.write(
                earning,
                "not_paid",
                month=None,
                units=units,
                share=0,
                node_id=earning.node_id,
                reason=reason_not,
            )

    def _amount(self, credit: Credit, rates: dict[str, Fraction]) -> Fraction:
        amount = self._component.amount.evaluate(_RatedCredit(credit, rates))
        if not isinstance(amount, Fraction):
            raise FactMissing(self._component.amount.text)
        return amount

    def _earning(self, credit: Credit, units: int, nodes: Mapping[str, UUID]) -> Earning:
        component = self._component
        node_id = self._book.node(
            "earning",
            component.name,
            credit.credit_id,
            kind="earning",
            value=self._book.money(units),
            unit="money",
            operation="formula",
            payee_id=credit.payee_id,
            detail=self._detail,
            children=tuple(
                self._input_node(credit, name, nodes) for name in component.amount.names
            ),
        )
        competence = self._settlement.competence(component.name, credit)
        return Earning(component.name, "commission", credit, units, node_id, competence)

    def _input_node(self, credit: Credit, name: str, nodes: Mapping[str, UUID]) -> UUID:
        if name in nodes:
            return nodes[name]
        if name == "credit.amount":
            return credit.node(self._book)
        if name == "credit.level":
            return self._book.node(
                "level",
                credit.credit_id,
                kind="credit_level",
                value=str(credit.level),
                unit="count",
                detail={"clause": credit.clause, "credit_id": credit.credit_id},
            )
        return credit.order.node(name, self._book)

    def _refuse(self, credit: Credit, refused: _NotPaid) -> None:
        """Write that a credit could not be calculated, as an exception and a line of zero."""
        order = credit.order
        node_id = self._book.node(
            "earning",
            self._component.name,
            credit.credit_id,
            kind="not_calculated",
            value=self._book.money(0),
            unit="money",
            operation="nothing",
            payee_id=credit.payee_id,
            detail={"clause": self._component.amount.path, "reason": refused.reason.code},
            children=(credit.node(self._book),),
        )
        competence = self._settlement.competence(self._component.name, credit)
        earning = Earning(self._component.name, "commission", credit, 0, node_id, competence)
        self._settlement.write(
            earning,
            "not_paid",
            month=None,
            units=0,
            share=0,
            node_id=node_id,
            reason=refused.reason,
        )
        if credit.standing.is_paid:
            self._book.exception(
                refused.reason.code,
                f"Order {order.row.order_id}, {self._component.name}: {refused.reason.text}",
                refused.to_do,
                payee_id=credit.payee_id,
                order_id=order.row.order_id,
                month=month_of(order.by_day),
            )
