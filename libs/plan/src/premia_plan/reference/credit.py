"""Credits: an order's amount split among payees, and rolled up to those above them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, partial
from uuid import UUID

from premia_plan.apportion import round_units, split_units
from premia_plan.checked import CheckedPlan, DirectCredit, RollupCredit, Share
from premia_plan.language import FactMissing, Value
from premia_plan.quantities import exact_text
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.hierarchy import Hierarchies
from premia_plan.reference.month import month_of
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.payee import Payees, Standing
from premia_plan.relations import PayeeRef
from premia_plan.results import Detail


@dataclass(slots=True)
class Credit:
    """A payee's share of an order (level 0), or of what a payee below was credited with.

    A scope for formulas about the credit and its order. `made_of` gives the node of the amount
    it was made of.
    """

    credit_id: str
    order: OrderFacts
    payee_id: str | None
    level: int
    units: int
    amount: Fraction
    standing: Standing
    clause: str
    detail: Mapping[str, Detail]
    made_of: Callable[[Book], UUID]
    written: UUID | None = None

    def node(self, book: Book) -> UUID:
        """Return the credit's node; it is written when it is first asked for."""
        if self.written is None:
            self.written = book.node(
                "credit",
                self.credit_id,
                kind="credit_rolled_up" if self.level else "credit",
                value=book.money(self.units),
                unit="money",
                operation="same" if self.level else "split",
                payee_id=self.payee_id,
                detail=self.detail,
                children=(self.made_of(book),),
            )
        return self.written

    def value(self, name: str) -> Value | None:
        """Return a value of the credit or its order."""
        if name == "credit.amount":
            return self.amount
        if name == "credit.level":
            return _level(self.level)
        return self.order.values.get(name)

    def day_reached(self, state: str) -> date | None:
        """Return the day the order first reached a state."""
        return self.order.days.get(state)


@cache
def _level(number: int) -> Fraction:
    return Fraction(number)


