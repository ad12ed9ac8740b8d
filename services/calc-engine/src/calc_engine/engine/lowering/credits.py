"""Direct credits: an order's amount split into whole minor units among payees."""

from fractions import Fraction
from math import lcm

import pyarrow as pa

from calc_engine.engine.credit_rules import is_cut_plainly
from calc_engine.engine.id_halves import HALVES, part_of_line
from calc_engine.engine.ir import (
    Column,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.facts import are_sealed
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.scopes import OrderScope
from calc_engine.engine.lowering.shares import (
    TOTAL,
    applies,
    divided,
    most_divided,
    shared_out,
    total_of,
)
from calc_engine.engine.lowering.standings import with_standing
from calc_engine.engine.ratio import Ratio, roomy
from calc_engine.engine.values import (
    absolute,
    add,
    case,
    compare,
    divide,
    every,
    multiply,
    narrow,
    negated,
    negative,
    remainder,
    some,
    subtract,
    whole,
)
from premia_plan.checked import DirectCredit

PAIR = 2
"""So many shares need no comparing of what each one loses."""
WORKED = ("known_", "taken_")
"""What columns start with in which shares of every kind are worked out."""


def direct_credits(context: Context, rule: DirectCredit, orders: Scan, standing: Scan) -> Scan:
    """Return one row per order and share that applies, with the share in minor units."""
    split = (
        _plainly(context, rule, orders) if is_cut_plainly(rule) else divided(context, rule, orders)
    )
    credits = with_standing(context, _placed(context, rule, split), standing)
    if are_sealed(context):
        order, payee = (
            {half: column(credits, f"{whose}_{half}") for half in HALVES}
            for whose in ("order", "payee")
        )
        credits = extended(credits, **part_of_line(order, payee))
    return context.program.name(f"credits_{rule.name}", credits, kept=True)


def _plainly(context: Context, rule: DirectCredit, orders: Relation) -> Relation:
    """Return the orders that can be credited, with what each share takes; ask for the others."""
    scope = OrderScope(context.plan, context.arranged)
    amount = lower(rule.amount.expression, scope)
    known: Relation = Filter(orders, negated(amount.unknown))
    context.program.words[f"uncredited_{rule.name}"] = amount.words
    context.program.result(
        f"uncredited_{rule.name}",
        only(
            extended(Filter(orders, amount.unknown), missing=amount.missing_place),
            "order_no",
            "by_day",
            "missing",
        ),
    )
    if not rule.amount.is_bare_name:
        known = extended(
            known,
            base_numerator=amount.number.numerator,
            base_denominator=amount.number.denominator,
        )
    return _split(context, rule, known, amount.number)


def most_units(context: Context, rule: DirectCredit) -> int:
    """Return the largest size a credit of a rule can have."""
    if not is_cut_plainly(rule):
        return most_divided(context, rule)
    scope = OrderScope(context.plan, context.arranged)
    return lower(rule.amount.expression, scope).number.most_rounded(context.places)


def _split(context: Context, rule: DirectCredit, orders: Relation, amount: Ratio) -> Relation:
    """Add for each share what it takes of the amount: nothing where it does not apply."""
    scope = OrderScope(context.plan, context.arranged)
    fixed = [share.ratio for share in rule.shares if share.ratio is not None]
    scale = lcm(*(ratio.denominator for ratio in fixed)) if fixed else 1
    asked = {f"applies_{place}": applies(share, scope) for place, share in enumerate(rule.shares)}
    first = extended(orders, split_total=amount.rounded(context.places), **asked)
    weights = _weights(rule, scale)
    weighed = extended(first, **{f"weight_{place}": weight for place, weight in weights.items()})
    whole_weight = total_of([Column(f"weight_{place}", Kind.WHOLE) for place in weights])
    size = Ratio.scaled(absolute(TOTAL), 1, most_units(context, rule))
    if len(weights) == PAIR:
        return extended(weighed, **_in_two(size, list(weights), whole_weight, scale))
    parts: dict[str, Expression] = {}
    for place in weights:
        weight = Ratio.scaled(Column(f"weight_{place}", Kind.WHOLE), 1, scale)
        product = (size * weight).numerator
        parts[f"part_{place}"] = _quotient(product, whole_weight)
        parts[f"lost_{place}"] = narrow(remainder(product, whole_weight))
    cut = extended(weighed, **parts)
    given = total_of([Column(f"part_{place}", Kind.WHOLE) for place in weights])
    left = extended(cut, left_over=subtract(absolute(TOTAL), given))
    return extended(left, **shared_out(list(weights)))


def _in_two(
    size: Ratio, places: list[int], whole_weight: Expression, scale: int
) -> dict[str, Expression]:
    """Return both shares of two: the first one's part rounded half up, and what is left.

    Of two the larger lost fraction is the one of at least a half, and the first one's if both are.
    """
    first, second = places
    weight = Ratio.scaled(Column(f"weight_{first}", Kind.WHOLE), 1, scale)
    twice = size * weight * Ratio.written(Fraction(2))
    upper = add(roomy(twice.numerator, twice.most + scale), whole_weight)
    part = narrow(divide(upper, multiply(whole_weight, whole(2))))
    sizes = {first: part, second: subtract(size.numerator, part)}
    below_zero = compare("<", TOTAL, whole(0))
    return {
        f"share_{place}": case([(below_zero, negative(own))], own) for place, own in sizes.items()
    }


def _weights(rule: DirectCredit, scale: int) -> dict[int, Expression]:
    """Return each share's weight, zero where it does not apply; the rest takes what is left."""
    weights: dict[int, Expression] = {}
    for place, share in enumerate(rule.shares):
        if share.ratio is not None:
            units = whole(int(share.ratio * scale))
            weights[place] = case([(Column(f"applies_{place}", Kind.BOOL), units)], whole(0))
    for place, share in enumerate(rule.shares):
        if share.ratio is None:
            taken = total_of(list(weights.values())) if weights else whole(0)
            rest = subtract(whole(scale), taken)
            weights[place] = case([(Column(f"applies_{place}", Kind.BOOL), rest)], whole(0))
    return dict(sorted(weights.items()))


def _quotient(product: Expression, whole_weight: Expression) -> Expression:
    return narrow(divide(product, whole_weight))


def _placed(context: Context, rule: DirectCredit, split: Relation) -> Relation:
    """Return a row for each share that applies, as credits; the orders are gone through once."""
    schema = pa.schema([("plan_no", pa.int32()), ("place", pa.int64())])
    shares = range(len(rule.shares))
    rows = [(number, place) for number in context.numbered for place in shares]
    places = context.program.give(f"places_{rule.name}", schema, rows)
    both = Join(split, places, (("plan_no", "plan_no"),), {"place": "place"})
    here = [compare("=", column(both, "place"), whole(place)) for place in shares]
    payees = {"order.seller": "seller_no", "order.partner": "partner_no"}
    applying = Filter(
        both,
        some(*(every(here[n], Column(f"applies_{n}", Kind.BOOL)) for n in shares)),
    )
    told = {
        "payee_no": [column(both, payees[rule.shares[place].to]) for place in shares],
        "units": [Column(f"share_{place}", Kind.WHOLE) for place in shares],
    }
    credited = extended(
        applying,
        level=whole(0),
        below_no=whole(None),
        **{
            name: case(list(zip(here[:-1], values[:-1], strict=True)), values[-1])
            for name, values in told.items()
        },
    )
    working = ("weight_total", "split_total", "left_over", "seller_no", "partner_no")
    kept = [
        name
        for name in columns_of(credited)
        if name not in working
        and not name.startswith(("applies_", "weight_", "part_", "lost_", "share_", *WORKED))
    ]
    return only(credited, *kept)
