"""Deals divided by shares of every kind: weights, values of the order, sums that are not all.

Shares that are written down, and one that takes the rest, are cut in `credits`, which is faster.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from calc_engine.engine.ir import (
    Column,
    Expression,
    Filter,
    Kind,
    Operation,
    Relation,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Gap, Lowered, guarded
from calc_engine.engine.lowering.scopes import OrderScope
from calc_engine.engine.ratio import Ratio, greatest_of, least_of, roomy
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    TRUE,
    absolute,
    add,
    case,
    compare,
    divide,
    every,
    is_unknown,
    known_or,
    multiply,
    narrow,
    negated,
    negative,
    remainder,
    some,
    subtract,
    whole,
    wide,
)
from premia_plan.checked import DirectCredit, Share

DOES_NOT_ADD_UP = "shares that add up"
"""What is missing where the shares of an order do not add up as the plan says."""
EXACT = ("base_numerator", "base_denominator", "deal_numerator", "deal_denominator")
"""The columns with an order's exact amount, where it is worked out, and what a cap leaves of it."""
TOTAL = Column("split_total", Kind.WHOLE)
TAKEN = Column("taken_total", Kind.WHOLE)
NOTHING = Ratio.written(Fraction(0))
_ROOM = 1 << 62
"""Weights beyond it are added up in 127 bits."""


def applies(share: Share, scope: OrderScope) -> Expression:
    """Return whether a share applies to an order."""
    if share.when is None:
        return TRUE
    return _by_number(lower(share.when.expression, scope).condition)


def _by_number(condition: Expression) -> Expression:
    """Ask for a payee's number instead of the text, where only being known counts."""
    match condition:
        case Operation("is_unknown", (Column("seller" | "partner" as name),)):
            return is_unknown(Column(f"{name}_no", Kind.WHOLE))
        case Operation():
            parts = tuple(_by_number(part) for part in condition.arguments)
            return replace(condition, arguments=parts)
    return condition


def total_of(values: list[Expression]) -> Expression:
    """Return a sum."""
    total = values[0]
    for value in values[1:]:
        total = add(total, value)
    return total


def shared_out(places: list[int]) -> dict[str, Expression]:
    """Return the shares with the leftover units: to the largest lost fraction, then in order."""
    shares: dict[str, Expression] = {}
    for place in places:
        lost = Column(f"lost_{place}", Kind.WHOLE)
        before: Expression = whole(0)
        for other in places:
            if other == place:
                continue
            ahead = compare(
                ">=" if other < place else ">", Column(f"lost_{other}", Kind.WHOLE), lost
            )
            counts = every(Column(f"applies_{other}", Kind.BOOL), ahead)
            before = add(before, case([(counts, whole(1))], whole(0)))
        gets_one = case(
            [(compare("<", before, Column("left_over", Kind.WHOLE)), whole(1))], whole(0)
        )
        size = add(Column(f"part_{place}", Kind.WHOLE), gets_one)
        below_zero = compare("<", TOTAL, whole(0))
        shares[f"share_{place}"] = case([(below_zero, negative(size))], size)
    return shares


def divided(context: Context, rule: DirectCredit, orders: Relation) -> Relation:
    """Return the orders that a rule credits, with what each share takes; ask for the others.

    Raises:
        NotLowered: if the shares are worked out in a way that this engine cannot express.
    """
    return _Dividing(context, rule).divided(orders)


def most_divided(context: Context, rule: DirectCredit) -> int:
    """Return the largest size a credit of a rule can have."""
    return _Dividing(context, rule).most


@dataclass(frozen=True, slots=True)
class _Known:
    """What a share takes that is written down, or that a value of the order gives."""

    ratio: Ratio
    found: Lowered | None


