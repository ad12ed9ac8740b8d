"""Who is in the plan on a period's last day, under whom, and what is known of them then."""

from fractions import Fraction
from math import lcm

import pyarrow as pa

from calc_engine.engine.codes import Standing
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Constant,
    Distinct,
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
from calc_engine.engine.lowering.formulas import Value, lower
from calc_engine.engine.lowering.measured import CELL
from calc_engine.engine.lowering.scopes import PLAIN_KINDS, PayeeScope
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import FigureTooLarge
from calc_engine.engine.values import (
    FALSE,
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
from premia_plan.language import Formula
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit
from premia_plan.reference.attribute import attribute_value

LAST_DAY = Column("p_last_day", Kind.DATE)
TYPES = {Kind.TEXT: pa.string(), Kind.DATE: pa.date32(), Kind.BOOL: pa.bool_()}


def is_on(first: str, until: str, on: Expression) -> Expression:
    """Return whether a piece of time holds a day."""
    return every(
        compare("<=", Column(first, Kind.DATE), on), compare("<", on, Column(until, Kind.DATE))
    )


def everybody(context: Context, kind: PeriodKind, among: Formula | None = None) -> Scan:
    """Return who takes part and is assigned on the last day of each period of the plan's validity.

    `among` is a further condition on the payee.
    """
    name = f"everybody_{kind}"
    if among is not None:
        name += among.path.replace("/", "_")
    closing = periods(context, kind)
    open_ = Filter(closing, column(closing, "in_validity"))
    found = only(_taking_part(context, open_, among), *CELL)
    if name in {step.name for step in context.program.steps}:
        return Scan(name, dict(columns_of(found)))
    return context.program.name(name, Distinct(found), kept=True)


def _taking_part(context: Context, closing: Relation, among: Formula | None) -> Relation:
    """Return the payees who take part and are assigned on the last days of periods."""
    pieces = context.scan("payee_pieces")
    known = Join(
        pieces,
        context.scan("payees"),
        (("payee_no", "payee_no"),),
        {"payee_id": "payee_id"},
    )
    scope = PayeeScope(columns_of(known))
    takes_part = lower(context.plan.participants.expression, scope).condition
    if among is not None:
        takes_part = every(takes_part, lower(among.expression, scope).condition)
    who = only(Filter(known, takes_part), "payee_no", w_from="from_day", w_until="until_day")
    present = Join(
        closing,
        who,
        (),
        {"payee_no": "payee_no", "w_from": "w_from", "w_until": "w_until"},
        test=is_on("w_from", "w_until", LAST_DAY),
    )
    standings = context.scan("standings")
    assigned = Filter(standings, column(standings, "is_assigned"))
    return Join(
        present,
        assigned,
        (("plan_no", "plan_no"), ("payee_no", "payee_no")),
        {"s_from": "from_day", "s_until": "until_day"},
        test=is_on("s_from", "s_until", LAST_DAY),
    )


def with_principal(context: Context, cells: Relation) -> Relation:
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
    joined = Join(
        cells, first, tuple((key, key) for key in CELL), {"first": "first"}, keeps_left=True
    )
    named = extended(joined, principal_no=known_or(Column("first", Kind.WHOLE), whole(0)))
    return only(named, *bounds, "principal_no")


def with_acceptance(context: Context, cells: Relation) -> Relation:
    """Add whether each payee has accepted the plan by the period's last day, if paid at all."""
    if not context.plan.acceptance_required:
        return extended(cells, accepted=TRUE)
    standing = _standings_ever(context)
    joined = Join(
        cells,
        standing,
        tuple((name, name) for name in ("plan_no", "payee_no", "principal_no")),
        {"a_standing": "standing", "a_accepted": "accepted", "a_from": "f", "a_until": "u"},
        test=is_on("a_from", "a_until", LAST_DAY),
        keeps_left=True,
    )
    is_paid = compare("=", Column("a_standing", Kind.WHOLE), whole(Standing.PAID))
    accepted = case([(known_or(is_paid, FALSE), Column("a_accepted", Kind.BOOL))], TRUE)
    return only(extended(joined, accepted=accepted), *columns_of(cells), "accepted")


def _standings_ever(context: Context) -> Relation:
    """Return who is paid by the plan, and has accepted it, in pieces of all time."""
    pieces = context.scan("payee_pieces")
    known = Join(
        pieces, context.scan("payees"), (("payee_no", "payee_no"),), {"payee_id": "payee_id"}
    )
    takes_part = lower(context.plan.participants.expression, PayeeScope(columns_of(known)))
    who = only(
        Filter(known, takes_part.condition), "payee_no", w_from="from_day", w_until="until_day"
    )
    standings = context.scan("standings")
    own = Filter(standings, column(standings, "is_own"))
    both = Join(
        own,
        who,
        (("payee_no", "payee_no"),),
        {"w_from": "w_from", "w_until": "w_until"},
        test=every(
            compare("<", Column("from_day", Kind.DATE), Column("w_until", Kind.DATE)),
            compare("<", Column("w_from", Kind.DATE), Column("until_day", Kind.DATE)),
        ),
    )
    cut = extended(
        both,
        f=greatest(column(both, "from_day"), Column("w_from", Kind.DATE)),
        u=least(column(both, "until_day"), Column("w_until", Kind.DATE)),
        standing=whole(Standing.PAID),
        accepted=column(both, "is_accepted"),
    )
    return only(cut, "plan_no", "payee_no", "principal_no", "f", "u", "standing", "accepted")


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
