"""Who is in the plan in a period, under whom, and what is known of them."""

from fractions import Fraction
from math import lcm

import pyarrow as pa

from calc_engine.engine.codes import Standing
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Constant,
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
from calc_engine.engine.layout import attribute_column
from calc_engine.engine.lowering.cells.periods import periods
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Value
from calc_engine.engine.lowering.measured import CELL
from calc_engine.engine.lowering.scopes import PLAIN_KINDS, PayeeScope
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import FigureTooLarge
from calc_engine.engine.values import (
    TRUE,
    case,
    compare,
    every,
    greatest,
    is_unknown,
    known_or,
    least,
    some,
    whole,
)
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit
from premia_plan.reference.attribute import attribute_value

_SAME = tuple((name, name) for name in CELL)
LAST_DAY = Column("p_last_day", Kind.DATE)
TYPES = {Kind.TEXT: pa.string(), Kind.DATE: pa.date32(), Kind.BOOL: pa.bool_()}


def is_on(first: str, until: str, on: Expression) -> Expression:
    """Return whether a piece of time holds a day."""
    return every(
        compare("<=", Column(first, Kind.DATE), on), compare("<", on, Column(until, Kind.DATE))
    )


def everybody(context: Context, kind: PeriodKind) -> Relation:
    """Return who is in the plan on some day of each period of its validity."""
    inside = in_plan(context, kind)
    return only(Filter(inside, column(inside, "in_validity")), *CELL)


def in_plan(context: Context, kind: PeriodKind) -> Scan:
    """Return who takes part and is assigned on some day of each period that is looked at.

    `principal_no` is under whom, the first by name, and `accepted` whether the plan is by then; of
    a period after the plan's end all of it is as on the plan's last day.
    """
    name = f"in_plan_{kind}"
    present = _present(context, kind)
    own = (*CELL, "principal_no")
    under = Aggregate(present, CELL, {"first": ("min", column(present, "principal_no"))})
    last = Aggregate(present, own, {"last": ("max", column(present, "until_day"))})
    chosen = Join(under, last, (*_SAME, ("first", "principal_no")), {"last": "last"})
    on = (*_SAME, ("first", "principal_no"), ("last", "until_day"))
    take = {"accepted": "accepted", "in_validity": "in_validity"}
    found = only(Join(chosen, present, on, take), *CELL, *take, principal_no="first")
    if name in {step.name for step in context.program.steps}:
        return Scan(name, dict(columns_of(found)))
    return context.program.name(name, found, kept=True)


def _present(context: Context, kind: PeriodKind) -> Scan:
    """Return the pieces of time in which payees are in the plan under a principal, by period."""
    name = f"present_{kind}"
    members, found = in_pieces(context), periods(context, kind)
    take = {"principal_no": "principal_no", "until_day": "u", "accepted": "accepted"}
    overlapping = every(
        compare("<=", Column("f", Kind.DATE), Column("w_last", Kind.DATE)),
        compare("<", Column("w_first", Kind.DATE), Column("u", Kind.DATE)),
    )
    joined = Join(
        found,
        members,
        (("plan_no", "plan_no"),),
        {"payee_no": "payee_no", "f": "f", "u": "u", **take},
        test=overlapping,
    )
    narrow = only(joined, *CELL, *take, "in_validity")
    if name in {step.name for step in context.program.steps}:
        return Scan(name, dict(columns_of(narrow)))
    return context.program.name(name, narrow, kept=True)


def with_assigned(context: Context, cells: Relation) -> Relation:
    """Add under whom each payee is assigned in the period: the first by name, or none (0)."""
    assignments = context.scan("assignments")
    bounds = columns_of(cells)
    starts, ends = Column("v_from", Kind.DATE), Column("v_until", Kind.DATE)
    overlapping = Join(
        only(cells, *CELL, "p_first_day", "p_last_day"),
        assignments,
        (("plan_no", "plan_no"), ("payee_no", "payee_no")),
        {"own_principal": "principal_no", "v_from": "valid_from", "v_until": "valid_to"},
        test=every(
            some(is_unknown(starts), compare("<=", starts, LAST_DAY)),
            some(is_unknown(ends), compare(">", ends, Column("p_first_day", Kind.DATE))),
        ),
    )
    first = Aggregate(overlapping, CELL, {"first": ("min", Column("own_principal", Kind.WHOLE))})
    joined = Join(cells, first, _SAME, {"first": "first"}, keeps_left=True)
    named = extended(joined, principal_no=known_or(Column("first", Kind.WHOLE), whole(0)))
    return only(named, *bounds, "principal_no")


def with_reason(context: Context, cells: Relation) -> Relation:
    """Add why payees who are not in the plan are not: by the last day that is asked."""
    who = _taking_part(context)
    joined = Join(
        cells,
        who,
        (("payee_no", "payee_no"),),
        {"w_from": "w_from", "w_until": "w_until"},
        test=is_on("w_from", "w_until", Column("w_last", Kind.DATE)),
        keeps_left=True,
    )
    standing = case(
        [(is_unknown(Column("w_from", Kind.DATE)), whole(Standing.NOT_PARTICIPATING))],
        whole(Standing.NOT_ASSIGNED),
    )
    return only(extended(joined, standing=standing), *columns_of(cells), "standing")