class _Dividing:
    """Divides the deals of one rule."""

    def __init__(self, context: Context, rule: DirectCredit) -> None:
        self._context = context
        self._rule = rule
        self._scope = OrderScope(context.plan, context.arranged)
        self._amount = lower(rule.amount.expression, self._scope)
        limit = None if rule.cap is None else rule.cap.limit
        self._limit = None if limit is None else lower(limit.expression, self._scope)
        shares = list(enumerate(rule.shares))
        self._known = {place: self._known_of(share) for place, share in shares if _is_known(share)}
        self._takers: dict[int, Fraction] = {
            place: share.weight or Fraction(1) for place, share in shares if not _is_known(share)
        }
        below = [known.ratio.fixed_denominator or 1 for known in self._known.values()]
        self._scale = lcm(*below) if below else 1
        weights = lcm(*(weight.denominator for weight in self._takers.values()), 1)
        self._weights = {place: int(each * weights) for place, each in self._takers.items()}

    @property
    def most(self) -> int:
        """The largest size of a credit."""
        whole_amount = self._amount.number.most_rounded(self._context.places)
        return whole_amount * (1 if self._takers else max(1, -(-self._most_known // self._scale)))

    @property
    def _most_known(self) -> int:
        """The largest sum of the shares that are known, over the scale."""
        return sum(
            each.ratio.most * (self._scale // each.ratio.most_below)
            for each in self._known.values()
        )

    @property
    def _most_taken(self) -> int:
        """The largest sum of the weights."""
        return max(1, sum(self._weights.values()))

    def divided(self, orders: Relation) -> Relation:
        """Return the orders that are credited, with what each share takes."""
        deals, amount = self._deals(orders)
        weighed = self._weighed(deals)
        known = self._credited(weighed)
        return (
            self._each(known, amount) if self._rule.divides == "each" else self._cut(known, amount)
        )

    def _known_of(self, share: Share) -> _Known:
        if share.value is None:
            return _Known(Ratio.written(share.ratio or Fraction(0)), None)
        found = lower(share.value.expression, self._scope)
        if found.number.fixed_denominator is None:
            raise NotLowered(f"shares worked out as {share.value.text}, a quotient,")
        return _Known(found.number, found)

    def _deals(self, orders: Relation) -> tuple[Relation, Ratio]:
        """Return the orders that the rule is for, with the amounts that its shares divide."""
        found, rule, amount = orders, self._rule, self._amount.number
        if rule.where is not None:
            found = Filter(found, lower(rule.where.expression, self._scope).condition)
        if not rule.amount.is_bare_name or self._limit is not None:
            found, amount = _held(found, "base", amount)
        if self._limit is None:
            return found, amount
        most = greatest_of(NOTHING, self._limit.number)
        size = least_of(replace(amount, numerator=absolute(amount.numerator)), most)
        below = compare("<", amount.numerator, whole(0))
        signed = case([(below, negative(size.numerator))], size.numerator)
        return _held(found, "deal", replace(size, numerator=signed))

    def _weighed(self, deals: Relation) -> Relation:
        """Add whether each share applies, what it takes, and what all of them take."""
        shares = enumerate(self._rule.shares)
        asked = {f"applies_{place}": applies(share, self._scope) for place, share in shares}
        found: Relation = extended(deals, **asked)
        kind = Kind.WIDE if self._most_known * self._most_taken > _ROOM else Kind.WHOLE
        known = {
            f"known_{place}": case(
                [(_applies(place), known_or(_as(each.ratio.over(self._scale), kind), whole(0)))],
                _as(whole(0), kind),
            )
            for place, each in self._known.items()
        }
        taken = {
            f"taken_{place}": case([(_applies(place), whole(weight))], whole(0))
            for place, weight in self._weights.items()
        }
        found = extended(found, **known, **taken)
        all_known = total_of([_as(whole(0), kind), *(Column(name, kind) for name in known)])
        all_taken = total_of([Column(name, Kind.WHOLE) for name in taken]) if taken else whole(1)
        found = extended(found, known_total=all_known, taken_total=all_taken)
        left = subtract(_as(whole(self._scale), kind), Column("known_total", kind))
        weights = {
            name.replace("known", "weight"): multiply(Column(name, kind), TAKEN) for name in known
        }
        weights |= {
            name.replace("taken", "weight"): multiply(left, Column(name, Kind.WHOLE))
            for name in taken
        }
        return extended(found, **weights)

    def _credited(self, weighed: Relation) -> Relation:
        """Leave out the orders that cannot be credited, and ask for what is missing of them."""
        gaps = list(self._amount.missing)
        if self._limit is not None and self._rule.cap is not None:
            text = self._rule.cap.limit.text
            gaps += [gap._replace(name=f"{text}|{gap.name}") for gap in self._limit.missing]
        for place, each in self._known.items():
            if each.found is not None:
                gaps += guarded(each.found.missing, _applies(place))
        gaps.append(Gap(self._does_not_add_up(weighed), DOES_NOT_ADD_UP))
        gone = some(*(known_or(gap.condition, FALSE) for gap in gaps))
        places = [(gap.condition, whole(place)) for place, gap in enumerate(gaps)]
        context, name = self._context, f"uncredited_{self._rule.name}"
        context.program.words[name] = tuple(gap.name for gap in gaps)
        refused = extended(Filter(weighed, gone), missing=case(places, whole(None)))
        context.program.result(name, only(refused, "order_no", "by_day", "missing"))
        return Filter(weighed, negated(gone))

    def _does_not_add_up(self, weighed: Relation) -> Expression:
        kind = _kind(weighed, "known_total")
        total, all_of_it = Column("known_total", kind), _as(whole(self._scale), kind)
        wrong = [
            compare("<", Column(f"known_{place}", kind), whole(0))
            for place, each in self._known.items()
            if each.found is not None
        ]
        if self._takers:
            wrong.append(compare(">", total, all_of_it))
        elif self._rule.sums_to_all:
            wrong.append(compare("!=", total, all_of_it))
        return some(*wrong) if wrong else FALSE

    def _each(self, known: Relation, amount: Ratio) -> Relation:
        """Return each share as its part of the exact amount, rounded for itself."""
        return extended(
            known,
            **{
                f"share_{place}": (amount * self._part(known, f"weight_{place}")).rounded(
                    self._context.places
                )
                for place in range(len(self._rule.shares))
            },
        )

    def _part(self, rows: Relation, weight: str) -> Ratio:
        """Return what a share takes of the whole."""
        kind = _kind(rows, weight)
        below: Expression = whole(self._scale)
        if self._takers:
            below = multiply(TAKEN, below)
        most = max(self._most_known, self._scale) * self._most_taken
        return Ratio(Column(weight, kind), below, most, self._scale * self._most_taken)

    def _cut(self, known: Relation, amount: Ratio) -> Relation:
        """Cut what all shares take into whole units, by what each takes."""
        places = list(range(len(self._rule.shares)))
        total = amount
        if not self._takers:
            total = amount * self._part(known, "known_total")
        cut: Relation = extended(known, split_total=total.rounded(self._context.places))
        kind = _kind(cut, "weight_0")
        weights = [Column(f"weight_{place}", kind) for place in places]
        cut = extended(cut, weight_total=total_of([*weights]))
        all_of_it = Column("weight_total", kind)
        divisor = case([(compare("=", all_of_it, whole(0)), _as(whole(1), kind))], all_of_it)
        most = self.most * max(self._most_known, self._scale) * self._most_taken
        parts: dict[str, Expression] = {}
        for place, weight in zip(places, weights, strict=True):
            product = multiply(roomy(absolute(TOTAL), most), weight)
            parts[f"part_{place}"] = narrow(divide(product, divisor))
            parts[f"lost_{place}"] = narrow(remainder(product, divisor))
        cut = extended(cut, **parts)
        given = total_of([Column(f"part_{place}", Kind.WHOLE) for place in places])
        left: Expression = subtract(absolute(TOTAL), given)
        nothing = compare("=", all_of_it, whole(0))
        cut = extended(cut, left_over=case([(nothing, whole(0))], left))
        return extended(cut, **shared_out(places))


def _is_known(share: Share) -> bool:
    return share.ratio is not None or share.value is not None


def _applies(place: int) -> Column:
    return Column(f"applies_{place}", Kind.BOOL)


def _as(value: Expression, kind: Kind) -> Expression:
    return wide(value) if kind is Kind.WIDE else value


def _kind(rows: Relation, name: str) -> Kind:
    return columns_of(rows)[name]


def _held(rows: Relation, name: str, amount: Ratio) -> tuple[Relation, Ratio]:
    """Add an amount as two columns, so that it is worked out once; return it as they say."""
    upper, below = f"{name}_numerator", f"{name}_denominator"
    found = extended(rows, **{upper: amount.numerator, below: amount.denominator})
    fixed = amount.fixed_denominator
    return found, replace(
        amount,
        numerator=column(found, upper),
        denominator=column(found, below) if fixed is None else amount.denominator,
    )
