"""Earnings cut into release shares: released, held, dropped, and taken back on a reversal."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from calc_engine.engine.codes import Standing, What, Why
from calc_engine.engine.id_halves import HALVES
from calc_engine.engine.ir import (
    Column,
    Constant,
    Expression,
    Filter,
    Kind,
    Project,
    Relation,
    column,
    columns_of,
    extended,
)
from calc_engine.engine.line_kinds import HELD_AS, KIND, LineKinds
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.facts import SOLD_NO, are_sealed
from calc_engine.engine.lowering.functions import last_day_of_month
from calc_engine.engine.lowering.moments import Due, with_due_day
from calc_engine.engine.lowering.rated import row_column
from calc_engine.engine.lowering.schedules import (
    NO_MONTH,
    is_reversed,
    outcome,
    schedule_of,
    share_column,
    takes_back,
)
from calc_engine.engine.lowering.taking import depends, part_taken
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.slots import Slot, slots
from calc_engine.engine.values import (
    FALSE,
    absolute,
    add,
    case,
    compare,
    every,
    greatest,
    is_known,
    is_unknown,
    known_or,
    least,
    multiply,
    negated,
    negative,
    some,
    subtract,
    whole,
)
from premia_plan.checked import CreditComponent

COMPETENCE = Column("competence", Kind.WHOLE)
EARNED = Column("earned_units", Kind.WHOLE)


def settled(
    context: Context, component: str, earnings: Relation, most_units: int
) -> list[Relation]:
    """Return the lines of earnings, one relation per share and outcome.

    The earnings have `earned_units`, `competence` and `accepted`; those on credits have what
    becomes of each share, others the order's states and reversal where the component's release or
    storno asks for them. None earns more than `most_units`. Those with a `why` are not paid: each
    is one line with that reason, told with the first share so that the earnings are gone through
    once.
    """
    schedule = slots(context.plan.release[component])
    cut = _cut(earnings, schedule, most_units)
    if schedule_of(context, component) is None:
        for place, share in enumerate(schedule):
            due, name = Due.of(share), _day_of(place).name
            if not due.is_plain or due.state is not None:
                cut = with_due_day(context, cut, due, COMPETENCE, name)
            if due.state is not None:
                cut = _not_before_the_close(cut, Column(name, Kind.DATE))
    reverses = takes_back(context, component)
    lines = []
    for place, share in enumerate(schedule):
        told = _told(context, component, share, place, reverses=reverses)
        lines.append(_share_lines(context, component, cut, told, place))
        if reverses:
            lines.append(_taken_back(context, component, cut, place, most_units))
    return lines


def line(context: Context, component: str, rows: Relation, **values: Expression) -> Relation:
    """Return rows as lines; what lands before the first month that is wanted is left out.

    A line that lands is held instead while its payee has not accepted the plan.
    """
    names = list(context.plan.components)
    lands = is_known(values["month"])
    held = every(lands, negated(column(rows, "accepted")))
    known = columns_of(rows)
    outputs: dict[str, Expression] = {
        "plan_no": column(rows, "plan_no"),
        "component": whole(names.index(component)),
        "payee_no": column(rows, "payee_no"),
        "principal_no": column(rows, "principal_no"),
        "what": case([(held, whole(What.HELD))], values["what"]),
        "was": case([(held, values["what"])], whole(None)),
        "outcome": case([(held, add(values["what"], whole(HELD_AS)))], values["what"]),
        "month": case([(held, NO_MONTH)], values["month"]),
        "competence": column(rows, "competence"),
        "units": values["units"],
        "of_units": values.get("of_units", values["units"]),
        "order_no": values.get("order_no", _if_known(known, "order_no", Kind.WHOLE)),
        "place": values.get("place", _if_known(known, "place", Kind.WHOLE)),
        "level": values.get("level", _if_known(known, "level", Kind.WHOLE)),
        "share": values["share"],
        "event": values.get("event", whole(0)),
        "why": values["why"],
        "standing": known_or(_if_known(known, "standing", Kind.WHOLE), whole(Standing.PAID)),
        **_rows_found(context, component, known),
        SOLD_NO: _if_known(known, SOLD_NO, Kind.WHOLE),
    }
    if are_sealed(context):
        outputs.update(_identity(context, known, outputs))
    wanted = rows
    if context.since:
        late = some(
            is_unknown(values["month"]),
            known_or(compare(">=", values["month"], whole(context.since)), FALSE),
        )
        wanted = Filter(rows, late)
    return Project(wanted, outputs)


def _identity(
    context: Context, known: Mapping[str, Kind], outputs: Mapping[str, Expression]
) -> dict[str, Expression]:
    """Return what a line's id is made of: its kind, and its order's and its payee's part."""
    parts = {name: outputs[name] for name in KIND}
    kinds = LineKinds(context.plan)
    number = kinds.number(parts)
    if context.plans:
        number = add(number, multiply(outputs["plan_no"], whole(kinds.room)))
    found: dict[str, Expression] = {"kind_code": number}
    found.update({f"part_{half}": _if_known(known, f"part_{half}", Kind.WHOLE) for half in HALVES})
    return found


def _if_known(known: Mapping[str, Kind], name: str, kind: Kind) -> Expression:
    return Column(name, kind) if name in known else Constant(None, kind)


