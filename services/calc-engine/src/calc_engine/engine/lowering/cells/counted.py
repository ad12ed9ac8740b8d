"""Measures of any function over any period: what each credit adds, and when it leaves again."""

from dataclasses import dataclass

from calc_engine.engine.codes import Standing
from calc_engine.engine.ir import (
    Expression,
    Filter,
    Kind,
    Scan,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.subjects import counted_for
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Lowered
from calc_engine.engine.lowering.measured import CELL
from calc_engine.engine.lowering.scopes import CreditScope, OrderScope
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    TRUE,
    case,
    compare,
    every,
    is_known,
    joined,
    month_of,
    negated,
    text,
    whole,
)
from premia_plan.checked import SummedMeasure

CARRIED = ("order_no", "place", "level", "units", "principal_no", "accepted", "last_month")


@dataclass(frozen=True, slots=True)
class Counted:
    """A measure's contributions: month, credit, `value` over `units`, and the month of leaving.

    `mark` is the value itself where different values are counted.
    """

    rule: SummedMeasure
    contributions: Scan
    units: int


def counted(context: Context, rule: SummedMeasure, credits: Scan, most_units: int) -> Counted:
    """Return what the credits of paid payees add to a measure, by the months they fall in.

    Raises:
        NotLowered: if it adds up quotients.
    """
    order = OrderScope(context.plan, context.arranged)
    scope = CreditScope(order, context.places, most_units, {})
    when = TRUE if rule.when is None else lower(rule.when.expression, order).condition
    paid = compare("=", column(credits, "standing"), whole(Standing.PAID))
    dated = extended(
        Filter(credits, every(paid, when)),
        measured_on=lower(rule.dated_by.expression, order).plain,
    )
    falls = Filter(dated, is_known(column(dated, "measured_on")))
    found = lower(rule.sums.expression, scope)
    value, mark = _value(rule, found)
    units = value.fixed_denominator
    if units is None:
        raise NotLowered(f"sums of quotients such as {rule.sums.text}")
    context.program.result(
        f"uncounted_{rule.name}", only(Filter(falls, found.unknown), "payee_no", "order_no")
    )
    leaves: Expression = whole(None)
    if rule.reversed_order == "leaves":
        void = column(falls, "is_void")
        leaves = case([(negated(void), column(falls, "reversal_month"))], whole(None))
    elif rule.reversed_order != "stays":
        raise NotLowered("measures that orders leave by their reversed share")
    known = extended(
        Filter(falls, negated(found.unknown)),
        month=month_of(column(falls, "measured_on")),
        value=value.numerator,
        value_units=whole(units),
        mark=mark,
        leaves_in=leaves,
    )
    sealed = [name for name in ("order_high", "order_low") if name in columns_of(known)]
    names = (*CELL, *CARRIED, "value", "value_units", "mark", "leaves_in", *sealed)
    told = only(counted_for(context, rule, known), *names)
    named = context.program.name(f"counted_{rule.name}", told, kept=True)
    return Counted(rule, named, units)


def _value(rule: SummedMeasure, found: Lowered) -> tuple[Ratio, Expression]:
    """Return what a credit adds, and the text that tells its value from others."""
    if rule.function != "distinct":
        return found.number, text("")
    if isinstance(found.value, Ratio):
        return Ratio.scaled(whole(1), 1, 1), joined(found.value.numerator)
    own = found.plain
    return Ratio.scaled(whole(1), 1, 1), own if own.kind is Kind.TEXT else joined(own)
