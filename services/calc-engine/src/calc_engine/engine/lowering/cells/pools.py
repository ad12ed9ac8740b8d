"""Pools on the sheet of a component: what is in each, and what each member's share is."""

from dataclasses import dataclass

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Distinct,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    Window,
    column,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.groups import (
    GROUPS,
    NO_GROUP,
    NOBODYS,
    NOT_A_MEMBER,
    OTHERS,
    WHOLE_POOL,
    Sheet,
    gathered,
    group_name,
    of_refused,
    with_membership,
)
from calc_engine.engine.lowering.cells.periods import FACTS, periods
from calc_engine.engine.lowering.cells.places import GROUP
from calc_engine.engine.lowering.cells.populations import IN_GROUP, members
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.lowered import Gap, Lowered
from calc_engine.engine.lowering.measured import STAGE
from calc_engine.engine.lowering.stepping import MOST_UNITS, Steps
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    absolute,
    add,
    case,
    compare,
    divide,
    is_known,
    is_unknown,
    known_or,
    multiply,
    narrow,
    negative,
    remainder,
    subtract,
    whole,
    wide,
)
from premia_plan.checked import Pool
from premia_plan.period import PeriodKind

NO_AMOUNT, NO_WEIGHT = -3, -4
"""Why there is no share besides what keeps figures of a population from being known."""


def weight_name(pool: str) -> str:
    """Return under which name the weight of a member is written down."""
    return f"{pool} weight"


def amount_name(pool: str) -> str:
    """Return under which name what is in a pool is written down, before its steps."""
    return f"{pool} amount"


def pool_figure(pool: str) -> str:
    """Return under which name what is in a pool is written down."""
    return f"pool {pool}"


def pool_owner(owner: str, pool: str) -> str:
    """Return the owner of the sheet of a pool that a sheet reads."""
    return f"{owner}__pool_{pool}"


def share_name(component: str) -> str:
    """Return under which name a payee's share is written down."""
    return f"share of {component}"


def pool_share(sheet: Sheet, component: str, pool: Pool) -> Lowered:
    """Return a payee's share of a pool, written down.

    Raises:
        NotLowered: if it is shared by quotients, or something in it is not lowered.
    """
    if pool.over != sheet.kind or pool.weights is None:
        raise NotLowered(f"{pool.name}, a pool of another kind of period,")
    inner, amounts = gathered(sheet, pool.among), _filled(sheet, pool)
    weight = inner.formula(weight_name(pool.name), pool.weights)
    shares = _shared_out(sheet, pool, weight, f"{sheet.owner}_{pool.name}")
    word = f"share_{pool.name}"
    names = ("part", "refused", "weights")
    sheet.relation = Join(
        sheet.relation,
        shares,
        tuple((key, key) for key in STAGE),
        {f"{word}_{name}": name for name in names},
        keeps_left=True,
    )
    _with_pool_amount(sheet, pool, amounts, word)
    belongs = with_membership(sheet, pool.among, word)
    part, refused, weights = (column(sheet.relation, f"{word}_{name}") for name in names)
    group = Column(group_name(pool.among), Kind.TEXT)
    outside = compare("=", belongs, whole(0))
    no_amount = is_unknown(Column(f"{word}_amount", Kind.WHOLE))
    because: list[tuple[Expression, Expression]] = [
        (outside, whole(NOT_A_MEMBER)),
        (is_unknown(group), whole(NO_GROUP)),
        (no_amount, whole(NO_AMOUNT)),
        (is_known(refused), refused),
        (compare("=", known_or(weights, wide(whole(0))), whole(0)), whole(NO_WEIGHT)),
    ]
    others: list[tuple[Expression, Expression]] = [
        (outside, whole(OTHERS)),
        (is_unknown(group), whole(GROUPS)),
        (no_amount, Column(f"{word}_others", Kind.WHOLE)),
        (is_known(refused), of_refused(sheet, inner, weight_name(pool.name), refused)),
    ]
    value = Ratio.scaled(part, int(10**sheet.context.places), MOST_UNITS)
    name = share_name(component)
    found = sheet.put(name, value, case(because, whole(None)), others=case(others, whole(OTHERS)))
    return Lowered(found, (Gap(is_unknown(found.numerator), name, stops=True),))


def _filled(sheet: Sheet, pool: Pool) -> Sheet:
    """Return the sheet of what is in a pool for the groups of a sheet's payees."""
    found = sheet.pools.get(pool.name)
    if found is not None:
        return found
    context, rule = sheet.context, sheet.context.plan.populations[pool.among]
    numbers = _group_numbers(context, pool.among, sheet.kind)
    inner = sheet.groups[pool.among]
    asked = Distinct(
        Filter(
            only(inner.base, "plan_no", "month", "as_of", IN_GROUP),
            is_known(column(inner.base, IN_GROUP)),
        )
    )
    pool_group = IN_GROUP if rule.is_grouped else WHOLE_POOL
    of_groups = Join(asked, numbers, ((IN_GROUP, IN_GROUP),), {"payee_no": "group_no"})
    dated: Relation = Join(
        only(of_groups, *STAGE, IN_GROUP),
        periods(context, sheet.kind),
        (("plan_no", "plan_no"), ("month", "month")),
        {fact: fact for fact in FACTS},
    )
    owner = pool_owner(sheet.owner, pool.name)
    named = context.program.name(f"pool_{owner}", dated, kept=True)
    found = sheet.pools[pool.name] = sheet.beside(owner, named)
    found.pool_group = pool_group
    _fill(found, pool)
    return found


