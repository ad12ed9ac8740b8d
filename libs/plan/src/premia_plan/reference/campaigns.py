"""Campaigns decided: which pay on which credits, and what becomes of the others."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from premia_plan.apportion import round_units
from premia_plan.checked import Budget, Campaign, CheckedPlan, CreditComponent
from premia_plan.reasons import Reason, because
from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit
from premia_plan.reference.earning import Earning
from premia_plan.reference.refusal import NotCalculated

UnitsOf = Callable[[str, Credit], int | None]
"""Gives what a component earns on a credit by itself; None where that cannot be calculated."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What campaigns make of a component's pay on a credit.

    It is out without a line, not paid for a reason, or limited to so many units.
    """

    is_out: bool = False
    reason: Reason | None = None
    limit: int | None = None
    clause: str = ""

    @property
    def pays(self) -> bool:
        """Say whether anything is paid."""
        return not self.is_out and self.reason is None


AS_IT_IS = Verdict()
OUT = Verdict(is_out=True)


def limited(earning: Earning, verdict: Verdict, book: Book) -> Earning:
    """Return an earning cut to what is left of its campaign's budget, if it is cut."""
    if verdict.limit is None or earning.units <= verdict.limit:
        return earning
    limit = book.money(verdict.limit)
    node_id = book.node(
        "budget",
        *earning.key,
        kind="campaign_cut",
        value=limit,
        unit="money",
        operation="cap",
        payee_id=earning.payee_id,
        detail={"clause": verdict.clause, "limit": limit},
        children=(earning.node_id,),
    )
    return replace(earning, units=verdict.limit, node_id=node_id)


class Campaigns:
    """The campaigns of a plan, decided for all credits when first asked.

    `credits` gives those of a credit rule.
    """

    def __init__(
        self,
        plan: CheckedPlan,
        credits: Callable[[str], Sequence[Credit]],
        units_of: UnitsOf,
        places: int,
    ) -> None:
        self._plan = plan
        self._credits = credits
        self._units_of = units_of
        self._places = places
        self._own = {item.component: item for item in plan.campaigns.values()}
        self._against = {name for item in self._own.values() for name in item.against}
        self._verdicts: Mapping[tuple[str, str], Verdict] | None = None

    def verdict(self, component: str, credit: Credit) -> Verdict:
        """Return what becomes of a component's pay on a credit."""
        campaign = self._own.get(component)
        if campaign is None and component not in self._against:
            return AS_IT_IS
        if self._verdicts is None:
            self._verdicts = self._decide()
        found = self._verdicts.get((component, credit.credit_id))
        if found is not None:
            return found
        return AS_IT_IS if campaign is None else OUT

    def _decide(self) -> dict[tuple[str, str], Verdict]:
        """Decide campaign by campaign in their order of precedence, each in order of business."""
        found: dict[tuple[str, str], Verdict] = {}
        taken: dict[str, set[str]] = defaultdict(set)
        for campaign in sorted(self._own.values(), key=lambda item: (item.precedence, item.name)):
            purse = _Purse(campaign, self._places)
            for credit in self._applying(campaign, found):
                key = (campaign.component, credit.credit_id)
                if taken[credit.credit_id] & {*campaign.against}:
                    found[key] = Verdict(reason=because("campaign_outranked", name=campaign.name))
                    continue
                verdict = self._judge(campaign, credit, purse)
                found[key] = verdict
                if verdict.reason is None:
                    taken[credit.credit_id] |= {*campaign.against}
                    replaced = because("campaign_instead", name=campaign.name)
                    for name in campaign.against:
                        found[name, credit.credit_id] = Verdict(reason=replaced)
        return found

    def _applying(
        self, campaign: Campaign, found: dict[tuple[str, str], Verdict]
    ) -> Iterable[Credit]:
        """Return the credits on which a campaign could pay, in order of business.

        Where that is unknown the campaign's component is not paid, and says why.
        """
        component = self._plan.components[campaign.component]
        if not isinstance(component, CreditComponent):
            raise TypeError(f"{campaign.component} pays on no credits")
        dated = []
        for credit in self._credits(component.of):
            try:
                day = campaign.by.evaluate(credit)
                if not isinstance(day, date) or not campaign.starts <= day < campaign.ends:
                    continue
                if campaign.where is None or campaign.where.evaluate(credit):
                    dated.append((day, credit))
            except NotCalculated as refused:
                found[component.name, credit.credit_id] = Verdict(reason=refused.reason)
        dated.sort(key=lambda item: (item[0], item[1].order.key, item[1].credit_id))
        return [credit for _, credit in dated]

    def _judge(self, campaign: Campaign, credit: Credit, purse: "_Purse") -> Verdict:
        """Decide what a campaign pays on a credit.

        One that pays nothing replaces nothing. Of two the better is the one that pays more after
        the budget cut it; on a negative credit the one that takes more, as on its mirror.
        """
        earned = self._earned_on(campaign.component, credit)
        units = 0 if earned is None else earned
        if campaign.relation == "replaces" and earned == 0:
            return Verdict(reason=because("campaign_pays_nothing", name=campaign.name))
        verdict = purse.would_pay(units)
        if campaign.relation == "best of":
            others = sum(self._earned_on(name, credit) or 0 for name in campaign.against)
            paid = units if verdict.limit is None else verdict.limit
            if (paid >= others) if credit.is_negative else (paid <= others):
                return Verdict(reason=because("campaign_not_best", name=campaign.name))
        purse.pay(units)
        return verdict

    def _earned_on(self, component: str, credit: Credit) -> int | None:
        """Return what a component earns on a credit, 0 where nobody is paid; None if unknown."""
        return self._units_of(component, credit) if credit.standing.is_paid else 0


class _Purse:
    """What is left of a campaign's budget as its credits come one by one."""

    def __init__(self, campaign: Campaign, places: int) -> None:
        self._name = campaign.name
        self._path = campaign.path
        self._budget = campaign.budget
        self._left = 0 if campaign.budget is None else round_units(campaign.budget.amount, places)
        self._is_over = False

    def would_pay(self, units: int) -> Verdict:
        """Return whether, and how much of, some pay is within the budget."""
        if self._budget is None:
            return AS_IT_IS
        if self._is_over:
            return self._spent()
        return AS_IT_IS if units <= self._left else self._last(self._budget)

    def pay(self, units: int) -> None:
        """Use the budget for some pay; what goes beyond ends it."""
        if self._budget is not None and not self._is_over:
            self._is_over = units > self._left
            self._left -= max(0, min(units, self._left))

    def _last(self, budget: Budget) -> Verdict:
        match budget.when_spent:
            case "stop before":
                return self._spent()
            case "stop after":
                return AS_IT_IS
            case "cut":
                if not self._left:
                    return self._spent()
                return Verdict(limit=self._left, clause=f"{self._path}/budget")

    def _spent(self) -> Verdict:
        return Verdict(reason=because("campaign_spent", name=self._name))
