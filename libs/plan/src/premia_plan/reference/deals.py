"""Deals: the whole amounts that shares divide, one for each fact or contract year."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from uuid import UUID

from premia_plan.checked import ContractYears, DealCap, DirectCredit
from premia_plan.language import Value
from premia_plan.language.dates import add_months
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import because
from premia_plan.reference.credit import Extra
from premia_plan.reference.figure import free_name, input_nodes, node_of, number_from
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.refusal import NotCalculated

MOST_YEARS = 50
YEAR, YEAR_STARTS = "credit.year", "credit.year_starts"


@dataclass(frozen=True, slots=True)
class DealScope:
    """An order or another fact, in one of its contract years if it is credited by years.

    The scope of the formulas that say what is credited.
    """

    facts: OrderFacts
    extras: dict[str, Extra]

    def value(self, name: str) -> Value | None:
        """Return a value of the year, the fact or its order, or what a rate table gives."""
        found = self.extras.get(name)
        return self.facts.value(name) if found is None else found.value

    def day_reached(self, state: str) -> date | None:
        """Return the day the order first reached a state."""
        return self.facts.day_reached(state)

    def node(self, name: str) -> UUID:
        """Return the node of a value."""
        found = self.extras.get(name)
        return self.facts.node(name) if found is None else found.node()


@dataclass(frozen=True, slots=True)
class Deferred:
    """What a contract year's cap defers into the next one."""

    value: Fraction
    node: Callable[[], UUID]


@dataclass(frozen=True, slots=True)
class Deal:
    """A whole amount to be credited; `key` tells it from others, `suffix` is its year's part.

    `surplus` is what its cap defers into the next contract year.
    """

    scope: DealScope
    amount: Fraction
    key: str
    suffix: str
    made_of: Callable[[], UUID]
    surplus: Deferred | None = None

    @property
    def facts(self) -> OrderFacts:
        """The order or other fact it is of."""
        return self.scope.facts


def deals_of(rule: DirectCredit, facts: OrderFacts) -> Sequence[Deal]:
    """Return the deals of an order or another fact; none where the rule's `where` does not hold.

    Raises:
        NotCalculated: if something that says what is credited is unknown.
    """
    if rule.where is not None and not rule.where.evaluate(facts):
        return ()
    if rule.years is None:
        return (_deal(rule, DealScope(facts, {}), ""),)
    found: list[Deal] = []
    years = _years(rule.years, facts)
    for year, extras in years:
        before, is_last = found[-1] if found else None, year == len(years)
        scope = DealScope(facts, extras)
        found.append(_deal(rule, scope, f"@{year}", before, is_last=is_last))
    return found


def _deal(
    rule: DirectCredit,
    scope: DealScope,
    suffix: str,
    before: Deal | None = None,
    *,
    is_last: bool = False,
) -> Deal:
    """Return a deal within its cap; `before` is the contract year whose surplus it takes.

    What the cap of the last contract year defers lapses: the node says so.
    """
    amount = number_from(rule.amount, scope)
    head = "/".join(scope.facts.key)
    key = (rule.name, head + suffix)
    made_of = partial(_base_node, rule, scope, amount, f"{head}{suffix}")
    if rule.cap is None:
        return Deal(scope, amount, head, suffix, made_of)
    if before is not None and before.surplus is not None:
        amount += before.surplus.value
        made_of = partial(
            _surplus_node,
            ("credited with deferred", *key),
            rule.cap,
            facts=scope.facts,
            value=amount,
            parts=(made_of, before.surplus.node),
        )
    limit = max(Fraction(0), number_from(rule.cap.limit, scope))
    if abs(amount) <= limit:
        return Deal(scope, amount, head, suffix, made_of)
    limited = limit if amount >= 0 else -limit
    lapses = is_last and rule.cap.surplus == "deferred"
    kind = "capped_last_year" if lapses else "capped_deal"
    node = partial(
        _capped_node, rule.cap, scope, key=key, kind=kind, limited=limited, made_of=made_of
    )
    surplus = None
    if rule.cap.surplus == "deferred":
        over = partial(
            _surplus_node,
            ("deferred credit", *key),
            rule.cap,
            facts=scope.facts,
            value=amount - limited,
            parts=(made_of, node),
            is_over=True,
        )
        surplus = Deferred(amount - limited, over)
    return Deal(scope, limited, head, suffix, node, surplus)


def _years(rule: ContractYears, facts: OrderFacts) -> list[tuple[int, dict[str, Extra]]]:
    """Return the contract years with what formulas can ask of each.

    Raises:
        NotCalculated: if their number is unknown or none that can be meant.
    """
    count = number_from(rule.count, facts)
    if count.denominator != 1 or not 0 <= count <= MOST_YEARS:
        reason = because("contract_years", years=exact_text(count), most=str(MOST_YEARS))
        raise NotCalculated(reason, "Correct the length of the contract at its source")
    since = rule.since.evaluate(facts)
    found = []
    for year in range(1, int(count) + 1):
        extras = {YEAR: Extra(Fraction(year), partial(_year_node, rule, facts, YEAR, str(year)))}
        if isinstance(since, date):
            starts = add_months(since, 12 * (year - 1))
            node = partial(_year_node, rule, facts, YEAR_STARTS, starts.isoformat())
            extras[YEAR_STARTS] = Extra(starts, node)
        found.append((year, extras))
    return found


def _year_node(rule: ContractYears, facts: OrderFacts, name: str, value: str) -> UUID:
    """Return the leaf of a contract year's number or first day."""
    return facts.book.node(
        "contract year",
        *facts.key,
        rule.path,
        name,
        value,
        kind="contract_year" if name == YEAR else "contract_year_starts",
        value=value,
        unit="count" if name == YEAR else "date",
        detail={"clause": rule.path, "order_id": facts.order_id, "name": name},
    )


def _base_node(rule: DirectCredit, scope: DealScope, amount: Fraction, key: str) -> UUID:
    return node_of(
        rule.amount,
        scope,
        scope.facts.book,
        amount,
        key=("base", rule.name, key),
        kind="credited_amount",
        unit=Unit.MONEY,
    )


def _surplus_node(
    key: tuple[str, ...],
    cap: DealCap,
    *,
    facts: OrderFacts,
    value: Fraction,
    parts: tuple[Callable[[], UUID], Callable[[], UUID]],
    is_over: bool = False,
) -> UUID:
    """Return the node of what is over a year's cap, or of a year's amount with what came over."""
    return facts.book.node(
        *key,
        kind="deferred_credit" if is_over else "with_deferred_credit",
        value=facts.book.text(value, Unit.MONEY),
        unit=Unit.MONEY.value,
        operation="difference" if is_over else "sum",
        detail={"clause": cap.path},
        children=tuple(part() for part in parts),
    )


def _capped_node(
    cap: DealCap,
    scope: DealScope,
    *,
    key: tuple[str, str],
    kind: str,
    limited: Fraction,
    made_of: Callable[[], UUID],
) -> UUID:
    """Return the node of a deal's amount that was cut down to the most that is credited."""
    book, limit, amount = scope.facts.book, cap.limit, free_name(cap.limit)
    most = f"max(0, {limit.text})"
    return book.node(
        "capped deal",
        *key,
        kind=kind,
        value=book.text(limited, Unit.MONEY),
        unit=Unit.MONEY.value,
        operation="formula",
        detail={
            "clause": cap.path,
            "formula": f"min({amount}, {most})" if limited >= 0 else f"max({amount}, -{most})",
            "inputs": (amount, *limit.inputs),
        },
        children=(made_of(), *input_nodes(limit, scope, book)),
    )