def _taking_part(context: Context) -> Relation:
    """Return who takes part in the plan, assigned or not, in pieces of time."""
    pieces = context.scan("payee_pieces")
    known = Join(
        pieces, context.scan("payees"), (("payee_no", "payee_no"),), {"payee_id": "payee_id"}
    )
    takes_part = lower(
        context.plan.participants.expression, PayeeScope(context.plan, columns_of(known))
    )
    return only(
        Filter(known, takes_part.condition), "payee_no", w_from="from_day", w_until="until_day"
    )


def in_pieces(context: Context) -> Relation:
    """Return who takes part in the plan and is assigned under a principal, in pieces of time."""
    standings = context.scan("standings")
    own = Filter(standings, column(standings, "is_own"))
    both = Join(
        own,
        _taking_part(context),
        (("payee_no", "payee_no"),),
        {"w_from": "w_from", "w_until": "w_until"},
        test=every(
            compare("<", Column("from_day", Kind.DATE), Column("w_until", Kind.DATE)),
            compare("<", Column("w_from", Kind.DATE), Column("until_day", Kind.DATE)),
        ),
    )
    is_accepted: Expression = TRUE
    if context.plan.acceptance_required:
        is_accepted = column(both, "is_accepted")
    cut = extended(
        both,
        f=greatest(column(both, "from_day"), Column("w_from", Kind.DATE)),
        u=least(column(both, "until_day"), Column("w_until", Kind.DATE)),
        accepted=is_accepted,
    )
    return only(cut, "plan_no", "payee_no", "principal_no", "f", "u", "accepted")


def with_attribute(
    context: Context, relation: Relation, name: str, place: str, on: Expression
) -> tuple[Relation, Value]:
    """Add what an attribute of each row's payee was on a day, as the column `place`."""
    pieces, value = attribute(context, name)
    joined = Join(
        relation,
        pieces,
        (("payee_no", "payee_no"),),
        {place: "v", "v_from": "v_from", "v_until": "v_until"},
        test=is_on("v_from", "v_until", on),
        keeps_left=True,
    )
    found = only(joined, *columns_of(relation), place)
    if isinstance(value, Ratio):
        own = Column(place, Kind.WHOLE)
        return found, Ratio(own, value.denominator, value.most, value.most_below)
    return found, Column(place, value.kind)


def attribute(context: Context, name: str) -> tuple[Relation, Value]:
    """Return what an attribute of payees was, in pieces of time, and its column `v` as a value.

    The pieces have `payee_no`, `v_from`, `v_until` and `v`.

    Raises:
        FigureTooLarge: if a recorded number needs more than 63 bits in its column's scale.
    """
    word = name.removeprefix("payee.")
    pieces = context.scan("payee_pieces")
    span = {"v_from": "from_day", "v_until": "until_day"}
    if word == "id":
        whose = Join(
            pieces, context.scan("payees"), (("payee_no", "payee_no"),), {"payee_id": "payee_id"}
        )
        return only(whose, "payee_no", v="payee_id", **span), Column("v", Kind.TEXT)
    unit = context.plan.payee_attributes.get(word, Unit.TEXT)
    written = attribute_column(word)
    if written not in columns_of(pieces):
        kind = PLAIN_KINDS.get(unit, Kind.WHOLE)
        nothing = only(extended(pieces, v=Constant(None, kind)), "payee_no", "v", **span)
        return nothing, _as_value(kind, 1, 0)
    if unit is Unit.TEXT:
        return only(pieces, "payee_no", v=written, **span), Column("v", Kind.TEXT)
    values, value = _read(context, word, unit)
    read = Join(pieces, values, ((written, "written"),), {"v": "v"}, keeps_left=True)
    return only(read, "payee_no", "v", **span), value


def _read(context: Context, word: str, unit: Unit) -> tuple[Relation, Value]:
    """Return what each text of an attribute means in its unit."""
    table = context.arranged.tables["payee_attributes"]
    texts = sorted({t for t in table.column(attribute_column(word)).to_pylist() if t is not None})
    kind = PLAIN_KINDS.get(unit, Kind.WHOLE)
    read: dict[str, object] = {text: attribute_value(text, unit) for text in texts}
    scale = most = 1
    if kind is Kind.WHOLE:
        numbers = {t: v for t, v in read.items() if isinstance(v, Fraction)}
        scale = lcm(*(number.denominator for number in numbers.values()))
        read = {t: int(number * scale) for t, number in numbers.items()}
        most = max((abs(int(number * scale)) for number in numbers.values()), default=0)
        if most >= 1 << 63:
            raise FigureTooLarge("the facts", f"payee.{word} needs more than 63 bits")
    schema = pa.schema([("written", pa.string()), ("v", TYPES.get(kind, pa.int64()))])
    values = context.program.give(f"values_of_{word}", schema, list(read.items()))
    return values, _as_value(kind, scale, most)


def _as_value(kind: Kind, scale: int, most: int) -> Value:
    own = Column("v", kind)
    return Ratio.scaled(own, scale, most) if kind is Kind.WHOLE else own