def _rows_found(
    context: Context, component: str, known: Mapping[str, Kind]
) -> dict[str, Expression]:
    """Return the rows that were found in the tables a component's amount names, in that order."""
    tables = {
        name: [table for table in item.amount.names if table in context.plan.tables]
        for name, item in context.plan.components.items()
        if isinstance(item, CreditComponent)
    }
    own = [_if_known(known, row_column(table), Kind.WHOLE) for table in tables.get(component, ())]
    most = max(map(len, tables.values()), default=0)
    own += [whole(None)] * (most - len(own))
    return {f"row_{place}": found for place, found in enumerate(own)}


def _day_of(place: int) -> Column:
    """Return the column with the day of a share of a period's pay; one due at a close has none."""
    return Column(f"due_{place}", Kind.DATE)


def _not_before_the_close(rows: Relation, on: Column) -> Relation:
    """Let a day on which a share is due be no earlier than the last one of its period."""
    close = last_day_of_month(COMPETENCE)
    later = case([(is_known(on), greatest(on, close))], Constant(None, Kind.DATE))
    return extended(rows, **{on.name: later})


def _refused(earnings: Relation) -> Expression | None:
    """Return whether an earning is not paid; None where all are paid."""
    if "why" not in columns_of(earnings):
        return None
    return compare("!=", column(earnings, "why"), whole(Why.NONE))


def _cut(earnings: Relation, schedule: Sequence[Slot], most_units: int) -> Relation:
    """Add what each share takes; the share without a ratio takes what is left."""
    if len(schedule) == 1 and schedule[0].ratio is None:
        return extended(earnings, share_0=EARNED)
    size: Expression = absolute(EARNED)
    cut, before = extended(earnings, given=whole(0)), Fraction(0)
    for place, share in enumerate(schedule):
        # The running total is rounded, so that many equal shares stay within a unit.
        before += share.ratio or 0
        given = Column("given", Kind.WHOLE)
        upto = size if share.ratio is None else least(size, _part(size, before, most_units))
        cut = extended(cut, **{f"upto_{place}": upto})
        own = subtract(Column(f"upto_{place}", Kind.WHOLE), given)
        cut = extended(
            cut,
            given=Column(f"upto_{place}", Kind.WHOLE),
            **{f"share_{place}": case([(compare("<", EARNED, whole(0)), negative(own))], own)},
        )
    return cut


def _part(size: Expression, ratio: Fraction, most_units: int) -> Expression:
    """Return a part of a size, rounded half up."""
    return (Ratio.scaled(size, 1, most_units) * Ratio.written(ratio)).rounded(0)


def _told(
    context: Context, component: str, share: Slot, place: int, *, reverses: bool
) -> tuple[Expression, Expression, Expression]:
    """Return what becomes of a share, in which month it lands, and why."""
    schedule = schedule_of(context, component)
    if schedule is None:
        due = Due.of(share)
        on = _day_of(place)
        return outcome(context, due, COMPETENCE, on, reverses=reverses, closes=True)
    what, lands, why = (
        Column(share_column(word, schedule, place), Kind.WHOLE) for word in ("what", "lands", "why")
    )
    return what, lands, why


def _share_lines(
    context: Context,
    component: str,
    cut: Relation,
    told: tuple[Expression, Expression, Expression],
    place: int,
) -> Relation:
    what, lands, why = told
    units: Expression = Column(f"share_{place}", Kind.WHOLE)
    refused = _refused(cut)
    if refused is not None and place:
        cut = Filter(cut, negated(refused))
    elif refused is not None:
        what = case([(refused, whole(What.NOT_PAID))], what)
        lands = case([(refused, NO_MONTH)], lands)
        why = case([(refused, column(cut, "why"))], why)
        if len(slots(context.plan.release[component])) > 1:
            units = case([(refused, EARNED)], units)
    rows = extended(cut, o_what=what, o_month=lands, o_why=why, o_units=units)
    return line(
        context,
        component,
        rows,
        what=Column("o_what", Kind.WHOLE),
        month=Column("o_month", Kind.WHOLE),
        why=Column("o_why", Kind.WHOLE),
        units=Column("o_units", Kind.WHOLE),
        share=whole(place),
    )


def _taken_back(
    context: Context, component: str, cut: Relation, place: int, most_units: int
) -> Relation:
    """Return what a storno takes of the shares that were released before it."""
    schedule = schedule_of(context, component)
    if schedule is None:
        due = Due.of(slots(context.plan.release[component])[place])
        reversed_: Expression = is_reversed(context, due, COMPETENCE, _day_of(place))
    else:
        reversed_ = Column(share_column("back", schedule, place), Kind.BOOL)
    refused = _refused(cut)
    if refused is not None:
        reversed_ = every(reversed_, negated(refused))
    own = Column(f"share_{place}", Kind.WHOLE)
    ratio = part_taken(context, component)
    if depends(context, component) is not None:
        reversed_ = every(reversed_, negated(ratio.is_zero()))
    signed = negative(own)
    if ratio != Ratio.written(Fraction(1)):
        size = absolute(own)
        taken = least(size, (Ratio.scaled(size, 1, most_units) * ratio).rounded(0))
        signed = case([(compare("<", own, whole(0)), taken)], negative(taken))
    return line(
        context,
        component,
        Filter(cut, reversed_),
        what=whole(What.REVERSAL),
        month=column(cut, "reversal_month"),
        why=whole(Why.TAKEN_BACK),
        units=signed,
        of_units=own,
        share=whole(place),
    )
