"""Direct credits: an order's amount split into whole minor units among payees."""

from dataclasses import replace
from math import lcm

import pyarrow as pa

from calc_engine.engine.id_halves import HALVES, part_of_line
from calc_engine.engine.ir import (
    Column,
    Expression,
    Filter,
    Join,
    Kind,
    Operation,
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
from calc_engine.engine.lowering.standings import with_standing
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.values import (
    TRUE,
    absolute,
    add,
    case,
    compare,
    divide,
    every,
    is_unknown,
    narrow,
    negated,
    negative,
    remainder,
    some,
    subtract,
    whole,
)
from premia_plan.checked import DirectCredit

TOTAL = Column("split_total", Kind.WHOLE)


def direct_credits(context: Context, rule: DirectCredit, orders: Scan, standing: Scan) -> Scan:
    """Return one row per order and share that applies, with the share in minor units."""
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
    split = _split(context, rule, known, amount.number)
    credits = with_standing(context, _placed(context, rule, split), standing)
    if are_sealed(context):
        order, payee = (
            {half: column(credits, f"{whose}_{half}") for half in HALVES}
            for whose in ("order", "payee")
        )
        credits = extended(credits, **part_of_line(order, payee))
    return context.program.name(f"credits_{rule.name}", credits, kept=True)


def most_units(context: Context, rule: DirectCredit) -> int:
    """Return the largest size a credit of a rule can have."""
    scope = OrderScope(context.plan, context.arranged)
    return lower(rule.amount.expression, scope).number.most_rounded(context.places)


def _split(context: Context, rule: DirectCredit, orders: Relation, amount: Ratio) -> Relation:
    """Add for each share what it takes of the amount: nothing where it does not apply."""
    scope = OrderScope(context.plan, context.arranged)
    fixed = [share.ratio for share in rule.shares if share.ratio is not None]
    scale = lcm(*(ratio.denominator for ratio in fixed)) if fixed else 1
    applies = {
        f"applies_{place}": _applies(share.when, scope) for place, share in enumerate(rule.shares)
    }
    first = extended(orders, split_total=amount.rounded(context.places), **applies)
    weights = _weights(rule, scale)
    weighed = extended(first, **{f"weight_{place}": weight for place, weight in weights.items()})
    whole_weight = _sum([Column(f"weight_{place}", Kind.WHOLE) for place in weights])
    size = Ratio.scaled(absolute(TOTAL), 1, most_units(context, rule))
    parts: dict[str, Expression] = {}
    for place in weights:
        weight = Ratio.scaled(Column(f"weight_{place}", Kind.WHOLE), 1, scale)
        product = (size * weight).numerator
        parts[f"part_{place}"] = _quotient(product, whole_weight)
        parts[f"lost_{place}"] = narrow(remainder(product, whole_weight))
    cut = extended(weighed, **parts)
    given = _sum([Column(f"part_{place}", Kind.WHOLE) for place in weights])
    left = extended(cut, left_over=subtract(absolute(TOTAL), given))
    return extended(left, **_shared_out(list(weights)))


def _applies(when: object, scope: OrderScope) -> Expression:
    expression = getattr(when, "expression", None)
    return TRUE if expression is None else _by_number(lower(expression, scope).condition)


def _by_number(condition: Expression) -> Expression:
    """Ask for a payee's number instead of the text, where only being known counts."""
    match condition:
        case Operation("is_unknown", (Column("seller" | "partner" as name),)):
            return is_unknown(Column(f"{name}_no", Kind.WHOLE))
        case Operation():
            parts = tuple(_by_number(part) for part in condition.arguments)
            return replace(condition, arguments=parts)
    return condition


def _weights(rule: DirectCredit, scale: int) -> dict[int, Expression]:
    """Return each share's weight, zero where it does not apply; the rest takes what is left."""
    weights: dict[int, Expression] = {}
    for place, share in enumerate(rule.shares):
        if share.ratio is not None:
            units = whole(int(share.ratio * scale))
            weights[place] = case([(Column(f"applies_{place}", Kind.BOOL), units)], whole(0))
    for place, share in enumerate(rule.shares):
        if share.ratio is None:
            taken = _sum(list(weights.values())) if weights else whole(0)
            rest = subtract(whole(scale), taken)
            weights[place] = case([(Column(f"applies_{place}", Kind.BOOL), rest)], whole(0))
    return dict(sorted(weights.items()))


def _sum(values: list[Expression]) -> Expression:
    total = values[0]
    for value in values[1:]:
        total = add(total, value)
    return total


def _quotient(product: Expression, whole_weight: Expression) -> Expression:
    return narrow(divide(product, whole_weight))


def _shared_out(places: list[int]) -> dict[str, Expression]:
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
            applies = every(Column(f"applies_{other}", Kind.BOOL), ahead)
            before = add(before, case([(applies, whole(1))], whole(0)))
        gets_one = case(
            [(compare("<", before, Column("left_over", Kind.WHOLE)), whole(1))], whole(0)
        )
        size = add(Column(f"part_{place}", Kind.WHOLE), gets_one)
        below_zero = compare("<", TOTAL, whole(0))
        shares[f"share_{place}"] = case([(below_zero, negative(size))], size)
    return shares


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
    working = ("split_total", "left_over", "seller_no", "partner_no")
    kept = [
        name
        for name in columns_of(credited)
        if name not in working
        and not name.startswith(("applies_", "weight_", "part_", "lost_", "share_"))
    ]
    return only(credited, *kept)
