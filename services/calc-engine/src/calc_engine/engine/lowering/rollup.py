"""Roll-ups: superiors credited with what those below them were credited with."""

from calc_engine.engine.id_halves import HALVES
from calc_engine.engine.ir import (
    Aggregate,
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
from calc_engine.engine.lowering.facts import payee_halves
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.rated import given_column, is_by_level, row_column, with_rate
from calc_engine.engine.lowering.scopes import CreditScope, OrderScope
from calc_engine.engine.lowering.shares import EXACT
from calc_engine.engine.lowering.standings import in_force, with_standing
from calc_engine.engine.values import (
    compare,
    every,
    exclusive_or,
    greatest,
    is_known,
    least,
    text,
    whole,
)
from premia_plan.checked import CreditComponent, RateTable, RollupCredit

TURNS = tuple(f"turn_{half}" for half in HALVES)
"""What turns the part of line ids of one below into that of his superior."""
_PAIR = ("plan_no", "payee_no")
_TURNED = ("payee_no", "superior_no")


def rolled_up(
    context: Context, rule: RollupCredit, below: Relation, standing: Scan, *, kept: bool
) -> Scan:
    """Return one row per credit below and superior, up to the rule's levels."""
    chains = context.scan("chains")
    scope = OrderScope(context.plan, context.arranged)
    day = lower(rule.dated_by.expression, scope).plain
    of_hierarchy = Filter(
        chains,
        every(
            compare("=", column(chains, "hierarchy"), text(rule.hierarchy)),
            compare("<=", column(chains, "level"), whole(rule.levels)),
        ),
    )
    if rule.dated_by.expression == context.plan.by.expression:
        above = _above(context, rule, of_hierarchy, standing)
        return _by_one_join(context, rule, below, above, kept=kept)
    dated = extended(below, roll_day=day)
    payee = column(dated, "payee_no")
    resolved = Filter(dated, every(is_known(payee), compare(">", payee, whole(0))))
    on = Column("roll_day", Kind.DATE)
    found: Relation = Join(
        resolved,
        _with_turns(context, of_hierarchy),
        (("payee_no", "payee_no"),),
        {
            "superior_no": "superior_no",
            "above": "level",
            "c_from": "from_day",
            "c_until": "until_day",
            **{name: name for name in _turns(context)},
        },
        test=every(
            compare("<=", Column("c_from", Kind.DATE), on),
            compare("<", on, Column("c_until", Kind.DATE)),
        ),
    )
    found = _turned(context, found)
    passed_on = _passed_on(below)
    superiors = only(found, *passed_on, payee_no="superior_no", level="above", below_no="payee_no")
    credits = with_standing(context, superiors, standing)
    _ask_unclear(context, rule, resolved)
    return context.program.name(f"credits_{rule.name}", credits, kept=kept)


def _passed_on(below: Relation) -> list[str]:
    """Return what a superior's credit has of the one below."""
    own = {"standing", "accepted", "payee_no", "level", "below_no", "payee_high", "payee_low"}
    return [name for name in columns_of(below) if name not in own | set(EXACT)]


def _turns(context: Context) -> tuple[str, ...]:
    return TURNS if payee_halves(context) else ()


def _with_turns(context: Context, chains: Relation) -> Relation:
    """Add to who stands above whom what turns the one's part of line ids into the other's."""
    halves = payee_halves(context)
    if not halves:
        return chains
    found = chains
    for whose in _TURNED:
        take = {f"{whose}_{name}": half for name, half in halves.items()}
        found = Join(found, context.scan("payees"), ((whose, "payee_no"),), take)
    turns: dict[str, Expression] = {
        turn: exclusive_or(*(column(found, f"{whose}_payee_{half}") for whose in _TURNED))
        for turn, half in zip(TURNS, HALVES, strict=True)
    }
    return only(extended(found, **turns), *columns_of(chains), *TURNS)


def _turned(context: Context, credits: Relation) -> Relation:
    """Make the superior's part of line ids of that of the one below."""
    if not _turns(context):
        return credits
    own: dict[str, Expression] = {
        f"part_{half}": exclusive_or(column(credits, f"part_{half}"), column(credits, turn))
        for turn, half in zip(TURNS, HALVES, strict=True)
    }
    return extended(credits, **own)


def _level_tables(context: Context, rule: RollupCredit) -> list[RateTable]:
    """Return the tables that components on a roll-up look up by the level alone."""
    names = [
        name
        for component in context.plan.components.values()
        if isinstance(component, CreditComponent) and component.of == rule.name
        for name in component.amount.names
        if name in context.plan.tables
    ]
    tables = [context.plan.tables[name] for name in dict.fromkeys(names)]
    return [table for table in tables if is_by_level(table)]


def _above(context: Context, rule: RollupCredit, chains: Relation, standing: Scan) -> Scan:
    """Return who stands above whom and how they stand towards the plan, in pieces of time."""
    found: Relation = Join(
        _with_turns(context, in_force(context, chains)),
        standing,
        (("superior_no", "payee_no"),),
        {
            "plan_no": "plan_no",
            "principal_no": "principal_no",
            "standing": "standing",
            "accepted": "is_accepted",
            "other_from": "from_day",
            "other_until": "until_day",
        },
        test=every(
            compare("<", Column("from_day", Kind.DATE), Column("other_until", Kind.DATE)),
            compare("<", Column("other_from", Kind.DATE), Column("until_day", Kind.DATE)),
        ),
    )
    if context.plans:
        # Of the plans that a superior meets, only those count that the one below meets.
        below = Aggregate(standing, _PAIR, {})
        found = Join(found, below, tuple((name, name) for name in _PAIR), {})
    pieces = extended(
        found,
        from_day=greatest(column(found, "from_day"), column(found, "other_from")),
        until_day=least(column(found, "until_day"), column(found, "other_until")),
    )
    narrow: Relation = only(
        pieces,
        *("plan_no", "payee_no", "principal_no", "from_day", "until_day"),
        *("level", "superior_no", "standing", "accepted"),
        *_turns(context),
    )
    scope = CreditScope(OrderScope(context.plan, context.arranged), context.places, 1, {})
    for table in _level_tables(context, rule):
        narrow, _ = with_rate(context, narrow, table, scope, rule.name)
    return context.program.name(f"above_{rule.name}", narrow, kept=True)


def _by_one_join(
    context: Context, rule: RollupCredit, below: Relation, above: Scan, *, kept: bool
) -> Scan:
    """Credit superiors with one join, of chain and standing, on the day that both go by."""
    payee, on = column(below, "payee_no"), column(below, "by_day")
    resolved = Filter(below, every(is_known(payee), compare(">", payee, whole(0))))
    rates = [
        name
        for table in _level_tables(context, rule)
        for name in (row_column(table.name), given_column(table.name))
    ]
    found: Relation = Join(
        resolved,
        above,
        tuple((name, name) for name in ("plan_no", "payee_no", "principal_no")),
        {
            "superior_no": "superior_no",
            "above": "level",
            "above_standing": "standing",
            "above_accepted": "accepted",
            "c_from": "from_day",
            "c_until": "until_day",
            **{name: name for name in (*_turns(context), *rates)},
        },
        test=every(
            compare("<=", Column("c_from", Kind.DATE), on),
            compare("<", on, Column("c_until", Kind.DATE)),
        ),
    )
    found = _turned(context, found)
    credits = only(
        found,
        *_passed_on(below),
        *rates,
        payee_no="superior_no",
        level="above",
        below_no="payee_no",
        standing="above_standing",
        accepted="above_accepted",
    )
    _ask_unclear(context, rule, extended(resolved, roll_day=on))
    return context.program.name(f"credits_{rule.name}", credits, kept=kept)


def _ask_unclear(context: Context, rule: RollupCredit, resolved: Relation) -> None:
    """Ask which payees' chains are unclear on a day on which something is to be rolled up."""
    unclear = context.scan("unclear")
    of_hierarchy = Filter(unclear, compare("=", column(unclear, "hierarchy"), text(rule.hierarchy)))
    on = Column("roll_day", Kind.DATE)
    found = Join(
        resolved,
        of_hierarchy,
        (("payee_no", "payee_no"),),
        {"c_from": "from_day", "c_until": "until_day"},
        test=every(
            compare("<=", Column("c_from", Kind.DATE), on),
            compare("<", on, Column("c_until", Kind.DATE)),
        ),
    )
    context.program.result(f"unclear_{rule.name}", only(found, "payee_no", "roll_day"))
