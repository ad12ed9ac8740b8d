"""Credits rolled up to the payees above."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, partial
from uuid import UUID

from premia_plan.apportion import round_units
from premia_plan.checked import RollupCredit
from premia_plan.language import Formula, Value
from premia_plan.quantities import exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit, Extra
from premia_plan.reference.figure import input_nodes, number_from
from premia_plan.reference.hierarchy import Hierarchies
from premia_plan.reference.payee import Payees
from premia_plan.results import Detail

LEVEL = "credit.level"
PASSED_ON = ("credit.year", "credit.year_starts")


@dataclass(frozen=True, slots=True)
class _Level:
    """The scope of a share at a level: the credit below, at another level."""

    below: Credit
    level: int
    path: str
    credit_id: str

    def value(self, name: str) -> Value | None:
        """Return a value of the order, or what a rate table gives at the level."""
        if name == LEVEL:
            return _number(self.level)
        if name in self.below.order.rates:
            return self.below.order.rates.find(name, self).value
        return self.below.value(name)

    def day_reached(self, state: str) -> date | None:
        """Return the day the order first reached a state."""
        return self.below.day_reached(state)

    def node(self, name: str) -> UUID:
        """Return the node of a value."""
        order = self.below.order
        if name == LEVEL:
            return order.book.node(
                "level",
                self.credit_id,
                kind="credit_level",
                value=str(self.level),
                unit="count",
                detail={"clause": self.path, "credit_id": self.credit_id},
            )
        if name in order.rates:
            return order.rates.find(name, self).node_id
        return self.below.node(name)


class Roller:
    """Makes the credits of those above."""

    def __init__(
        self,
        payees: Payees,
        hierarchies: Hierarchies,
        book: Book,
        details: dict[tuple[str, ...], Mapping[str, Detail]],
    ) -> None:
        self._payees = payees
        self._hierarchies = hierarchies
        self._book = book
        self._details = details

    def credits(self, rule: RollupCredit, below: Credit, day: date) -> list[Credit]:
        """Return the credits of the payees above one on a day, nearest first.

        Raises:
            NotCalculated: if the share at a level is unknown.
        """
        if below.payee_id is None:
            return []
        chain = self._hierarchies.superiors(rule.hierarchy, below.payee_id, day)
        return [
            self._credit(rule, below, payee_id, level)
            for level, payee_id in enumerate(chain[: rule.levels], start=1)
        ]

    def _credit(self, rule: RollupCredit, below: Credit, payee_id: str, level: int) -> Credit:
        credit_id = f"{below.credit_id}/{rule.name}.{level}"
        units, amount, more = below.units, below.amount, None
        detail = self._detail(rule, below.payee_id or "", level)
        ratio = Fraction(1)
        if rule.share is not None:
            scope = _Level(below, level, rule.path, credit_id)
            ratio = number_from(rule.share, scope)
            units = round_units(below.amount * ratio, self._book.places)
            amount = Fraction(units, 10**self._book.places)
            more = partial(_inputs, rule.share, scope)
        row = below.order.row
        return Credit(
            credit_id,
            below.order,
            payee_id,
            level,
            units,
            amount,
            self._payees.standing(payee_id, row.principal, below.order.by_day),
            rule.path,
            detail,
            below.credit_node,
            operation="same" if rule.share is None else "formula",
            more=more,
            extras=_passed_on(below, rule, ratio, credit_id) if below.extras else {},
            deal=below.deal,
            counts_from=below.counts_from,
        )

    def _detail(self, rule: RollupCredit, below: str, level: int) -> Mapping[str, Detail]:
        key = (rule.path, below, str(level))
        found = self._details.get(key)
        if found is None:
            detail: dict[str, Detail] = {
                "clause": rule.path,
                "hierarchy": rule.hierarchy,
                "level": level,
                "below": below,
            }
            if rule.share is not None:
                detail |= {
                    "formula": f"amount * ({rule.share.text})",
                    "inputs": ("amount", *rule.share.inputs),
                    "rounding": "half_up",
                    "places": self._book.places,
                }
            found = self._details[key] = detail
        return found


def _passed_on(
    below: Credit, rule: RollupCredit, ratio: Fraction, credit_id: str
) -> dict[str, Extra]:
    """Return what a superior's credit has of the one below: its year, and its part of the quota."""
    found = {name: below.extras[name] for name in PASSED_ON if name in below.extras}
    for name in ("credit.quota", "credit.quantity"):
        extra = below.extras.get(name)
        if extra is not None and isinstance(extra.value, Fraction):
            node: Callable[[], UUID] = extra.node
            if rule.share is not None:
                node = partial(_part_node, below, rule, name, ratio, credit_id)
            found[name] = Extra(extra.value * ratio, node)
    return found


def _part_node(
    below: Credit, rule: RollupCredit, name: str, ratio: Fraction, credit_id: str
) -> UUID:
    extra, book = below.extras[name], below.order.book
    share = rule.share
    if share is None or not isinstance(extra.value, Fraction):
        return extra.node()
    child = book.nodes[extra.node()]
    level = int(credit_id.rpartition(".")[2])
    scope = _Level(below, level, rule.path, credit_id)
    return book.node(
        "part above",
        name,
        credit_id,
        kind="credited_part",
        value=exact_text(extra.value * ratio),
        unit=child.unit,
        operation="formula",
        detail={
            "clause": share.path,
            "formula": f"whole * ({share.text})",
            "inputs": ("whole", *share.inputs),
        },
        children=(child.node_id, *_inputs(share, scope)),
    )


def _inputs(formula: Formula, scope: _Level) -> tuple[UUID, ...]:
    return input_nodes(formula, scope, scope.below.order.book)


@cache
def _number(level: int) -> Fraction:
    return Fraction(level)
