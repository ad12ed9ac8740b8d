"""A credit as measures count it: at the exchange rate of targets."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from premia_plan.language import Value
from premia_plan.quantities import Unit
from premia_plan.reference.credit import Credit
from premia_plan.reference.exchange import Conversion
from premia_plan.reference.scope import FigureScope

_AMOUNTS = frozenset({"credit.amount", "credit.quota"})


@dataclass(frozen=True, slots=True)
class CountedCredit:
    """The scope of formulas about a credit whose order counts at another rate than it is paid."""

    credit: Credit
    conversion: Conversion

    def value(self, name: str) -> Value | None:
        """Return a value of the credit; its amount at the rate of targets."""
        if name in _AMOUNTS:
            return self.credit.amount * self.conversion.targets.value / self.conversion.pay.value
        return self.credit.value(name)

    def day_reached(self, state: str) -> date | None:
        """Return the day the order first reached a state."""
        return self.credit.day_reached(state)

    def node(self, name: str) -> UUID:
        """Return the node of what `value` gives."""
        if name not in _AMOUNTS:
            return self.credit.node(name)
        credit, book = self.credit, self.credit.order.book
        value = credit.amount * self.conversion.targets.value / self.conversion.pay.value
        return book.node(
            "counted",
            credit.credit_id,
            kind="counted_amount",
            value=book.text(value, Unit.MONEY),
            unit="money",
            operation="formula",
            payee_id=credit.payee_id,
            detail={
                "formula": "amount * counted / paid else 0",
                "inputs": ("amount", "counted", "paid"),
            },
            children=(
                credit.credit_node(),
                self.conversion.targets.node_id,
                self.conversion.pay.node_id,
            ),
        )


def as_counted(credit: Credit) -> FigureScope:
    """Return the scope in which a measure counts a credit."""
    conversion = credit.order.conversion
    if conversion is None or conversion.targets == conversion.pay:
        return credit
    return CountedCredit(credit, conversion)
