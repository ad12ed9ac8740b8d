"""Measures: what each credit adds to its payee's month, and when it leaves it again."""

from collections.abc import Mapping
from dataclasses import dataclass

from calc_engine.engine.codes import Standing
from calc_engine.engine.credit_rules import as_direct
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Expression,
    Filter,
    Kind,
    Relation,
    Scan,
    Total,
    Union,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.scopes import CreditScope, OrderScope
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    TRUE,
    case,
    compare,
    every,
    is_known,
    is_unknown,
    month_of,
    negated,
    negative,
    some,
    whole,
)
from premia_plan.checked import RollupCredit, SummedMeasure

MOST_TOTAL = 1 << 62
"""Totals are checked to fit in 63 bits when they are added up."""

CELL = ("plan_no", "payee_no", "month")
PARTS = ("part_high", "part_low")
STAGE = (*CELL, "as_of")


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure's contributions: cell, credit, `value` over `units`, and the month of leaving.

    `moves` are their sums by cell, principal and month of leaving, and what they weigh. No total
    is larger than `most`, and no credit's units than `most_units`.
    """

    rule: SummedMeasure
    contributions: Scan
    moves: Scan
    units: int
    most: int
    most_units: int
    told: Mapping[str, Expression]
    """The month in which a credit counts, and the one in which it leaves, by a column's name."""

    @property
    def tells_credits(self) -> bool:
        """Whether what is added up is what was credited, so that credits tell contributions."""
        return self.rule.sums.is_bare_name and self.rule.sums.names == ("credit.amount",)


def measured(context: Context, rule: SummedMeasure, credits: Scan, most_units: int) -> Measured:
    """Return what the credits of paid payees add to a measure.

    Args:
        context: the lowering.
        rule: the measure.
        credits: the credits that it counts.
        most_units: the largest size of one of them.
    """
    if rule.over != "month":
        raise NotLowered(f"measures over a {rule.over}")
    order = OrderScope(context.plan, context.arranged)
    scope = CreditScope(order, context.places, most_units, {})
    when = TRUE if rule.when is None else lower(rule.when.expression, order).condition
    counted = Filter(
        credits, every(compare("=", column(credits, "standing"), whole(Standing.PAID)), when)
    )
    dated = extended(counted, measured_on=lower(rule.dated_by.expression, order).plain)
    falls = Filter(dated, is_known(column(dated, "measured_on")))
    value = lower(rule.sums.expression, scope)
    units = value.number.fixed_denominator
    if units is None:
        raise NotLowered(f"sums of quotients such as {rule.sums.text}")
    context.program.result(
        f"uncounted_{rule.name}",
        only(Filter(falls, value.unknown), "payee_no", "order_no"),
    )
    leaves = _leaves_in(rule, falls)
    narrow = _contributions(Filter(falls, negated(value.unknown)), value.number, leaves)
    contributed = context.program.name(f"counted_{rule.name}", narrow)
    weighs = weight_of(column(contributed, "units"))
    totals: dict[str, Total] = {
        "value": ("sum", column(contributed, "value")),
        "weight": ("sum", weighs),
    }
    moved = Aggregate(contributed, (*CELL, "principal_no", "leaves_in"), totals)
    moves = context.program.name(f"moves_{rule.name}", moved, kept=True)
    count = max(context.arranged.rows, 1) * credits_of_an_order(context, rule.of)
    most = min(value.number.most * count, MOST_TOTAL)
    counts = every(
        compare("=", column(credits, "standing"), whole(Standing.PAID)),
        when,
        negated(value.unknown),
    )
    on = lower(rule.dated_by.expression, order).plain
    told = {
        f"counts_in_{rule.name}": case([(every(counts, is_known(on)), month_of(on))], whole(None)),
        f"leaves_in_{rule.name}": leaves,
    }
    return Measured(rule, contributed, moves, units, most, most_units, told)


def _leaves_in(rule: SummedMeasure, credits: Relation) -> Expression:
    """Return the month in which a credit leaves again; unknown where it stays."""
    if rule.reversed_order != "leaves":
        return whole(None)
    void = column(credits, "is_void")
    return case([(negated(void), column(credits, "reversal_month"))], whole(None))


def _contributions(credits: Relation, value: Ratio, leaves: Expression) -> Relation:
    """Return what each credit adds, in which month, and when it leaves."""
    added = extended(
        credits,
        month=month_of(column(credits, "measured_on")),
        value=value.numerator,
        value_units=whole(value.fixed_denominator),
        leaves_in=leaves,
    )
    return only(
        added,
        *CELL,
        "order_no",
        "place",
        "level",
        "value",
        "units",
        "leaves_in",
        "principal_no",
        "accepted",
        "last_month",
        "value_units",
        *(name for name in PARTS if name in columns_of(added)),
    )


def weight_of(units: Expression) -> Expression:
    """Return how much a credit weighs where pay is shared out: none less than nothing."""
    return case([(compare("<", units, whole(0)), whole(0))], units)


def credits_of_an_order(context: Context, name: str) -> int:
    """Return how many credits of a rule an order has at most."""
    rule = context.plan.credits[name]
    if isinstance(rule, RollupCredit):
        return rule.levels * credits_of_an_order(context, rule.of)
    direct = as_direct(context.plan, rule)
    return 1 if direct is None else len(direct.shares)


def stands_in(contributions: Relation, month: Expression) -> Expression:
    """Return whether a contribution still counts at a month's end."""
    leaves = column(contributions, "leaves_in")
    return some(is_unknown(leaves), compare(">", leaves, month))


def cells(measure: Measured) -> Relation:
    """Return the cells of a measure that have credits."""
    return only(Aggregate(measure.moves, CELL, {}), *CELL)


def changes(measure: Measured, value: str) -> Relation:
    """Return by how much a cell changes at its month, and in each later one in which orders leave.

    Every cell has a row whose `as_of` is its month, with everything that stands then.
    """
    source = measure.moves
    month, leaves = column(source, "month"), column(source, "leaves_in")
    standing = case([(stands_in(source, month), column(source, "value"))], whole(0))
    first = extended(source, as_of=month, value=standing)
    later = Filter(source, every(is_known(leaves), compare(">", leaves, month)))
    gone = extended(later, as_of=leaves, value=negative(column(later, "value")))
    wanted = (*STAGE, "value")
    both = Union((only(first, *wanted), only(gone, *wanted)))
    return only(
        Aggregate(both, STAGE, {"change": ("sum", Column("value", Kind.WHOLE))}),
        *STAGE,
        **{value: "change"},
    )