class Credits:
    """Makes the credits of orders, rule by rule."""

    def __init__(
        self, plan: CheckedPlan, payees: Payees, hierarchies: Hierarchies, book: Book
    ) -> None:
        self._plan = plan
        self._payees = payees
        self._hierarchies = hierarchies
        self._book = book
        self._unit = Fraction(1, 10**book.places)
        self._details: dict[tuple[str, ...], Mapping[str, Detail]] = {}
        self._ratios: dict[tuple[str, ...], tuple[list[Fraction], list[str]]] = {}

    def of(self, orders: list[OrderFacts]) -> dict[str, list[Credit]]:
        """Return every rule's credits, direct rules first."""
        found: dict[str, list[Credit]] = {name: [] for name in self._plan.credits}
        for name, rule in self._plan.credits.items():
            if isinstance(rule, DirectCredit):
                for order in orders:
                    found[name].extend(self._direct(rule, order))
        for name, rule in self._plan.credits.items():
            if isinstance(rule, RollupCredit):
                for credit in found[rule.of]:
                    found[name].extend(self._rollup(rule, credit))
        return found

    def _direct(self, rule: DirectCredit, order: OrderFacts) -> list[Credit]:
        try:
            amount = rule.amount.evaluate(order)
        except FactMissing as error:
            self._note_no_amount(order, error.name)
            return []
        if not isinstance(amount, Fraction):
            self._note_no_amount(order, rule.amount.text)
            return []
        made_of = partial(_base_node, rule, order, amount)
        shares = [
            (place, share)
            for place, share in enumerate(rule.shares)
            if share.when is None or share.when.evaluate(order)
        ]
        ratios, texts = self._ratios_of(rule, [share for _, share in shares])
        total = round_units(amount, self._book.places)
        parts = split_units(total, ratios)
        return [
            self._share(
                order,
                share,
                credit_id=f"{order.row.order_id}/{rule.name}.{place}",
                units=units,
                made_of=made_of,
                detail=self._split_detail(share, texts, position),
            )
            for position, ((place, share), units) in enumerate(zip(shares, parts, strict=True))
        ]

    def _ratios_of(
        self, rule: DirectCredit, shares: list[Share]
    ) -> tuple[list[Fraction], list[str]]:
        """Return what each share that applies takes, also as text."""
        key = (rule.name, *(share.path for share in shares))
        found = self._ratios.get(key)
        if found is None:
            fixed = sum((share.ratio for share in shares if share.ratio is not None), Fraction(0))
            ratios = [1 - fixed if share.ratio is None else share.ratio for share in shares]
            found = self._ratios[key] = (ratios, [exact_text(ratio) for ratio in ratios])
        return found

    def _split_detail(self, share: Share, ratios: list[str], index: int) -> Mapping[str, Detail]:
        return self._details.setdefault(
            (share.path, *ratios, str(index)),
            {"clause": share.path, "ratios": ratios, "index": index, "places": self._book.places},
        )

    def _note_no_amount(self, order: OrderFacts, name: str) -> None:
        self._book.exception(
            "fact_missing",
            f"Order {order.row.order_id} cannot be credited: {name} is unknown",
            "Send the order again with it",
            order_id=order.row.order_id,
            month=month_of(order.by_day),
            blocks=False,
        )

    def _share(
        self,
        order: OrderFacts,
        share: Share,
        *,
        credit_id: str,
        units: int,
        made_of: Callable[[Book], UUID],
        detail: Mapping[str, Detail],
    ) -> Credit:
        reference = order.row.seller if share.to == "order.seller" else order.row.partner
        payee_id = None if reference is None else reference.payee_id
        standing = self._standing(order, share, reference)
        amount = units * self._unit
        return Credit(
            credit_id, order, payee_id, 0, units, amount, standing, share.path, detail, made_of
        )

    def _standing(self, order: OrderFacts, share: Share, reference: PayeeRef | None) -> Standing:
        row = order.row
        if reference is not None and reference.payee_id is not None:
            return self._payees.standing(reference.payee_id, row.principal, order.by_day)
        if reference is None:
            role = share.to.removeprefix("order.")
            reason = because("payee_missing", role=role)
            to_do = f"Send the order again with its {role}"
        else:
            reason = because("payee_unknown", code=reference.code, system=reference.system)
            to_do = "Add the payee or its external identifier; the next run pays the order"
        self._book.exception(
            reason.code,
            f"Order {row.order_id}: {reason.text}",
            to_do,
            order_id=row.order_id,
            month=month_of(order.by_day),
            blocks=False,
        )
        return Standing(is_paid=False, reason=reason)

    def _rollup(self, rule: RollupCredit, below: Credit) -> list[Credit]:
        day = rule.dated_by.evaluate(below.order)
        if below.payee_id is None or not isinstance(day, date):
            return []
        chain = self._hierarchies.superiors(rule.hierarchy, below.payee_id, day)
        credits = []
        for level, payee_id in enumerate(chain[: rule.levels], start=1):
            credit_id = f"{below.credit_id}/{rule.name}.{level}"
            detail = self._details.setdefault(
                (rule.path, below.payee_id, str(level)),
                {
                    "clause": rule.path,
                    "hierarchy": rule.hierarchy,
                    "level": level,
                    "below": below.payee_id,
                },
            )
            standing = self._payees.standing(
                payee_id, below.order.row.principal, below.order.by_day
            )
            credits.append(
                Credit(
                    credit_id,
                    below.order,
                    payee_id,
                    level,
                    below.units,
                    below.amount,
                    standing,
                    rule.path,
                    detail,
                    below.node,
                )
            )
        return credits


def _base_node(rule: DirectCredit, order: OrderFacts, amount: Fraction, book: Book) -> UUID:
    children = tuple(order.node(name, book) for name in rule.amount.names)
    if rule.amount.is_bare_name:
        return children[0]
    return book.node(
        "base",
        rule.name,
        order.row.order_id,
        kind="credited_amount",
        value=exact_text(amount),
        unit="money",
        operation="formula",
        detail={
            "clause": rule.amount.path,
            "formula": rule.amount.text,
            "inputs": rule.amount.names,
        },
        children=children,
    )
