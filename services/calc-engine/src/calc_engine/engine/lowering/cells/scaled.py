"""What payees get of a component that is scaled to what is in a pool."""

from calc_engine.engine.ir import Column, Expression, Join, Kind, column, extended, only
from calc_engine.engine.lowering.cells.groups import NOBODYS, Sheet, gathered, of_refused
from calc_engine.engine.lowering.cells.people import in_plan
from calc_engine.engine.lowering.cells.pools import (
    NO_AMOUNT,
    filled,
    shared_out,
    with_pool_amount,
)
from calc_engine.engine.lowering.lowered import chosen_number
from calc_engine.engine.lowering.measured import CELL, STAGE
from calc_engine.engine.lowering.stepping import MOST_UNITS
from calc_engine.engine.presence import has_floor
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    TRUE,
    case,
    compare,
    every,
    is_known,
    is_unknown,
    known_or,
    multiply,
    negated,
    some,
    whole,
    wide,
)
from premia_plan.checked import CellComponent, Pool

NO_PAY = -5
"""Why there is no scaled pay: there is none to scale."""


def unscaled_name(component: str) -> str:
    """Return under which name a member's pay is written down before it is scaled."""
    return f"{component} unscaled"


def scaled_name(component: str) -> str:
    """Return under which name a payee's pay is written down after it is scaled."""
    return f"{component} scaled"


def scaled(sheet: Sheet, component: CellComponent, pool: Pool, own: Ratio) -> Ratio:
    """Return a payee's pay, scaled with that of all other members of the pool's population.

    `<name>_scaled` says whether it is. Who gets less than nothing keeps that, and who is not of
    the population what it is.

    Raises:
        NotLowered: if the pay is a quotient, or something in the pool is not lowered.
    """
    name, context = component.name, sheet.context
    if pool.over != sheet.kind:
        raise NotLowered(f"{pool.name}, a pool of another kind of period,")
    inner, amounts = gathered(sheet, pool.among), filled(sheet, pool)
    weight = _unscaled(inner, component)
    shares = shared_out(sheet, pool, weight, f"{sheet.owner}_scaled")
    word, names = f"scaled_{name}", ("part", "refused", "weights")
    sheet.relation = Join(
        sheet.relation,
        shares,
        tuple((key, key) for key in STAGE),
        {f"{word}_{each}": each for each in names},
        keeps_left=True,
    )
    with_pool_amount(sheet, pool, amounts, word)
    part, refused, weights = (column(sheet.relation, f"{word}_{each}") for each in names)
    amount = Column(f"{word}_amount", Kind.WHOLE)
    is_member, none = is_known(weights), is_unknown(own.numerator)
    nothing = compare("=", weights, whole(0))
    because: list[tuple[Expression, Expression]] = [
        (none, whole(NO_PAY)),
        (every(is_member, is_known(refused)), refused),
        (every(is_member, is_unknown(amount)), whole(NO_AMOUNT)),
    ]
    others = [
        (none, sheet.others_of(name)),
        (
            every(is_member, is_known(refused)),
            of_refused(sheet, inner, unscaled_name(name), refused),
        ),
        (every(is_member, is_unknown(amount)), Column(f"{word}_others", Kind.WHOLE)),
    ]
    kept: Expression = some(compare("<", own.numerator, whole(0)), nothing)
    if not pool.both_ways:
        below = weight.fixed_denominator or 1
        scale = multiply(weights, wide(whole(10**context.places)))
        kept = some(kept, compare("<=", scale, multiply(wide(amount), whole(below))))
    is_scaled = every(is_member, negated(known_or(kept, FALSE)))
    sheet.relation = extended(sheet.relation, **{f"{name}_scaled": is_scaled})
    share = Ratio.scaled(part, int(10**context.places), MOST_UNITS)
    value = chosen_number(Column(f"{name}_scaled", Kind.BOOL), share, own)
    found = sheet.put(
        scaled_name(name), value, case(because, whole(None)), others=case(others, NOBODYS)
    )
    sheet.places[name] = sheet.places[scaled_name(name)]
    return found


def _unscaled(sheet: Sheet, component: CellComponent) -> Ratio:
    """Write down what members get before it is scaled: the amount itself where none is due."""
    name = component.name
    if has_floor(component):
        raise NotLowered(f"{name}, scaled after floors,")
    amount, paid = sheet.stepped(component)
    if amount.number.fixed_denominator is None:
        raise NotLowered(f"{name}, scaled with an amount that is a quotient,")
    is_due = _with_due(sheet, component)
    value = chosen_number(is_due, paid, amount.number)
    missing = case(
        [
            (every(is_due, is_unknown(paid.numerator)), whole(0)),
            (negated(is_due), amount.missing_place),
        ],
        whole(None),
    )
    words = tuple(amount.words)
    before = case([(gap.condition, sheet.others_of(gap.name)) for gap in amount.missing], NOBODYS)
    others = case([(is_due, sheet.others_of(name))], before)
    return sheet.put(unscaled_name(name), value, missing, words, others)


def _with_due(sheet: Sheet, component: CellComponent) -> Column:
    """Add whether a member's pay is due: who is in the plan, and after its end what is known."""
    same = tuple((key, key) for key in CELL)
    inside = extended(only(in_plan(sheet.context, sheet.kind), *CELL), present=TRUE)
    known = extended(only(sheet.asked.known(component), *CELL), own_known=TRUE)
    joined = Join(sheet.relation, inside, same, {"due_present": "present"}, keeps_left=True)
    both = Join(joined, known, same, {"due_known": "own_known"}, keeps_left=True)
    present, is_known_ = (
        known_or(Column(f"due_{word}", Kind.BOOL), FALSE) for word in ("present", "known")
    )
    due = every(present, some(Column("in_validity", Kind.BOOL), is_known_))
    sheet.relation = extended(both, is_due=due)
    return Column("is_due", Kind.BOOL)
