"""Credit rules applied: an order's amount split among payees, and rolled up above them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from uuid import UUID

from premia_plan.apportion import round_units, split_units
from premia_plan.checked import CheckedPlan, DirectCredit, RollupCredit, Share
from premia_plan.period import month_of
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit
from premia_plan.reference.figure import node_of, number_from
from premia_plan.reference.hierarchy import Hierarchies
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.payee import Payees, Standing
from premia_plan.reference.refusal import NotCalculated
from premia_plan.relations import PayeeRef
from premia_plan.results import Detail


class Credits:
    """Makes the credits of orders, rule by rule."""

    def __init__(
        self,
        plan: CheckedPlan,
        orders: Sequence[OrderFacts],
        payees: Payees,
        hierarchies: Hierarchies,
        book: Book,
    ) -> None:
        self._plan = plan
        self._orders = orders
        self._payees = payees
        self._hierarchies = hierarchies
        self._book = book
        self._unit = Fraction(1, 10**book.places)
        self._found: dict[str, list[Credit]] = {}
        self._details: dict[tuple[str, ...], Mapping[str, Detail]] = {}
        self._ratios: dict[tuple[str, ...], tuple[list[Fraction], list[str]]] = {}

    def of(self, name: str) -> Sequence[Credit]:
        """Return the credits of a rule, worked out once; of a roll-up, those below it first."""
        found = self._found.get(name)
        if found is None:
            rule = self._plan.credits[name]
            match rule:
                case DirectCredit():
                    found = [made for order in self._orders for made in self._direct(rule, order)]
                case RollupCredit():
                    found = [
                        made for below in self.of(rule.of) for made in self._rollup(rule, below)
                    ]
            self._found[name] = found
        return found

    def _direct(self, rule: DirectCredit, order: OrderFacts) -> list[Credit]:
        try:
            amount = number_from(rule.amount, order)
        except NotCalculated as refused:
            self._note_no_amount(order, refused)
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

    def _note_no_amount(self, order: OrderFacts, refused: NotCalculated) -> None:
        why = refused.reason.text.removeprefix("not paid, because ")
        self._book.exception(
            refused.reason.code,
            f"Order {order.row.order_id} cannot be credited: {why}",
            refused.to_do,
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
        made_of: Callable[[], UUID],
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
                    below.credit_node,
                )
            )
        return credits


def _base_node(rule: DirectCredit, order: OrderFacts, amount: Fraction) -> UUID:
    key = ("base", rule.name, order.row.order_id)
    return node_of(
        rule.amount, order, order.book, amount, key=key, kind="credited_amount", unit=Unit.MONEY
    )