def _fill(sheet: Sheet, pool: Pool) -> None:
    """Write down what is in a pool, to the cent and after its steps."""
    places = sheet.context.places
    name = amount_name(pool.name)
    exact = sheet.formula(name, pool.amount)
    units = Ratio.scaled(exact.rounded(places), int(10**places), MOST_UNITS)
    gap = Gap(is_unknown(exact.numerator), name, stops=True)
    steps = Steps(sheet, f"pool_{pool.name}", pool.steps, sheet, places)
    found = steps.apply(Lowered(units, (gap,), is_clean=False))
    figure = pool_figure(pool.name)
    sheet.places[figure] = f"pool_{pool.name}_pay"
    sheet.words[figure] = steps.words
    gaps = [(condition, word.split("|", 1)[1]) for condition, word in steps.gaps]
    others = [(condition, sheet.others_of(each)) for condition, each in gaps]
    sheet.relation = extended(
        sheet.relation, pool_units=found.rounded(places), pool_others=case(others, NOBODYS)
    )


def _group_numbers(context: Context, population: str, kind: PeriodKind) -> Scan:
    """Return the groups of a population, numbered below zero."""
    name = f"groups_{population}_{kind}"
    schema = {IN_GROUP: Kind.TEXT, "group_no": Kind.WHOLE}
    if name in {step.name for step in context.program.steps}:
        return Scan(name, schema)
    found = members(context, population, kind)
    groups = Distinct(only(Filter(found, is_known(column(found, IN_GROUP))), IN_GROUP))
    alike = extended(groups, plan_no=whole(0))
    placed = Window(alike, "group_place", "place", None, ("plan_no",), ((IN_GROUP, "rising"),))
    numbered = extended(placed, group_no=negative(Column("group_place", Kind.WHOLE)))
    return context.program.name(name, only(numbered, *schema), kept=True)


def _with_pool_amount(sheet: Sheet, pool: Pool, amounts: Sheet, word: str) -> None:
    """Add what is in the pool of each payee's group, in cents, and whose matter its absence is."""
    told = amounts.relation
    keys = ("plan_no", "month", "as_of")
    sheet.relation = Join(
        sheet.relation,
        only(told, *keys, IN_GROUP, "pool_units", "pool_others"),
        (*((key, key) for key in keys), (group_name(pool.among), IN_GROUP)),
        {f"{word}_amount": "pool_units", f"{word}_others": "pool_others"},
        keeps_left=True,
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The members of groups with what is in their pool, and what they weigh."""

    rows: Scan
    sums: Relation


def _shared_out(sheet: Sheet, pool: Pool, weight: Ratio, name: str) -> Scan:
    """Return what every member gets of the group's pool: `part`, in cents.

    Rounded down, leftover cents go to the largest lost fractions, then in the order of payees.
    `refused` is the first member whose weight is unknown, `weights` the sum of all above zero.
    """
    if weight.fixed_denominator is None:
        raise NotLowered("pools that are shared by quotients")
    weighed = _weighed(sheet, pool, weight, name)
    take = {"all_weights": "all_weights", "refused": "refused"}
    both = Join(weighed.rows, weighed.sums, tuple((key, key) for key in GROUP), take)
    total, own = Column("pool_units", Kind.WHOLE), Column("w", Kind.WIDE)
    all_weights = Column("all_weights", Kind.WIDE)
    divisor = case([(compare("=", all_weights, whole(0)), wide(whole(1)))], all_weights)
    product = multiply(wide(absolute(total)), own)
    cut = extended(both, down=narrow(divide(product, divisor)), lost=remainder(product, divisor))
    given = Window(cut, "given", "total", Column("down", Kind.WHOLE), GROUP)
    placed = Window(
        given, "at_lost", "place", None, GROUP, (("lost", "falling"), ("payee_no", "rising"))
    )
    left = subtract(absolute(total), Column("given", Kind.WHOLE))
    gets_one = compare("<=", Column("at_lost", Kind.WHOLE), left)
    size = add(Column("down", Kind.WHOLE), case([(gets_one, whole(1))], whole(0)))
    part = case([(compare("<", total, whole(0)), negative(size))], size)
    told = only(
        extended(placed, part=part, weights=all_weights), *STAGE, "part", "refused", "weights"
    )
    return sheet.context.program.name(f"shares_{name}", told, kept=True)


def _weighed(sheet: Sheet, pool: Pool, weight: Ratio, name: str) -> _Weighed:
    inner, amounts = sheet.groups[pool.among], sheet.pools[pool.name]
    none = is_unknown(weight.numerator)
    counts = case(
        [(compare(">", weight.numerator, whole(0)), wide(weight.numerator))], wide(whole(0))
    )
    payee = Column("payee_no", Kind.WHOLE)
    rows = extended(inner.relation, w=counts, lacks=case([(none, payee)], whole(None)))
    kept = only(Filter(rows, is_known(column(rows, IN_GROUP))), *STAGE, IN_GROUP, "w", "lacks")
    told = amounts.relation
    with_amount = Join(
        kept,
        only(told, *GROUP, "pool_units"),
        tuple((key, key) for key in GROUP),
        {"pool_units": "pool_units"},
    )
    named = sheet.context.program.name(f"weighed_{name}", with_amount, kept=True)
    sums = Aggregate(
        named,
        GROUP,
        {
            "all_weights": ("sum", Column("w", Kind.WIDE)),
            "refused": ("min", column(named, "lacks")),
        },
    )
    return _Weighed(named, sums)
