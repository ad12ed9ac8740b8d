"""What a statement says where it has another currency than the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from calc_engine.domain.total import Total
from premia_common.money import Money


@dataclass(frozen=True, slots=True)
class StatedIn:
    """The figures of a statement in its own currency; its lines and totals have theirs."""

    currency: str
    brought_forward: Money
    payable: Money
    receivable: Money
    carried_forward: Money
    taken_over: tuple[tuple[str, Money], ...]
    """What the ledger carried before, by the name of its entry: the next balance is instead."""

    def content(self) -> list[object]:
        """Return what its part of a digest is made of."""
        return [
            self.currency,
            *(
                format(item.amount, "f")
                for item in (
                    self.brought_forward,
                    self.payable,
                    self.receivable,
                    self.carried_forward,
                )
            ),
            [[name, format(item.amount, "f"), item.currency] for name, item in self.taken_over],
        ]

    @classmethod
    def read(cls, row: Sequence[Any]) -> Self:
        """Return it from its content."""
        currency = row[0]
        brought, payable, receivable, carried = (Money(amount, currency) for amount in row[1:5])
        return cls(
            currency,
            brought,
            payable,
            receivable,
            carried,
            tuple((name, Money(amount, other)) for name, amount, other in row[5]),
        )


class Figures(Protocol):
    """A statement, or the proposal of one, in the plan's currency."""

    @property
    def total(self) -> Money:
        """The sum of the lines."""
        ...

    @property
    def brought_forward(self) -> Money:
        """The balance of earlier statements."""
        ...

    @property
    def payable(self) -> Money:
        """What is to be paid."""
        ...

    @property
    def receivable(self) -> Money:
        """What is to be paid back."""
        ...

    @property
    def carried_forward(self) -> Money:
        """The balance that goes to the next statement."""
        ...

    @property
    def totals(self) -> tuple[Total, ...]:
        """The lines added up."""
        ...

    @property
    def stated(self) -> StatedIn | None:
        """The same in another currency, if the statement has one."""
        ...


@dataclass(frozen=True, slots=True)
class Shown:
    """What a statement says to whoever reads it, in the one currency that it has."""

    totals: tuple[Total, ...]
    total: Money
    brought_forward: Money
    payable: Money
    receivable: Money
    carried_forward: Money

    @property
    def currency(self) -> str:
        """The statement's currency."""
        return self.payable.currency


def shown(item: Figures) -> Shown:
    """Return a statement as it is read."""
    stated = item.stated
    if stated is None:
        return Shown(
            item.totals,
            item.total,
            item.brought_forward,
            item.payable,
            item.receivable,
            item.carried_forward,
        )
    totals = tuple(total.shown for total in item.totals)
    return Shown(
        totals,
        sum((total.amount for total in totals), Money.zero(stated.currency)),
        stated.brought_forward,
        stated.payable,
        stated.receivable,
        stated.carried_forward,
    )
