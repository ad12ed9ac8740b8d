"""Credit rules applied: a deal's amount split among payees, overlaid, and rolled up above them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never

from premia_plan.checked import CheckedPlan, DirectCredit, FirstOnes, OverlayCredit, RollupCredit
from premia_plan.period import first_day, month_of
from premia_plan.quantities import Unit
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit
from premia_plan.reference.deals import Deal, deals_of
from premia_plan.reference.dividing import Divider
from premia_plan.reference.facts import Facts
from premia_plan.reference.figure import number_from
from premia_plan.reference.hierarchy import Hierarchies
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.payee import PayeeOnDay, Payees
from premia_plan.reference.places import give_places
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.rolling import Roller
from premia_plan.reference.standing import Standing
from premia_plan.results import Detail


class Credits:
    """Makes the credits of orders and other facts, rule by rule."""

    def __init__(
        self,
        plan: CheckedPlan,
        orders: Sequence[OrderFacts],
        facts: Facts,
        *,
        payees: Payees,
        hierarchies: Hierarchies,
        book: Book,
    ) -> None:
        self._plan = plan
        self._orders = orders
        self._facts = facts
        self._payees = payees
        self._book = book
        self._details: dict[tuple[str, ...], Mapping[str, Detail]] = {}
        self._divider = Divider(book, self._details)
        self._roller = Roller(payees, hierarchies, book, self._details)
        self._found: dict[str, list[Credit]] = {}
        self._deals: dict[str, list[Deal]] = {}

    def of(self, name: str) -> Sequence[Credit]:
        """Return the credits of a rule, worked out once; of a roll-up, those below it first."""
        found = self._found.get(name)
        if found is None:
            rule = self._plan.credits[name]
            match rule:
                case DirectCredit():
                    found = [
                        made for deal in self._deals_of(rule) for made in self._split(rule, deal)
                    ]
                    if rule.first is not None:
                        give_places(rule.first, found, self._places_of)
                case OverlayCredit():
                    found = self._overlaid(rule)
                case RollupCredit():
                    found = [
                        made for below in self.of(rule.of) for made in self._above(rule, below)
                    ]
                case _:
                    assert_never(rule)
            self._found[name] = found
        return found

    def _places_of(self, rule: FirstOnes, payee_id: str, period: str) -> int:
        """Return how many places a payee has in a period, none if it is less than one.

        Raises:
            NotCalculated: if something that their number depends on is unknown.
        """
        day = self._plan.valid_from if period == "plan" else first_day(period)
        return int(number_from(rule.count, PayeeOnDay(self._payees, payee_id, day, self._book)))

    def _deals_of(self, rule: DirectCredit) -> list[Deal]:
        found = self._deals.get(rule.name)
        if found is None:
            found = self._deals[rule.name] = []
            sources = self._orders if rule.source == "order" else self._facts.get(rule.source, ())
            for facts in sources:
                try:
                    deals = deals_of(rule, facts)
                except NotCalculated as refused:
                    self._note_not_credited(facts, refused)
                    continue
                found.extend(deals)
                self._note_left(rule, deals)
        return found

    def _note_left(self, rule: DirectCredit, deals: Sequence[Deal]) -> None:
        """Tell what the cap defers from a deal's last contract year: none takes it."""
        left = deals[-1].surplus if deals else None
        if left is None or month_of(deals[-1].facts.by_day) < self._book.since:
            return
        facts, year = deals[-1].facts, deals[-1].suffix.removeprefix("@")
        reason = because("deferred_left", name=rule.name, year=year)
        why = reason.text.removeprefix("not paid, because ")
        self._book.exception(
            reason.code,
            f"{_named(facts)}: {self._book.text(left.value, Unit.MONEY)} cannot be credited: {why}",
            "Pay it by an adjustment, or accept that it lapses",
            order_id=facts.order_id,
            month=month_of(facts.by_day),
            blocks=False,
        )

    def _split(self, rule: DirectCredit, deal: Deal) -> list[Credit]:
        try:
            parts = self._divider.shares_of(rule, deal)
        except NotCalculated as refused:
            self._note_not_credited(deal.facts, refused)
            return []
        return [
            self._divider.credit(rule, deal, part, *self._payee(deal.facts, part.share.to))
            for part in parts
        ]

    def _overlaid(self, rule: OverlayCredit) -> list[Credit]:
        base = self._plan.credits[rule.of]
        if not isinstance(base, DirectCredit):
            raise TypeError(f"{rule.of} is no direct credit")
        below = self.of(rule.of)
        without_place = {credit.deal for credit in below if not credit.has_place}
        counts_from = {credit.deal: credit.counts_from for credit in below}
        found = []
        for deal in self._deals_of(base):
            when = rule.share.when
            if deal.key + deal.suffix in without_place:
                continue
            try:
                if when is not None and not when.evaluate(deal.facts):
                    continue
                part = self._divider.overlay_of(rule, deal)
            except NotCalculated as refused:
                self._note_not_credited(deal.facts, refused)
                continue
            payee = self._payee(deal.facts, rule.share.to)
            credit = self._divider.overlaid(rule, deal, part, *payee)
            credit.counts_from = counts_from.get(deal.key + deal.suffix)
            found.append(credit)
        return found

    def _above(self, rule: RollupCredit, below: Credit) -> list[Credit]:
        try:
            day = rule.dated_by.evaluate(below.order)
            if below.payee_id is None or not below.has_place or not isinstance(day, date):
                return []
            return self._roller.credits(rule, below, day)
        except NotCalculated as refused:
            self._note_not_credited(below.order, refused)
            return []

    def _note_not_credited(self, facts: OrderFacts, refused: NotCalculated) -> None:
        why = refused.reason.text.removeprefix("not paid, because ")
        self._book.exception(
            refused.reason.code,
            f"{_named(facts)} cannot be credited: {why}",
            refused.to_do,
            order_id=facts.order_id,
            month=month_of(facts.by_day),
            blocks=False,
        )

    def _payee(self, facts: OrderFacts, to: str) -> tuple[str | None, Standing]:
        """Return who has a role and whether the plan pays them; tell of nobody or an unknown."""
        reference = facts.payee_in(to)
        if reference is not None and reference.payee_id is not None:
            standing = self._payees.standing(reference.payee_id, facts.row.principal, facts.by_day)
            return reference.payee_id, standing
        if reference is None:
            role = to.partition(".")[2]
            reason = because("payee_missing", role=role)
            to_do = f"Send the order again with its {role}"
        else:
            reason = because("payee_unknown", code=reference.code, system=reference.system)
            to_do = "Add the payee or its external identifier; the next run pays the order"
        self._book.exception(
            reason.code,
            f"{_named(facts)}: {reason.text}",
            to_do,
            order_id=facts.order_id,
            month=month_of(facts.by_day),
            blocks=False,
        )
        return None, Standing(is_paid=False, reason=reason)


def _named(facts: OrderFacts) -> str:
    """Return how an exception speaks of a fact."""
    name = "/".join(facts.key)
    return f"Order {name}" if facts.order_id is not None else name.replace(":", " ", 1).capitalize()
